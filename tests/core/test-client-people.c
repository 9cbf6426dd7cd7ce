/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* By which key somebody is known: learned, kept, changed, accepted, verified. */

#include "extended-fixture.h"

#include <string.h>

#include "core/chat/ahoy-person-private.h"
#include "core/connection/ahoy-server-private.h"

#define KEY_1 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define KEY_2 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbba"

static AhoyPerson *
person_of (Extended   *e,
           const char *name)
{
  return ahoy_conversation_get_person (extended_with (e, name));
}

/* Bob, as he is there at the next log-in. */
static void
set_bob (Extended   *e,
         const char *frame)
{
  g_free (e->server->roster->pdata[0]);
  e->server->roster->pdata[0] = g_strdup (frame);
}

static void
bob_goes (Extended *e)
{
  const guint n = ahoy_client_get_n_online (e->client);

  fake_extended_send (e->server, "^reason=quit>3bob");
  WAIT_UNTIL (ahoy_client_get_n_online (e->client) == n - 1);
}

static void
bob_comes (Extended   *e,
           const char *frame)
{
  const guint n = ahoy_client_get_n_online (e->client);

  fake_extended_send (e->server, frame);
  WAIT_UNTIL (ahoy_client_get_n_online (e->client) == n + 1);
}

static void
assert_person (Extended   *e,
               const char *name,
               const char *key,
               const char *known,
               gboolean    verified)
{
  AhoyPerson *person = person_of (e, name);

  if (key)
    assert_string_equal (ahoy_person_get_key (person), key);
  else
    assert_null (ahoy_person_get_key (person));
  if (known)
    assert_string_equal (ahoy_person_get_known_key (person), known);
  else
    assert_null (ahoy_person_get_known_key (person));
  assert_true ((ahoy_person_get_known_since (person) > 1500000000) == (known != NULL));
  assert_int_equal (ahoy_person_get_verified (person), verified);
  assert_int_equal (ahoy_person_get_changed (person), known && g_strcmp0 (key, known) != 0);
  assert_int_equal (ahoy_person_get_tint (person), ahoy_tint_of (key ? key : name));
}

static void
the_first_key_is_known (void **state)
{
  Extended *e = *state;

  set_bob (e, "^key=" KEY_1 ">1bob");
  extended_online (e);
  assert_person (e, "bob", KEY_1, KEY_1, FALSE);
  assert_person (e, "carol", NULL, NULL, FALSE);
  fake_extended_say (e->server, "bob", "alice", "hi");
  extended_await_log (e, "bob", "bob>alice: hi");
  {
    g_autoptr (AhoyMessage) message = g_list_model_get_item (ahoy_conversation_get_messages (extended_with (e, "bob")), 0);

    assert_int_equal (ahoy_message_get_tint (message), ahoy_tint_of (KEY_1));
  }
  extended_restart (e);
  set_bob (e, "bob"); /* whom we see before the server has said a word */
  fake_extended_drop (e->server);
  e->server->mute = TRUE;
  extended_connect (e);
  extended_await_log (e, "bob", "bob>alice: hi");
  assert_person (e, "bob", KEY_1, KEY_1, FALSE);
}

static void
who_joins_is_known_too (void **state)
{
  Extended *e = *state;

  extended_online (e);
  fake_extended_send (e->server, "^key=" KEY_2 ">2dave");
  WAIT_UNTIL (ahoy_client_find_conversation (e->client, "dave"));
  assert_person (e, "dave", KEY_2, KEY_2, FALSE);
  /* A key that comes later is the first one too. */
  bob_goes (e);
  bob_comes (e, "^key=" KEY_1 ">2bob");
  assert_person (e, "bob", KEY_1, KEY_1, FALSE);
  extended_await_log (e, "bob", "");
}

static void
what_is_no_key_is_none (void **state)
{
  Extended *e = *state;

  set_bob (e, "^key=0bviously-not>1bob");
  extended_online (e);
  assert_person (e, "bob", NULL, NULL, FALSE);
}

static void
another_key_is_a_change (void **state)
{
  Extended *e = *state;

  set_bob (e, "^key=" KEY_1 ">1bob");
  extended_online (e);
  ahoy_client_set_verified (e->client, person_of (e, "bob"), TRUE);
  assert_person (e, "bob", KEY_1, KEY_1, TRUE);
  bob_goes (e);
  bob_comes (e, "^key=" KEY_2 ">2bob");
  assert_person (e, "bob", KEY_2, KEY_1, FALSE);
  extended_await_log (e, "bob", "! bob | +bob -");
  assert_int_equal (ahoy_conversation_get_unread (extended_with (e, "bob")), 1);
  assert_string_equal (e->messages->str, "");

  /* Once is enough. */
  bob_goes (e);
  bob_comes (e, "^key=" KEY_2 ">2bob");
  extended_sync (e);
  assert_person (e, "bob", KEY_2, KEY_1, FALSE);
  extended_await_log (e, "bob", "! bob | +bob -");

  /* Nobody has compared the one that he is known by with this one. */
  ahoy_client_set_verified (e->client, person_of (e, "bob"), TRUE);
  assert_person (e, "bob", KEY_2, KEY_1, FALSE);
}

/* While it waited, the name came to somebody else: what is still here stays, what is with the server is. */
static void
what_waits_is_not_for_another_key (void **state)
{
  Extended    *e = *state;
  AhoyMessage *messages[3];

  set_bob (e, "^key=" KEY_1 ">1bob");
  extended_online (e);
  fake_extended_stop (e->server);
  fake_extended_drop (e->server);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_RECONNECTING);
  messages[0] = extended_send (e, "bob", "for the first one");
  messages[1] = extended_send (e, NULL, "for all");
  messages[2] = extended_send (e, "carol", "for carol");
  set_bob (e, "^key=" KEY_2 ">1bob");
  fake_extended_restart (e->server);
  WAIT_UNTIL (ahoy_message_get_state (messages[2]) == AHOY_MESSAGE_SENT);
  assert_int_equal (ahoy_message_get_state (messages[0]), AHOY_MESSAGE_FAILED);
  assert_int_equal (ahoy_message_get_state (messages[1]), AHOY_MESSAGE_SENT);
  assert_null (fake_extended_find (e->server, "for the first one"));

  /* Whoever writes now knows. */
  extended_send (e, "bob", "whoever you are");
  extended_await_frame (e, "whoever you are");

  /* Nor is it said after all when the window is opened again. */
  extended_restart (e);
  extended_online (e);
  extended_sync (e);
  assert_null (fake_extended_find (e->server, "for the first one"));
}

static void
a_change_stays_until_it_is_accepted (void **state)
{
  Extended *e = *state;
  gint64    since;

  set_bob (e, "^key=" KEY_1 ">1bob");
  extended_online (e);
  since = ahoy_person_get_known_since (person_of (e, "bob"));
  set_bob (e, "^key=" KEY_2 ">1bob");
  extended_cut (e);
  extended_await_log (e, "bob", "! bob");
  extended_restart (e);
  extended_online (e);
  assert_person (e, "bob", KEY_2, KEY_1, FALSE);
  assert_int_equal (ahoy_person_get_known_since (person_of (e, "bob")), since);

  ahoy_client_accept_key (e->client, person_of (e, "bob"));
  assert_person (e, "bob", KEY_2, KEY_2, FALSE);
  ahoy_client_set_verified (e->client, person_of (e, "bob"), TRUE);
  extended_restart (e);
  extended_online (e);
  assert_person (e, "bob", KEY_2, KEY_2, TRUE);
  ahoy_client_set_verified (e->client, person_of (e, "bob"), FALSE);
  extended_restart (e);
  extended_online (e);
  assert_person (e, "bob", KEY_2, KEY_2, FALSE);
}

static void
no_key_after_one_is_a_change (void **state)
{
  Extended *e = *state;

  set_bob (e, "^key=" KEY_1 ">1bob");
  extended_online (e);
  set_bob (e, "bob");
  extended_restart (e);
  extended_online (e);
  assert_person (e, "bob", NULL, KEY_1, FALSE);
  extended_await_log (e, "bob", "! bob");
  ahoy_client_accept_key (e->client, person_of (e, "bob"));
  assert_person (e, "bob", NULL, NULL, FALSE);
  extended_restart (e);
  extended_online (e);
  assert_person (e, "bob", NULL, NULL, FALSE);
  /* And from then on as if never met. */
  bob_goes (e);
  bob_comes (e, "^key=" KEY_2 ">2bob");
  assert_person (e, "bob", KEY_2, KEY_2, FALSE);
}

static void
the_known_key_ends_a_change (void **state)
{
  Extended *e = *state;

  set_bob (e, "^key=" KEY_1 ">1bob");
  extended_online (e);
  ahoy_client_set_verified (e->client, person_of (e, "bob"), TRUE);
  bob_goes (e);
  bob_comes (e, "2bob");
  assert_person (e, "bob", NULL, KEY_1, FALSE);
  bob_goes (e);
  bob_comes (e, "^key=" KEY_1 ">2bob");
  assert_person (e, "bob", KEY_1, KEY_1, FALSE);
}

static void
without_a_history_a_run_remembers (void **state)
{
  Extended *e = *state;

  set_bob (e, "^key=" KEY_1 ">1bob");
  extended_renew_without_history (e);
  extended_online (e);
  set_bob (e, "^key=" KEY_2 ">1bob");
  extended_cut (e);
  assert_person (e, "bob", KEY_2, KEY_1, FALSE);
  extended_await_log (e, "bob", "! bob");
  ahoy_client_accept_key (e->client, person_of (e, "bob"));
  assert_person (e, "bob", KEY_2, KEY_2, FALSE);
}

/* The same server with another log: its people are the same. */
static void
a_log_that_is_lost_takes_nobody_along (void **state)
{
  Extended *e = *state;

  set_bob (e, "^key=" KEY_1 ">1bob");
  extended_online (e);
  ahoy_client_set_verified (e->client, person_of (e, "bob"), TRUE);
  fake_extended_say (e->server, "bob", NULL, "one");
  extended_await_log (e, NULL, "bob: one");
  g_ptr_array_set_size (e->server->log, 0);
  extended_cut (e);
  assert_person (e, "bob", KEY_1, KEY_1, TRUE);
  extended_restart (e);
  extended_online (e);
  assert_person (e, "bob", KEY_1, KEY_1, TRUE);
}

static void
another_server_another_bob (void **state)
{
  Extended              *e = *state;
  FakeExtended          *other = fake_extended_new ();
  g_autoptr (AhoyServer) address = ahoy_server_new ("127.0.0.1", other->port);
  g_autoptr (AhoyPerson) bob = NULL;

  other->id = "server-b";
  g_ptr_array_add (other->roster, g_strdup ("^key=" KEY_2 ">1bob"));
  set_bob (e, "^key=" KEY_1 ">1bob");
  extended_online (e);
  bob = g_object_ref (person_of (e, "bob"));
  ahoy_server_set_extended (address, other->id, "Other", 1, FALSE);
  ahoy_client_connect (e->client, address, "alice");
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
  assert_person (e, "bob", KEY_2, KEY_2, FALSE);
  ahoy_client_set_verified (e->client, bob, TRUE); /* he is not here */
  assert_person (e, "bob", KEY_2, KEY_2, FALSE);
  extended_end (e);
  fake_extended_free (other);
}

static void
we_know_who_we_are (void **state)
{
  Extended    *e = *state;
  AhoyMessage *message;

  e->server->key = KEY_1;
  extended_online (e);
  message = extended_send (e, NULL, "hi");
  assert_int_equal (ahoy_message_get_tint (message), ahoy_tint_of (KEY_1));
  extended_await_log (e, NULL, "alice: hi (sent)");
  e->server->key = KEY_2;
  extended_cut (e);
  message = extended_send (e, NULL, "hi");
  assert_int_equal (ahoy_message_get_tint (message), ahoy_tint_of (KEY_2));
  assert_null (ahoy_client_find_conversation (e->client, "alice"));
}

/* A classic server says nothing of keys: that is no news. */
static void
a_classic_answer_changes_nobody (void **state)
{
  Extended *e = *state;

  set_bob (e, "^key=" KEY_1 ">1bob");
  extended_online (e);
  set_bob (e, "bob");
  e->server->classic = TRUE;
  e->server->catches_up = FALSE;
  extended_restart (e);
  extended_online (e);
  assert_person (e, "bob", KEY_1, KEY_1, FALSE);
  extended_await_log (e, "bob", "");
}

/* Whispers wait for who has a key, and for whom the server knows in another way. */
static void
who_is_kept_is_told (void **state)
{
  Extended *e = *state;

  set_bob (e, "^kept=1>1bob");
  extended_online (e);
  fake_extended_say (e->server, "bob", "alice", "psst");
  extended_await_log (e, "bob", "bob>alice: psst");
  assert_true (ahoy_person_get_kept (person_of (e, "bob")));
  bob_goes (e);
  assert_true (ahoy_person_get_kept (person_of (e, "bob")));
  bob_comes (e, "2bob");
  assert_false (ahoy_person_get_kept (person_of (e, "bob")));
  bob_goes (e);
  assert_false (ahoy_person_get_kept (person_of (e, "bob")));
  bob_comes (e, "^key=" KEY_1 ">2bob");
  assert_true (ahoy_person_get_kept (person_of (e, "bob")));

  /* Also when he is not there, and after a restart. */
  set_bob (e, "carol");
  extended_restart (e);
  extended_online (e);
  assert_true (ahoy_person_get_kept (person_of (e, "bob")));
  assert_false (ahoy_person_get_kept (person_of (e, "carol")));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    EXTENDED_TEST (the_first_key_is_known),
    EXTENDED_TEST (who_joins_is_known_too),
    EXTENDED_TEST (what_is_no_key_is_none),
    EXTENDED_TEST (another_key_is_a_change),
    EXTENDED_TEST (what_waits_is_not_for_another_key),
    EXTENDED_TEST (a_change_stays_until_it_is_accepted),
    EXTENDED_TEST (no_key_after_one_is_a_change),
    EXTENDED_TEST (the_known_key_ends_a_change),
    EXTENDED_TEST (without_a_history_a_run_remembers),
    EXTENDED_TEST (a_log_that_is_lost_takes_nobody_along),
    EXTENDED_TEST (another_server_another_bob),
    EXTENDED_TEST (we_know_who_we_are),
    EXTENDED_TEST (a_classic_answer_changes_nobody),
    EXTENDED_TEST (who_is_kept_is_told),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
