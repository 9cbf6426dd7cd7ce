/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How replies become servers. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/connection/ahoy-server-private.h"
#include "core/discovery/ahoy-server-list-private.h"

static AhoyServer *
hear (AhoyServerList *list,
      const char     *host,
      guint16         port,
      const char     *id)
{
  AhoyDiscoveryReply reply = { .port = port, .extended = id != NULL, .id = (char *) id, .name = (char *) "Library", .users = 1 };

  return ahoy_server_list_add_reply (list, host, &reply);
}

/* The list keeps it. */
static AhoyServer *
server_at (AhoyServerList *list,
           guint           i)
{
  g_autoptr (AhoyServer) server = g_list_model_get_item (ahoy_server_list_get_model (list), i);

  assert_non_null (server);
  return server;
}

static void
test_classic_then_extended (void **state)
{
  g_autoptr (AhoyServerList) list = ahoy_server_list_new ();
  AhoyServer                *server = hear (list, "10.0.0.1", 24690, NULL);

  assert_null (ahoy_server_get_id (server));
  assert_ptr_equal (hear (list, "10.0.0.1", 24690, "a"), server);
  assert_string_equal (ahoy_server_get_id (server), "a");
  assert_ptr_equal (hear (list, "10.0.0.1", 24690, NULL), server);
  assert_true (ahoy_server_get_extended (server));
  assert_int_equal (ahoy_server_list_get_n (list), 1);
}

static void
test_two_addresses_turn_out_to_be_one_server (void **state)
{
  g_autoptr (AhoyServerList) list = ahoy_server_list_new ();
  AhoyServer                *first = hear (list, "10.0.0.1", 24690, NULL);

  hear (list, "10.0.1.1", 24690, NULL);
  assert_int_equal (ahoy_server_list_get_n (list), 2);

  hear (list, "10.0.0.1", 24690, "a");
  assert_ptr_equal (hear (list, "10.0.1.1", 24690, "a"), first);
  assert_int_equal (ahoy_server_list_get_n (list), 1);
  assert_string_equal (ahoy_server_get_host (first), "10.0.0.1");

  /* A late classic reply from either is the same server's. */
  assert_ptr_equal (hear (list, "10.0.1.1", 24690, NULL), first);
  assert_ptr_equal (hear (list, "10.0.0.1", 24690, NULL), first);
  assert_int_equal (ahoy_server_list_get_n (list), 1);
}

static void
test_a_name_and_its_address_are_one_server (void **state)
{
  g_autoptr (AhoyServerList) list = ahoy_server_list_new ();
  AhoyServer                *named;

  hear (list, "10.0.0.1", 24690, NULL);
  named = hear (list, "chat.example.org", 24690, "a");
  ahoy_server_list_add_alias (list, named, "10.0.0.1", 24690);
  assert_ptr_equal (hear (list, "10.0.0.1", 24690, NULL), named);
  assert_int_equal (ahoy_server_list_get_n (list), 1);
  assert_string_equal (ahoy_server_get_host (named), "chat.example.org");

  /* What has an id of its own is another one. */
  hear (list, "10.0.0.2", 24690, "b");
  ahoy_server_list_add_alias (list, named, "10.0.0.2", 24690);
  assert_int_equal (ahoy_server_list_get_n (list), 2);
}

static void
test_other_ports_and_ids_are_other_servers (void **state)
{
  g_autoptr (AhoyServerList) list = ahoy_server_list_new ();

  hear (list, "10.0.0.1", 24690, "a");
  hear (list, "10.0.0.1", 24691, "b");
  hear (list, "10.0.0.1", 24692, NULL);
  hear (list, "10.0.0.1", 24690, "c"); /* somebody pretends, or it was made anew: both are shown */
  assert_int_equal (ahoy_server_list_get_n (list), 4);
}

static void
test_this_computer_is_one (void **state)
{
  g_autoptr (AhoyServerList) list = ahoy_server_list_new ();
  GHashTable                *own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  AhoyServer                *server;

  g_hash_table_add (own, g_strdup ("10.0.0.1"));
  g_hash_table_add (own, g_strdup ("10.0.1.1"));
  ahoy_server_list_set_own (list, own);

  server = hear (list, "10.0.0.1", 24690, NULL);
  assert_ptr_equal (hear (list, "10.0.1.1", 24690, NULL), server);
  assert_string_equal (ahoy_server_get_host (server), "10.0.0.1");
  assert_ptr_equal (hear (list, "127.0.0.1", 24690, NULL), server);
  assert_string_equal (ahoy_server_get_host (server), "127.0.0.1");
  assert_ptr_equal (hear (list, "10.0.0.1", 24690, NULL), server);
  assert_string_equal (ahoy_server_get_host (server), "127.0.0.1");

  hear (list, "127.0.0.1", 24691, NULL);
  hear (list, "10.0.2.1", 24690, NULL);
  assert_int_equal (ahoy_server_list_get_n (list), 3);
}

static void
test_loopback_is_the_better_address (void **state)
{
  g_autoptr (AhoyServerList) list = ahoy_server_list_new ();
  AhoyServer                *server = hear (list, "10.0.0.1", 24690, "a");

  hear (list, "127.0.0.1", 24690, "a");
  assert_string_equal (ahoy_server_get_host (server), "127.0.0.1");
  hear (list, "127.0.0.1", 24691, "b");
  assert_string_equal (ahoy_server_get_host (server_at (list, 1)), "127.0.0.1");
  hear (list, "10.0.0.1", 24691, "b");
  assert_string_equal (ahoy_server_get_host (server_at (list, 1)), "127.0.0.1");
}

static void
test_last_used_by_address_until_an_id_says_otherwise (void **state)
{
  g_autoptr (AhoyServerList) list = ahoy_server_list_new ();

  ahoy_server_list_set_last_used (list, "10.0.0.2", 24690, "b");
  hear (list, "10.0.0.1", 24690, NULL);
  hear (list, "10.0.0.2", 24690, NULL);
  assert_string_equal (ahoy_server_get_host (server_at (list, 0)), "10.0.0.2");
  assert_true (ahoy_server_get_last_used (server_at (list, 0)));
  assert_false (ahoy_server_get_last_used (server_at (list, 1)));

  hear (list, "10.0.0.2", 24690, "z");
  assert_false (ahoy_server_get_last_used (server_at (list, 0)));
  hear (list, "10.0.0.1", 24690, "b");
  assert_string_equal (ahoy_server_get_host (server_at (list, 0)), "10.0.0.1");
  assert_true (ahoy_server_get_last_used (server_at (list, 0)));
  assert_int_equal (ahoy_server_list_get_n (list), 2);
}

static void
test_last_used_by_name (void **state)
{
  g_autoptr (AhoyServerList) list = ahoy_server_list_new ();

  ahoy_server_list_set_last_used (list, "library-pc", 24690, NULL);
  ahoy_server_list_add_last_used_address (list, "10.0.0.2");
  assert_true (ahoy_server_get_last_used (hear (list, "10.0.0.2", 24690, "b")));
  assert_false (ahoy_server_get_last_used (hear (list, "10.0.0.2", 24691, "c")));
  assert_false (ahoy_server_get_last_used (hear (list, "10.0.0.3", 24690, "d")));

  ahoy_server_list_clear (list);
  assert_int_equal (ahoy_server_list_get_n (list), 0);
  assert_false (ahoy_server_get_last_used (hear (list, "10.0.0.2", 24690, "b")));
  assert_true (ahoy_server_get_last_used (ahoy_server_list_add_unheard (list, "library-pc", 24690)));
}

static void
test_who_was_heard (void **state)
{
  g_autoptr (AhoyServerList) list = ahoy_server_list_new ();

  assert_false (ahoy_server_get_heard (ahoy_server_list_add_unheard (list, "10.0.0.1", 24690)));
  assert_true (ahoy_server_get_heard (hear (list, "10.0.0.2", 24690, NULL)));
  assert_true (ahoy_server_get_heard (hear (list, "10.0.0.3", 24690, "a")));
  assert_true (ahoy_server_get_heard (hear (list, "10.0.0.1", 24690, NULL)));
}

static void
test_tls_is_not_taken_back (void **state)
{
  g_autoptr (AhoyServerList) list = ahoy_server_list_new ();
  AhoyDiscoveryReply         reply = { .port = 24690, .extended = TRUE, .id = (char *) "a", .tls = FALSE };
  AhoyServer                *server = ahoy_server_list_add_reply (list, "10.0.0.1", &reply);

  assert_false (ahoy_server_get_tls (server));
  reply.tls = TRUE;
  ahoy_server_list_add_reply (list, "10.0.0.1", &reply);
  assert_true (ahoy_server_get_tls (server));
  reply.tls = FALSE;
  assert_ptr_equal (ahoy_server_list_add_reply (list, "10.0.0.9", &reply), server);
  assert_true (ahoy_server_get_tls (server));

  /* The next search knows nothing of that. */
  ahoy_server_list_clear (list);
  assert_false (ahoy_server_get_tls (ahoy_server_list_add_reply (list, "10.0.0.1", &reply)));
}

static void
test_a_flood_of_servers_ends (void **state)
{
  g_autoptr (AhoyServerList) list = ahoy_server_list_new ();
  AhoyServer                *last = NULL;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("id%u", i);

      last = hear (list, "10.0.0.1", 24690, id);
    }

  assert_null (last);
  assert_int_equal (ahoy_server_list_get_n (list), 256);
  assert_non_null (hear (list, "10.0.0.1", 24690, "id0"));
}

static void
test_link_local_is_the_worse_address (void **state)
{
  g_autoptr (AhoyServerList) list = ahoy_server_list_new ();
  AhoyServer                *server = hear (list, "fe80::1%eth0", 24690, "a");

  assert_ptr_equal (hear (list, "fe80::1%wlan0", 24690, "a"), server);
  assert_string_equal (ahoy_server_get_host (server), "fe80::1%eth0");
  hear (list, "10.0.0.1", 24690, "a");
  assert_string_equal (ahoy_server_get_host (server), "10.0.0.1");
  hear (list, "fe80::1%eth0", 24690, "a");
  assert_string_equal (ahoy_server_get_host (server), "10.0.0.1");
}

static void
test_one_address_on_two_networks (void **state)
{
  g_autoptr (AhoyServerList) list = ahoy_server_list_new ();
  GHashTable                *own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_hash_table_add (own, g_strdup ("fe80::7%eth0"));
  ahoy_server_list_set_own (list, own);
  hear (list, "fe80::1%eth0", 24690, NULL);
  hear (list, "fe80::1%wlan0", 24690, NULL);
  assert_int_equal (ahoy_server_list_get_n (list), 2);

  /* Ours is this computer's, and elsewhere it is somebody else's. */
  hear (list, "127.0.0.1", 24690, NULL);
  hear (list, "fe80::7%eth0", 24690, NULL);
  assert_int_equal (ahoy_server_list_get_n (list), 3);
  hear (list, "fe80::7%wlan0", 24690, NULL);
  assert_int_equal (ahoy_server_list_get_n (list), 4);
}

static void
assert_places (AhoyServer *server,
               const char *expected)
{
  g_autoptr (GString) places = g_string_new (NULL);

  for (guint i = 0; i < ahoy_server_get_n_places (server); i++)
    {
      guint16     port;
      const char *host = ahoy_server_get_place (server, i, &port);

      g_string_append_printf (places, "%s:%u ", host, port);
    }
  assert_string_equal (places->str, expected);
}

static gboolean
has_place (AhoyServer *server,
           const char *wanted)
{
  for (guint i = 0; i < ahoy_server_get_n_places (server); i++)
    {
      guint16 port;

      if (g_str_equal (ahoy_server_get_place (server, i, &port), wanted))
        return TRUE;
    }
  return FALSE;
}

/* Whoever claims the id may lie, and need not be the one that lies. */
static void
test_all_places_of_an_id (void **state)
{
  g_autoptr (AhoyServerList)   list = ahoy_server_list_new ();
  g_autoptr (AhoyKnownServers) known_servers = ahoy_known_servers_open (NULL, NULL);
  AhoyServer                  *server = hear (list, "10.0.0.66", 24690, "a");

  hear (list, "10.0.0.1", 24690, "a");
  hear (list, "10.0.0.66", 24690, "a");
  assert_places (server, "10.0.0.66:24690 10.0.0.1:24690 ");
  hear (list, "127.0.0.1", 24690, "a");
  assert_places (server, "127.0.0.1:24690 10.0.0.66:24690 10.0.0.1:24690 ");
  ahoy_server_list_clear (list);
  server = hear (list, "::1", 24690, "a");
  hear (list, "127.0.0.1", 24690, "a");
  assert_places (server, "127.0.0.1:24690 ::1:24690 ");

  /* Where it was met before comes first; but not before this computer. */
  ahoy_known_servers_learn (known_servers, "10.0.0.1", 24690, "Library", "a", TRUE, NULL);
  ahoy_known_servers_learn (known_servers, "10.0.0.2", 24690, "Library", "a", TRUE, NULL);
  ahoy_known_servers_learn (known_servers, "10.0.0.3", 24690, "Hall", "b", TRUE, NULL);
  ahoy_server_list_set_pins (list, known_servers);
  ahoy_server_list_clear (list);
  server = hear (list, "10.0.0.66", 24690, "a");
  hear (list, "10.0.0.3", 24690, "a");
  hear (list, "10.0.0.1", 24690, "a");
  assert_places (server, "10.0.0.1:24690 10.0.0.66:24690 10.0.0.3:24690 ");
  hear (list, "127.0.0.1", 24690, "a");
  hear (list, "10.0.0.2", 24690, "a");
  assert_places (server, "127.0.0.1:24690 10.0.0.1:24690 10.0.0.66:24690 10.0.0.3:24690 10.0.0.2:24690 ");
}

static void
test_a_flood_of_places_ends (void **state)
{
  g_autoptr (AhoyServerList)   list = ahoy_server_list_new ();
  g_autoptr (AhoyKnownServers) known_servers = ahoy_known_servers_open (NULL, NULL);
  AhoyServer                  *server = hear (list, "10.0.0.66", 1, "a");

  /* One liar on all its ports is not in the way of others. */
  for (guint i = 2; i < 1000; i++)
    hear (list, "10.0.0.66", i, "a");
  hear (list, "10.0.0.1", 24690, "a");
  assert_places (server, "10.0.0.66:1 10.0.0.66:2 10.0.0.66:3 10.0.0.1:24690 ");

  /* Many that are quicker than the server are in its way now and then, not always. */
  for (guint i = 0, n_in = 0; n_in == 0; i++)
    {
      assert_true (i < 200);
      ahoy_server_list_clear (list);
      for (guint j = 0; j < 40; j++)
        {
          g_autofree char *host = g_strdup_printf ("10.0.1.%u", j + 1);

          server = hear (list, host, 24690, "a");
        }
      hear (list, "10.0.0.1", 24690, "a");
      assert_int_equal (ahoy_server_get_n_places (server), AHOY_SERVER_PLACES_MAX);
      n_in += has_place (server, "10.0.0.1");
    }

  /* They never are in the way of where it was met before. */
  ahoy_known_servers_learn (known_servers, "10.0.0.1", 24690, "Library", "a", TRUE, NULL);
  ahoy_server_list_set_pins (list, known_servers);
  ahoy_server_list_clear (list);
  for (guint i = 2; i < 200; i++)
    {
      g_autofree char *host = g_strdup_printf ("10.0.0.%u", i);

      server = hear (list, host, 24690, "a");
    }
  assert_int_equal (ahoy_server_get_n_places (server), AHOY_SERVER_PLACES_MAX);
  hear (list, "10.0.0.1", 24690, "a");
  assert_int_equal (ahoy_server_get_n_places (server), AHOY_SERVER_PLACES_MAX);
  assert_string_equal (ahoy_server_get_host (server), "10.0.0.1");
}

static void
test_who_is_known (void **state)
{
  g_autoptr (AhoyServerList)   list = ahoy_server_list_new ();
  g_autoptr (AhoyKnownServers) known_servers = ahoy_known_servers_open (NULL, NULL);
  AhoyServer                  *server;

  ahoy_known_servers_learn (known_servers, "10.0.0.1", 24690, "Library", "a", TRUE, NULL);
  ahoy_known_servers_learn (known_servers, "10.0.0.2", 24690, "Hall", "b", TRUE, NULL);
  ahoy_server_list_set_pins (list, known_servers);
  ahoy_server_list_set_last_used (list, "10.0.0.2", 24690, "b");

  server = hear (list, "10.0.0.9", 24690, "x"); /* "Library", as hear() calls them all */
  assert_false (ahoy_server_get_known (server));
  assert_string_equal (ahoy_server_get_namesake (server), "a");
  server = hear (list, "10.0.0.1", 24690, "a");
  assert_true (ahoy_server_get_known (server));
  assert_null (ahoy_server_get_namesake (server));
  assert_ptr_equal (server_at (list, 0), server); /* whoever answered first */
  hear (list, "10.0.0.2", 24690, "b");
  assert_string_equal (ahoy_server_get_id (server_at (list, 0)), "b");
  assert_ptr_equal (server_at (list, 1), server);

  /* Whoever floods the list does not keep out those that are known. */
  ahoy_server_list_clear (list);
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("id%u", i);

      hear (list, "10.0.0.1", 24690, id);
    }
  server = hear (list, "10.0.0.1", 24690, "a");
  assert_non_null (server);
  assert_ptr_equal (server_at (list, 0), server);
  assert_ptr_equal (hear (list, "10.0.0.1", 24690, "a"), server);
  assert_int_equal (ahoy_server_list_get_n (list), 256);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_classic_then_extended),
    cmocka_unit_test (test_two_addresses_turn_out_to_be_one_server),
    cmocka_unit_test (test_a_name_and_its_address_are_one_server),
    cmocka_unit_test (test_other_ports_and_ids_are_other_servers),
    cmocka_unit_test (test_this_computer_is_one),
    cmocka_unit_test (test_loopback_is_the_better_address),
    cmocka_unit_test (test_link_local_is_the_worse_address),
    cmocka_unit_test (test_one_address_on_two_networks),
    cmocka_unit_test (test_last_used_by_address_until_an_id_says_otherwise),
    cmocka_unit_test (test_last_used_by_name),
    cmocka_unit_test (test_who_was_heard),
    cmocka_unit_test (test_tls_is_not_taken_back),
    cmocka_unit_test (test_a_flood_of_servers_ends),
    cmocka_unit_test (test_all_places_of_an_id),
    cmocka_unit_test (test_a_flood_of_places_ends),
    cmocka_unit_test (test_who_is_known),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
