/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What features are told, and in which order: two toys beside all that the server has, over a real server. */

#include <string.h>

#include "features/ahoyd-feature.h"
#include "server/cmocka-all.h"
#include "server/server-fixture.h"

#define WITH_SECRET(name) "\x01v=2\x1fsecret=0123456789abcdef0123456789abcdef<1" name ">"

/* Whoever has this name is shown out by the first of them, when they come, or when they are caught up. */
#define UNWANTED "mallory"
#define BORING "bore"

typedef struct {
  const char             *name;
  const AhoydFeatureHost *host;
} Toy;

/* What both were told, a word for each. */
static GString *told;

/* What the first of them keeps about sessions and people. */
static guint n_slots[2];

static GQuark slot_quark (void);
G_DEFINE_QUARK (test_feature_set_slot, slot)

static void
free_slot (gpointer data)
{
  (*(guint *) data)--;
}

static void
keep_slots (AhoydSession *session)
{
  n_slots[0]++;
  ahoyd_session_set_slot (session, slot_quark (), &n_slots[0], free_slot);
  n_slots[1]++;
  ahoyd_person_set_slot (ahoyd_session_get_person (session), slot_quark (), &n_slots[1], free_slot);
}

static void
note (Toy        *toy,
      const char *what,
      const char *whom)
{
  g_string_append_printf (told, "%s%s:%s%s%s", told->len > 0 ? " " : "", toy->name, what, whom != NULL ? "=" : "", whom != NULL ? whom : "");
}

static const char *
name_of (AhoydSession *session)
{
  return ahoyd_person_get_name (ahoyd_session_get_person (session));
}

static void
show_out (Toy          *toy,
          AhoydSession *session,
          const char   *unwanted)
{
  if (g_str_equal (toy->name, "a") && g_str_equal (name_of (session), unwanted))
    ahoyd_session_close (session, "Not here.");
}

static gpointer
start_a (const AhoydFeatureHost *host)
{
  static Toy toy = { "a", NULL };

  toy.host = host;
  note (&toy, "start", NULL);
  return &toy;
}

static gpointer
start_b (const AhoydFeatureHost *host)
{
  static Toy toy = { "b", NULL };

  toy.host = host;
  note (&toy, "start", NULL);
  return &toy;
}

static void
stop (gpointer self)
{
  note (self, "stop", NULL);
}

static void
replaced (AhoydPerson *person,
          gpointer     self)
{
  note (self, "replaced", ahoyd_person_get_name (person));
}

static void
online (AhoydSession *session,
        gpointer      self)
{
  note (self, "online", name_of (session));
  if (g_str_equal (((Toy *) self)->name, "a"))
    keep_slots (session);
  show_out (self, session, UNWANTED);
}

static void
caught_up (AhoydSession *session,
           gpointer      self)
{
  note (self, "caught-up", name_of (session));
  show_out (self, session, BORING);
}

static void
offline (AhoydSession *session,
         gpointer      self)
{
  note (self, "offline", name_of (session));
}

static void
describe (AhoydPerson *person,
          AhoyPacket  *packet,
          gpointer     self)
{
  packet->away = ((Toy *) self)->name;
}

static void
committed (const AhoydEvent *event,
           gpointer          self)
{
  g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, event->id);

  note (self, "committed", id);
}

static void
replayed (AhoydPerson      *person,
          const AhoydEvent *event,
          gpointer          self)
{
  g_autofree char *what = g_strdup_printf ("%s,%" G_GUINT64_FORMAT, ahoyd_person_get_name (person), event->id);

  note (self, "replayed", what);
}

static void
forgotten (const char *skeleton,
           gpointer    self)
{
  note (self, "forgotten", skeleton);
}

static const AhoydFeature toy_a = {
  .name = "toy-a",
  .start = start_a,
  .stop = stop,
  .replaced = replaced,
  .online = online,
  .caught_up = caught_up,
  .offline = offline,
  .describe = describe,
  .committed = committed,
  .replayed = replayed,
  .forgotten = forgotten,
};
static const AhoydFeature toy_b = {
  .name = "toy-b",
  .start = start_b,
  .stop = stop,
  .replaced = replaced,
  .online = online,
  .caught_up = caught_up,
  .offline = offline,
  .describe = describe,
  .committed = committed,
  .replayed = replayed,
  .forgotten = forgotten,
};

/* --- Tests --- */

/* All that the server has, and then the toys. */
static int
setup (void **state)
{
  told = g_string_new (NULL);
  server_fixture_setup (state);
  server_fixture_add_feature (*state, &toy_a);
  server_fixture_add_feature (*state, &toy_b);
  server_fixture_serve (*state);
  return 0;
}

static int
teardown (void **state)
{
  server_fixture_teardown (state);
  g_string_free (told, TRUE);
  return 0;
}

/* They were told that since the last time. */
static void
assert_told (const char *what)
{
  assert_string_equal (told->str, what);
  g_string_truncate (told, 0);
}

static void
test_from_coming_to_leaving (void **state)
{
  ServerFixture *fixture = *state;
  TestPeer      *alice;
  TestPeer      *bob;

  assert_told ("a:start b:start");
  alice = server_fixture_enter (fixture, "alice");
  assert_told ("a:online=alice b:online=alice a:caught-up=alice b:caught-up=alice");
  bob = server_fixture_enter (fixture, "bob");
  assert_told ("a:online=bob b:online=bob a:caught-up=bob b:caught-up=bob");

  test_peer_send (alice, "<3one><2bob,two>");
  g_free (test_peer_read_until (alice, "<4two>"));
  g_free (test_peer_read_until (bob, "<4two>"));
  assert_told ("a:committed=1 b:committed=1 a:committed=2 b:committed=2");

  test_peer_send (alice, "<Q>");
  g_free (test_peer_read_until (bob, "<3alice>"));
  assert_told ("b:offline=alice a:offline=alice a:forgotten=alice b:forgotten=alice");
}

/* The server stops while somebody is here. */
static void
test_the_end (void **state)
{
  ServerFixture *fixture = *state;

  server_fixture_enter (fixture, "alice");
  g_string_truncate (told, 0);
  g_clear_pointer (&fixture->server, ahoyd_server_free);
  assert_true (g_str_has_prefix (told->str, "b:offline=alice a:offline=alice "));
  assert_true (g_str_has_suffix (told->str, " b:stop a:stop"));
}

/* What somebody missed is told in the order of ids, before they are caught up. */
static void
test_what_is_handed_over_again (void **state)
{
  ServerFixture   *fixture = *state;
  TestPeer        *alice = server_fixture_enter (fixture, "alice");
  TestPeer        *bob = server_fixture_connect (fixture);
  g_autofree char *log_in = g_strdup_printf ("\x01v=2\x1fsince=1\x1fsince-server=%s<1bob>", ahoyd_server_get_id (fixture->server));

  test_peer_send (alice, "<3one><3two><3three>");
  g_free (test_peer_read_until (alice, "<4three>"));
  g_string_truncate (told, 0);
  test_peer_send (bob, log_in);
  g_free (test_peer_read_until (bob, "<C>"));
  assert_told ("a:online=bob b:online=bob a:replayed=bob,2 b:replayed=bob,2 a:replayed=bob,3 b:replayed=bob,3 a:caught-up=bob b:caught-up=bob");
  test_peer_send (bob, "\x01limit=2<H>");
  g_free (test_peer_read_until (bob, "<h>"));
  assert_told ("a:replayed=bob,2 b:replayed=bob,2 a:replayed=bob,3 b:replayed=bob,3");
}

/* A person goes on over another session: nobody has left. */
static void
test_another_log_in (void **state)
{
  ServerFixture *fixture = *state;
  TestPeer      *first = server_fixture_connect (fixture);
  TestPeer      *second = server_fixture_connect (fixture);

  test_peer_send (first, WITH_SECRET ("alice"));
  g_free (test_peer_read_until (first, "<C>"));
  g_string_truncate (told, 0);
  test_peer_send (second, WITH_SECRET ("alice"));
  g_free (test_peer_read_until (second, "<C>"));
  assert_told ("a:replaced=alice b:replaced=alice a:online=alice b:online=alice a:caught-up=alice b:caught-up=alice");
}

/* Whoever is shown out by one of them is not told of to those after it, and leaves for those alone who heard of the coming. */
static void
test_one_of_them_closes_the_session (void **state)
{
  ServerFixture   *fixture = *state;
  TestPeer        *alice = server_fixture_enter (fixture, "alice");
  TestPeer        *unwanted = server_fixture_connect (fixture);
  TestPeer        *boring = server_fixture_connect (fixture);
  g_autofree char *heard = NULL;

  g_string_truncate (told, 0);
  test_peer_send (unwanted, "\x01v=2<1" UNWANTED ">");
  heard = test_peer_read_until (unwanted, "<NNot here.>");
  test_peer_expect_end (unwanted);
  assert_told ("a:online=" UNWANTED " a:offline=" UNWANTED);
  g_free (test_peer_read_until (alice, "<3" UNWANTED ">"));

  test_peer_send (boring, "\x01v=2<1" BORING ">");
  g_free (heard);
  heard = test_peer_read_until (boring, "<NNot here.>");
  assert_null (strstr (heard, "<C>"));
  test_peer_expect_end (boring);
  assert_told ("a:online=" BORING " b:online=" BORING " a:caught-up=" BORING " b:offline=" BORING " a:offline=" BORING);
  g_free (test_peer_read_until (alice, "<3" BORING ">"));
}

/* What a feature keeps about a session ends with that; what it keeps about a person, with the last of theirs. */
static void
test_what_is_kept (void **state)
{
  ServerFixture *fixture = *state;
  TestPeer      *bob = server_fixture_enter (fixture, "bob");
  TestPeer      *first = server_fixture_connect (fixture);
  TestPeer      *second = server_fixture_connect (fixture);

  test_peer_send (first, WITH_SECRET ("alice"));
  g_free (test_peer_read_until (first, "<C>"));
  assert_int_equal (n_slots[0], 2);
  assert_int_equal (n_slots[1], 2);
  test_peer_send (second, WITH_SECRET ("alice"));
  g_free (test_peer_read_until (second, "<C>"));
  assert_int_equal (n_slots[0], 2);
  assert_int_equal (n_slots[1], 2);
  test_peer_send (second, "<Q>");
  g_free (test_peer_read_until (bob, "<3alice>"));
  assert_int_equal (n_slots[0], 1);
  assert_int_equal (n_slots[1], 1);
  g_clear_pointer (&fixture->server, ahoyd_server_free);
  assert_int_equal (n_slots[0], 0);
  assert_int_equal (n_slots[1], 0);
}

/* The last one that has something to say of somebody says it. */
static void
test_what_is_said_of_somebody (void **state)
{
  ServerFixture   *fixture = *state;
  TestPeer        *alice = server_fixture_connect (fixture);
  TestPeer        *bob;
  g_autofree char *roster = NULL;
  g_autofree char *joined = NULL;

  test_peer_send (alice, "\x01v=2<1alice>");
  roster = test_peer_read_until (alice, "<1alice>");
  assert_non_null (strstr (roster, "away=b<1alice>"));
  g_free (test_peer_read_until (alice, "<C>"));
  bob = server_fixture_connect (fixture);
  test_peer_send (bob, "\x01v=2<1bob>");
  joined = test_peer_read_until (alice, "<2bob>");
  assert_non_null (strstr (joined, "away=b<2bob>"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_from_coming_to_leaving, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_end, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_is_handed_over_again, setup, teardown),
    cmocka_unit_test_setup_teardown (test_another_log_in, setup, teardown),
    cmocka_unit_test_setup_teardown (test_one_of_them_closes_the_session, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_is_kept, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_is_said_of_somebody, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
