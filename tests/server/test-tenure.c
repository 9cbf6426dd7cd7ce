/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who goes on with a name, and who begins anew: each way to hold it by each way to come after, however the first one went. */

#include "state/ahoyd-held.h"
#include "state/ahoyd-tenure.h"

#include <string.h>

#include "server/cmocka-all.h"
#include "server/mark-of.h"
#include "server/rows-of.h"
#include "server/store-fixture.h"
#include "support/test-loop.h"

/* What somebody shows at their log-in; NULL: they do not. */
typedef struct {
  const char *key;
  const char *secret;
} Shown;

/* How the first one went. */
typedef enum {
  LEFT,
  LEFT_AND_RESTARTED,
  KILLED, /* the server, while they were here */
  N_WAYS,
} Way;

typedef struct {
  Shown    first;
  gboolean released; /* while they were here */
  Shown    next;
  gboolean goes_on;
} Case;

#define S1 "0123456789abcdefghijkl"
#define S2 "0123456789abcdefghijkm"

static const Case cases[] = {
  { { NULL, NULL }, FALSE, { NULL, NULL }, FALSE },
  { { NULL, NULL }, FALSE, { NULL, S1 }, FALSE },
  { { NULL, NULL }, FALSE, { "A", NULL }, FALSE },
  { { NULL, NULL }, FALSE, { "A", S1 }, FALSE },
  { { NULL, S1 }, FALSE, { NULL, NULL }, FALSE },
  { { NULL, S1 }, FALSE, { NULL, S2 }, FALSE },
  { { NULL, S1 }, FALSE, { NULL, S1 }, TRUE },
  { { NULL, S1 }, FALSE, { "A", NULL }, FALSE },
  { { NULL, S1 }, FALSE, { "A", S2 }, FALSE },
  { { NULL, S1 }, FALSE, { "A", S1 }, TRUE },
  { { "A", NULL }, FALSE, { "A", NULL }, TRUE },
  { { "A", S1 }, FALSE, { "A", S2 }, TRUE },
  { { "A", NULL }, TRUE, { NULL, NULL }, FALSE },
  { { "A", NULL }, TRUE, { "A", NULL }, FALSE },
  { { "A", S1 }, TRUE, { NULL, S1 }, FALSE },
  { { "A", S1 }, TRUE, { "B", S1 }, FALSE },
};

/* What the server does around that. */
typedef struct {
  StoreFixture *f;
  AhoydHub     *hub;
  AhoydOwners  *owners;
  AhoydKnown   *known;
  AhoydTenures *tenures;
  AhoydStats    stats;
  AhoyCharset  *charset;
} World;

static void
on_changed (gpointer data)
{
}

static const AhoydHubEvents hub_events = { .changed = on_changed };

static void
on_claimed (const GError *error,
            gpointer      data)
{
}

static void
begin (World *self)
{
  self->charset = ahoy_charset_new ("GB18030", NULL);
  self->hub = ahoyd_hub_new (self->charset, &self->stats, &hub_events, NULL);
  self->owners = ahoyd_owners_new (self->f->store);
  self->known = ahoyd_known_new (self->f->store);
  self->tenures = ahoyd_tenures_new (self->hub, self->f->store, self->owners, self->known, "mxv3q5lr2t4ycw7bn6ke3jdpoa");
}

static void
end (World *self)
{
  ahoyd_tenures_free (self->tenures);
  ahoyd_known_free (self->known);
  ahoyd_owners_free (self->owners);
  ahoyd_hub_free (self->hub);
  ahoy_charset_free (self->charset);
}

/* As in ahoyd-log-in.c. */
static void
come (World       *self,
      const char  *name,
      const Shown *shown)
{
  g_autofree char *hash = shown->secret != NULL ? ahoyd_tenures_hash (self->tenures, name, shown->secret) : NULL;

  ahoyd_tenures_begin (self->tenures, name, shown->key, hash);
  if (shown->key != NULL)
    ahoyd_owners_claim (self->owners, name, shown->key, on_claimed, NULL);
  ahoyd_known_note_seen (self->known, name, name);
  ahoyd_known_set_secret (self->known, name, shown->key == NULL ? hash : NULL);
  assert_int_equal (ahoyd_tenures_is_kept (self->tenures, name), shown->key != NULL || shown->secret != NULL);
}

static void
leave (World       *self,
       const char  *name,
       const Shown *shown)
{
  ahoyd_tenures_leave (self->tenures, name, shown->key);
  ahoyd_known_note_left (self->known, name, name);
}

/* Returns: its id. */
static guint64
whisper (World      *self,
         const char *from,
         const char *to)
{
  const AhoydEvent said = { .from = (char *) from, .from_skeleton = (char *) from, .target = to != NULL ? ahoy_target_person (to) : ahoy_target_room (AHOY_ROOM_EVERYONE), .target_skeleton = (char *) to, .text = (char *) "x" };
  guint            n = self->f->n_announced;

  ahoyd_known_note_saying (self->known, &said);
  store_fixture_say (self->f, from, to, "x", NULL);
  store_fixture_wait (self->f, n + 1);
  ahoyd_known_note_said (self->known, store_fixture_nth (self->f, n));
  ahoyd_held_note (self->f->store, store_fixture_nth (self->f, n));
  return store_fixture_nth (self->f, n)->id;
}

static void
reopen (World *self)
{
  end (self);
  assert_true (store_fixture_reopen (self->f, NULL));
  begin (self);
}

static void
check_one (World      *self,
           const Case *one,
           Way         way,
           const char *name)
{
  static const Shown nothing = { NULL, NULL };
  guint64            from, to, after, until;
  gboolean           waits;

  come (self, name, &one->first);
  come (self, "carol", &nothing);
  from = whisper (self, name, "carol");
  to = whisper (self, "carol", name);
  set_mark (self->f->store, "carol", name, AHOYD_MARK_SEEN, to);
  g_assert_cmpuint (to, >, from);
  if (one->released)
    assert_non_null (ahoyd_owners_release (self->owners, name, on_claimed, NULL));
  if (way != KILLED)
    leave (self, name, &one->first);
  if (way != LEFT)
    reopen (self);

  come (self, name, &one->next);
  waits = ahoyd_held_get (self->f->store, name, &after, &until);
  if (one->goes_on)
    {
      assert_true (ahoyd_owners_get_released (self->owners, name) < from);
      assert_true (waits && after < to && until == to);
      assert_int_equal (ahoyd_mailboxes_count (ahoyd_store_get_mailboxes (self->f->store), name, NULL), 1);
    }
  else
    {
      assert_true (ahoyd_owners_get_released (self->owners, name) >= to);
      assert_false (waits);
      assert_int_equal (ahoyd_mailboxes_count (ahoyd_store_get_mailboxes (self->f->store), name, NULL), 0);
    }
  leave (self, name, &one->next);
}

static void
check_all (World *self,
           Way    ways)
{
  begin (self);
  for (guint way = LEFT; way < ways; way++)
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
      {
        g_autofree char *name = g_strdup_printf ("bob %u of %u", i, way);

        check_one (self, &cases[i], (Way) way, name);
      }
  end (self);
}

static void
test_in_memory (void **state)
{
  World world = { .f = *state };

  check_all (&world, LEFT + 1);
}

static void
test_on_the_disk (void **state)
{
  World world = { .f = *state };

  check_all (&world, N_WAYS);
}

/* What is on its way into the log belongs to who said it, and nothing is written about those who said nothing. */
static void
test_on_its_way (void **state)
{
  StoreFixture *f = *state;
  World         world = { .f = f };
  const Shown   nothing = { NULL, NULL };
  const Shown   secret = { NULL, S1 };

  begin (&world);
  come (&world, "guest", &secret);
  leave (&world, "guest", &secret);
  come (&world, "guest", &nothing);
  leave (&world, "guest", &nothing);
  assert_null (ahoyd_people_get_secret (PEOPLE (f->store), "guest"));
  assert_int_equal (ahoyd_tenure_get_released (TENURES (f->store), "guest"), 0);
  assert_int_equal (ahoyd_taken_get (TAKEN (f->store), "guest"), 0);

  come (&world, "bob", &nothing);
  store_fixture_say (f, "carol", "bob", "x", NULL);
  leave (&world, "bob", &nothing);
  come (&world, "bob", &nothing);
  store_fixture_wait (f, 1);
  ahoyd_known_note_said (world.known, store_fixture_nth (f, 0));
  ahoyd_held_note (f->store, store_fixture_nth (f, 0));
  assert_int_equal (ahoyd_owners_get_released (world.owners, "bob"), 1);
  assert_int_equal (ahoyd_mailboxes_count (ahoyd_store_get_mailboxes (f->store), "bob", NULL), 0);
  assert_null (ahoyd_people_get_name (PEOPLE (f->store), "bob"));
  end (&world);
}

/* What was on its way and got no id takes nothing away from who came after. */
static void
test_on_its_way_in_vain (void **state)
{
  StoreFixture *f = *state;
  World         world = { .f = f };
  const Shown   nothing = { NULL, NULL };
  guint64       id;

  begin (&world);
  come (&world, "bob", &nothing);
  whisper (&world, "carol", "bob");
  ahoyd_tenures_note_written (world.tenures);
  store_fixture_say (f, "carol", "bob", "x", "0123456789abcdef");
  store_fixture_say (f, "carol", "bob", "x", "0123456789abcdef"); /* a repeat */
  leave (&world, "bob", &nothing);
  come (&world, "bob", &nothing);
  assert_int_equal (ahoyd_owners_get_released (world.owners, "bob"), 3);
  store_fixture_wait (f, 3);
  ahoyd_tenures_note_written (world.tenures);
  assert_int_equal (ahoyd_owners_get_released (world.owners, "bob"), 3);
  ahoyd_tenures_note_written (world.tenures);
  assert_int_equal (ahoyd_owners_get_released (world.owners, "bob"), 2);
  assert_int_equal (ahoyd_taken_get (TAKEN (f->store), "bob"), 2);
  id = whisper (&world, "carol", "bob");
  assert_true (id > ahoyd_owners_get_released (world.owners, "bob"));
  end (&world);
}

/* One name, one server, one secret. */
static void
test_hashes (void **state)
{
  World                    world = { .f = *state };
  g_autoptr (AhoydTenures) there = NULL;
  g_autofree char         *hash = NULL;
  g_autofree char         *again = NULL;
  g_autofree char         *of_another = NULL;
  g_autofree char         *elsewhere = NULL;

  begin (&world);
  there = ahoyd_tenures_new (world.hub, world.f->store, world.owners, world.known, "ody3m5sezzjoc42rxvgsdvyxsx");
  hash = ahoyd_tenures_hash (world.tenures, "bob", S1);
  again = ahoyd_tenures_hash (world.tenures, "bob", S1);
  of_another = ahoyd_tenures_hash (world.tenures, "rob", S1);
  elsewhere = ahoyd_tenures_hash (there, "bob", S1);
  assert_string_equal (hash, again);
  assert_string_not_equal (hash, of_another);
  assert_string_not_equal (hash, elsewhere);
  assert_null (strstr (hash, S1));
  end (&world);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_in_memory, store_fixture_setup_memory, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_on_the_disk, store_fixture_setup_sqlite, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_on_its_way, store_fixture_setup_memory, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_on_its_way, store_fixture_setup_sqlite, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_on_its_way_in_vain, store_fixture_setup_memory, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_on_its_way_in_vain, store_fixture_setup_sqlite, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_hashes, store_fixture_setup_memory, store_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
