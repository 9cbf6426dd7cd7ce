/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The real server ($AHOYD) in the extended dialect: restored from a copy of its log, one that takes only so many messages a second, and whom it keeps
 * whispers for. */

#include "ahoyd-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/connection/ahoy-server-private.h"

typedef struct {
  AhoydFixture  fixture;
  AhoyServer   *server;
  AhoyDatabase *history; /* alice's */
  AhoyClient   *alice;
  AhoyClient   *bob; /* has no history */
} Talk;

static AhoyClient *
join (Talk         *h,
      AhoyDatabase *history,
      const char   *name)
{
  AhoyClientTimings timings = ahoy_client_timings;
  AhoyClient       *client;

  timings.session.reconnect.first = timings.session.reconnect.max = 20;
  client = ahoy_client_new_with_timings (&timings, history, NULL, NULL);
  ahoy_client_connect (client, h->server, name);
  WAIT_UNTIL (ahoy_client_get_state (client) == AHOY_CLIENT_ONLINE && client->session->caught_up && !ahoy_placer_is_busy (client->placer));
  return client;
}

static void
start_alice (Talk *h)
{
  g_autofree char *path = g_build_filename (h->fixture.dir, "history.sqlite", NULL);

  h->history = ahoy_database_open (path, NULL, NULL, NULL, NULL, NULL);
  assert_non_null (h->history);
  h->alice = join (h, h->history, "alice");
}

static void
end_alice (Talk *h)
{
  g_assert_finalize_object (h->alice);
  g_clear_pointer (&h->history, ahoy_database_close);
}

static int
setup (void **state)
{
  Talk *h = g_new0 (Talk, 1);

  ahoyd_fixture_open (&h->fixture);
  h->server = ahoy_server_new ("127.0.0.1", h->fixture.port);
  *state = h;
  return 0;
}

static int
teardown (void **state)
{
  Talk *h = *state;

  if (h->alice)
    end_alice (h);
  if (h->bob)
    g_assert_finalize_object (h->bob);
  ahoyd_fixture_close (&h->fixture);
  g_object_unref (h->server);
  g_free (h);
  return 0;
}

/* What was said, without who came and went. */
static char *
talk (AhoyClient *client)
{
  g_autofree char *log = fixture_log (ahoy_client_get_everyone (client));
  g_auto (GStrv)   lines = g_strsplit (log, " | ", -1);
  GString         *said = g_string_new (NULL);

  for (guint i = 0; lines[i]; i++)
    {
      if (lines[i][0] != '+' && lines[i][0] != '*')
        g_string_append_printf (said, "%s%s", said->len > 0 ? " | " : "", lines[i]);
    }
  return g_string_free (said, FALSE);
}

static gboolean
reads (AhoyClient *client,
       const char *expected)
{
  g_autofree char *said = talk (client);

  return strcmp (said, expected) == 0;
}

static void
say (AhoyClient *client,
     const char *text)
{
  assert_non_null (ahoy_client_send (client, ahoy_client_get_everyone (client), text));
  WAIT_UNTIL (ahoy_client_get_n_waiting (client) == 0);
}

/* The log's file and what belongs to it, @from folder @to folder; the server is down. */
static void
copy_log (Talk       *h,
          const char *from,
          const char *to)
{
  static const char *const names[] = { "log.sqlite", "log.sqlite-wal", "log.sqlite-shm" };
  g_autofree char         *folder = g_build_filename (h->fixture.dir, to, NULL);

  g_mkdir_with_parents (folder, 0700);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *source = g_build_filename (h->fixture.dir, from, names[i], NULL);
      g_autofree char *target = g_build_filename (folder, names[i], NULL);
      g_autofree char *content = NULL;
      gsize            len;

      g_unlink (target);
      if (!g_file_get_contents (source, &content, &len, NULL))
        assert_true (i > 0);
      else
        assert_true (g_file_set_contents (target, content, len, NULL));
    }
}

/* Whoever held more keeps it, and misses nothing of what is said instead. */
static void
a_restored_log (void **state)
{
  Talk *h = *state;

  start_alice (h);
  h->bob = join (h, NULL, "bob");
  say (h->bob, "one");
  say (h->bob, "two");
  say (h->bob, "three");
  WAIT_UNTIL (reads (h->alice, "bob: one | bob: two | bob: three"));
  ahoyd_fixture_kill (&h->fixture);
  copy_log (h, "data", "copy");
  ahoyd_fixture_start (&h->fixture);
  WAIT_UNTIL (ahoy_client_get_state (h->alice) == AHOY_CLIENT_ONLINE && h->alice->session->caught_up);
  WAIT_UNTIL (ahoy_client_get_state (h->bob) == AHOY_CLIENT_ONLINE && h->bob->session->caught_up);
  say (h->bob, "four");
  say (h->alice, "five");
  WAIT_UNTIL (reads (h->alice, "bob: one | bob: two | bob: three | bob: four | alice: five (sent)"));

  /* Restored while nobody is there; others speak first. */
  end_alice (h);
  g_clear_object (&h->bob);
  ahoyd_fixture_kill (&h->fixture);
  copy_log (h, "copy", "data");
  ahoyd_fixture_start (&h->fixture);
  h->bob = join (h, NULL, "carol");
  say (h->bob, "new four");
  say (h->bob, "new five");
  say (h->bob, "new six");

  for (int i = 0; i < 2; i++)
    {
      start_alice (h);
      WAIT_UNTIL (reads (h->alice, "bob: one | bob: two | bob: three | bob: four | alice: five (sent) | ~ | "
                                   "carol: new four | carol: new five | carol: new six"));
      end_alice (h);
    }
  start_alice (h);
  say (h->bob, "seven");
  WAIT_UNTIL (reads (h->alice, "bob: one | bob: two | bob: three | bob: four | alice: five (sent) | ~ | "
                               "carol: new four | carol: new five | carol: new six | carol: seven"));
}

static void
on_slowed (AhoyClient *client,
           GParamSpec *pspec,
           gpointer    n)
{
  *(guint *) n += ahoy_client_get_slowed (client);
}

static void
on_state (AhoyClient *client,
          GParamSpec *pspec,
          gpointer    n)
{
  ++*(guint *) n;
}

/* All of it goes out, on one connection. */
static void
more_than_it_takes (void **state)
{
  Talk *h = *state;
  guint n_slowed = 0;
  guint n_states = 0;

  ahoyd_fixture_kill (&h->fixture);
  h->fixture.rate = 20;
  ahoyd_fixture_start (&h->fixture);
  start_alice (h);
  h->bob = join (h, NULL, "bob");
  g_signal_connect (h->alice, "notify::slowed", G_CALLBACK (on_slowed), &n_slowed);
  g_signal_connect (h->alice, "notify::state", G_CALLBACK (on_state), &n_states);
  for (guint i = 0; i < 100; i++)
    assert_non_null (ahoy_client_send (h->alice, ahoy_client_get_everyone (h->alice), "one of many"));
  WAIT_UNTIL (ahoy_client_get_n_waiting (h->alice) == 0);
  WAIT_UNTIL (ahoy_archive_get_position (h->bob->parts.archive) == 100);
  assert_true (n_slowed > 0);
  assert_int_equal (n_states, 0);
}

static AhoyConversation *
with (AhoyClient *client,
      const char *name)
{
  AhoyPerson *person = ahoy_roster_find (client->roster, name);

  assert_non_null (person);
  return ahoy_roster_conversation_with (client->roster, person);
}

static void
whisper (AhoyClient *client,
         const char *to,
         const char *text)
{
  assert_non_null (ahoy_client_send (client, with (client, to), text));
  WAIT_UNTIL (ahoy_client_get_n_waiting (client) == 0);
}

/* Whether what is whispered with @name ends so. */
static gboolean
ends (AhoyClient *client,
      const char *name,
      const char *expected)
{
  g_autofree char *log = fixture_log (with (client, name));

  return g_str_has_suffix (log, expected);
}

static gboolean
is_here (AhoyClient *client,
         const char *name)
{
  AhoyPerson *person = ahoy_roster_find (client->roster, name);

  return person && ahoy_person_get_online (person);
}

/* Nobody here has a key. Alice's program keeps a secret, as it has a disk; bob's has none. */
static void
whispers_wait_for_who_is_known_again (void **state)
{
  Talk            *h = *state;
  g_autofree char *left = NULL;

  start_alice (h);
  h->bob = join (h, NULL, "bob");
  WAIT_UNTIL (is_here (h->alice, "bob"));
  assert_false (ahoy_person_get_kept (ahoy_roster_find (h->alice->roster, "bob")));
  assert_true (ahoy_person_get_kept (ahoy_roster_find (h->bob->roster, "alice")));
  whisper (h->bob, "alice", "one");
  WAIT_UNTIL (ends (h->alice, "bob", "bob>alice: one"));
  end_alice (h);
  WAIT_UNTIL (!is_here (h->bob, "alice"));
  whisper (h->bob, "alice", "two");
  start_alice (h);
  WAIT_UNTIL (ends (h->alice, "bob", "bob>alice: one | bob>alice: two"));

  /* Nothing waits for bob, and whoever writes is told. */
  g_clear_object (&h->bob);
  WAIT_UNTIL (!is_here (h->alice, "bob"));
  whisper (h->alice, "bob", "three");
  WAIT_UNTIL (ends (h->alice, "bob", "alice>bob: three (failed) | -bob"));

  /* Somebody else has alice's name while she is away: what waited for her waits for nobody. */
  h->bob = join (h, NULL, "bob");
  end_alice (h);
  WAIT_UNTIL (!is_here (h->bob, "alice"));
  whisper (h->bob, "alice", "four");
  h->alice = join (h, NULL, "alice");
  WAIT_UNTIL (is_here (h->alice, "bob"));
  left = fixture_log (with (h->alice, "bob"));
  assert_string_equal (left, "");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (a_restored_log, setup, teardown),
    cmocka_unit_test_setup_teardown (more_than_it_takes, setup, teardown),
    cmocka_unit_test_setup_teardown (whispers_wait_for_who_is_known_again, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
