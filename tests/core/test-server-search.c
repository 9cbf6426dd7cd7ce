/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which server it is to be. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/ahoy-core-enum-types.h"
#include "core/connector/ahoy-server-search.h"
#include "core/finder-fixture.h"
#include "core/test-memory.h"
#include "support/test-loop.h"
#include "support/test-netns.h"

#define ONE "abcdefghijklmnopqrstuvwxyz"
#define OTHER "zyxwvutsrqponmlkjihgfedcba"

typedef struct {
  TestMemory         *memory;
  AhoyKnownServers   *known_servers;
  FakeResponder      *first;
  FakeResponder      *second; /* at the same port */
  AhoyServerSearch   *search;
  AhoyServer         *server; /* that it ended with */
  AhoyServerSearchEnd end;
  guint               n_ended;
  guint               n_quiet;
} Fixture;

static void
on_ended (Fixture            *f,
          AhoyServerSearchEnd end,
          AhoyServer         *server)
{
  f->end = end;
  f->n_ended++;
  g_set_object (&f->server, server);
}

static void
on_quiet_ended (Fixture *f)
{
  f->n_quiet++;
}

static int
set_up (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->memory = test_memory_new ();
  f->known_servers = ahoy_known_servers_open (NULL, NULL);
  f->first = fake_responder_new ("0.0.0.0", 0);
  f->second = fake_responder_new ("0.0.0.0", fake_responder_get_port (f->first));
  f->search = ahoy_server_search_new (AHOY_MEMORY (f->memory), f->known_servers);
  ahoy_server_search_set_discovery_port (f->search, fake_responder_get_port (f->first));
  ahoy_server_search_set_timing (f->search, &patient);
  g_signal_connect_swapped (f->search, "ended", G_CALLBACK (on_ended), f);
  g_signal_connect_swapped (f->search, "quiet-ended", G_CALLBACK (on_quiet_ended), f);
  *state = f;
  return 0;
}

static int
tear_down (void **state)
{
  Fixture *f = *state;

  ahoy_server_search_stop (f->search);
  g_assert_finalize_object (f->search);
  g_clear_object (&f->server);
  fake_responder_free (f->first);
  fake_responder_free (f->second);
  g_object_unref (f->known_servers);
  g_object_unref (f->memory);
  g_free (f);
  return 0;
}

static gboolean
has_ended (gpointer data)
{
  return ((Fixture *) data)->n_ended > 0;
}

static void
assert_ends (Fixture            *f,
             AhoyServerSearchEnd end,
             guint16             port)
{
  assert_true (test_loop_until (NULL, has_ended, f, TEST_LOOP_DEADLINE_MS));
  assert_int_equal (f->n_ended, 1);
  assert_int_equal (f->end, end);
  assert_int_equal (f->server != NULL ? ahoy_server_get_port (f->server) : 0, port);
  f->n_ended = 0;
}

static void
answer (FakeResponder *responder,
        const char    *port,
        const char    *id)
{
  g_autofree char *reply = g_strdup_printf ("%s|v=2|nonce=@NONCE@|id=%s|name=Hall|users=3|tls=1", port, id);

  fake_responder_answer_extended (responder, reply);
}

static void
finds_one (void **state)
{
  Fixture *f = *state;

  answer (f->first, "7", ONE);
  assert_null (ahoy_server_search_get_finder (f->search));
  ahoy_server_search_start (f->search);
  assert_ends (f, AHOY_SERVER_SEARCH_FOUND, 7);
  assert_int_equal (ahoy_finder_get_state (ahoy_server_search_get_finder (f->search)), AHOY_FINDER_FOUND);
}

static void
has_somebody_choose_among_several (void **state)
{
  Fixture *f = *state;

  answer (f->first, "7", ONE);
  answer (f->second, "8", OTHER);
  ahoy_server_search_start (f->search);
  assert_true (test_loop_until (NULL, has_ended, f, TEST_LOOP_DEADLINE_MS));
  assert_int_equal (f->end, AHOY_SERVER_SEARCH_SEVERAL);
}

static void
finds_nobody (void **state)
{
  Fixture *f = *state;

  ahoy_server_search_set_timing (f->search, &brief);
  ahoy_server_search_start (f->search);
  assert_ends (f, AHOY_SERVER_SEARCH_NONE, 0);
}

static void
doubts_what_is_not_encrypted_where_others_are (void **state)
{
  Fixture *f = *state;

  assert_true (ahoy_known_servers_learn (f->known_servers, "10.9.9.9", 1, "Hall", OTHER, TRUE, NULL));
  fake_responder_answer_classic (f->first, "7");
  ahoy_server_search_start (f->search);
  assert_ends (f, AHOY_SERVER_SEARCH_DOUBTFUL, 7);
}

static void
doubts_no_address_that_was_typed (void **state)
{
  Fixture         *f = *state;
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", fake_responder_get_port (f->first));

  assert_true (ahoy_known_servers_learn (f->known_servers, "10.9.9.9", 1, "Hall", OTHER, TRUE, NULL));
  fake_responder_answer_classic (f->first, "7");
  ahoy_server_search_set_timing (f->search, &brief);
  ahoy_server_search_start_at (f->search, address);
  assert_true (test_loop_until (NULL, has_ended, f, TEST_LOOP_DEADLINE_MS));
  assert_int_not_equal (f->end, AHOY_SERVER_SEARCH_DOUBTFUL);
}

static void
says_that_an_address_is_none (void **state)
{
  Fixture *f = *state;

  ahoy_server_search_start_at (f->search, "no address: at all");
  assert_ends (f, AHOY_SERVER_SEARCH_NO_ADDRESS, 0);
}

/* Three claims may lead to nobody; what was said of their places is overlooked. */
static void
goes_on_without_whom_it_led_to_in_vain (void **state)
{
  Fixture *f = *state;

  answer (f->first, "7", ONE);
  ahoy_server_search_start (f->search);
  assert_ends (f, AHOY_SERVER_SEARCH_FOUND, 7);
  ahoy_server_search_set_timing (f->search, &brief);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (AhoyServer) server = g_object_ref (f->server != NULL ? f->server : server_at (ahoy_server_search_get_finder (f->search), 0));
      g_autofree char       *port = g_strdup_printf ("%u", 8 + i);

      if (i < 2)
        answer (f->first, port, OTHER);
      ahoy_server_search_set_timing (f->search, i < 2 ? &patient : &brief);
      assert_true (ahoy_server_search_further (f->search, server));
      if (i < 2)
        assert_ends (f, AHOY_SERVER_SEARCH_FOUND, 8 + i);
      else
        assert_ends (f, AHOY_SERVER_SEARCH_IN_VAIN, 0);
      if (i == 2)
        assert_false (ahoy_server_search_further (f->search, server));
    }
}

/* Who looks for somebody that the person knows gets no stranger instead. */
static void
exchanges_nobody_for_a_stranger (void **state)
{
  Fixture *f = *state;

  test_memory_set_last (f->memory, "127.0.0.1", 7, ONE);
  answer (f->first, "7", ONE);
  ahoy_server_search_start (f->search);
  assert_ends (f, AHOY_SERVER_SEARCH_FOUND, 7);
  answer (f->first, "8", OTHER);
  assert_true (ahoy_server_search_further (f->search, f->server));
  assert_ends (f, AHOY_SERVER_SEARCH_IN_VAIN, 8);
}

static void
stops_without_a_word (void **state)
{
  Fixture *f = *state;

  answer (f->first, "7", ONE);
  ahoy_server_search_start (f->search);
  ahoy_server_search_stop (f->search);
  assert_int_equal (ahoy_finder_get_state (ahoy_server_search_get_finder (f->search)), AHOY_FINDER_IDLE);
  assert_int_equal (f->n_ended, 0);
}

static gboolean
has_been_quiet (gpointer data)
{
  return ((Fixture *) data)->n_quiet > 0;
}

/* What is shown stays as it is while it is true. */
static void
looks_quietly (void **state)
{
  Fixture    *f = *state;
  AhoyFinder *shown;

  ahoy_server_search_set_timing (f->search, &brief);
  ahoy_server_search_start (f->search);
  assert_ends (f, AHOY_SERVER_SEARCH_NONE, 0);
  shown = ahoy_server_search_get_finder (f->search);
  ahoy_server_search_look_quietly (f->search, FALSE);
  assert_true (ahoy_server_search_is_quiet (f->search));
  assert_true (test_loop_until (NULL, has_been_quiet, f, TEST_LOOP_DEADLINE_MS));
  assert_false (ahoy_server_search_is_quiet (f->search));
  assert_ptr_equal (ahoy_server_search_get_finder (f->search), shown);
  assert_int_equal (f->n_ended, 0);

  answer (f->first, "7", ONE);
  ahoy_server_search_set_timing (f->search, &patient);
  ahoy_server_search_look_quietly (f->search, TRUE);
  assert_ends (f, AHOY_SERVER_SEARCH_FOUND, 7);
  assert_ptr_not_equal (ahoy_server_search_get_finder (f->search), shown);
}

int
main (void)
{
#define TEST(f) cmocka_unit_test_setup_teardown (f, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    TEST (finds_one),
    TEST (has_somebody_choose_among_several),
    TEST (finds_nobody),
    TEST (doubts_what_is_not_encrypted_where_others_are),
    TEST (doubts_no_address_that_was_typed),
    TEST (says_that_an_address_is_none),
    TEST (goes_on_without_whom_it_led_to_in_vain),
    TEST (exchanges_nobody_for_a_stranger),
    TEST (stops_without_a_word),
    TEST (looks_quietly),
  };

  test_netns_enter ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
