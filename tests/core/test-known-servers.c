/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Known servers: who is the same, who is not, and what the file keeps. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/connection/ahoy-known-servers.h"

#define HALL "aaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SHIP "bbbbbbbbbbbbbbbbbbbbbbbbbb"
#define PORT 24690

typedef struct {
  char             *dir;
  char             *path;          /* nothing there yet */
  AhoyKnownServers *known_servers; /* over path */
} Fixture;

static int
set_up (void **state)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->dir = g_dir_make_tmp ("ahoy-known-servers-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "known-servers", NULL);
  fixture->known_servers = ahoy_known_servers_open (fixture->path, NULL);
  assert_non_null (fixture->known_servers);
  *state = fixture;
  return 0;
}

static int
tear_down (void **state)
{
  Fixture *fixture = *state;

  g_object_unref (fixture->known_servers);
  g_remove (fixture->path);
  g_rmdir (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
  g_free (fixture);
  return 0;
}

static void
open_again (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_object_unref (fixture->known_servers);
  fixture->known_servers = ahoy_known_servers_open (fixture->path, &error);
  assert_null (error);
}

static void
learn (Fixture    *fixture,
       const char *host,
       const char *name,
       const char *id,
       gboolean    secure)
{
  g_autoptr (GError) error = NULL;

  assert_true (ahoy_known_servers_learn (fixture->known_servers, host, PORT, name, id, secure, &error));
  assert_null (error);
}

static void
assert_pin (Fixture          *fixture,
            const char       *host,
            const char       *id,
            gboolean          secure,
            AhoyServerVerdict expected,
            const char       *expected_id)
{
  g_autofree char *known = NULL;

  assert_int_equal (ahoy_known_servers_check (fixture->known_servers, host, PORT, id, secure, &known), expected);
  if (expected_id == NULL)
    assert_null (known);
  else
    assert_string_equal (known, expected_id);
}

static void
test_nobody_known (void **state)
{
  Fixture *fixture = *state;

  assert_pin (fixture, "192.168.1.5", HALL, TRUE, AHOY_SERVER_VERDICT_NEW, NULL);
  assert_pin (fixture, "192.168.1.5", NULL, FALSE, AHOY_SERVER_VERDICT_NEW, NULL);
  assert_false (ahoy_known_servers_has_secure (fixture->known_servers));
  assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_the_same_everywhere (void **state)
{
  Fixture *fixture = *state;

  learn (fixture, "192.168.1.5", "Hall", HALL, TRUE);
  assert_pin (fixture, "192.168.1.5", HALL, TRUE, AHOY_SERVER_VERDICT_SAME, HALL);
  assert_pin (fixture, "10.0.0.9", HALL, TRUE, AHOY_SERVER_VERDICT_SAME, HALL);
  assert_pin (fixture, "192.168.1.5", HALL, TRUE, AHOY_SERVER_VERDICT_SAME, HALL);
  assert_true (ahoy_known_servers_has_secure (fixture->known_servers));
  /* Another port is another place. */
  assert_int_equal (ahoy_known_servers_check (fixture->known_servers, "192.168.1.5", 1, SHIP, TRUE, NULL), AHOY_SERVER_VERDICT_NEW);
}

static void
test_another_under_the_address (void **state)
{
  Fixture *fixture = *state;

  learn (fixture, "192.168.1.5", "Hall", HALL, TRUE);
  assert_pin (fixture, "192.168.1.5", SHIP, TRUE, AHOY_SERVER_VERDICT_CHANGED, HALL);
  assert_pin (fixture, "192.168.1.5", SHIP, TRUE, AHOY_SERVER_VERDICT_CHANGED, HALL);
}

static void
assert_namesake (Fixture    *fixture,
                 const char *name,
                 const char *id,
                 const char *expected)
{
  g_autofree char *namesake = ahoy_known_servers_dup_namesake (fixture->known_servers, name, id);

  assert_int_equal (g_strcmp0 (namesake, expected), 0);
}

/* Anybody may be called so; it is only said that somebody is. */
static void
test_another_of_the_name (void **state)
{
  Fixture       *fixture = *state;
  g_auto (GStrv) addresses = NULL;

  learn (fixture, "192.168.1.5", "Hall", HALL, TRUE);
  assert_pin (fixture, "10.0.0.9", SHIP, TRUE, AHOY_SERVER_VERDICT_NEW, NULL);
  assert_pin (fixture, "10.0.0.9", SHIP, FALSE, AHOY_SERVER_VERDICT_NEW, NULL);
  assert_namesake (fixture, "Hall", SHIP, HALL);
  assert_namesake (fixture, "hall", SHIP, HALL);
  assert_namesake (fixture, "H\xd0\xb0ll", SHIP, HALL); /* Cyrillic */
  assert_namesake (fixture, "Hall", NULL, HALL);
  assert_namesake (fixture, "Hull", SHIP, NULL);
  assert_namesake (fixture, "Hall", HALL, NULL);
  assert_namesake (fixture, NULL, SHIP, NULL);
  /* Both are known, and each is the other's. */
  learn (fixture, "10.0.0.9", "Hall", SHIP, TRUE);
  assert_namesake (fixture, "Hall", HALL, SHIP);
  assert_namesake (fixture, "Hall", SHIP, HALL);
  /* Those without a name have none in common. */
  learn (fixture, "10.0.0.7", "", "cccccccccccccccccccccccccc", TRUE);
  assert_namesake (fixture, "", SHIP, NULL);

  learn (fixture, "fd77::5", "Hall", HALL, TRUE);
  addresses = ahoy_known_servers_dup_addresses (fixture->known_servers, HALL);
  assert_int_equal (g_strv_length (addresses), 2);
  assert_string_equal (addresses[0], "[fd77::5]:24690");
  assert_string_equal (addresses[1], "192.168.1.5:24690");
  assert_true (ahoy_known_servers_knows (fixture->known_servers, HALL));
  assert_true (ahoy_known_servers_is_secure (fixture->known_servers, HALL));
  assert_false (ahoy_known_servers_knows (fixture->known_servers, NULL));
  assert_false (ahoy_known_servers_is_secure (fixture->known_servers, "dddddddddddddddddddddddddd"));
}

static void
test_less_than_before (void **state)
{
  Fixture *fixture = *state;

  learn (fixture, "192.168.1.5", "Hall", HALL, TRUE);
  learn (fixture, "192.168.1.6", "Ship", SHIP, FALSE);

  /* Plain where it was TLS, under its own id, a new one or the id of somebody else who never proved it. */
  assert_pin (fixture, "192.168.1.5", HALL, FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, HALL);
  assert_pin (fixture, "192.168.1.5", "cccccccccccccccccccccccccc", FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, HALL);
  assert_pin (fixture, "192.168.1.5", SHIP, FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, HALL);
  /* The claim to be one that is known as secure is worth nothing anywhere. */
  assert_pin (fixture, "10.0.0.9", HALL, FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, HALL);
  assert_pin (fixture, "192.168.1.6", HALL, FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, HALL);
  /* Classic where there was an id. */
  assert_pin (fixture, "192.168.1.5", NULL, FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, HALL);
  assert_pin (fixture, "192.168.1.6", NULL, FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, SHIP);
  /* What never was more. */
  assert_pin (fixture, "192.168.1.6", SHIP, FALSE, AHOY_SERVER_VERDICT_SAME, SHIP);
  assert_pin (fixture, "192.168.1.6", "cccccccccccccccccccccccccc", FALSE, AHOY_SERVER_VERDICT_CHANGED, SHIP);
  assert_pin (fixture, "10.0.0.9", NULL, FALSE, AHOY_SERVER_VERDICT_NEW, NULL);
}

static void
test_more_than_before (void **state)
{
  Fixture *fixture = *state;

  learn (fixture, "192.168.1.6", "Ship", SHIP, FALSE);
  assert_false (ahoy_known_servers_has_secure (fixture->known_servers));
  assert_false (ahoy_known_servers_wants_secure (fixture->known_servers, "192.168.1.6", PORT, SHIP));
  assert_pin (fixture, "192.168.1.6", SHIP, TRUE, AHOY_SERVER_VERDICT_SAME, SHIP);
  learn (fixture, "192.168.1.6", "Ship", SHIP, TRUE);
  assert_true (ahoy_known_servers_has_secure (fixture->known_servers));
  assert_pin (fixture, "192.168.1.6", SHIP, FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, SHIP);
  assert_true (ahoy_known_servers_wants_secure (fixture->known_servers, "192.168.1.6", PORT, NULL));
  assert_true (ahoy_known_servers_wants_secure (fixture->known_servers, "10.0.0.9", PORT, SHIP));
  assert_false (ahoy_known_servers_wants_secure (fixture->known_servers, "10.0.0.9", PORT, HALL));
  assert_false (ahoy_known_servers_wants_secure (fixture->known_servers, "10.0.0.9", PORT, NULL));
}

static void
test_a_learned_address_moves (void **state)
{
  Fixture *fixture = *state;

  learn (fixture, "192.168.1.5", "Hall", HALL, TRUE);
  learn (fixture, "192.168.1.6", "Ship", SHIP, TRUE);
  /* DHCP gave the one the other's address. */
  learn (fixture, "192.168.1.5", "Ship", SHIP, TRUE);
  assert_pin (fixture, "192.168.1.5", NULL, FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, SHIP);
  assert_pin (fixture, "192.168.1.6", NULL, FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, SHIP);
  assert_pin (fixture, "192.168.1.5", HALL, TRUE, AHOY_SERVER_VERDICT_SAME, HALL);
}

static void
test_ways_of_writing_an_address (void **state)
{
  static const char *const same[][2] = {
    { "Hall.Local", "hall.local" },
    { "hall.local", "HALL.local." },
    { "fe80::1%1", "fe80::1%lo" },
    { "FD77:0:0::5", "fd77::5" },
    { "b\xc3\xbc"
      "cher.lan",
      "B\xc3\x9c"
      "CHER.lan" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autoptr (AhoyKnownServers) known_servers = ahoy_known_servers_open (NULL, NULL);

      assert_true (ahoy_known_servers_learn (known_servers, same[i][0], PORT, NULL, HALL, TRUE, NULL));
      if (ahoy_known_servers_check (known_servers, same[i][1], PORT, SHIP, TRUE, NULL) != AHOY_SERVER_VERDICT_CHANGED)
        fail_msg ("%s is not known as %s", same[i][0], same[i][1]);
      assert_int_equal (ahoy_known_servers_check (known_servers, "fe80::2", PORT, SHIP, TRUE, NULL), AHOY_SERVER_VERDICT_NEW);
    }
}

/* Where people connect two networks at once, or one after the other, the servers there may well have one address. */
static void
test_one_address_on_two_networks (void **state)
{
  Fixture *fixture = *state;

  learn (fixture, "fe80::1%eth0", "Hall", HALL, TRUE);
  learn (fixture, "fe80::1%eth1", "Ship", SHIP, TRUE);
  assert_pin (fixture, "fe80::1%eth0", NULL, FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, HALL);
  assert_pin (fixture, "fe80::1%eth1", NULL, FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, SHIP);
}

static void
test_accepted (void **state)
{
  Fixture *fixture = *state;

  learn (fixture, "192.168.1.5", "Hall", HALL, TRUE);
  learn (fixture, "10.0.0.5", "Hall", HALL, TRUE);
  assert_true (ahoy_known_servers_accept (fixture->known_servers, "192.168.1.5", PORT, "Hall", SHIP, TRUE, NULL));
  open_again (fixture);
  assert_pin (fixture, "192.168.1.5", SHIP, TRUE, AHOY_SERVER_VERDICT_SAME, SHIP);
  /* The old one is where it was, but not there; both have the name. */
  assert_pin (fixture, "10.0.0.5", NULL, FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, HALL);
  assert_pin (fixture, "10.0.0.6", HALL, TRUE, AHOY_SERVER_VERDICT_SAME, HALL);
  assert_pin (fixture, "192.168.1.5", NULL, FALSE, AHOY_SERVER_VERDICT_DOWNGRADED, SHIP);
}

static void
test_accepted_with_less (void **state)
{
  Fixture *fixture = *state;

  /* Plain, under the same id. */
  learn (fixture, "192.168.1.5", "Hall", HALL, TRUE);
  assert_true (ahoy_known_servers_accept (fixture->known_servers, "192.168.1.5", PORT, "Hall", HALL, FALSE, NULL));
  assert_pin (fixture, "192.168.1.5", HALL, FALSE, AHOY_SERVER_VERDICT_SAME, HALL);
  assert_false (ahoy_known_servers_has_secure (fixture->known_servers));
  /* And back. */
  learn (fixture, "192.168.1.5", "Hall", HALL, TRUE);
  /* Classic. */
  assert_true (ahoy_known_servers_accept (fixture->known_servers, "192.168.1.5", PORT, NULL, NULL, FALSE, NULL));
  open_again (fixture);
  assert_pin (fixture, "192.168.1.5", NULL, FALSE, AHOY_SERVER_VERDICT_NEW, NULL);
  assert_pin (fixture, "192.168.1.5", HALL, TRUE, AHOY_SERVER_VERDICT_SAME, HALL);
  assert_true (ahoy_known_servers_has_secure (fixture->known_servers));
}

static void
test_forgotten (void **state)
{
  Fixture *fixture = *state;

  learn (fixture, "192.168.1.5", "Hall", HALL, TRUE);
  assert_true (ahoy_known_servers_forget (fixture->known_servers, SHIP, NULL));
  assert_true (ahoy_known_servers_forget (fixture->known_servers, HALL, NULL));
  open_again (fixture);
  assert_pin (fixture, "192.168.1.5", SHIP, TRUE, AHOY_SERVER_VERDICT_NEW, NULL);
  assert_false (ahoy_known_servers_has_secure (fixture->known_servers));
}

/* What the file says; 0: nothing. */
static gint64
time_of (Fixture    *fixture,
         const char *id,
         const char *key)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  assert_true (g_key_file_load_from_file (file, fixture->path, G_KEY_FILE_NONE, NULL));
  return g_key_file_get_int64 (file, id, key, NULL);
}

static void
test_what_is_known (void **state)
{
  Fixture         *fixture = *state;
  gint64           before = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *name = NULL;
  gint64           since;

  learn (fixture, "192.168.1.5", "Hall; one=two\n[three]", HALL, TRUE);
  since = time_of (fixture, HALL, "since");
  assert_in_range (since, before, before + 60);
  open_again (fixture);
  assert_int_equal (time_of (fixture, HALL, "since"), since);
  assert_in_range (time_of (fixture, HALL, "last-used"), before - 60 * 60, before + 60);
  name = ahoy_known_servers_dup_name (fixture->known_servers, HALL);
  assert_string_equal (name, "Hall; one=two\n[three]");

  assert_int_equal (time_of (fixture, SHIP, "since"), 0);
  assert_null (ahoy_known_servers_dup_name (fixture->known_servers, SHIP));
}

/* A server without TLS may call itself anything that a datagram can hold. */
static void
test_any_id (void **state)
{
  static const char *const ids[] = { "[x]", "a b", "#", "100%", "a;b", "=", "x]y[z", "\"", "~/\\" };
  Fixture                 *fixture = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *host = g_strdup_printf ("10.0.0.%zu", i + 1);

      learn (fixture, host, NULL, ids[i], FALSE);
      open_again (fixture);
      assert_pin (fixture, host, ids[i], FALSE, AHOY_SERVER_VERDICT_SAME, ids[i]);
      assert_pin (fixture, host, HALL, TRUE, AHOY_SERVER_VERDICT_CHANGED, ids[i]);
    }
}

static void
test_what_the_file_keeps (void **state)
{
  static const char text[] = "# mine\n[" SHIP "]\nname=Ship\naddresses=10.0.0.1:24690;\nsecure=true\nsince=1\nlast-used=2\ncolour=blue\n\n"
                             "[" HALL "]\nname=Hall\nsecure=false\n";
  Fixture          *fixture = *state;
  g_autofree char  *after = NULL;
  GStatBuf          info;

  assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  open_again (fixture);
  learn (fixture, "10.0.0.1", "Ship", SHIP, TRUE);
  assert_true (g_file_get_contents (fixture->path, &after, NULL, NULL));
  assert_true (g_str_has_prefix (after, "# mine\n"));
  assert_non_null (strstr (after, "colour=blue"));
  assert_non_null (strstr (after, "since=1\n"));
  assert_true (strstr (after, SHIP) < strstr (after, HALL));
  assert_int_equal (g_stat (fixture->path, &info), 0);
  assert_int_equal (info.st_mode & 07777, 0600);
}

/* Coming back to a server every few seconds costs no writing. */
static void
test_written_when_it_changes (void **state)
{
  Fixture *fixture = *state;
  gboolean spared = FALSE;
  GStatBuf before;
  GStatBuf after;

  learn (fixture, "10.0.0.1", "Hall", HALL, TRUE);
  assert_int_equal (g_stat (fixture->path, &after), 0);
  /* Twice, because an hour may begin between two. */
  for (guint i = 0; i < 2; i++)
    {
      before = after;
      learn (fixture, "10.0.0.1", "Hall", HALL, TRUE);
      assert_int_equal (g_stat (fixture->path, &after), 0);
      spared = spared || after.st_ino == before.st_ino;
    }
  assert_true (spared);

  before = after;
  learn (fixture, "10.0.0.2", "Hall", HALL, TRUE);
  assert_int_equal (g_stat (fixture->path, &after), 0);
  assert_int_not_equal (after.st_ino, before.st_ino);
}

static void
test_many_addresses (void **state)
{
  Fixture *fixture = *state;

  for (guint i = 1; i <= 40; i++)
    {
      g_autofree char *host = g_strdup_printf ("10.0.0.%u", i);

      learn (fixture, host, "Hall", HALL, TRUE);
    }
  assert_pin (fixture, "10.0.0.40", SHIP, TRUE, AHOY_SERVER_VERDICT_CHANGED, HALL);
  assert_pin (fixture, "10.0.0.30", SHIP, TRUE, AHOY_SERVER_VERDICT_CHANGED, HALL);
  assert_pin (fixture, "10.0.0.1", SHIP, TRUE, AHOY_SERVER_VERDICT_NEW, NULL);
}

static void
test_broken_files (void **state)
{
  static const char *const texts[] = {
    "garbage",
    "[" HALL,
    "[" HALL "]\nsecure=perhaps\n",
    "[" HALL "]\nname=Hall\n",
    "[" HALL "]\nsecure=true\nsince=then\n",
    "\xff\xfe\n",
  };
  Fixture *fixture = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char   *after = NULL;

      assert_true (g_file_set_contents (fixture->path, texts[i], -1, NULL));
      if (ahoy_known_servers_open (fixture->path, &error) != NULL)
        fail_msg ("case %zu was read", i);
      assert_true (error->domain == G_KEY_FILE_ERROR);
      assert_non_null (strstr (error->message, fixture->path));
      assert_true (g_file_get_contents (fixture->path, &after, NULL, NULL));
      assert_string_equal (after, texts[i]);
    }
}

/* Chatting goes on: what was learned counts for as long as the program runs. */
static void
test_a_disk_that_fails (void **state)
{
  Fixture                     *fixture = *state;
  g_autofree char             *nowhere = g_build_filename (fixture->dir, "no", "such", "folder", NULL);
  g_autoptr (AhoyKnownServers) known_servers = ahoy_known_servers_open (nowhere, NULL);
  g_autoptr (GError)           error = NULL;

  assert_non_null (known_servers);
  assert_false (ahoy_known_servers_learn (known_servers, "10.0.0.1", PORT, "Hall", HALL, TRUE, &error));
  assert_true (error->domain == G_FILE_ERROR);
  assert_int_equal (ahoy_known_servers_check (known_servers, "10.0.0.1", PORT, SHIP, TRUE, NULL), AHOY_SERVER_VERDICT_CHANGED);
}

/* Of several that go by one name a secure one counts before others, and then the one that was used last, wherever they stand in the file. */
static void
test_which_namesake (void **state)
{
  static const struct {
    const char *hall, *ship; /* secure, last-used */
    const char *expected;
  } table[] = {
    { "true\nlast-used=2", "true\nlast-used=3", SHIP },
    { "true\nlast-used=3", "true\nlast-used=2", HALL },
    { "false\nlast-used=2", "false\nlast-used=3", SHIP },
    { "false\nlast-used=3", "false\nlast-used=2", HALL },
    { "true\nlast-used=2", "false\nlast-used=3", HALL },
    { "false\nlast-used=3", "true\nlast-used=2", SHIP },
  };
  Fixture *fixture = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *text = g_strdup_printf ("[" HALL "]\nname=Same\naddresses=10.0.0.1:24690;\nsince=1\nsecure=%s\n\n"
                                               "[" SHIP "]\nname=Same\naddresses=10.0.0.2:24690;\nsince=1\nsecure=%s\n",
                                               table[i].hall, table[i].ship);
      g_autofree char *found = NULL;

      assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
      open_again (fixture);
      found = ahoy_known_servers_dup_namesake (fixture->known_servers, "Same", NULL);
      assert_string_equal (found, table[i].expected);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_nobody_known, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_the_same_everywhere, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_another_under_the_address, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_another_of_the_name, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_less_than_before, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_more_than_before, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_a_learned_address_moves, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_ways_of_writing_an_address, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_one_address_on_two_networks, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_accepted, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_accepted_with_less, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_forgotten, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_what_is_known, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_any_id, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_what_the_file_keeps, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_written_when_it_changes, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_many_addresses, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_which_namesake, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_broken_files, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_a_disk_that_fails, set_up, tear_down),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
