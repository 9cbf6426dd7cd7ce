/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Older messages, a page at a time. PROTOCOL.md, "History". */

#include <string.h>

#include "server/cmocka-all.h"
#include "server/server-fixture.h"

static int
setup (void **state)
{
  server_fixture_setup (state);
  server_fixture_serve (*state);
  return 0;
}

static void
say (TestPeer   *peer,
     const char *text)
{
  g_autofree char *frame = g_strdup_printf ("<3%s>", text);
  g_autofree char *end = g_strdup_printf ("<4%s>", text);

  test_peer_send (peer, frame);
  g_free (test_peer_read_until (peer, end));
}

/* The texts of the chat frames in @frames, with a comma after each. */
static char *
texts_of (const char *frames)
{
  g_auto (GStrv) parts = g_strsplit (frames, ">", -1);
  GString       *texts = g_string_new (NULL);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *chat = strstr (parts[i], "<4");

      if (chat != NULL)
        g_string_append_printf (texts, "%s,", chat + 2);
    }
  return g_string_free (texts, FALSE);
}

static void
assert_page (TestPeer   *peer,
             const char *question,
             const char *expected,
             const char *end)
{
  g_autofree char *frames = NULL;
  g_autofree char *texts = NULL;

  test_peer_send (peer, question);
  frames = test_peer_read_until (peer, "<h>");
  texts = texts_of (frames);
  assert_string_equal (texts, expected);
  assert_true (g_str_has_suffix (frames, end));
}

static void
test_pages (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");

  assert_page (alice, "<H>", "", "more=0<h>");
  say (alice, "one");
  say (alice, "two");
  say (alice, "three");
  assert_page (alice, "<H>", "one,two,three,", "more=0<h>");
  assert_page (alice, "\x01limit=2<H>", "two,three,", "more=1<h>");
  assert_page (alice, "\x01"
                      "before=2\x1flimit=5<H>",
               "one,", "more=0<h>");
  assert_page (alice, "\x01query=TWO<H>", "two,", "more=0<h>");
}

/* Whispers are for those two alone. */
static void
test_with_somebody (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");
  TestPeer *bob = server_fixture_enter (*state, "bob");

  test_peer_send (alice, "<2bob,psst>");
  g_free (test_peer_read_until (bob, "<4psst>"));
  assert_page (bob, "\x01with=ALICE<H>", "psst,", "more=0<h>");
  assert_page (bob, "<H>", "", "more=0<h>");
  assert_page (bob, "\x01with=carol<H>", "", "more=0<h>");
}

static void
test_what_is_too_long (void **state)
{
  TestPeer        *alice = server_fixture_enter (*state, "alice");
  g_autofree char *longest = g_strnfill (64, 'x');
  g_autofree char *allowed = g_strdup_printf ("\x01query=%s<H>", longest);
  g_autofree char *refused = g_strdup_printf ("\x01query=%sx<H>", longest);
  g_autofree char *error = NULL;

  assert_page (alice, allowed, "", "more=0<h>");
  test_peer_send (alice, refused);
  error = test_peer_read_until (alice, ">");
  assert_non_null (strstr (error, "code=history<E"));
}

/* The second is refused; when the first is answered there may be another. */
static void
test_one_question_at_a_time (void **state)
{
  TestPeer        *alice = server_fixture_enter (*state, "alice");
  g_autofree char *frames = NULL;

  say (alice, "one");
  test_peer_send (alice, "<H><H>");
  frames = test_peer_read_until (alice, "<h>");
  assert_non_null (strstr (frames, "code=history<E"));
  assert_page (alice, "<H>", "one,", "more=0<h>");
}

/* An answer that nobody waits for any more. */
static void
test_asking_and_leaving (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");
  TestPeer *bob = server_fixture_enter (*state, "bob");

  say (alice, "one");
  g_free (test_peer_read_until (bob, "<4one>"));
  test_peer_send (bob, "<H><Q>");
  g_free (test_peer_read_until (alice, "<3bob>"));
  assert_page (alice, "<H>", "one,", "more=0<h>");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_pages, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_with_somebody, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_what_is_too_long, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_one_question_at_a_time, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_asking_and_leaving, setup, server_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
