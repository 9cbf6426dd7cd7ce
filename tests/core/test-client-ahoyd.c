/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Two clients on the real server ($AHOYD), in the classic dialect: the two halves understand each other, also when the server dies. */

#include "ahoyd-fixture.h"

#include <string.h>

typedef struct {
  AhoydFixture fixture;
  AhoyServer  *server;
  AhoyClient  *alice;
  AhoyClient  *bob;
} Talk;

static AhoyClient *
join (Talk       *h,
      const char *name)
{
  AhoyClientTimings timings = ahoy_client_timings;
  AhoyClient       *client;

  timings.session.reconnect.first = timings.session.reconnect.max = 20;
  client = ahoy_client_new_with_timings (&timings, NULL, NULL, NULL);
  ahoy_client_connect (client, h->server, name);
  WAIT_UNTIL (ahoy_client_get_state (client) != AHOY_CLIENT_CONNECTING);
  return client;
}

static int
setup (void **state)
{
  Talk *h = g_new0 (Talk, 1);

  ahoyd_fixture_open (&h->fixture);
  h->server = fixture_found ("127.0.0.1", h->fixture.port);
  h->alice = join (h, "alice");
  h->bob = join (h, "bob");
  assert_int_equal (ahoy_client_get_state (h->bob), AHOY_CLIENT_ONLINE);
  WAIT_UNTIL (ahoy_client_get_n_online (h->alice) == 2);
  *state = h;
  return 0;
}

static int
teardown (void **state)
{
  Talk *h = *state;

  g_assert_finalize_object (h->alice);
  g_assert_finalize_object (h->bob);
  ahoyd_fixture_close (&h->fixture);
  g_object_unref (h->server);
  g_free (h);
  return 0;
}

/* @with: NULL for everyone. */
static AhoyConversation *
pane (AhoyClient *client,
      const char *with)
{
  AhoyConversation *conversation = with ? ahoy_client_find_conversation (client, with) : ahoy_client_get_everyone (client);

  assert_non_null (conversation);
  return conversation;
}

static void
say (AhoyClient *client,
     const char *to,
     const char *text)
{
  assert_non_null (ahoy_client_send (client, pane (client, to), text));
}

static gboolean
reads (AhoyClient *client,
       const char *with,
       const char *expected)
{
  g_autofree char *log = fixture_log (pane (client, with));

  return strcmp (log, expected) == 0;
}

static void
they_talk (void **state)
{
  Talk *h = *state;

  say (h->alice, NULL, "hello");
  WAIT_UNTIL (reads (h->bob, NULL, "alice: hello"));
  say (h->bob, NULL, "大家好\n  second line");
  say (h->bob, "alice", "psst: you, there");
  WAIT_UNTIL (reads (h->alice, "bob", "bob>alice: psst: you, there"));
  assert_true (reads (h->alice, NULL, "+bob - | alice: hello (sent) | bob: 大家好\n  second line | bob>alice: psst: you, there"));
  WAIT_UNTIL (reads (h->bob, NULL, "alice: hello | bob: 大家好\n  second line (sent) | bob>alice: psst: you, there (sent)"));
  assert_true (reads (h->bob, "alice", "bob>alice: psst: you, there (sent)"));
}

static void
all_see_one_order (void **state)
{
  Talk       *h = *state;
  GListModel *a = ahoy_conversation_get_messages (pane (h->alice, NULL));
  GListModel *b = ahoy_conversation_get_messages (pane (h->bob, NULL));

  for (int i = 0; i < 200; i++)
    {
      g_autofree char *text = g_strdup_printf ("%d", i);

      say (h->alice, NULL, text);
      say (h->bob, NULL, text);
      g_main_context_iteration (NULL, FALSE);
    }
  WAIT_UNTIL (g_list_model_get_n_items (a) == 401 && g_list_model_get_n_items (b) == 400); /* alice saw bob come */
  WAIT_UNTIL (ahoy_client_get_n_waiting (h->alice) == 0 && ahoy_client_get_n_waiting (h->bob) == 0);
  for (int i = 0; i < 400; i++)
    {
      g_autoptr (AhoyMessage) in_a = g_list_model_get_item (a, i + 1);
      g_autoptr (AhoyMessage) in_b = g_list_model_get_item (b, i);

      assert_string_equal (ahoy_message_get_from (in_a), ahoy_message_get_from (in_b));
      assert_string_equal (ahoy_message_get_text (in_a), ahoy_message_get_text (in_b));
    }
}

static void
a_name_that_is_taken (void **state)
{
  Talk       *h = *state;
  AhoyClient *other = join (h, "Alice");

  assert_int_equal (ahoy_client_get_state (other), AHOY_CLIENT_REFUSED);
  ahoy_client_retry_name (other, "carol");
  WAIT_UNTIL (ahoy_client_get_state (other) == AHOY_CLIENT_ONLINE);
  assert_int_equal (ahoy_client_get_n_online (other), 3);
  g_assert_finalize_object (other);
  WAIT_UNTIL (ahoy_client_get_n_online (h->alice) == 2);
}

static void
nothing_is_too_long_for_the_server (void **state)
{
  Talk            *h = *state;
  g_autofree char *text = g_strnfill (1 << 20, 'x');

  text[strlen (text) - ahoy_client_text_excess (h->alice, pane (h->alice, NULL), text)] = '\0';
  say (h->alice, NULL, text);
  text[strlen (text) - ahoy_client_text_excess (h->alice, pane (h->alice, "bob"), text)] = '\0';
  say (h->alice, "bob", text);
  WAIT_UNTIL (ahoy_client_get_n_waiting (h->alice) == 0);
  WAIT_UNTIL (g_list_model_get_n_items (ahoy_conversation_get_messages (pane (h->bob, NULL))) == 2);
}

static void
a_whisper_is_not_held (void **state)
{
  Talk            *h = *state;
  g_autofree char *expected = NULL;

  say (h->alice, "bob", "still here?");
  WAIT_UNTIL (ahoy_client_get_n_waiting (h->alice) == 0);
  ahoy_client_disconnect (h->bob);
  WAIT_UNTIL (ahoy_client_get_n_online (h->alice) == 1);
  say (h->alice, "bob", "no?");
  WAIT_UNTIL (reads (h->alice, "bob", "alice>bob: still here? (sent) | + -bob | alice>bob: no? (failed) | "
                                      "* bob is not here, and will not get this."));
  assert_int_equal (ahoy_client_get_n_waiting (h->alice), 0);
}

static void
the_server_dies_and_comes_back (void **state)
{
  Talk *h = *state;

  say (h->alice, NULL, "before");
  WAIT_UNTIL (reads (h->bob, NULL, "alice: before"));
  ahoyd_fixture_kill (&h->fixture);
  WAIT_UNTIL (ahoy_client_get_state (h->alice) == AHOY_CLIENT_RECONNECTING);
  WAIT_UNTIL (ahoy_client_get_state (h->bob) == AHOY_CLIENT_RECONNECTING);
  say (h->bob, NULL, "meanwhile");
  ahoyd_fixture_start (&h->fixture);
  WAIT_UNTIL (ahoy_client_get_state (h->alice) == AHOY_CLIENT_ONLINE && ahoy_client_get_state (h->bob) == AHOY_CLIENT_ONLINE);
  WAIT_UNTIL (ahoy_client_get_n_waiting (h->bob) == 0);
  WAIT_UNTIL (ahoy_client_get_n_online (h->alice) == 2 && ahoy_client_get_n_online (h->bob) == 2);

  /* Whoever was back first saw the other go and come, which is nothing to tell; only if something was said in between there are two
   * lines of it. */
  say (h->alice, NULL, "after");
  WAIT_UNTIL (ahoy_client_get_n_waiting (h->alice) == 0);
  {
    g_autofree char *log = fixture_log (pane (h->alice, NULL));

    assert_true (g_str_has_prefix (log, "+bob - | alice: before (sent) | "));
    assert_true (g_str_has_suffix (log, "alice: after (sent)"));
  }
  WAIT_UNTIL (reads (h->bob, NULL, "alice: before | bob: meanwhile (sent) | alice: after") ||
              reads (h->bob, NULL, "alice: before | + -alice | bob: meanwhile (sent) | +alice - | alice: after"));
}

int
main (void)
{
#define TALK_TEST(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    TALK_TEST (they_talk),
    TALK_TEST (all_see_one_order),
    TALK_TEST (a_name_that_is_taken),
    TALK_TEST (nothing_is_too_long_for_the_server),
    TALK_TEST (a_whisper_is_not_held),
    TALK_TEST (the_server_dies_and_comes_back),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
