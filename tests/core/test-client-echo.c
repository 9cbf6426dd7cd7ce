/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Servers that are not ours: lines of another make, no echo or a late one, another charset. */

#include "client-fixture.h"

#include <string.h>

static AhoyMessage *
say (Fixture    *f,
     const char *to,
     const char *text)
{
  AhoyMessage *message = ahoy_client_send (f->client, fixture_with (f, to), text);

  assert_non_null (message);
  return message;
}

static void
sent (AhoyMessage *message)
{
  WAIT_UNTIL (ahoy_message_get_state (message) == AHOY_MESSAGE_SENT);
}

/* With bob, and a client that waits @echo ms for an echo and @traffic when others spoke. */
static void
begin (Fixture *f,
       guint    echo,
       guint    traffic)
{
  f->timings.echo = echo;
  f->timings.traffic = traffic;
  fixture_renew (f);
  g_ptr_array_add (f->server->roster, g_strdup ("bob"));
  fixture_online (f);
}

static void
no_echo_is_sent_after_a_while (void **state)
{
  Fixture *f = *state;

  f->server->echoes = FALSE;
  begin (f, 30, TEST_LOOP_DEADLINE_MS);
  sent (say (f, NULL, "one"));
  WAIT_UNTIL (f->server->n_frames == 2);
  /* Now that it is known, nothing is waited for. */
  f->timings.echo = TEST_LOOP_DEADLINE_MS;
  sent (say (f, NULL, "two"));
  fixture_assert_log (f, NULL, "alice: one (sent) | alice: two (sent)");
  assert_int_equal (ahoy_client_get_n_waiting (f->client), 0);
}

static void
no_echo_but_others_speak (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *message;

  f->server->echoes = FALSE;
  begin (f, TEST_LOOP_DEADLINE_MS, 1);
  message = say (f, NULL, "one");
  fixture_sync (f); /* a notice is not others speaking */
  assert_int_equal (ahoy_message_get_state (message), AHOY_MESSAGE_WAITING);
  fake_classic_send (f->server, "4bob: hm");
  sent (message);
  fixture_assert_log (f, NULL, "bob: hm | alice: one (sent)");
}

static void
says_echo_and_whispers_do_not (void **state)
{
  Fixture *f = *state;

  f->server->echoes_whispers = FALSE;
  begin (f, 100, TEST_LOOP_DEADLINE_MS);
  sent (say (f, NULL, "one"));
  sent (say (f, "bob", "psst"));
  f->server->echoes = FALSE; /* a hiccup: of says it is known that they come back */
  {
    AhoyMessage *two = say (f, NULL, "two");
    AhoyMessage *three = say (f, "bob", "three");

    sent (three);
    assert_int_equal (ahoy_message_get_state (two), AHOY_MESSAGE_WAITING);
    fake_classic_send (f->server, "4alice: two");
    sent (two);
  }
}

static void
a_late_echo_is_not_shown_twice (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *one, *two;

  f->server->echoes = FALSE;
  begin (f, 20, TEST_LOOP_DEADLINE_MS);
  one = say (f, NULL, "one");
  sent (one);
  fake_classic_send (f->server, "4bob: first");
  fake_classic_send (f->server, "4alice: one");
  fixture_sync (f);
  fixture_assert_log (f, NULL, "bob: first | alice: one (sent)"); /* where the server had it */

  two = say (f, NULL, "two"); /* it does echo, only slowly: so this one is waited for */
  fixture_sync (f);
  assert_int_equal (ahoy_message_get_state (two), AHOY_MESSAGE_WAITING);
  fake_classic_send (f->server, "4alice: two");
  sent (two);
}

/* Says one thing to everyone and one to bob, and sees them come back in the lines of this server. */
static void
assert_shape (Fixture    *f,
              const char *say_format,
              const char *whisper_format)
{
  f->server->say_format = say_format;
  f->server->whisper_format = whisper_format;
  begin (f, TEST_LOOP_DEADLINE_MS, TEST_LOOP_DEADLINE_MS);
  sent (say (f, NULL, "hello: all"));
  sent (say (f, "bob", "hello bob"));
  fixture_sync (f);
  fixture_assert_log (f, NULL, "alice: hello: all (sent) | alice>bob: hello bob (sent)");
  fixture_assert_log (f, "bob", "alice>bob: hello bob (sent)");
  assert_int_equal (f->n_messages, 0);
}

static void
shape_angle_brackets (void **state)
{
  assert_shape (*state, "<%s> %s", "<%s> (to %s) %s");
}

static void
shape_says (void **state)
{
  assert_shape (*state, "%s says: %s", "%s whispers to %s: %s");
}

static void
shape_square_brackets (void **state)
{
  assert_shape (*state, "[%s] %s", "[%s -> %s] %s");
}

static void
shape_full_width (void **state)
{
  assert_shape (*state, "%s：%s", "%s 悄悄对 %s 说：%s");
}

static void
shape_with_a_time (void **state)
{
  assert_shape (*state, "[12:34:56] %s: %s", "[12:34:56] %s to %s: %s");
}

static void
shape_all_alike (void **state)
{
  Fixture *f = *state;

  /* A whisper comes back like a say. */
  f->server->whisper_format = "%1$s: %2$.0s%3$s";
  begin (f, TEST_LOOP_DEADLINE_MS, TEST_LOOP_DEADLINE_MS);
  sent (say (f, "bob", "psst"));
  fixture_sync (f);
  fixture_assert_log (f, NULL, "alice>bob: psst (sent)");
}

static void
shape_text_alone (void **state)
{
  Fixture *f = *state;

  f->server->say_format = "%1$.0s%2$s";
  begin (f, TEST_LOOP_DEADLINE_MS, TEST_LOOP_DEADLINE_MS);
  sent (say (f, NULL, "hello"));
  fixture_sync (f);
  fixture_assert_log (f, NULL, "alice: hello (sent)");
}

static void
shapes_of_others (void **state)
{
  Fixture *f = *state;

  begin (f, TEST_LOOP_DEADLINE_MS, TEST_LOOP_DEADLINE_MS);
  fake_classic_send (f->server, "4<bob> one");
  fake_classic_send (f->server, "4bob says: two");
  fake_classic_send (f->server, "4bob：three");
  fake_classic_send (f->server, "4<dave> four");
  WAIT_UNTIL (f->n_messages == 4);
  fixture_assert_log (f, NULL, "bob: one | bob: two | bob: three | = <dave> four");
}

static void
what_others_say_is_not_our_echo (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *message;

  f->server->echoes = FALSE;
  begin (f, TEST_LOOP_DEADLINE_MS, TEST_LOOP_DEADLINE_MS);
  message = say (f, NULL, "ok");
  WAIT_UNTIL (f->server->n_frames == 2);
  fake_classic_send (f->server, "4bob: ok");
  fake_classic_send (f->server, "4bob: alice: ok");
  fake_classic_send (f->server, "4* alice: ok");
  fake_classic_send (f->server, "4~ somebody at great length about alice and everything that she has ever said to anybody here: ok");
  WAIT_UNTIL (f->n_messages == 4);
  assert_int_equal (ahoy_message_get_state (message), AHOY_MESSAGE_WAITING);
  fake_classic_send (f->server, "4alice: ok");
  sent (message);
}

static void
white_space_and_cuts_are_forgiven (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *lines, *cut;

  f->server->echoes = FALSE;
  begin (f, TEST_LOOP_DEADLINE_MS, TEST_LOOP_DEADLINE_MS);
  lines = say (f, NULL, "  two\nlines  here");
  cut = say (f, NULL, "a long story of many words");
  WAIT_UNTIL (f->server->n_frames == 3);
  fake_classic_send (f->server, "4alice: two lines here ");
  fake_classic_send (f->server, "4alice: a long story of");
  sent (lines);
  sent (cut);
  fixture_assert_log (f, NULL, "alice:   two\nlines  here (sent) | alice: a long story of many words (sent)");
}

static void
short_words_do_not_take_the_echo_of_long_ones (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *o, *hello;

  f->server->echoes = FALSE;
  begin (f, TEST_LOOP_DEADLINE_MS, TEST_LOOP_DEADLINE_MS);
  o = say (f, NULL, "o");
  hello = say (f, "bob", "hello");
  WAIT_UNTIL (f->server->n_frames == 3);
  fake_classic_send (f->server, "4alice: hello");
  sent (hello);
  assert_int_equal (ahoy_message_get_state (o), AHOY_MESSAGE_WAITING);
  fake_classic_send (f->server, "4alice: o");
  sent (o);
}

static void
our_words_that_we_do_not_remember (void **state)
{
  Fixture *f = *state;

  begin (f, TEST_LOOP_DEADLINE_MS, TEST_LOOP_DEADLINE_MS);
  fake_classic_send (f->server, "4alice: said before the crash");
  fixture_sync (f);
  fixture_assert_log (f, NULL, "alice: said before the crash (sent)");
  assert_int_equal (f->n_messages, 0);
}

static void
gb18030 (void **state)
{
  Fixture   *f = *state;
  const char frame[] = "\x02"
                       "4\xcd\xf5\xd0\xa1\xc3\xf7: \xb4\xf3\xbc\xd2\xba\xc3\x03"; /* 王小明: 大家好 */
  const char joined[] = "\x02"
                        "2\xcd\xf5\xd0\xa1\xc3\xf7\x03";

  begin (f, TEST_LOOP_DEADLINE_MS, TEST_LOOP_DEADLINE_MS);
  fake_classic_send_bytes (f->server, joined, strlen (joined));
  fake_classic_send_bytes (f->server, frame, strlen (frame));
  WAIT_UNTIL (f->n_messages == 1);
  fixture_assert_log (f, NULL, "+王小明 - | 王小明: 大家好");

  /* It is answered in kind. */
  f->server->charset = "GB18030";
  sent (say (f, NULL, "你好"));
  assert_string_equal (f->server->received->pdata[1], "3\xc4\xe3\xba\xc3");
  fixture_assert_log (f, NULL, "+王小明 - | 王小明: 大家好 | alice: 你好 (sent)");
}

static void
gb18030_from_the_log_in_on (void **state)
{
  Fixture *f = *state;

  /* The roster shows what they speak here; who gave their name as UTF-8 before says it again so that all can read it. */
  g_ptr_array_add (f->server->roster, g_strdup ("王小明"));
  f->server->charset = "GB18030";
  ahoy_client_connect (f->client, f->address, "李四");
  WAIT_UNTIL (ahoy_client_get_state (f->client) == AHOY_CLIENT_ONLINE);
  assert_int_equal (f->server->n_connections, 2);
  assert_string_equal (f->server->received->pdata[0], "1李四");
  assert_string_equal (f->server->received->pdata[1], "1\xc0\xee\xcb\xc4");
  assert_string_equal (ahoy_client_get_name (f->client), "李四");
  assert_string_equal (f->states->str, "connecting online ");
  fixture_assert_people (f, "王小明");
  sent (say (f, "王小明", "你好"));
  fixture_assert_log (f, "王小明", "李四>王小明: 你好 (sent)");
}

static void
bytes_of_no_charset (void **state)
{
  Fixture *f = *state;

  begin (f, TEST_LOOP_DEADLINE_MS, TEST_LOOP_DEADLINE_MS);
  fake_classic_send_bytes (f->server, "\x02"
                                      "4bob: \xff\xff\x03",
                           10);
  WAIT_UNTIL (f->n_messages == 1);
  fixture_assert_log (f, NULL, "bob: \xef\xbf\xbd\xef\xbf\xbd");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CLIENT_TEST (no_echo_is_sent_after_a_while),
    CLIENT_TEST (no_echo_but_others_speak),
    CLIENT_TEST (says_echo_and_whispers_do_not),
    CLIENT_TEST (a_late_echo_is_not_shown_twice),
    CLIENT_TEST (shape_angle_brackets),
    CLIENT_TEST (shape_says),
    CLIENT_TEST (shape_square_brackets),
    CLIENT_TEST (shape_full_width),
    CLIENT_TEST (shape_with_a_time),
    CLIENT_TEST (shape_all_alike),
    CLIENT_TEST (shape_text_alone),
    CLIENT_TEST (shapes_of_others),
    CLIENT_TEST (what_others_say_is_not_our_echo),
    CLIENT_TEST (white_space_and_cuts_are_forgiven),
    CLIENT_TEST (short_words_do_not_take_the_echo_of_long_ones),
    CLIENT_TEST (our_words_that_we_do_not_remember),
    CLIENT_TEST (gb18030),
    CLIENT_TEST (gb18030_from_the_log_in_on),
    CLIENT_TEST (bytes_of_no_charset),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
