/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the client does where a server is less than it was, when it is cut off, and when somebody else has its name. */

#include "trust-fixture.h"

#include "core/connection/ahoy-server-private.h"

/* ---- Less than before ---- */

static void
tls_that_was_stripped (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin_known (e, key);
  ahoy_client_disconnect (e->client);
  trust_set_key (e, NULL);
  for (int i = 0; i < 4; i++)
    {
      if (i == 0)
        trust_find (e, key->id, TRUE);
      else if (i == 1)
        trust_find (e, key->id, FALSE);
      else if (i == 2)
        trust_find (e, NULL, FALSE);
      else
        trust_type (e);
      e->server->n_hellos = 0;
      extended_connect (e);
      trust_await_stop (e, AHOY_FAILURE_DOWNGRADED, key->id, i == 1 ? key->id : NULL);
      assert_int_equal (ahoy_client_get_downgrade (e->client), AHOY_DOWNGRADE_PLAIN);
      assert_int_equal (e->server->n_hellos, 1);
      trust_assert_quiet (e);
    }
  assert_int_equal (trust_n_log_ins (e), 1); /* long ago */
}

static void
a_reply_that_denies_tls_is_not_believed (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin_known (e, key);
  for (int classic = 0; classic < 2; classic++)
    {
      ahoy_client_disconnect (e->client);
      trust_find (e, classic ? NULL : key->id, FALSE);
      extended_online (e);
      assert_true (ahoy_client_get_secure (e->client));
    }
}

static void
silence_is_no_reason_to_talk_plainly (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin_known (e, key);
  ahoy_client_disconnect (e->client);
  trust_set_key (e, NULL);
  e->server->hello = FAKE_HELLO_IGNORED;
  trust_type (e);
  extended_connect (e);
  trust_await_stop (e, AHOY_FAILURE_TIMEOUT, NULL, NULL);
  assert_int_equal (trust_n_log_ins (e), 1);
}

static void
a_classic_answer_inside_tls (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin (e, key);
  e->server->classic = TRUE;
  e->server->catches_up = FALSE;
  trust_type (e);
  extended_online (e); /* somebody's tunnel to an old server: nothing is known to speak against it */
  assert_true (ahoy_client_get_secure (e->client));
  assert_int_equal (trust_check (e, key->id, TRUE), AHOY_SERVER_VERDICT_NEW);
  ahoy_client_disconnect (e->client);

  e->server->classic = FALSE;
  e->server->catches_up = TRUE;
  extended_online (e);
  e->server->classic = TRUE;
  fake_extended_drop (e->server);
  trust_await_stop (e, AHOY_FAILURE_DOWNGRADED, key->id, key->id);
  assert_int_equal (ahoy_client_get_downgrade (e->client), AHOY_DOWNGRADE_CLASSIC);
}

static void
a_plain_server_is_known_too (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin_known (e, NULL);
  assert_int_equal (trust_check (e, "server-a", FALSE), AHOY_SERVER_VERDICT_SAME);
  assert_false (ahoy_known_servers_has_secure (e->known_servers));

  /* Only classic now; asked as one that is known. */
  ahoy_client_disconnect (e->client);
  e->server->classic = TRUE;
  trust_find (e, NULL, FALSE);
  extended_connect (e);
  trust_await_stop (e, AHOY_FAILURE_DOWNGRADED, "server-a", NULL);
  assert_int_equal (ahoy_client_get_downgrade (e->client), AHOY_DOWNGRADE_CLASSIC);
  e->server->classic = FALSE;

  /* None at all, says its welcome. */
  e->server->welcomes_as = "";
  trust_find (e, NULL, FALSE);
  extended_connect (e);
  trust_await_stop (e, AHOY_FAILURE_DOWNGRADED, "server-a", NULL);
  assert_int_equal (ahoy_client_get_downgrade (e->client), AHOY_DOWNGRADE_NO_ID);
  e->server->welcomes_as = NULL;

  /* Another one, says its welcome. */
  e->server->id = key->id;
  trust_find (e, NULL, FALSE);
  extended_connect (e);
  trust_await_stop (e, AHOY_FAILURE_KEY_CHANGED, "server-a", key->id);
  assert_int_equal (ahoy_client_get_downgrade (e->client), AHOY_DOWNGRADE_NONE);

  /* The same one. */
  e->server->id = "server-a";
  extended_online (e);
}

static void
a_plain_server_may_learn_tls (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin (e, NULL);
  e->server->id = key->id;
  trust_find (e, key->id, FALSE);
  extended_online (e);
  assert_int_equal (trust_check (e, key->id, FALSE), AHOY_SERVER_VERDICT_SAME);
  ahoy_client_disconnect (e->client);
  trust_set_key (e, key);
  trust_find (e, key->id, TRUE);
  extended_online (e);
  assert_true (ahoy_client_get_secure (e->client));
  assert_int_equal (trust_check (e, key->id, FALSE), AHOY_SERVER_VERDICT_DOWNGRADED);
}

static void
a_notice_before_the_log_in_says_nothing (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin_known (e, key);
  e->server->mute = TRUE;
  fake_extended_drop (e->server);
  WAIT_UNTIL (trust_n_log_ins (e) == 2);
  e->server->mute = FALSE;
  fake_extended_send (e->server, "4* Not so fast.");
  extended_await_log (e, NULL, "* Not so fast.");
  assert_int_equal (ahoy_client_get_state (e->client), AHOY_CLIENT_RECONNECTING);
  fake_extended_drop (e->server);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
  assert_int_equal (e->n_failed, 0);
}

static void
a_server_that_requires_tls_gets_it_at_once (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin (e, NULL);
  e->server->id = key->id;
  trust_find (e, key->id, FALSE); /* as it was then */
  e->server->mute = TRUE;
  extended_connect (e);
  WAIT_UNTIL (trust_n_log_ins (e) == 1);
  e->server->mute = FALSE;
  trust_set_key (e, key);
  fake_extended_send (e->server, "^code=tls-required>EOver TLS, please.");
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
  assert_true (ahoy_client_get_secure (e->client));

  /* And one that does not know what it wants is not asked for ever. */
  ahoy_client_disconnect (e->client);
  ahoy_known_servers_forget (e->known_servers, key->id, NULL);
  trust_set_key (e, NULL);
  trust_find (e, key->id, FALSE);
  e->server->mute = TRUE;
  extended_connect (e);
  WAIT_UNTIL (trust_n_log_ins (e) == 3);
  e->server->mute = FALSE;
  fake_extended_send (e->server, "^code=tls-required>EOver TLS, please.");
  trust_await_stop (e, AHOY_FAILURE_HANDSHAKE, NULL, NULL);
}

/* ---- While reconnecting ---- */

static void
a_stop_keeps_what_was_said (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");
  g_autoptr (TrustKey) other = trust_make_key (e, "b");

  trust_begin_known (e, key);
  fake_extended_say (e->server, "bob", "alice", "hi");
  extended_await_log (e, "bob", "bob>alice: hi");
  ahoy_conversation_set_draft (extended_with (e, "bob"), "as I was say");
  ahoy_conversation_set_draft (extended_with (e, "carol"), "and you");
  trust_set_key (e, other);
  fake_extended_drop (e->server);
  trust_await_stop (e, AHOY_FAILURE_KEY_CHANGED, key->id, other->id);
  trust_assert_quiet (e);
  extended_await_log (e, "bob", "bob>alice: hi");
  assert_string_equal (ahoy_conversation_get_draft (extended_with (e, "bob")), "as I was say");
  assert_string_equal (ahoy_conversation_get_draft (extended_with (e, "carol")), "and you");

  trust_set_key (e, key); /* the right one is back */
  extended_online (e);
  extended_await_log (e, "bob", "bob>alice: hi");
  assert_string_equal (ahoy_conversation_get_draft (extended_with (e, "bob")), "as I was say");
}

static void
what_waits_is_for_nobody_else (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");
  guint                n_plain;

  trust_begin_known (e, key);
  e->server->mute = TRUE;
  e->server->fails = "dropped";
  e->server->n_fails = 100;
  extended_send (e, NULL, "for them alone");
  extended_await_frame (e, ">3for them alone");
  e->server->mute = FALSE;
  e->server->fails = NULL;
  trust_set_key (e, NULL);
  fake_extended_drop (e->server);
  trust_await_stop (e, AHOY_FAILURE_DOWNGRADED, key->id, NULL);
  assert_int_equal (ahoy_client_get_n_waiting (e->client), 1);
  assert_int_equal (fake_extended_count (e->server, "for them alone"), 1);

  ahoy_client_accept_server (e->client);
  e->server->classic = TRUE;
  e->server->catches_up = FALSE;
  n_plain = trust_n_log_ins (e);
  extended_online (e);
  assert_int_equal (trust_n_log_ins (e), n_plain + 1);
  assert_false (ahoy_client_get_secure (e->client));
  assert_int_equal (ahoy_client_get_n_waiting (e->client), 0);
  extended_send (e, NULL, "who are you?");
  extended_await_log (e, NULL, "alice: who are you? (sent)");
  assert_int_equal (fake_extended_count (e->server, "for them alone"), 1);

  /* It is still owed to whom it was said. */
  ahoy_client_disconnect (e->client);
  e->server->classic = FALSE;
  e->server->catches_up = TRUE;
  trust_set_key (e, key);
  trust_find (e, key->id, TRUE);
  extended_online (e);
  WAIT_UNTIL (fake_extended_count (e->server, "for them alone") == 2);
}

static void
a_server_that_goes_down_is_waited_for (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin_known (e, key);
  trust_set_key (e, NULL);
  e->server->hello = FAKE_HELLO_HUNG_UP;
  fake_extended_drop (e->server);
  WAIT_UNTIL (e->server->n_hellos >= 3);
  assert_int_equal (ahoy_client_get_state (e->client), AHOY_CLIENT_RECONNECTING);
  trust_set_key (e, key);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
  assert_int_equal (e->n_failed, 0);
  assert_true (ahoy_client_get_secure (e->client));
}

static void
a_plain_server_that_wants_tls_gets_it (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin (e, NULL);
  e->server->id = key->id;
  trust_find (e, key->id, FALSE);
  extended_online (e);
  trust_set_key (e, key); /* and the plain log-in is no TLS: it hangs up */
  fake_extended_drop (e->server);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_RECONNECTING);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
  assert_true (ahoy_client_get_secure (e->client));
}

static void
replaced_is_for_good (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin_known (e, key);
  fake_extended_say (e->server, "bob", NULL, "hi");
  extended_await_log (e, NULL, "bob: hi");
  fake_extended_send (e->server, "^code=replaced>EYou are here twice.");
  trust_await_stop (e, AHOY_FAILURE_REPLACED, NULL, NULL);
  trust_assert_quiet (e);
  extended_await_log (e, NULL, "bob: hi");
  ahoy_client_accept_server (e->client); /* there is nothing to accept */
  assert_int_equal (ahoy_client_get_failure (e->client), AHOY_FAILURE_REPLACED);
  extended_online (e);
  assert_int_equal (ahoy_client_get_failure (e->client), AHOY_FAILURE_NONE);
  extended_await_log (e, NULL, "bob: hi");
}

static void
a_name_that_somebody_owns_is_no_ghost (void **state)
{
  static const struct {
    const char *reason;
    AhoyRefusal refusal;
  } refusals[] = {
    { "owned", AHOY_REFUSAL_OWNED },
    { "in-use", AHOY_REFUSAL_IN_USE },
    { "too-many", AHOY_REFUSAL_TOO_MANY },
    { "of-next-year", AHOY_REFUSAL_UNSPECIFIED },
  };
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin_known (e, key);
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      const guint n = trust_n_log_ins (e);

      e->server->refuses = refusals[i].reason;
      fake_extended_drop (e->server);
      WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_REFUSED);
      assert_int_equal (ahoy_client_get_refusal (e->client), refusals[i].refusal);
      assert_int_equal (trust_n_log_ins (e), n + 1);
      e->server->refuses = NULL;
      ahoy_client_retry_name (e->client, "alice");
      WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
    }
}

/* Whom the server cannot know by a key has the patience of before. */
static void
a_plain_ghost_is_waited_for (void **state)
{
  Extended *e = *state;

  trust_begin_known (e, NULL);
  e->server->refuses = "in-use";
  fake_extended_drop (e->server);
  WAIT_UNTIL (trust_n_log_ins (e) >= 4);
  assert_int_equal (ahoy_client_get_state (e->client), AHOY_CLIENT_RECONNECTING);
  e->server->refuses = NULL;
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    EXTENDED_TEST (tls_that_was_stripped),
    EXTENDED_TEST (a_reply_that_denies_tls_is_not_believed),
    EXTENDED_TEST (silence_is_no_reason_to_talk_plainly),
    EXTENDED_TEST (a_classic_answer_inside_tls),
    EXTENDED_TEST (a_plain_server_is_known_too),
    EXTENDED_TEST (a_plain_server_may_learn_tls),
    EXTENDED_TEST (a_notice_before_the_log_in_says_nothing),
    EXTENDED_TEST (a_server_that_requires_tls_gets_it_at_once),
    EXTENDED_TEST (a_stop_keeps_what_was_said),
    EXTENDED_TEST (what_waits_is_for_nobody_else),
    EXTENDED_TEST (a_server_that_goes_down_is_waited_for),
    EXTENDED_TEST (a_plain_server_that_wants_tls_gets_it),
    EXTENDED_TEST (replaced_is_for_good),
    EXTENDED_TEST (a_name_that_somebody_owns_is_no_ghost),
    EXTENDED_TEST (a_plain_ghost_is_waited_for),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
