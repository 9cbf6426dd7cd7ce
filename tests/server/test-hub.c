/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-hub: who hears what, over links on socket pairs and without sessions. */

#include "ahoyd-hub.h"

#include <string.h>
#include <sys/socket.h>

#include "server/cmocka-all.h"
#include "server/test-peer.h"
#include "support/test-loop.h"
#include "wire/ahoy-name.h"

#define N_PLACES 4

/* One end of a link, and what its session would hold. */
typedef struct {
  AhoydOutlet  outlet;
  TestPeer    *peer;
  AhoydPerson *person;
} Place;

typedef struct {
  GMainContext *context;
  AhoyPoll     *poll;
  AhoyCharset  *charset;
  AhoydStats    stats;
  AhoydHub     *hub;
  Place         places[N_PLACES];
  guint64       last_id;
  guint         n_changes;
} Fixture;

static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{
}

static void
on_fault (AhoyLink       *link,
          AhoyFrameFault  fault,
          gpointer        data)
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
on_changed (gpointer data)
{
  ((Fixture *) data)->n_changes++;
}

static int
setup (void **state)
{
  static const AhoyLinkEvents events = { on_frame, on_fault, on_ended };
  Fixture *f = g_new0 (Fixture, 1);

  f->context = g_main_context_new ();
  f->poll = ahoy_poll_new (f->context, NULL);
  f->charset = ahoy_charset_new ("GB18030", NULL);
  f->hub = ahoyd_hub_new (f->charset, &f->stats, on_changed, f);
  for (guint i = 0; i < N_PLACES; i++)
    {
      int fds[2];

      assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
      f->places[i].outlet.link = ahoy_link_new (f->poll, fds[0], &events, NULL, NULL);
      f->places[i].peer = test_peer_new (f->context, fds[1]);
    }
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  for (guint i = 0; i < N_PLACES; i++)
    {
      ahoy_link_unref (f->places[i].outlet.link);
      test_peer_free (f->places[i].peer);
    }
  ahoyd_hub_free (f->hub);
  ahoy_charset_unref (f->charset);
  ahoy_poll_unref (f->poll);
  g_main_context_unref (f->context);
  g_free (f);
  return 0;
}

static gboolean
try_join (Fixture    *f,
          guint       i,
          guint64     session,
          const char *name)
{
  g_autofree char *skeleton = ahoy_name_skeleton (name);

  f->places[i].person = ahoyd_hub_join (f->hub, session, name, skeleton, &f->places[i].outlet);
  return f->places[i].person != NULL;
}

static void
join (Fixture    *f,
      guint       i,
      const char *name)
{
  assert_true (try_join (f, i, i + 1, name));
}

static void
leave (Fixture *f,
       guint    i)
{
  ahoyd_hub_leave (f->hub, g_steal_pointer (&f->places[i].person), NULL);
}

static AhoydMessage *
message (Fixture    *f,
         guint       from,
         const char *from_name,
         const char *to,
         const char *text)
{
  g_autofree char *skeleton = to != NULL ? ahoy_name_skeleton (to) : NULL;
  g_autofree char *from_skeleton = ahoy_name_skeleton (from_name);
  AhoydMessage said = {
    .sender = from + 1,
    .from = (char *) from_name,
    .from_skeleton = from_skeleton,
    .to = (char *) to,
    .to_skeleton = skeleton,
    .text = (char *) text,
  };
  AhoydMessage *result = ahoyd_message_new (&said);

  result->id = ++f->last_id;
  result->time = 1;
  return result;
}

static void
say (Fixture    *f,
     guint       from,
     const char *from_name,
     const char *to,
     const char *text)
{
  g_autoptr (AhoydMessage) said = message (f, from, from_name, to, text);

  ahoyd_hub_appended (f->hub, f->places[from].person);
  ahoyd_hub_committed (f->hub, said);
}

static void
test_roster_order (void **state)
{
  Fixture *f = *state;

  join (f, 0, "zoe");
  join (f, 1, "bob");
  join (f, 2, "alice");
  test_peer_expect (f->places[0].peer, "<1zoe><2bob><2alice>");
  test_peer_expect (f->places[1].peer, "<1zoe><1bob><2alice>");
  test_peer_expect (f->places[2].peer, "<1zoe><1bob><1alice>");
  leave (f, 1);
  test_peer_expect (f->places[0].peer, "<3bob>");
  test_peer_expect (f->places[2].peer, "<3bob>");
  test_peer_expect_nothing (f->places[1].peer);
  join (f, 3, "bob");
  test_peer_expect (f->places[3].peer, "<1zoe><1alice><1bob>");
  assert_int_equal (ahoyd_hub_get_n_online (f->hub), 3);
  assert_int_equal (f->n_changes, 5);
}

static void
test_names_are_taken_by_skeleton (void **state)
{
  Fixture *f = *state;
  g_autofree char *skeleton = ahoy_name_skeleton ("ALICE");

  join (f, 0, "Alice");
  assert_false (try_join (f, 1, 2, "aLICE"));
  assert_false (try_join (f, 1, 2, "\xd0\x90lice"));
  assert_ptr_equal (ahoyd_hub_find (f->hub, skeleton), f->places[0].person);
  assert_string_equal (ahoyd_person_get_name (f->places[0].person), "Alice");
  leave (f, 0);
  assert_null (ahoyd_hub_find (f->hub, skeleton));
  assert_true (try_join (f, 1, 2, "aLICE"));
}

static void
test_say_reaches_all_and_a_whisper_two (void **state)
{
  Fixture *f = *state;

  join (f, 0, "a");
  join (f, 1, "b");
  join (f, 2, "c");
  test_peer_expect (f->places[0].peer, "<1a><2b><2c>");
  test_peer_expect (f->places[1].peer, "<1a><1b><2c>");
  test_peer_expect (f->places[2].peer, "<1a><1b><1c>");
  say (f, 1, "b", NULL, "hello");
  say (f, 1, "b", "c", "psst");
  say (f, 1, "b", "b", "note");
  test_peer_expect (f->places[0].peer, "<4b: hello>");
  test_peer_expect (f->places[1].peer, "<4b: hello><4[whisper] b to c: psst><4[whisper] b to b: note>");
  test_peer_expect (f->places[2].peer, "<4b: hello><4[whisper] b to c: psst>");
  test_peer_expect_nothing (f->places[0].peer);
  assert_int_equal (f->stats.messages, 3);
  assert_int_equal (f->stats.deliveries, 3 + 2 + 1);
}

static void
test_each_in_their_writing (void **state)
{
  Fixture *f = *state;

  f->places[1].outlet.charset_use = AHOY_CHARSET_USE_LEGACY;
  join (f, 0, "小明");
  join (f, 1, "bob");
  test_peer_expect (f->places[1].peer, "<1\xd0\xa1\xc3\xf7><1bob>");
  say (f, 0, "小明", NULL, "你好");
  test_peer_expect (f->places[0].peer, "<1小明><2bob><4小明: 你好>");
  test_peer_expect (f->places[1].peer, "<4\xd0\xa1\xc3\xf7: \xc4\xe3\xba\xc3>");
}

/* A thousand receivers share one frame's bytes. */
static void
test_frames_are_shared (void **state)
{
  Fixture *f = *state;
  const AhoyPacket packet = { .kind = AHOY_PACKET_NOTICE, .text = "x" };
  g_auto (AhoydEnvelope) envelope = { 0 };

  ahoyd_envelope_init (&envelope, &packet, f->charset);
  assert_ptr_equal (ahoyd_envelope_frame (&envelope, AHOYD_WRITING_CLASSIC), ahoyd_envelope_frame (&envelope, AHOYD_WRITING_CLASSIC));
  assert_non_null (ahoyd_envelope_frame (&envelope, AHOYD_WRITING_CLASSIC_LEGACY));
}

static void
test_last_words_before_the_leave (void **state)
{
  Fixture *f = *state;
  g_autoptr (AhoydMessage) one = NULL;
  g_autoptr (AhoydMessage) two = NULL;

  join (f, 0, "alice");
  join (f, 1, "bob");
  test_peer_expect (f->places[0].peer, "<1alice><2bob>");
  one = message (f, 1, "bob", NULL, "one");
  two = message (f, 1, "bob", NULL, "two");
  ahoyd_hub_appended (f->hub, f->places[1].person);
  ahoyd_hub_appended (f->hub, f->places[1].person);
  leave (f, 1);
  test_peer_expect_nothing (f->places[0].peer);
  ahoyd_hub_committed (f->hub, one);
  ahoyd_hub_committed (f->hub, two);
  test_peer_expect (f->places[0].peer, "<4bob: one><4bob: two><3bob>");
  assert_int_equal (ahoyd_hub_get_n_online (f->hub), 1);
}

/* ... but nobody waits for the disk to get a name that is free. */
static void
test_a_name_does_not_wait (void **state)
{
  Fixture *f = *state;
  g_autoptr (AhoydMessage) late = NULL;
  g_autofree char *skeleton = ahoy_name_skeleton ("bob");

  join (f, 0, "alice");
  join (f, 1, "bob");
  test_peer_expect (f->places[0].peer, "<1alice><2bob>");
  late = message (f, 1, "bob", NULL, "late");
  ahoyd_hub_appended (f->hub, f->places[1].person);
  leave (f, 1);
  assert_null (ahoyd_hub_find (f->hub, skeleton));
  assert_true (try_join (f, 2, 9, "bob"));
  test_peer_expect (f->places[0].peer, "<3bob><2bob>");
  ahoyd_hub_committed (f->hub, late);
  test_peer_expect (f->places[0].peer, "<4bob: late>");
  test_peer_expect (f->places[2].peer, "<1alice><1bob><4bob: late>");
}

static void
test_a_recipient_who_has_gone (void **state)
{
  Fixture *f = *state;
  g_autoptr (AhoydMessage) psst = NULL;

  join (f, 0, "alice");
  join (f, 1, "bob");
  test_peer_expect (f->places[0].peer, "<1alice><2bob>");
  psst = message (f, 0, "alice", "bob", "psst");
  ahoyd_hub_appended (f->hub, f->places[0].person);
  leave (f, 1);
  ahoyd_hub_committed (f->hub, psst);
  test_peer_expect (f->places[0].peer, "<3bob><4* bob is not here, and will get this on coming back.>");
}

static void
test_relay (void **state)
{
  Fixture *f = *state;
  const AhoyPacket notice = { .kind = AHOY_PACKET_NOTICE, .text = "Tea." };
  const AhoyPacket typing = { .kind = AHOY_PACKET_TYPING, .from = "alice" };

  join (f, 0, "alice");
  join (f, 1, "bob");
  test_peer_expect (f->places[0].peer, "<1alice><2bob>");
  test_peer_expect (f->places[1].peer, "<1alice><1bob>");
  ahoyd_hub_relay (f->hub, &typing); /* classic peers have no word for it */
  ahoyd_hub_relay (f->hub, &notice);
  test_peer_expect (f->places[0].peer, "<4* Tea.>");
  test_peer_expect (f->places[1].peer, "<4* Tea.>");
}

static void
test_dismissed (void **state)
{
  Fixture *f = *state;
  const AhoyPacket goodbye = { .kind = AHOY_PACKET_NOTICE, .text = "Closing time." };

  join (f, 0, "alice");
  join (f, 1, "bob");
  test_peer_expect (f->places[0].peer, "<1alice><2bob>");
  test_peer_expect (f->places[1].peer, "<1alice><1bob>");
  ahoyd_hub_dismiss (f->hub, &goodbye);
  leave (f, 0);
  test_peer_expect (f->places[1].peer, "<4* Closing time.>");
  test_peer_expect_nothing (f->places[1].peer);
  assert_int_equal (ahoyd_hub_get_n_online (f->hub), 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_roster_order, setup, teardown),
    cmocka_unit_test_setup_teardown (test_names_are_taken_by_skeleton, setup, teardown),
    cmocka_unit_test_setup_teardown (test_say_reaches_all_and_a_whisper_two, setup, teardown),
    cmocka_unit_test_setup_teardown (test_each_in_their_writing, setup, teardown),
    cmocka_unit_test_setup_teardown (test_frames_are_shared, setup, teardown),
    cmocka_unit_test_setup_teardown (test_last_words_before_the_leave, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_name_does_not_wait, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_recipient_who_has_gone, setup, teardown),
    cmocka_unit_test_setup_teardown (test_relay, setup, teardown),
    cmocka_unit_test_setup_teardown (test_dismissed, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
