/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The vocabulary, byte for byte, in both dialects and directions. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gio/gio.h>
#include <string.h>

#include "wire/ahoy-charset.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-packet.h"

#define CID "0123456789abcdef"
#define SECRET "!correct=horse~battery" /* as short as they may be */
#define S AHOY_TO_SERVER
#define C AHOY_TO_CLIENT

/* A packet, how it is written, and that reading what was written gives the same packet. @bytes NULL: cannot be said. */
typedef struct {
  AhoyPacket    packet;
  AhoyDirection direction;
  const char   *bytes;
} Case;

/* clang-format off */
static const Case classic[] = {
  { { AHOY_PACKET_LOGIN, .name = "alice", .version = 2, .agent = "x", .since = 5 }, S, "\002" "1alice\003" },
  { { AHOY_PACKET_WHISPER, .target = AHOY_TARGET_INIT_PERSON ("bob"), .text = "hi, there", .cid = CID }, S, "\002" "2bob,hi, there\003" },
  { { AHOY_PACKET_WHISPER, .target = AHOY_TARGET_INIT_PERSON ("bob"), .text = "" }, S, "\002" "2bob,\003" },
  { { AHOY_PACKET_SAY, .text = "hello\nall", .re = 7 }, S, "\0023hello\nall\003" },
  { { AHOY_PACKET_SAY, .text = "" }, S, "\0023\003" },
  { { AHOY_PACKET_REFUSED, .name = "alice", .reason = "in-use" }, C, "\0020alice\003" },
  { { AHOY_PACKET_ONLINE, .name = "bob", .key = "k", .away = "lunch" }, C, "\0021bob\003" },
  { { AHOY_PACKET_JOINED, .name = "bob", .kept = TRUE }, C, "\0022bob\003" },
  { { AHOY_PACKET_LEFT, .name = "bob", .reason = "quit" }, C, "\0023bob\003" },
  { { AHOY_PACKET_CHAT, .id = 9, .time = 8, .from = "alice", .text = "hello" }, C, "\0024alice: hello\003" },
  { { AHOY_PACKET_CHAT, .from = "alice", .target = AHOY_TARGET_INIT_PERSON ("bob"), .text = "hello" }, C, "\0024[whisper] alice to bob: hello\003" },
  { { AHOY_PACKET_CHAT, .text = "as it is" }, C, "\0024as it is\003" },
  { { AHOY_PACKET_NOTICE, .text = "bye", .level = "info" }, C, "\0024* bye\003" },
  { { AHOY_PACKET_ERROR, .text = "too long", .code = "body-size" }, C, "\0024* too long\003" },

  { { AHOY_PACKET_QUIT, .text = "bye" }, S, NULL },
  { { AHOY_PACKET_HISTORY, .limit = 5 }, S, NULL },
  { { AHOY_PACKET_AWAY, .text = "" }, S, NULL },
  { { AHOY_PACKET_AWAY, .from = "a", .text = "" }, C, NULL },
  { { AHOY_PACKET_TYPING, .target = AHOY_TARGET_INIT_PERSON ("bob") }, S, NULL },
  { { AHOY_PACKET_TYPING, .from = "bob" }, C, NULL },
  { { AHOY_PACKET_RECEIPT, .id = 1, .what = "seen" }, S, NULL },
  { { AHOY_PACKET_RECEIPT, .id = 1, .what = "seen", .by = "bob" }, C, NULL },
  { { AHOY_PACKET_PING, .n = 1 }, S, NULL },
  { { AHOY_PACKET_PING, .n = 1 }, C, NULL },
  { { AHOY_PACKET_PONG, .n = 1 }, S, NULL },
  { { AHOY_PACKET_PONG, .n = 1 }, C, NULL },
  { { AHOY_PACKET_WELCOME, .version = 2, .server_id = "id", .self = "alice" }, C, NULL },
  { { AHOY_PACKET_CAUGHT_UP, .last = 1 }, C, NULL },
  { { AHOY_PACKET_HISTORY_END, .more = TRUE }, C, NULL },
  { { AHOY_PACKET_UNKNOWN, .text = "?" }, C, NULL },
  /* what only the other side says */
  { { AHOY_PACKET_LOGIN, .name = "alice" }, C, NULL },
  { { AHOY_PACKET_SAY, .text = "x" }, C, NULL },
  { { AHOY_PACKET_CHAT, .text = "x" }, S, NULL },
  { { AHOY_PACKET_NOTICE, .text = "x" }, S, NULL },
};

static const Case extended[] = {
  { { AHOY_PACKET_LOGIN, .name = "alice", .version = 2, .agent = "ahoy/1.0", .since = 41, .since_server = "mxv3",
      .since_runs = "5f1d3c2b9a887766:41,00aa11bb22cc33dd:12" }, S,
    "\001v=2\037agent=ahoy/1.0\037since=41\037since-server=mxv3\037since-runs=5f1d3c2b9a887766:41,00aa11bb22cc33dd:12\002" "1alice\003" },
  { { AHOY_PACKET_LOGIN, .name = "alice", .version = 2 }, S, "\001v=2\002" "1alice\003" },
  { { AHOY_PACKET_LOGIN, .name = "alice", .version = 2, .secret = SECRET }, S, "\001v=2\037secret=" SECRET "\002" "1alice\003" },
  { { AHOY_PACKET_WHISPER, .target = AHOY_TARGET_INIT_PERSON ("bob"), .text = "a,b", .cid = CID, .re = 3 }, S, "\001cid=" CID "\037re=3\002" "2bob,a,b\003" },
  { { AHOY_PACKET_SAY, .text = "hi", .cid = CID }, S, "\001cid=" CID "\0023hi\003" },
  { { AHOY_PACKET_SAY, .text = "hi" }, S, "\0023hi\003" },
  { { AHOY_PACKET_HISTORY, .before = 100, .limit = 50, .target = AHOY_TARGET_INIT_PERSON ("bob"), .query = "a=b" }, S,
    "\001before=100\037limit=50\037with=bob\037query=a=b\002H\003" },
  { { AHOY_PACKET_HISTORY }, S, "\002H\003" },
  { { AHOY_PACKET_QUIT, .text = "bye" }, S, "\002Qbye\003" },
  { { AHOY_PACKET_REFUSED, .name = "alice", .reason = "look-alike" }, C, "\001reason=look-alike\0020alice\003" },
  { { AHOY_PACKET_ONLINE, .name = "bob", .key = "f00d", .since = 1700000000000, .away = "at lunch" }, C,
    "\001key=f00d\037since=1700000000000\037away=at lunch\0021bob\003" },
  { { AHOY_PACKET_ONLINE, .name = "bob", .since = 5, .kept = TRUE, .away = "x" }, C, "\001since=5\037kept=1\037away=x\0021bob\003" },
  { { AHOY_PACKET_JOINED, .name = "bob", .key = "f00d", .since = 5 }, C, "\001key=f00d\037since=5\0022bob\003" },
  { { AHOY_PACKET_JOINED, .name = "bob", .since = 5, .kept = TRUE }, C, "\001since=5\037kept=1\0022bob\003" },
  { { AHOY_PACKET_LEFT, .name = "bob", .kept = TRUE, .reason = "x" }, C, "\001kept=1\037reason=x\0023bob\003" },
  { { AHOY_PACKET_LEFT, .name = "bob", .reason = "timeout" }, C, "\001reason=timeout\0023bob\003" },
  { { AHOY_PACKET_CHAT, .id = 7, .time = 1700000000123, .from = "alice", .text = "a: b" }, C,
    "\001id=7\037time=1700000000123\037from=alice\0024a: b\003" },
  { { AHOY_PACKET_CHAT, .id = G_MAXUINT64, .time = G_MAXINT64, .from = "alice", .target = AHOY_TARGET_INIT_PERSON ("bob"), .cid = CID, .re = 6, .replay = TRUE,
      .text = "x" }, C,
    "\001id=18446744073709551615\037time=9223372036854775807\037from=alice\037to=bob\037cid=" CID "\037re=6\037replay=1\0024x\003" },
  { { AHOY_PACKET_WELCOME, .version = 2, .server_id = "mxv3", .server_name = "Hall", .self = "alice", .last = 0, .keep_days = 30,
      .text = "Welcome!" }, C,
    "\001v=2\037id=mxv3\037name=Hall\037self=alice\037last=0\037keep=30\002WWelcome!\003" },
  { { AHOY_PACKET_CAUGHT_UP }, C, "\001last=0\002C\003" },
  { { AHOY_PACKET_HISTORY_END, .more = FALSE }, C, "\001more=0\002h\003" },
  { { AHOY_PACKET_HISTORY_END, .more = TRUE }, C, "\001more=1\002h\003" },
  { { AHOY_PACKET_NOTICE, .level = "warning", .text = "low disk" }, C, "\001level=warning\002Nlow disk\003" },
  { { AHOY_PACKET_ERROR, .code = "too-fast", .cid = CID, .text = "Slow down" }, C, "\001code=too-fast\037cid=" CID "\002ESlow down\003" },
  { { AHOY_PACKET_RECEIPT, .id = 7, .what = "seen" }, S, "\001id=7\037what=seen\002R\003" },
  { { AHOY_PACKET_RECEIPT, .id = 7, .what = "delivered", .by = "bob" }, C, "\001id=7\037what=delivered\037by=bob\002R\003" },
  { { AHOY_PACKET_TYPING, .target = AHOY_TARGET_INIT_PERSON ("bob") }, S, "\001to=bob\002T\003" },
  { { AHOY_PACKET_TYPING, .target = AHOY_TARGET_INIT_PERSON ("bob"), .from = "alice" }, C, "\001to=bob\037from=alice\002T\003" },
  { { AHOY_PACKET_TYPING, .target = { .room = 7 } }, S, "\001room=7\002T\003" },
  { { AHOY_PACKET_TYPING, .target = { .room = 7 }, .from = "alice" }, C, "\001room=7\037from=alice\002T\003" },
  { { AHOY_PACKET_SAY, .target = { .room = G_MAXUINT64 }, .text = "hi", .cid = CID }, S, "\001room=18446744073709551615\037cid=" CID "\0023hi\003" },
  { { AHOY_PACKET_CHAT, .id = 1, .time = 2, .from = "alice", .target = { .room = 7 }, .text = "hi" }, C, "\001id=1\037time=2\037from=alice\037room=7\0024hi\003" },
  { { AHOY_PACKET_HISTORY, .limit = 50, .target = { .room = 7 } }, S, "\001limit=50\037room=7\002H\003" },
  { { AHOY_PACKET_AWAY, .text = "at lunch" }, S, "\002Aat lunch\003" },
  { { AHOY_PACKET_AWAY, .text = "", .from = "bob" }, C, "\001from=bob\002A\003" },
  { { AHOY_PACKET_PING, .n = 3 }, S, "\001n=3\002P\003" },
  { { AHOY_PACKET_PING, .n = 3 }, C, "\001n=3\002P\003" },
  { { AHOY_PACKET_PONG, .n = 3 }, S, "\001n=3\002p\003" },
  { { AHOY_PACKET_PONG }, C, "\002p\003" },

  { { AHOY_PACKET_UNKNOWN }, S, NULL },
  { { AHOY_PACKET_UNKNOWN }, C, NULL },
  { { AHOY_PACKET_HISTORY }, C, NULL },
  { { AHOY_PACKET_QUIT, .text = "" }, C, NULL },
  { { AHOY_PACKET_WELCOME, .version = 2, .server_id = "id", .self = "alice" }, S, NULL },
};
/* clang-format on */

static gboolean
decode_bytes (AhoyPacket   *packet,
              const char   *bytes,
              gsize         len,
              AhoyDirection direction,
              AhoyDialect   dialect,
              GError      **error)
{
  AhoyFrameScanner scanner = { 0 };
  AhoyFrameFault   fault;
  AhoyFrame        frame;
  gsize            used;
  g_autofree char *text = NULL;
  AhoyFrameResult  result = ahoy_frame_take (&scanner, (const guint8 *) bytes, len, &used, &frame, &fault);

  assert_int_equal (result, AHOY_FRAME_TAKEN);
  assert_int_equal (used, len);
  text = g_strndup (frame.body, frame.body_len);
  return ahoy_packet_decode (packet, &frame, text, direction, dialect, error);
}

static void
assert_says (GBytes     *bytes,
             const char *expected)
{
  gsize            len;
  const void      *data;
  g_autofree char *said = NULL;

  if (expected == NULL)
    {
      assert_null (bytes);
      return;
    }
  assert_non_null (bytes);
  data = g_bytes_get_data (bytes, &len);
  said = g_strndup (data, len);
  assert_string_equal (said, expected);
}

static void
assert_same_text (const char *a,
                  const char *b)
{
  if (a == NULL || b == NULL)
    assert_true (a == b);
  else
    assert_string_equal (a, b);
}

static void
assert_same (const AhoyPacket *a,
             const AhoyPacket *b)
{
  assert_int_equal (a->kind, b->kind);
  assert_same_text (a->name, b->name);
  assert_same_text (a->text, b->text);
  assert_same_text (a->from, b->from);
  assert_true (ahoy_target_equal (a->target, b->target));
  assert_true (a->id == b->id);
  assert_true (a->time == b->time);
  assert_true (a->re == b->re);
  assert_same_text (a->cid, b->cid);
  assert_int_equal (a->replay, b->replay);
  assert_int_equal (a->version, b->version);
  assert_same_text (a->agent, b->agent);
  assert_true (a->since == b->since);
  assert_same_text (a->since_server, b->since_server);
  assert_same_text (a->since_runs, b->since_runs);
  assert_same_text (a->secret, b->secret);
  assert_same_text (a->key, b->key);
  assert_int_equal (a->kept, b->kept);
  assert_same_text (a->away, b->away);
  assert_same_text (a->reason, b->reason);
  assert_same_text (a->server_id, b->server_id);
  assert_same_text (a->server_name, b->server_name);
  assert_same_text (a->self, b->self);
  assert_true (a->last == b->last);
  assert_int_equal (a->keep_days, b->keep_days);
  assert_same_text (a->run, b->run);
  assert_int_equal (a->parted, b->parted);
  assert_int_equal (a->wait_ms, b->wait_ms);
  assert_true (a->before == b->before);
  assert_int_equal (a->limit, b->limit);
  assert_same_text (a->query, b->query);
  assert_int_equal (a->more, b->more);
  assert_same_text (a->what, b->what);
  assert_same_text (a->by, b->by);
  assert_same_text (a->level, b->level);
  assert_same_text (a->code, b->code);
  assert_true (a->n == b->n);
}

static void
test_classic_bytes (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (classic); i++)
    {
      g_autoptr (GBytes) bytes = ahoy_packet_encode (&classic[i].packet, classic[i].direction, AHOY_DIALECT_CLASSIC);

      assert_says (bytes, classic[i].bytes);
    }
}

static void
test_classic_is_read (void **state)
{
  /* clang-format off */
  static const Case cases[] = {
    { { AHOY_PACKET_LOGIN, .name = "alice" }, S, "\002" "1alice\003" },
    { { AHOY_PACKET_LOGIN, .name = "" }, S, "\002" "1\003" },
    { { AHOY_PACKET_WHISPER, .target = AHOY_TARGET_INIT_PERSON ("bob"), .text = "hi, there" }, S, "\0022bob,hi, there\003" },
    { { AHOY_PACKET_WHISPER, .target = AHOY_TARGET_INIT_PERSON (""), .text = "" }, S, "\0022,\003" },
    { { AHOY_PACKET_SAY, .text = "a\nb" }, S, "\0023a\nb\003" },
    { { AHOY_PACKET_REFUSED, .name = "alice" }, C, "\0020alice\003" },
    { { AHOY_PACKET_ONLINE, .name = "x: y" }, C, "\0021x: y\003" },
    { { AHOY_PACKET_JOINED, .name = "bob" }, C, "\0022bob\003" },
    { { AHOY_PACKET_LEFT, .name = "bob" }, C, "\0023bob\003" },
    { { AHOY_PACKET_CHAT, .text = "alice: hello" }, C, "\0024alice: hello\003" },
    { { AHOY_PACKET_CHAT, .text = "* bye" }, C, "\0024* bye\003" },
    /* headings mean nothing to a classic peer, however odd */
    { { AHOY_PACKET_SAY, .text = "x" }, S, "\001cid=" CID "\037re=\xff\0023x\003" },
    { { AHOY_PACKET_CHAT, .text = "x" }, C, "\001id=5\0024x\003" },
    /* unknown */
    { { AHOY_PACKET_UNKNOWN }, S, "\0024x\003" },
    { { AHOY_PACKET_UNKNOWN }, S, "\0020x\003" },
    { { AHOY_PACKET_UNKNOWN }, S, "\002Qx\003" },
    { { AHOY_PACKET_UNKNOWN }, C, "\0025x\003" },
    { { AHOY_PACKET_UNKNOWN }, C, "\002Wx\003" },
    { { AHOY_PACKET_UNKNOWN }, C, "\002 \003" },
  };
  /* clang-format on */

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (AhoyPacket) packet = AHOY_PACKET_INIT;
      g_autoptr (GError)  error = NULL;

      assert_true (decode_bytes (&packet, cases[i].bytes, strlen (cases[i].bytes), cases[i].direction, AHOY_DIALECT_CLASSIC, &error));
      assert_null (error);
      assert_same (&packet, &cases[i].packet);
    }
}

static void
test_extended_round_trip (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (extended); i++)
    {
      g_autoptr (GBytes)  bytes = ahoy_packet_encode (&extended[i].packet, extended[i].direction, AHOY_DIALECT_EXTENDED);
      g_auto (AhoyPacket) packet = AHOY_PACKET_INIT;
      g_autoptr (GError)  error = NULL;

      assert_says (bytes, extended[i].bytes);
      if (bytes == NULL)
        continue;
      assert_true (decode_bytes (&packet, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), extended[i].direction,
                                 AHOY_DIALECT_EXTENDED, &error));
      assert_null (error);
      assert_same (&packet, &extended[i].packet);
    }
}

/* Every kind can be said somewhere, or it would be a word without a sound. */
static void
test_every_kind_has_a_row (void **state)
{
  for (int kind = AHOY_PACKET_UNKNOWN + 1; kind <= AHOY_PACKET_PONG; kind++)
    {
      gboolean found = FALSE;

      for (gsize i = 0; i < G_N_ELEMENTS (extended) && !found; i++)
        found = extended[i].packet.kind == (AhoyPacketKind) kind && extended[i].bytes != NULL;
      assert_true (found);
    }
}

/* A log-in is where a session becomes extended: its heading is read whatever was spoken before. */
static void
test_log_in_heading (void **state)
{
  /* clang-format off */
  static const struct {
    const char *bytes;
    gboolean    ok;
    guint       version;
  } cases[] = {
    { "\002" "1alice\003", TRUE, 0 },
    { "\001\002" "1alice\003", TRUE, 0 },
    { "\001v=2\002" "1alice\003", TRUE, 2 },
    { "\001later=x\037agent=other\037v=17\002" "1alice\003", TRUE, 17 },
    { "\001agent=other\002" "1alice\003", TRUE, 0 },
    { "\001v=two\002" "1alice\003", FALSE, 0 },
    { "\001v=2\037since=-1\002" "1alice\003", FALSE, 0 },
    { "\001v=2\037agent=\xff\002" "1alice\003", FALSE, 0 },
    { "\001v=2\037secret=" SECRET "\002" "1alice\003", TRUE, 2 },
    { "\001v=2\037secret=0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqr\002" "1alice\003", TRUE, 2 }, /* 64 */
    { "\001v=2\037secret=0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrs\002" "1alice\003", FALSE, 0 },
    { "\001v=2\037secret=0123456789abcdefghijk\002" "1alice\003", FALSE, 0 }, /* 21 */
    { "\001v=2\037secret=\002" "1alice\003", FALSE, 0 },
    { "\001v=2\037secret=0123456789 abcdefghijklm\002" "1alice\003", FALSE, 0 },
    { "\001v=2\037secret=0123456789\177abcdefghijklm\002" "1alice\003", FALSE, 0 },
    { "\001v=2\037secret=0123456789\303\251abcdefghijklm\002" "1alice\003", FALSE, 0 },
  };
  /* clang-format on */

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int dialect = AHOY_DIALECT_CLASSIC; dialect <= AHOY_DIALECT_EXTENDED; dialect++)
      {
        g_auto (AhoyPacket) packet = AHOY_PACKET_INIT;
        g_autoptr (GError)  error = NULL;

        assert_int_equal (decode_bytes (&packet, cases[i].bytes, strlen (cases[i].bytes), S, (AhoyDialect) dialect, &error), cases[i].ok);
        assert_int_equal (error == NULL, cases[i].ok);
        assert_int_equal (packet.version, cases[i].version);
        if (cases[i].ok)
          assert_string_equal (packet.name, "alice");
      }
}

static void
test_fields_from_the_future (void **state)
{
  static const struct {
    const char *bytes;
    const char *from;
    guint64     id;
  } cases[] = {
    { "\001id=1\037time=2\037from=alice\037mood=good\0024x\003", "alice", 1 },
    { "\001from=a=b==c\037time=2\037id=1\0024x\003", "a=b==c", 1 },            /* a value may hold '=' */
    { "\001id=1\037id=junk\037time=2\037from=a\037from=b\0024x\003", "a", 1 }, /* the first wins */
    { "\001\037\037nothing\037=\037=x\037id=1\037time=2\037from=a\037\0024x\003", "a", 1 },
    { "\001ID=5\037id=1\037time=2\037from=\037reason=x\0024x\003", "", 1 },
    { "\001id=0001\037time=0\037from=a\0024x\003", "a", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (AhoyPacket) packet = AHOY_PACKET_INIT;
      g_autoptr (GError)  error = NULL;

      assert_true (decode_bytes (&packet, cases[i].bytes, strlen (cases[i].bytes), C, AHOY_DIALECT_EXTENDED, &error));
      assert_int_equal (packet.kind, AHOY_PACKET_CHAT);
      assert_string_equal (packet.from, cases[i].from);
      assert_true (packet.id == cases[i].id);
    }
}

/* What is in no table keeps what it has, so that whoever knows it can read it. */
static void
test_words_of_others (void **state)
{
  static const char bytes[] = "\001mood=good\037n=1\037n=2\037mood2=x\037empty=\037flag\002Zwhat is that\003";
  static const struct {
    const char *key;
    const char *value;
  } fields[] = { { "mood", "good" }, { "n", "1" }, { "mood2", "x" }, { "empty", "" }, { "flag", NULL }, { "moo", NULL }, { "", NULL } };

  for (AhoyDirection direction = AHOY_TO_SERVER; direction <= AHOY_TO_CLIENT; direction++)
    {
      g_auto (AhoyPacket) packet = AHOY_PACKET_INIT;
      g_autoptr (GBytes)  again = NULL;

      assert_true (decode_bytes (&packet, bytes, strlen (bytes), direction, AHOY_DIALECT_EXTENDED, NULL));
      assert_int_equal (packet.kind, AHOY_PACKET_UNKNOWN);
      assert_int_equal (packet.type, 'Z');
      assert_string_equal (packet.text, "what is that");
      for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
        {
          g_autofree char *value = ahoy_packet_dup_field (&packet, fields[i].key);

          assert_same_text (value, fields[i].value);
        }
      again = ahoy_packet_encode (&packet, direction, AHOY_DIALECT_EXTENDED);
      assert_int_equal (g_bytes_get_size (again), strlen (bytes));
      assert_memory_equal (g_bytes_get_data (again, NULL), bytes, strlen (bytes));
      assert_null (ahoy_packet_encode (&packet, direction, AHOY_DIALECT_CLASSIC));
    }
}

static void
test_words_that_are_nobodys (void **state)
{
  static const char   heading[] = "\001mood=\xff\002Zx\003";
  g_auto (AhoyPacket) broken = AHOY_PACKET_INIT;
  g_auto (AhoyPacket) plain = AHOY_PACKET_INIT;

  assert_true (decode_bytes (&broken, heading, strlen (heading), S, AHOY_DIALECT_EXTENDED, NULL));
  assert_int_equal (broken.type, '\0');
  assert_null (broken.text);
  assert_true (decode_bytes (&plain, "\002Zx\003", 4, S, AHOY_DIALECT_CLASSIC, NULL));
  assert_int_equal (plain.type, '\0');
}

static void
test_a_heading_of_ones_own (void **state)
{
  g_autoptr (GString) heading = g_string_new (NULL);
  g_autoptr (GBytes)  bytes = NULL;
  AhoyPacket          packet = { .type = 'Z' };

  ahoy_heading_append (heading, "mood", "so\nso\037x=1\001\002");
  ahoy_heading_append (heading, "n", "2");
  packet.heading = heading->str;
  bytes = ahoy_packet_encode (&packet, C, AHOY_DIALECT_EXTENDED);
  assert_memory_equal (g_bytes_get_data (bytes, NULL), "\001mood=so sox=1\037n=2\002Z\003", g_bytes_get_size (bytes));
}

static void
test_malformed (void **state)
{
  static const struct {
    const char   *bytes;
    AhoyDirection direction;
    AhoyDialect   dialect;
  } cases[] = {
    { "\0022bob\003", S, AHOY_DIALECT_CLASSIC },
    { "\0022\003", S, AHOY_DIALECT_CLASSIC },
    { "\001cid=" CID "\0022bob\003", S, AHOY_DIALECT_EXTENDED },
    { "\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001time=2\037from=a\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=1\037from=a\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=1\037time=2\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=\037time=2\037from=a\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=-1\037time=2\037from=a\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=+1\037time=2\037from=a\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id= 1\037time=2\037from=a\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=1x\037time=2\037from=a\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=0x1\037time=2\037from=a\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=18446744073709551616\037time=2\037from=a\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=99999999999999999999999\037time=2\037from=a\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=1\037time=9223372036854775808\037from=a\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=1\037time=2\037from=a\037replay=yes\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=1\037time=2\037from=a\037replay=2\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=1\037time=2\037from=a\037cid=123\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001kept=yes\0021bob\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=1\037time=2\037from=a\037cid=0123456789abcdeg\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001id=1\037time=2\037from=\xff\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001later=\xc3\0023x\003", S, AHOY_DIALECT_EXTENDED },
    { "\001limit=4294967296\002H\003", S, AHOY_DIALECT_EXTENDED },
    { "\001room=one\0023x\003", S, AHOY_DIALECT_EXTENDED },
    { "\001room=1\037with=bob\002H\003", S, AHOY_DIALECT_EXTENDED },
    { "\001to=bob\037room=1\002T\003", S, AHOY_DIALECT_EXTENDED },
    { "\001id=1\037time=2\037from=a\037to=b\037room=1\0024x\003", C, AHOY_DIALECT_EXTENDED },
    { "\001what=seen\002R\003", S, AHOY_DIALECT_EXTENDED },
    { "\001id=1\037what=seen\002R\003", C, AHOY_DIALECT_EXTENDED },
    { "\002T\003", C, AHOY_DIALECT_EXTENDED },
    { "\002C\003", C, AHOY_DIALECT_EXTENDED },
    { "\001v=2\037id=x\037last=1\002W\003", C, AHOY_DIALECT_EXTENDED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AhoyPacket         packet = { .name = "stale" };
      g_autoptr (GError) error = NULL;

      if (decode_bytes (&packet, cases[i].bytes, strlen (cases[i].bytes), cases[i].direction, cases[i].dialect, &error))
        fail_msg ("case %zu was read", i);
      assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA));
      assert_int_equal (packet.kind, AHOY_PACKET_UNKNOWN);
      assert_null (packet.name);
      assert_null (packet.storage);
    }
}

/* Reading must not depend on what follows the frame in the buffer, and the packet outlives it. */
static void
test_packet_owns_its_text (void **state)
{
  g_autofree char    *bytes = g_strdup ("\001agent=abc\037v=2\0021alice\003");
  g_auto (AhoyPacket) packet = AHOY_PACKET_INIT;
  g_autoptr (GError)  error = NULL;

  assert_true (decode_bytes (&packet, bytes, strlen (bytes), S, AHOY_DIALECT_CLASSIC, &error));
  memset (bytes, 'x', strlen (bytes));
  assert_string_equal (packet.agent, "abc");
  assert_string_equal (packet.name, "alice");
  ahoy_packet_clear (&packet);
  assert_null (packet.agent);
  assert_null (packet.storage);
}

static void
test_heading_values_are_made_fit (void **state)
{
  g_autofree char    *long_text = g_strnfill (AHOY_HEADING_MAX * 2, 'q');
  AhoyPacket          away = { AHOY_PACKET_ONLINE, .name = "bob", .away = "at\nlunch\t\001\002\003\037\r!" };
  AhoyPacket          history = { AHOY_PACKET_HISTORY, .before = G_MAXUINT64, .limit = G_MAXUINT, .target = AHOY_TARGET_INIT_PERSON (long_text), .query = long_text };
  AhoyPacket          left = { AHOY_PACKET_LEFT, .name = "bob", .key = long_text, .since = G_MAXUINT64, .away = long_text, .reason = long_text };
  AhoyPacket          login = { AHOY_PACKET_LOGIN, .name = "bob", .version = G_MAXUINT, .agent = long_text, .since = G_MAXUINT64,
                                .since_server = long_text };
  AhoyPacket          chat = { AHOY_PACKET_CHAT, .id = G_MAXUINT64, .time = G_MAXINT64, .from = long_text, .target = AHOY_TARGET_INIT_PERSON (long_text), .cid = CID,
                               .re = G_MAXUINT64, .replay = TRUE, .text = "" };
  g_autoptr (GBytes)  away_bytes = ahoy_packet_encode (&away, C, AHOY_DIALECT_EXTENDED);
  g_autoptr (GBytes)  history_bytes = ahoy_packet_encode (&history, S, AHOY_DIALECT_EXTENDED);
  g_autoptr (GBytes)  left_bytes = ahoy_packet_encode (&left, C, AHOY_DIALECT_EXTENDED);
  g_autoptr (GBytes)  login_bytes = ahoy_packet_encode (&login, S, AHOY_DIALECT_EXTENDED);
  g_autoptr (GBytes)  chat_bytes = ahoy_packet_encode (&chat, C, AHOY_DIALECT_EXTENDED);
  g_auto (AhoyPacket) read = AHOY_PACKET_INIT;

  assert_says (away_bytes, "\001away=at lunch !\0021bob\003");
  assert_non_null (history_bytes);
  assert_non_null (left_bytes);
  assert_non_null (login_bytes);
  assert_non_null (chat_bytes);
  assert_true (decode_bytes (&read, g_bytes_get_data (history_bytes, NULL), g_bytes_get_size (history_bytes), S,
                             AHOY_DIALECT_EXTENDED, NULL));
  assert_int_equal (strlen (read.query), AHOY_HEADING_VALUE_MAX);
}

static void
test_heading_values_are_cut_between_characters (void **state)
{
  g_autoptr (GString) ships = g_string_new ("x");
  AhoyPacket          away = { AHOY_PACKET_ONLINE, .name = "bob" };
  g_autoptr (GBytes)  bytes = NULL;
  g_auto (AhoyPacket) read = AHOY_PACKET_INIT;

  for (int i = 0; i < 300; i++)
    g_string_append (ships, "🚢");
  away.away = ships->str;
  bytes = ahoy_packet_encode (&away, C, AHOY_DIALECT_EXTENDED);
  assert_true (decode_bytes (&read, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), C, AHOY_DIALECT_EXTENDED, NULL));
  assert_int_equal (strlen (read.away), 1 + 255 * 4);
}

/* All that was said arrives, also when the names leave no room for it in one frame. */
static void
assert_whole_in_frames (GBytes     *bytes,
                        const char *prefix,
                        const char *text,
                        guint       n_expected)
{
  gsize               len;
  const guint8       *data = g_bytes_get_data (bytes, &len);
  g_autoptr (GString) joined = g_string_new (NULL);
  guint               n = 0;

  while (len > 0)
    {
      AhoyFrameScanner scanner = { 0 };
      AhoyFrameFault   fault;
      AhoyFrame        frame;
      gsize            used;
      g_autofree char *body = NULL;

      assert_int_equal (ahoy_frame_take (&scanner, data, len, &used, &frame, &fault), AHOY_FRAME_TAKEN);
      body = g_strndup (frame.body, frame.body_len);
      assert_true (g_str_has_prefix (body, prefix));
      assert_true (g_utf8_validate (body, -1, NULL));
      g_string_append (joined, body + strlen (prefix));
      data += used;
      len -= used;
      n++;
    }
  assert_int_equal (n, n_expected);
  assert_string_equal (joined->str, text);
}

static void
test_long_classic_lines_go_on (void **state)
{
  g_autofree char    *fits = g_strnfill (AHOY_BODY_MAX - 7, 'x');
  g_autofree char    *over = g_strnfill (AHOY_BODY_MAX - 6, 'x');
  g_autoptr (GString) cjk = g_string_new (NULL);
  AhoyPacket          chat = { AHOY_PACKET_CHAT, .from = "alice", .text = fits };
  AhoyPacket          whisper = { AHOY_PACKET_WHISPER, .target = AHOY_TARGET_INIT_PERSON ("bob") };
  g_autoptr (GBytes)  one = ahoy_packet_encode (&chat, C, AHOY_DIALECT_CLASSIC);
  g_autoptr (GBytes)  two = NULL;
  g_autoptr (GBytes)  characters = NULL;
  g_autoptr (GBytes)  whispers = NULL;

  assert_whole_in_frames (one, "alice: ", fits, 1);

  chat.text = over;
  two = ahoy_packet_encode (&chat, C, AHOY_DIALECT_CLASSIC);
  assert_whole_in_frames (two, "alice: ", over, 2);

  while (cjk->len + 3 <= AHOY_BODY_MAX)
    g_string_append (cjk, "你");
  chat.text = cjk->str;
  characters = ahoy_packet_encode (&chat, C, AHOY_DIALECT_CLASSIC);
  assert_whole_in_frames (characters, "alice: ", cjk->str, 2);

  whisper.text = cjk->str;
  whispers = ahoy_packet_encode (&whisper, S, AHOY_DIALECT_CLASSIC);
  assert_whole_in_frames (whispers, "bob,", cjk->str, 2);
}

/* Half a name is still a refusal, but two refusals are not one. */
static void
test_long_names_are_cut (void **state)
{
  g_autofree char   *name = g_strnfill (AHOY_BODY_MAX + 100, 'n');
  AhoyPacket         refused = { AHOY_PACKET_REFUSED, .name = name };
  g_autoptr (GBytes) bytes = ahoy_packet_encode (&refused, C, AHOY_DIALECT_CLASSIC);

  assert_int_equal (g_bytes_get_size (bytes), AHOY_BODY_MAX + 3);
}

static void
test_legacy (void **state)
{
  g_autoptr (AhoyCharset) charset = ahoy_charset_new ("GB18030", NULL);
  AhoyPacket              chat = { AHOY_PACKET_CHAT, .from = "李", .target = AHOY_TARGET_INIT_PERSON ("王"), .text = "你好" };
  AhoyPacket              joined = { AHOY_PACKET_JOINED, .name = "李" };
  AhoyPacket              login = { AHOY_PACKET_LOGIN, .name = "李", .version = 2 };
  AhoyPacket              pong = { AHOY_PACKET_PONG, .n = 1 };
  g_autoptr (GBytes)      chat_bytes = ahoy_packet_encode_legacy (&chat, C, charset);
  g_autoptr (GBytes)      joined_bytes = ahoy_packet_encode_legacy (&joined, C, charset);
  g_autoptr (GBytes)      login_bytes = ahoy_packet_encode_legacy (&login, S, charset);
  g_autoptr (GString)     grows = g_string_new (NULL);
  g_autoptr (GBytes)      long_bytes = NULL;
  gsize                   n_frames = 0;
  gsize                   size;
  const char             *data;

  assert_says (chat_bytes, "\0024[whisper] \xc0\xee to \xcd\xf5: \xc4\xe3\xba\xc3\003");
  assert_says (joined_bytes, "\0022\xc0\xee\003");
  assert_says (login_bytes, "\0021\xc0\xee\003");
  assert_null (ahoy_packet_encode_legacy (&pong, C, charset));

  /* ä is two bytes in UTF-8 and four in GB18030 */
  while (grows->len + 2 <= AHOY_BODY_MAX)
    g_string_append (grows, "ä");
  chat.text = grows->str;
  long_bytes = ahoy_packet_encode_legacy (&chat, C, charset);
  data = g_bytes_get_data (long_bytes, &size);
  while (size > 0)
    {
      AhoyFrameScanner scanner = { 0 };
      AhoyFrameFault   fault;
      AhoyFrame        frame;
      gsize            used;

      assert_int_equal (ahoy_frame_take (&scanner, (const guint8 *) data, size, &used, &frame, &fault), AHOY_FRAME_TAKEN);
      data += used;
      size -= used;
      n_frames++;
    }
  assert_int_equal (n_frames, 3);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_classic_bytes),
    cmocka_unit_test (test_classic_is_read),
    cmocka_unit_test (test_extended_round_trip),
    cmocka_unit_test (test_every_kind_has_a_row),
    cmocka_unit_test (test_log_in_heading),
    cmocka_unit_test (test_fields_from_the_future),
    cmocka_unit_test (test_words_of_others),
    cmocka_unit_test (test_words_that_are_nobodys),
    cmocka_unit_test (test_a_heading_of_ones_own),
    cmocka_unit_test (test_malformed),
    cmocka_unit_test (test_packet_owns_its_text),
    cmocka_unit_test (test_heading_values_are_made_fit),
    cmocka_unit_test (test_heading_values_are_cut_between_characters),
    cmocka_unit_test (test_long_classic_lines_go_on),
    cmocka_unit_test (test_long_names_are_cut),
    cmocka_unit_test (test_legacy),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
