/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-hub: who hears what, over links on socket pairs and without sessions. */

#include "state/ahoyd-hub.h"

#include <string.h>
#include <sys/socket.h>

#include "server/cmocka-all.h"
#include "server/test-peer.h"
#include "support/test-loop.h"
#include "wire/ahoy-link-private.h"
#include "wire/ahoy-name.h"

#define N_PLACES 4
/* As the hub has it: so many messages. */
#define REMEMBERED 1024

/* One end of a link, and what its session would hold. */
typedef struct {
  AhoydPeerOutput output;
  TestPeer       *peer;
  AhoydPerson    *person;
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
on_fault (AhoyLink      *link,
          AhoyFrameFault fault,
          gpointer       data)
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

static const AhoydHubEvents hub_events = { .changed = on_changed };

static int
setup (void **state)
{
  static const AhoyLinkEvents events = { on_frame, on_fault, on_ended };
  Fixture                    *f = g_new0 (Fixture, 1);

  f->context = g_main_context_new ();
  f->poll = ahoy_poll_new (f->context, NULL);
  f->charset = ahoy_charset_new ("GB18030", NULL);
  f->hub = ahoyd_hub_new (f->charset, &f->stats, &hub_events, f);
  for (guint i = 0; i < N_PLACES; i++)
    {
      int fds[2];

      assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
      f->places[i].output.link = ahoy_link_new (f->poll, fds[0], &events, NULL, NULL);
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
      ahoy_link_unref (f->places[i].output.link);
      test_peer_free (f->places[i].peer);
    }
  ahoyd_hub_free (f->hub);
  ahoy_charset_free (f->charset);
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
  const AhoydWho   who = { .name = name, .skeleton = skeleton };

  f->places[i].person = ahoyd_hub_join (f->hub, session, &who, &f->places[i].output);
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

static AhoydEvent *
event (Fixture    *f,
       guint       from,
       const char *from_name,
       const char *to,
       const char *text)
{
  g_autofree char *skeleton = to != NULL ? ahoy_name_skeleton (to) : NULL;
  g_autofree char *from_skeleton = ahoy_name_skeleton (from_name);
  AhoydEvent       said = {
          .sender = from + 1,
          .from = (char *) from_name,
          .from_skeleton = from_skeleton,
          .target = to != NULL ? ahoy_target_person (to) : ahoy_target_room (AHOY_ROOM_EVERYONE),
          .target_skeleton = skeleton,
          .text = (char *) text,
  };
  AhoydEvent *result = ahoyd_event_new (&said);

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
  g_autoptr (AhoydEvent) said = event (f, from, from_name, to, text);

  ahoyd_hub_appended (f->hub, f->places[from].person, 0);
  ahoyd_hub_committed (f->hub, said);
}

static guint
count (const char *text,
       const char *part)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, part)) != NULL; at++)
    n++;
  return n;
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
  Fixture         *f = *state;
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

  f->places[1].output.charset_use = AHOY_CHARSET_USE_LEGACY;
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
  Fixture                    *f = *state;
  const AhoyPacket            packet = { .kind = AHOY_PACKET_NOTICE, .text = "x" };
  g_auto (AhoydEncodedPacket) encoded = { 0 };

  ahoyd_encoded_packet_init (&encoded, &packet, f->charset);
  assert_ptr_equal (ahoyd_encoded_packet_frame (&encoded, AHOYD_ENCODING_CLASSIC), ahoyd_encoded_packet_frame (&encoded, AHOYD_ENCODING_CLASSIC));
  assert_non_null (ahoyd_encoded_packet_frame (&encoded, AHOYD_ENCODING_CLASSIC_LEGACY));
}

/* What waits for them is one range of the room's bytes, however much is said. */
static void
test_what_all_hear_is_one_range (void **state)
{
  Fixture            *f = *state;
  const AhoyPacket    packet = { .kind = AHOY_PACKET_NOTICE, .text = "x" };
  const AhoyOutQueue *first = &f->places[0].output.link->out;
  const AhoyOutQueue *second = &f->places[1].output.link->out;

  join (f, 0, "alice");
  join (f, 1, "bob");
  test_peer_expect (f->places[0].peer, "<1alice><2bob>");
  test_peer_expect (f->places[1].peer, "<1alice><1bob>");

  for (guint i = 0; i < 50; i++)
    ahoyd_hub_relay (f->hub, AHOY_ROOM_EVERYONE, NULL, &packet);
  assert_int_equal (first->bytes, 50 * strlen ("\0024* x\003"));
  assert_int_equal (second->bytes, first->bytes);
  assert_int_equal (first->len, 1);
  assert_int_equal (second->len, 1);
  assert_ptr_equal (first->ring[first->head].bytes, second->ring[second->head].bytes);

  /* What one alone hears is no part of it. */
  ahoyd_hub_tell (f->hub, f->places[0].person, &packet);
  ahoyd_hub_relay (f->hub, AHOY_ROOM_EVERYONE, NULL, &packet);
  assert_int_equal (first->len, 3);
  assert_int_equal (second->len, 1);
}

static void
test_last_words_before_the_leave (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoydEvent) one = NULL;
  g_autoptr (AhoydEvent) two = NULL;

  join (f, 0, "alice");
  join (f, 1, "bob");
  test_peer_expect (f->places[0].peer, "<1alice><2bob>");
  one = event (f, 1, "bob", NULL, "one");
  two = event (f, 1, "bob", NULL, "two");
  ahoyd_hub_appended (f->hub, f->places[1].person, 0);
  ahoyd_hub_appended (f->hub, f->places[1].person, 0);
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
  Fixture               *f = *state;
  g_autoptr (AhoydEvent) late = NULL;
  g_autofree char       *skeleton = ahoy_name_skeleton ("bob");

  join (f, 0, "alice");
  join (f, 1, "bob");
  test_peer_expect (f->places[0].peer, "<1alice><2bob>");
  late = event (f, 1, "bob", NULL, "late");
  ahoyd_hub_appended (f->hub, f->places[1].person, 0);
  leave (f, 1);
  assert_null (ahoyd_hub_find (f->hub, skeleton));
  assert_true (try_join (f, 2, 9, "bob"));
  test_peer_expect (f->places[0].peer, "<3bob><2bob>");
  ahoyd_hub_committed (f->hub, late);
  test_peer_expect (f->places[0].peer, "<4bob: late>");
  test_peer_expect (f->places[2].peer, "<1alice><1bob><4bob: late>");
}

/* @i goes on as the person of @from, under a session of its own. */
static void
take_over (Fixture *f,
           guint    i,
           guint    from)
{
  f->places[i].person = g_steal_pointer (&f->places[from].person);
  ahoyd_hub_take_over (f->hub, f->places[i].person, i + 1, &f->places[i].output);
}

static void
test_a_ghost_is_taken_over (void **state)
{
  Fixture *f = *state;

  join (f, 0, "alice");
  join (f, 1, "bob");
  join (f, 2, "carol");
  test_peer_expect (f->places[0].peer, "<1alice><2bob><2carol>");
  test_peer_expect (f->places[1].peer, "<1alice><1bob><2carol>");
  test_peer_expect (f->places[2].peer, "<1alice><1bob><1carol>");
  f->n_changes = 0;
  take_over (f, 3, 0);
  test_peer_expect (f->places[3].peer, "<1bob><1carol><1alice>");
  say (f, 3, "alice", NULL, "me again");
  say (f, 1, "bob", "alice", "I see");
  test_peer_expect (f->places[3].peer, "<4alice: me again><4[whisper] bob to alice: I see>");
  test_peer_expect (f->places[1].peer, "<4alice: me again><4[whisper] bob to alice: I see>");
  test_peer_expect (f->places[2].peer, "<4alice: me again>");
  test_peer_expect_nothing (f->places[0].peer);
  test_peer_expect_nothing (f->places[2].peer);
  assert_int_equal (f->n_changes, 0);
  assert_int_equal (ahoyd_hub_get_n_online (f->hub), 3);

  leave (f, 3);
  test_peer_expect (f->places[1].peer, "<3alice>");
  assert_true (try_join (f, 0, 9, "alice"));
}

/* What they said before is said by the same person: in order before they leave, and answered where they are now. */
static void
test_words_under_way_across_a_takeover (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoydEvent) one = NULL;
  g_autoptr (AhoydEvent) two = NULL;
  g_autoptr (AhoydEvent) three = NULL;

  join (f, 0, "alice");
  join (f, 1, "bob");
  test_peer_expect (f->places[1].peer, "<1alice><1bob>");
  one = event (f, 0, "alice", NULL, "one");
  two = event (f, 2, "alice", NULL, "two");
  three = event (f, 3, "alice", NULL, "three");
  ahoyd_hub_appended (f->hub, f->places[0].person, 0);
  take_over (f, 2, 0);
  ahoyd_hub_appended (f->hub, f->places[2].person, 0);
  take_over (f, 3, 2);
  ahoyd_hub_appended (f->hub, f->places[3].person, 0);
  leave (f, 3);
  test_peer_expect_nothing (f->places[1].peer);
  ahoyd_hub_committed (f->hub, one);
  ahoyd_hub_committed (f->hub, two);
  test_peer_expect (f->places[1].peer, "<4alice: one><4alice: two>");
  test_peer_expect_nothing (f->places[1].peer);
  ahoyd_hub_committed (f->hub, three);
  test_peer_expect (f->places[1].peer, "<4alice: three><3alice>");
}

/* An answer is for the connection that asked: the new one says it again by itself. */
static void
test_answers_to_a_ghost (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoydEvent) refused = NULL;
  g_autoptr (AhoydEvent) again = NULL;
  g_autoptr (AhoydEvent) mine = NULL;

  join (f, 0, "alice");
  refused = event (f, 0, "alice", NULL, "refused");
  again = event (f, 0, "alice", NULL, "again");
  mine = event (f, 3, "alice", NULL, "mine");
  ahoyd_hub_appended (f->hub, f->places[0].person, 0);
  ahoyd_hub_appended (f->hub, f->places[0].person, 0);
  take_over (f, 3, 0);
  test_peer_expect (f->places[3].peer, "<1alice>");
  ahoyd_hub_rejected (f->hub, refused);
  ahoyd_hub_repeated (f->hub, again);
  test_peer_expect_nothing (f->places[3].peer);
  ahoyd_hub_appended (f->hub, f->places[3].person, 0);
  ahoyd_hub_repeated (f->hub, mine);
  test_peer_expect (f->places[3].peer, "<4alice: mine>");
}

/* The next one who has the name sees nothing of what was whispered before, however late it comes. */
static void
test_whispers_of_somebody_before (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoydEvent) old = event (f, 0, "bob", "alice", "old");
  const AhoydWho         who = { .name = "alice", .skeleton = "alice", .whispers_after = 1 };
  guint64                position = 0;

  join (f, 0, "bob");
  test_peer_expect (f->places[0].peer, "<1bob>");
  f->places[1].person = ahoyd_hub_join (f->hub, 2, &who, &f->places[1].output);
  assert_int_equal (ahoyd_person_get_whispers_after (f->places[1].person), 1);
  test_peer_expect (f->places[1].peer, "<1bob><1alice>");
  ahoyd_hub_appended (f->hub, f->places[0].person, 0);
  ahoyd_hub_committed (f->hub, old);
  test_peer_expect_nothing (f->places[1].peer);
  say (f, 0, "bob", "alice", "new");
  test_peer_expect (f->places[1].peer, "<4[whisper] bob to alice: new>");
  assert_int_equal (ahoyd_hub_replay (f->hub, f->places[1].person, &position), AHOYD_REPLAY_DONE);
  test_peer_expect (f->places[1].peer, "<4[whisper] bob to alice: new>");
  test_peer_expect_nothing (f->places[1].peer);
}

static void
test_keys_are_for_extended_peers (void **state)
{
  Fixture       *f = *state;
  const AhoydWho who = { .name = "alice", .skeleton = "alice", .key = "abc" };
  char           heard[1000] = { 0 };

  f->places[1].output.dialect = AHOY_DIALECT_EXTENDED;
  join (f, 0, "bob");
  join (f, 1, "carol");
  f->places[2].person = ahoyd_hub_join (f->hub, 3, &who, &f->places[2].output);
  assert_string_equal (ahoyd_person_get_key (f->places[2].person), "abc");
  assert_null (ahoyd_person_get_key (f->places[0].person));
  leave (f, 2);
  test_peer_expect (f->places[0].peer, "<1bob><2carol><2alice><3alice>");
  test_peer_expect (f->places[2].peer, "<1bob><1carol><1alice>");
  test_peer_expect_nothing (f->places[0].peer);
  assert_true (recv (f->places[1].peer->fd, heard, sizeof heard - 1, MSG_DONTWAIT) > 0);
  assert_int_equal (count (heard, "\x01key=abc\x1fsince="), 1); /* alice comes */
  assert_int_equal (count (heard, "\x01key=abc\x02\x33"
                                  "alice"),
                    1);
  assert_int_equal (count (heard, "key="), 2);
}

static void
test_a_recipient_who_has_gone (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoydEvent) psst = NULL;

  join (f, 0, "alice");
  join (f, 1, "bob");
  test_peer_expect (f->places[0].peer, "<1alice><2bob>");
  psst = event (f, 0, "alice", "bob", "psst");
  ahoyd_hub_appended (f->hub, f->places[0].person, 0);
  leave (f, 1);
  ahoyd_hub_committed (f->hub, psst);
  test_peer_expect (f->places[0].peer, "<3bob><4* bob is not here, and will get this on coming back.>");
}

static void
test_relay (void **state)
{
  Fixture         *f = *state;
  const AhoyPacket notice = { .kind = AHOY_PACKET_NOTICE, .text = "Tea." };
  const AhoyPacket typing = { .kind = AHOY_PACKET_TYPING, .from = "alice" };

  join (f, 0, "alice");
  join (f, 1, "bob");
  test_peer_expect (f->places[0].peer, "<1alice><2bob>");
  test_peer_expect (f->places[1].peer, "<1alice><1bob>");
  ahoyd_hub_relay (f->hub, AHOY_ROOM_EVERYONE, NULL, &typing); /* classic peers have no word for it */
  ahoyd_hub_relay (f->hub, AHOY_ROOM_EVERYONE, NULL, &notice);
  test_peer_expect (f->places[0].peer, "<4* Tea.>");
  test_peer_expect (f->places[1].peer, "<4* Tea.>");
  ahoyd_hub_relay (f->hub, AHOY_ROOM_EVERYONE, f->places[0].person, &notice);
  test_peer_expect (f->places[1].peer, "<4* Tea.>");
  test_peer_expect_nothing (f->places[0].peer);
}

/* What is said in a room is heard by its members alone, and only by those who know of rooms; live, again, and in a relay. */
static void
test_a_room_of_its_own (void **state)
{
  Fixture               *f = *state;
  const AhoyPacket       typing = { .kind = AHOY_PACKET_TYPING, .from = "a", .target = ahoy_target_room (7) };
  AhoydRoom             *room = ahoyd_hub_add_room (f->hub, 7);
  g_autoptr (AhoydEvent) said = event (f, 0, "a", NULL, "here");
  guint64                position = 0;

  assert_ptr_equal (ahoyd_hub_find_room (f->hub, 7), room);
  assert_null (ahoyd_hub_find_room (f->hub, 8));
  for (guint i = 0; i < 3; i++)
    f->places[i].output.dialect = AHOY_DIALECT_EXTENDED;
  for (guint i = 0; i < N_PLACES; i++)
    join (f, i, (const char *const[]){ "a", "b", "c", "d" }[i]);
  assert_int_equal (ahoyd_room_get_members (ahoyd_hub_find_room (f->hub, AHOY_ROOM_EVERYONE))->length, N_PLACES);
  for (guint i = 0; i < N_PLACES; i++)
    g_free (test_peer_read_until (f->places[i].peer, "d>"));
  ahoyd_room_add (room, f->places[0].person);
  ahoyd_room_add (room, f->places[1].person);
  ahoyd_room_add (room, f->places[3].person);

  said->target = ahoy_target_room (7);
  ahoyd_hub_appended (f->hub, f->places[0].person, 0);
  ahoyd_hub_committed (f->hub, said);
  ahoyd_hub_relay (f->hub, 7, NULL, &typing);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *heard = test_peer_read_until (f->places[i].peer, "<T>");

      assert_non_null (strstr (heard, "room=7"));
      assert_non_null (strstr (heard, "here>"));
    }
  assert_int_equal (ahoyd_hub_replay (f->hub, f->places[2].person, &position), AHOYD_REPLAY_DONE);
  assert_int_equal (position, said->id);
  test_peer_expect_nothing (f->places[2].peer);
  test_peer_expect_nothing (f->places[3].peer);
  position = 0;
  assert_int_equal (ahoyd_hub_replay (f->hub, f->places[1].person, &position), AHOYD_REPLAY_DONE);
  g_free (test_peer_read_until (f->places[1].peer, "here>"));

  leave (f, 1);
  assert_int_equal (ahoyd_room_get_members (room)->length, 2);
}

static void
test_dismissed (void **state)
{
  Fixture         *f = *state;
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

/* What the hub remembers it replays, and not a message less than was missed: one that is forgotten may have been for them. */
static void
test_how_far_back_it_remembers (void **state)
{
  Fixture *f = *state;
  guint64  position;

  join (f, 0, "alice");
  join (f, 1, "bob");
  join (f, 2, "carol");
  for (guint i = 0; i < REMEMBERED + 1; i++)
    say (f, 0, "alice", "bob", "psst");
  for (guint i = 0; i < 2; i++)
    {
      position = i;
      assert_int_equal (ahoyd_hub_replay (f->hub, f->places[2].person, &position), i == 0 ? AHOYD_REPLAY_TOO_OLD : AHOYD_REPLAY_DONE);
      assert_int_equal (position, i == 0 ? 0 : f->last_id);
    }
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
    cmocka_unit_test_setup_teardown (test_what_all_hear_is_one_range, setup, teardown),
    cmocka_unit_test_setup_teardown (test_last_words_before_the_leave, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_name_does_not_wait, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_ghost_is_taken_over, setup, teardown),
    cmocka_unit_test_setup_teardown (test_words_under_way_across_a_takeover, setup, teardown),
    cmocka_unit_test_setup_teardown (test_answers_to_a_ghost, setup, teardown),
    cmocka_unit_test_setup_teardown (test_whispers_of_somebody_before, setup, teardown),
    cmocka_unit_test_setup_teardown (test_keys_are_for_extended_peers, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_recipient_who_has_gone, setup, teardown),
    cmocka_unit_test_setup_teardown (test_relay, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_room_of_its_own, setup, teardown),
    cmocka_unit_test_setup_teardown (test_how_far_back_it_remembers, setup, teardown),
    cmocka_unit_test_setup_teardown (test_dismissed, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
