/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-catch-up: a replay goes on exactly after the last id that was handed over. Nothing comes twice and nothing is skipped, be it read from the store or from
 * what the hub remembers, and whatever is said meanwhile. */

#include "state/ahoyd-catch-up.h"

#include <string.h>
#include <sys/socket.h>

#include "server/cmocka-all.h"
#include "server/test-peer.h"
#include "store/ahoyd-store-memory.h"
#include "support/test-loop.h"

/* As in ahoyd-hub.c: so many of the newest events the hub remembers. */
#define RECENT 1024
#define SAID (RECENT + 476)
/* Every so manieth is a whisper to bob, and so many whispers to carol beside. */
#define WHISPER_EVERY 50
#define SECRET_EVERY 70
/* Bytes: RECENT texts of this size are more than a peer is given at once. */
#define PAD 12000

typedef struct {
  GMainContext   *context;
  AhoyPoll       *poll;
  AhoyCharset    *charset;
  AhoydStats      stats;
  AhoydHub       *hub;
  AhoydStore     *store;
  AhoydPeerOutput output;
  TestPeer       *peer;
  AhoydPerson    *bob;
  AhoydCatchUp   *catch_up;
  guint           last; /* id of the newest committed event */
  guint           said; /* as many were appended */
  guint           more; /* so many are still said while bob catches up: one a drain */
  guint           n_done;
  char           *pad;   /* before each number */
  gboolean        quiet; /* all is whispered to carol */
} Fixture;

static void
say (Fixture *f)
{
  const guint      id = ++f->said;
  const gboolean   to_bob = !f->quiet && id % WHISPER_EVERY == 0;
  const gboolean   to_carol = f->quiet || (!to_bob && id % SECRET_EVERY == 0);
  const char      *to = to_bob ? "bob" : to_carol ? "carol"
                                                  : NULL;
  g_autofree char *text = g_strdup_printf ("%s%u", f->pad, id);
  AhoydEvent       said = {
          .from = (char *) "alice",
          .from_skeleton = (char *) "alice",
          .target = to != NULL ? ahoy_target_person (to) : ahoy_target_room (AHOY_ROOM_EVERYONE),
          .target_skeleton = (char *) to,
          .text = text,
  };

  ahoyd_store_append (f->store, ahoyd_event_new (&said));
}

static gboolean
is_for_bob (guint id)
{
  return id % WHISPER_EVERY == 0 || id % SECRET_EVERY != 0;
}

static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{
}

static void
on_fault (AhoyLink      *link,
          AhoyFrameFault fault,
          gpointer       data)
{
}

static void
on_ended (AhoyLink     *link,
          AhoyLinkEnd   end,
          const GError *error,
          gpointer      data)
{
}

static void
on_drained (AhoyLink *link,
            gpointer  data)
{
  Fixture *f = data;

  if (f->more > 0)
    {
      f->more--;
      say (f);
    }
  if (f->catch_up != NULL)
    ahoyd_catch_up_go_on (f->catch_up);
}

static void
on_done (const GError *error,
         gpointer      data)
{
  Fixture *f = data;

  g_clear_pointer (&f->catch_up, ahoyd_catch_up_free);
  f->n_done += error == NULL;
}

static void
on_committed (AhoydEvent *event,
              gpointer    data)
{
  Fixture *f = data;

  f->last = event->id;
  ahoyd_hub_committed (f->hub, event);
}

static const AhoyLinkEvents     link_events = { on_frame, on_fault, on_ended, on_drained };
static const AhoydHubEvents     hub_events = { 0 };
static const AhoydStoreListener store_events = { .committed = on_committed };

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);
  int      fds[2];

  f->pad = g_strdup ("");
  f->context = g_main_context_new ();
  f->poll = ahoy_poll_new (f->context, NULL);
  f->charset = ahoy_charset_new ("GB18030", NULL);
  f->hub = ahoyd_hub_new (f->charset, &f->stats, &hub_events, NULL);
  f->store = ahoyd_store_memory_new (f->context, 10 * SAID);
  ahoyd_store_listen (f->store, &store_events, f);
  for (guint i = 0; i < SAID; i++)
    say (f);
  if (!test_loop_until_count (f->context, &f->last, SAID))
    return -1;
  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  f->output.link = ahoy_link_new (f->poll, fds[0], &link_events, f, NULL);
  f->output.dialect = AHOY_DIALECT_EXTENDED;
  f->peer = test_peer_new (f->context, fds[1]);
  f->bob = ahoyd_hub_join (f->hub, 2, &(const AhoydWho){ .name = "bob", .skeleton = "bob" }, &f->output);
  g_free (test_peer_read_until (f->peer, "<1bob>"));
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_clear_pointer (&f->catch_up, ahoyd_catch_up_free);
  ahoyd_store_free (f->store);
  ahoyd_hub_free (f->hub);
  ahoy_link_unref (f->output.link);
  test_peer_free (f->peer);
  ahoy_charset_free (f->charset);
  ahoy_poll_unref (f->poll);
  g_main_context_unref (f->context);
  g_free (f->pad);
  g_free (f);
  return 0;
}

/* Bob reads all the while. */
static gboolean
is_done (gpointer data)
{
  Fixture *f = data;
  guint8   bytes[16384];
  gssize   n;

  while ((n = recv (f->peer->fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
    g_byte_array_append (f->peer->heard, bytes, (guint) n);
  return f->n_done > 0;
}

static void
catch_up (Fixture *f,
          guint64  since,
          guint64  held_after,
          guint64  held_until)
{
  const AhoydCatchUpParts parts = { f->hub, f->store, &f->output, f->bob };

  f->catch_up = ahoyd_catch_up_new (&parts, since, held_after, held_until, on_done, f);
  assert_true (test_loop_until (f->context, is_done, f, TEST_LOOP_DEADLINE_MS));
}

/* Returns: (transfer full) (element-type guint): the ids that bob has heard, up to @last. */
static GArray *
heard (Fixture *f,
       guint    last)
{
  GArray          *ids = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree char *end = g_strdup_printf ("<4%s%u>", f->pad, last);
  g_autofree char *text = test_peer_read_until (f->peer, end);

  for (const char *at = text; (at = strstr (at, "id=")) != NULL; at++)
    {
      guint id = g_ascii_strtoull (at + strlen ("id="), NULL, 10);

      g_array_append_val (ids, id);
    }
  return ids;
}

/* Those for bob after @since up to @last, each once and in order. */
static void
check_all (const GArray *ids,
           guint         n_before,
           guint         since,
           guint         last)
{
  guint n = n_before;

  for (guint id = since + 1; id <= last; id++)
    if (is_for_bob (id))
      {
        assert_true (n < ids->len);
        assert_int_equal (g_array_index (ids, guint, n), id);
        n++;
      }
  assert_int_equal (ids->len, n);
}

/* All from @since, with @more said meanwhile; then one live. */
static void
check_since (Fixture *f,
             guint    since,
             guint    more)
{
  g_autoptr (GArray) ids = NULL;

  f->n_done = 0;
  f->more = more;
  catch_up (f, since, 0, 0);
  assert_false (f->output.catching_up);
  do
    say (f);
  while (!is_for_bob (f->said) || f->said % WHISPER_EVERY == 0);
  assert_true (test_loop_until_count (f->context, &f->last, f->said));
  ids = heard (f, f->said);
  check_all (ids, 0, since, f->said);
}

static void
test_nothing_twice_and_nothing_skipped (void **state)
{
  Fixture *f = *state;

  /* Each is so and so far behind what the hub remembers when it begins: far, by one, not by one, and not at all. */
  check_since (f, 0, 0);
  check_since (f, f->said - RECENT - 1, 0);
  check_since (f, f->said - RECENT, 0);
  check_since (f, f->said - 1, 0);
  check_since (f, f->said, 0);
}

static void
test_while_others_talk (void **state)
{
  Fixture *f = *state;

  check_since (f, 0, 20);
  check_since (f, f->said - RECENT - 1, 20);
  check_since (f, f->said - RECENT, 20);
  check_since (f, f->said - RECENT + 1, 20);
}

/* So many that were not for him that the hub remembers nothing before: the store says that there is no more, while something is. */
static void
test_after_what_is_for_others (void **state)
{
  Fixture    *f = *state;
  const guint from = f->said;

  for (guint i = 0; i < 3; i++)
    {
      const guint        since = f->said;
      g_autoptr (GArray) ids = NULL;
      guint              quiet_until;

      f->output.catching_up = TRUE; /* none of this is live */
      f->quiet = TRUE;
      for (guint n = 0; n <= RECENT + 2 + i; n++)
        say (f);
      f->quiet = FALSE;
      quiet_until = f->said;
      do
        say (f); /* the last that is on the page */
      while (!is_for_bob (f->said));
      assert_true (test_loop_until_count (f->context, &f->last, f->said));
      f->n_done = 0;
      f->more = 5;
      catch_up (f, since, 0, 0);
      do
        say (f);
      while (!is_for_bob (f->said));
      assert_true (test_loop_until_count (f->context, &f->last, f->said));
      ids = heard (f, f->said);
      check_all (ids, 0, quiet_until, f->said);
    }
  assert_true (f->said > from + 3 * RECENT);
}

/* More than a peer is given at once: what the hub remembers comes in parts. */
static void
test_in_parts (void **state)
{
  Fixture *f = *state;

  g_free (f->pad);
  f->pad = g_strnfill (PAD, 'x');
  f->output.catching_up = TRUE; /* none of this is live */
  for (guint i = 0; i < RECENT; i++)
    say (f);
  assert_true (test_loop_until_count (f->context, &f->last, f->said));
  check_since (f, f->said - RECENT, 3);
}

static void
test_whispers_that_were_held (void **state)
{
  Fixture           *f = *state;
  g_autoptr (GArray) ids = NULL;
  const guint        expected[] = { 3 * WHISPER_EVERY, 4 * WHISPER_EVERY, 5 * WHISPER_EVERY };

  /* After the second and up to the fifth, and then what comes after the last but three. */
  catch_up (f, f->said - 3, 2 * WHISPER_EVERY, 5 * WHISPER_EVERY);
  ids = heard (f, f->said);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    assert_int_equal (g_array_index (ids, guint, i), expected[i]);
  check_all (ids, G_N_ELEMENTS (expected), f->said - 3, f->said);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_nothing_twice_and_nothing_skipped, setup, teardown),
    cmocka_unit_test_setup_teardown (test_while_others_talk, setup, teardown),
    cmocka_unit_test_setup_teardown (test_after_what_is_for_others, setup, teardown),
    cmocka_unit_test_setup_teardown (test_in_parts, setup, teardown),
    cmocka_unit_test_setup_teardown (test_whispers_that_were_held, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
