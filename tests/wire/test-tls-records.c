/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoy-link against a peer that is plain GnuTLS, after the handshake: records in and out, good ones and bad ones, and how it ends. */

#include "wire/ahoy-tls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/link-side.h"
#include "support/test-loop.h"
#include "support/tls-peer.h"
#include "wire/ahoy-limits.h"

/* A side and its peer, past the handshake. */
typedef struct {
  AhoyTls *tls;
  Side    *side;
  TlsPeer *peer;
} Talk;

static void
talk_init (Talk        *talk,
           LinkFixture *fixture,
           const char  *priorities)
{
  talk->tls = test_tls_new (NULL);
  talk->side = secure_side_new_accepted (fixture, talk->tls);
  talk->peer = tls_peer_new (talk->side, GNUTLS_CLIENT, priorities, PEER_NOTHING);
  assert_int_equal (tls_peer_shake (talk->peer), 0);
  assert_int_equal (talk->side->n_secured, 1);
  g_string_truncate (talk->side->log, 0);
  g_byte_array_set_size (talk->peer->heard, 0);
}

static void
talk_clear (Talk *talk)
{
  tls_peer_free (talk->peer);
  side_free (talk->side);
  ahoy_tls_unref (talk->tls);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Talk, talk_clear)

/* Into the socket, while the link has no turn. */
static void
put (Talk       *talk,
     const char *text)
{
  assert_int_equal (gnutls_record_send (talk->peer->session, text, strlen (text)), strlen (text));
}

#define assert_cut(talk, domain, code)                         \
  do                                                           \
    {                                                          \
      assert_int_equal ((talk)->side->n_ended, 1);             \
      assert_int_equal ((talk)->side->end, AHOY_LINK_END_CUT); \
      assert_int_equal ((talk)->side->error_domain, domain);   \
      assert_int_equal ((talk)->side->error_code, code);       \
    }                                                          \
  while (0)

static void
test_turn_is_gathered (void **state)
{
  LinkFixture        *fixture = *state;
  g_auto (Talk)       talk = { 0 };
  g_autofree char    *body = g_strnfill (197, 'x'); /* 200 bytes with its ends */
  g_autoptr (GString) got = NULL;
  g_autoptr (GString) rest = NULL;

  talk_init (&talk, fixture, PEER_TLS_1_3);
  for (guint i = 0; i < 64; i++)
    side_send (talk.side, body);
  link_fixture_settle (fixture);
  got = tls_peer_read (talk.peer, NULL);
  assert_int_equal (got->len, 64 * 200);
  assert_int_equal (tls_peer_count_records (talk.peer), 1);

  /* Full records, but for each turn's last. */
  g_byte_array_set_size (talk.peer->heard, 0);
  for (guint i = 0; i < 640; i++)
    side_send (talk.side, body);
  link_fixture_settle (fixture);
  rest = tls_peer_read (talk.peer, NULL);
  assert_int_equal (rest->len, 640 * 200);
  assert_int_equal (tls_peer_count_records (talk.peer), 640 * 200 / (16 * 1024) + 1);
}

static void
test_small_records_asked_for (void **state)
{
  LinkFixture        *fixture = *state;
  g_auto (Talk)       talk = { 0 };
  g_autoptr (GBytes)  frame = long_frame (AHOY_BODY_MAX);
  g_autoptr (GString) got = NULL;

  talk.tls = test_tls_new (NULL);
  talk.side = secure_side_new_accepted (fixture, talk.tls);
  talk.peer = tls_peer_new (talk.side, GNUTLS_CLIENT, PEER_TLS_1_3, PEER_NOTHING);
  assert_true (gnutls_record_set_max_recv_size (talk.peer->session, 512) >= 0);
  assert_int_equal (tls_peer_shake (talk.peer), 0);
  g_byte_array_set_size (talk.peer->heard, 0);
  ahoy_link_send (talk.side->link, frame);
  link_fixture_settle (fixture);
  got = tls_peer_read (talk.peer, NULL);
  assert_int_equal (got->len, g_bytes_get_size (frame));
  assert_in_range (tls_peer_count_records (talk.peer), AHOY_BODY_MAX / 512, AHOY_BODY_MAX / 400);
}

static void
test_slow_peer_gets_everything_in_order (void **state)
{
  LinkFixture        *fixture = *state;
  g_auto (Talk)       talk = { 0 };
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GString) got = g_string_new (NULL);
  gsize               partly = 0;

  talk_init (&talk, fixture, PEER_TLS_1_3);
  for (guint i = 0; i < 6000; i++)
    {
      g_autofree char *body = g_strdup_printf ("%0*u", 500 + (int) (i % 97), i);

      side_send (talk.side, body);
      g_string_append_printf (expected, "\0024%s\003", body);
    }
  link_fixture_settle (fixture);
  assert_true (ahoy_link_get_queued (talk.side->link) > 0); /* the kernel is full, and nothing spins */
  talk.peer->bite = 7777;
  for (guint i = 0; got->len < expected->len && i < 10000; i++)
    {
      g_autoptr (GString) part = tls_peer_read (talk.peer, NULL);

      g_string_append_len (got, part->str, (gssize) part->len);
      link_fixture_settle (fixture);
      partly += ahoy_link_get_queued (talk.side->link) > 0;
    }
  assert_true (partly > 100);
  assert_true (g_string_equal (got, expected));
  assert_int_equal (ahoy_link_get_queued (talk.side->link), 0);
  assert_int_equal (talk.side->link->bytes_out, expected->len);
}

static void
test_byte_by_byte (void **state)
{
  LinkFixture        *fixture = *state;
  g_auto (Talk)       talk = { 0 };
  g_autoptr (GString) got = g_string_new (NULL);

  talk_init (&talk, fixture, PEER_TLS_1_2);
  talk.peer->bite = 1;
  talk.side->deed = DO_ECHO;
  tls_peer_says (talk.peer, "\0023hello\003\0023world\003");
  assert_string_equal (talk.side->log->str, "3 hello;3 world;");
  for (guint i = 0; i < 1000 && got->len < 16; i++)
    {
      g_autoptr (GString) part = tls_peer_read (talk.peer, NULL);

      g_string_append (got, part->str);
    }
  assert_string_equal (got->str, "\0023hello\003\0023world\003");
}

static void
test_frames_across_records (void **state)
{
  static const char stream[] = "\0011k=v\0023hello\003\r\n\0023\003\0022bob,hi\nthere\003";
  LinkFixture      *fixture = *state;
  g_auto (Talk)     talk = { 0 };

  talk_init (&talk, fixture, PEER_TLS_1_3);
  for (gsize i = 0; i < sizeof stream - 1; i++)
    assert_int_equal (gnutls_record_send (talk.peer->session, stream + i, 1), 1);
  link_fixture_settle (fixture);
  assert_string_equal (talk.side->log->str, "3 hello;3 ;2 bob,hi\nthere;");
}

static void
test_megabytes_in (void **state)
{
  LinkFixture     *fixture = *state;
  g_auto (Talk)    talk = { 0 };
  g_autofree char *body = g_strnfill (AHOY_BODY_MAX - 8, 'y');
  g_autofree char *text = g_strdup_printf ("\0023%s\003", body);

  /* Full records: what is left of one and a whole read of others do not fit in one buffer by chance. */
  talk_init (&talk, fixture, PEER_TLS_1_3);
  for (guint i = 0; i < 200; i++)
    {
      const char *at = text;

      for (gsize left = strlen (text); left > 0;)
        {
          gssize sent = gnutls_record_send (talk.peer->session, at, left);

          if (sent == GNUTLS_E_AGAIN)
            {
              g_main_context_iteration (fixture->context, FALSE);
              continue;
            }
          assert_true (sent > 0);
          at += sent;
          left -= (gsize) sent;
        }
    }
  link_fixture_settle (fixture);
  assert_int_equal (talk.side->n_frames, 200);
  assert_int_equal (talk.side->n_faults, 0);
}

static void
test_bad_records (void **state)
{
  static const struct {
    const char *bytes;
    gsize       len;
  } bad[] = {
    { "\027\003\003\000\040forged forged forged forged forge", 37 },
    { "\027\003\003\377\377", 5 },
    { "\0023in clear\003", 12 },
    { "\024\003\003\000\001\001", 6 },
    { "\026\003\003\000\040forged forged forged forged forge", 37 },
  };
  static const char *const versions[] = { PEER_TLS_1_3, PEER_TLS_1_2 };
  LinkFixture             *fixture = *state;

  for (guint i = 0; i < G_N_ELEMENTS (bad) * G_N_ELEMENTS (versions); i++)
    {
      g_auto (Talk) talk = { 0 };

      /* What was good before it arrives. */
      talk_init (&talk, fixture, versions[i % 2]);
      put (&talk, "\0023one\003\0023two\003");
      peer_write (talk.side, bad[i / 2].bytes, bad[i / 2].len);
      link_fixture_settle (fixture);
      assert_string_equal (talk.side->log->str, "3 one;3 two;#cut;");
      assert_cut (&talk, AHOY_TLS_ERROR, AHOY_TLS_ERROR_RECORD);
    }
}

static void
test_cut (void **state)
{
  static const char *const versions[] = { PEER_TLS_1_3, PEER_TLS_1_2 };
  LinkFixture             *fixture = *state;

  for (guint i = 0; i < 4; i++)
    {
      g_auto (Talk) talk = { 0 };

      /* TCP ends, between records or in one, and nobody said that it would. */
      talk_init (&talk, fixture, versions[i % 2]);
      put (&talk, "\0023one\003");
      if (i >= 2)
        peer_write (talk.side, "\027\003\003\000\040half", 9);
      side_hang_up (talk.side);
      link_fixture_settle (fixture);
      assert_string_equal (talk.side->log->str, "3 one;#cut;");
      assert_cut (&talk, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
    }
}

static void
test_good_bye (void **state)
{
  static const char *const versions[] = { PEER_TLS_1_3, PEER_TLS_1_2 };
  LinkFixture             *fixture = *state;

  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_auto (Talk)       talk = { 0 };
      g_autoptr (GString) got = NULL;
      int                 last;

      /* In one read with frames, and TCP stays open: they are answered, and so is the good-bye. */
      talk_init (&talk, fixture, versions[i]);
      talk.side->deed = DO_ECHO;
      put (&talk, "\0023one\003");
      assert_int_equal (gnutls_bye (talk.peer->session, GNUTLS_SHUT_WR), 0);
      link_fixture_settle (fixture);
      assert_string_equal (talk.side->log->str, "3 one;#peer;");
      got = tls_peer_read (talk.peer, &last);
      assert_string_equal (got->str, "\0023one\003");
      assert_int_equal (last, 0);
      assert_peer_reads (talk.side, "", TRUE);
    }
}

static void
test_good_bye_in_a_frame (void **state)
{
  LinkFixture  *fixture = *state;
  g_auto (Talk) talk = { 0 };

  talk_init (&talk, fixture, PEER_TLS_1_3);
  put (&talk, "\0023one\003\0023tw");
  assert_int_equal (gnutls_bye (talk.peer->session, GNUTLS_SHUT_WR), 0);
  link_fixture_settle (fixture);
  assert_cut (&talk, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
}

static void
test_alert (void **state)
{
  LinkFixture  *fixture = *state;
  g_auto (Talk) talk = { 0 };

  talk_init (&talk, fixture, PEER_TLS_1_3);
  assert_int_equal (gnutls_alert_send (talk.peer->session, GNUTLS_AL_FATAL, GNUTLS_A_INTERNAL_ERROR), 0);
  link_fixture_settle (fixture);
  assert_cut (&talk, AHOY_TLS_ERROR, AHOY_TLS_ERROR_RECORD);
}

static void
test_no_renegotiation (void **state)
{
  LinkFixture  *fixture = *state;
  g_auto (Talk) talk = { 0 };
  g_auto (Talk) served = { 0 };
  char          buffer[16];

  /* A client that begins again. */
  talk_init (&talk, fixture, PEER_TLS_1_2);
  assert_int_equal (gnutls_handshake (talk.peer->session), GNUTLS_E_AGAIN);
  link_fixture_settle (fixture);
  assert_cut (&talk, AHOY_TLS_ERROR, AHOY_TLS_ERROR_RECORD);
  assert_int_equal (gnutls_handshake (talk.peer->session), GNUTLS_E_FATAL_ALERT_RECEIVED);
  assert_int_equal (gnutls_alert_get (talk.peer->session), GNUTLS_A_NO_RENEGOTIATION);

  /* A server that asks for it. */
  served.tls = test_tls_new (NULL);
  served.side = secure_side_new (fixture, served.tls);
  served.peer = tls_peer_new (served.side, GNUTLS_SERVER, PEER_TLS_1_2, PEER_P256);
  link_fixture_settle (fixture);
  assert_int_equal (tls_peer_shake (served.peer), 0);
  assert_int_equal (gnutls_rehandshake (served.peer->session), 0);
  link_fixture_settle (fixture);
  assert_cut (&served, AHOY_TLS_ERROR, AHOY_TLS_ERROR_RECORD);
  assert_true (gnutls_record_recv (served.peer->session, buffer, sizeof buffer) < 0);
}

static void
test_key_update (void **state)
{
  LinkFixture  *fixture = *state;
  g_auto (Talk) talk = { 0 };

  talk_init (&talk, fixture, PEER_TLS_1_3);
  talk.side->deed = DO_ECHO;
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (GString) got = NULL;

      /* In one read with what follows. */
      assert_int_equal (gnutls_session_key_update (talk.peer->session, i % 2 == 0 ? GNUTLS_KU_PEER : 0), 0);
      put (&talk, "\0023hello\003");
      link_fixture_settle (fixture);
      assert_int_equal (talk.side->n_frames, i + 1);
      got = tls_peer_read (talk.peer, NULL);
      assert_string_equal (got->str, "\0023hello\003");
    }
}

/* A server of another make sends tickets unasked, in front of what it has to say. */
static void
test_tickets (void **state)
{
  LinkFixture   *fixture = *state;
  gnutls_datum_t key = { NULL, 0 };
  g_auto (Talk)  talk = { 0 };

  talk.tls = test_tls_new (NULL);
  talk.side = secure_side_new (fixture, talk.tls);
  talk.peer = tls_peer_new (talk.side, GNUTLS_SERVER, PEER_TLS_1_3, PEER_P256);
  assert_int_equal (gnutls_session_ticket_key_generate (&key), 0);
  assert_int_equal (gnutls_session_ticket_enable_server (talk.peer->session, &key), 0);
  link_fixture_settle (fixture);
  assert_int_equal (tls_peer_shake (talk.peer), 0);
  assert_int_equal (gnutls_session_ticket_send (talk.peer->session, 2, 0), 0);
  put (&talk, "\0024welcome\003");
  link_fixture_settle (fixture);
  assert_string_equal (talk.side->log->str, "+secure;4 welcome;");
  gnutls_memset (key.data, 0, key.size);
  gnutls_free (key.data);
}

static void
test_key_updates_without_end (void **state)
{
  LinkFixture  *fixture = *state;
  g_auto (Talk) talk = { 0 };

  talk_init (&talk, fixture, PEER_TLS_1_3);
  for (guint i = 0; i < 1000 && talk.side->n_ended == 0; i++)
    {
      assert_int_equal (gnutls_session_key_update (talk.peer->session, GNUTLS_KU_PEER), 0);
      link_fixture_settle (fixture);
    }
  assert_cut (&talk, AHOY_TLS_ERROR, AHOY_TLS_ERROR_RECORD);
}

static void
test_pause_and_resume (void **state)
{
  LinkFixture  *fixture = *state;
  g_auto (Talk) talk = { 0 };

  /* All of it, and the good-bye, has been read from the socket: nothing will wake the link but its owner. */
  talk_init (&talk, fixture, PEER_TLS_1_3);
  talk.side->deed = DO_PAUSE;
  talk.side->deed_at_frame = 2;
  put (&talk, "\0023a\003\0023b\003\0023c\003\0023");
  put (&talk, "d\003");
  assert_int_equal (gnutls_bye (talk.peer->session, GNUTLS_SHUT_WR), 0);
  link_fixture_settle (fixture);
  assert_string_equal (talk.side->log->str, "3 a;3 b;");
  ahoy_link_set_reading (talk.side->link, TRUE);
  assert_string_equal (talk.side->log->str, "3 a;3 b;"); /* not from inside */
  link_fixture_settle (fixture);
  assert_string_equal (talk.side->log->str, "3 a;3 b;3 c;3 d;#peer;");
}

static void
test_paused_does_not_spin_when_the_peer_goes (void **state)
{
  LinkFixture  *fixture = *state;
  g_auto (Talk) talk = { 0 };

  talk_init (&talk, fixture, PEER_TLS_1_3);
  ahoy_link_set_reading (talk.side->link, FALSE);
  put (&talk, "\0023last words\003");
  side_hang_up (talk.side);
  link_fixture_settle (fixture); /* fails when something spins */
  assert_string_equal (talk.side->log->str, "");
  ahoy_link_set_reading (talk.side->link, TRUE);
  link_fixture_settle (fixture);
  assert_string_equal (talk.side->log->str, "3 last words;#cut;");
}

static void
test_overflow (void **state)
{
  LinkFixture       *fixture = *state;
  g_auto (Talk)      talk = { 0 };
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);

  talk_init (&talk, fixture, PEER_TLS_1_3);
  for (gsize i = 0; i < 2 * AHOY_LINK_QUEUE_MAX / AHOY_BODY_MAX && talk.side->n_ended == 0; i++)
    {
      ahoy_link_send (talk.side->link, frame);
      link_fixture_settle (fixture);
    }
  assert_string_equal (talk.side->log->str, "#overflow;");
  assert_int_equal (ahoy_link_get_queued (talk.side->link), 0);
}

/* The same side, but told when it is drained. */
static void
on_drained (AhoyLink *link,
            gpointer  data)
{
  Side *side = data;

  g_string_append (side->log, "~drained;");
}

static void
test_drained (void **state)
{
  LinkFixture       *fixture = *state;
  g_auto (Talk)      talk = { 0 };
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);
  AhoyLinkEvents     events = side_events;
  int                fd;

  events.on_drained = on_drained;
  talk.tls = test_tls_new (NULL);
  talk.side = side_new_on_pair (fixture, &fd);
  talk.side->link = ahoy_link_new_accepted (fixture->poll, fd, talk.tls, &events, talk.side, NULL);
  talk.peer = tls_peer_new (talk.side, GNUTLS_CLIENT, PEER_TLS_1_3, PEER_NOTHING);
  assert_int_equal (tls_peer_shake (talk.peer), 0);

  for (guint i = 0; i < 64; i++)
    ahoy_link_send (talk.side->link, frame);
  ahoy_link_notify_drained (talk.side->link);
  link_fixture_settle (fixture);
  assert_string_equal (talk.side->log->str, "+secure;");
  for (guint i = 0; i < 1000 && ahoy_link_get_queued (talk.side->link) > AHOY_LINK_LOW_WATER; i++)
    {
      g_string_free (tls_peer_read (talk.peer, NULL), TRUE);
      link_fixture_settle (fixture);
    }
  assert_string_equal (talk.side->log->str, "+secure;~drained;");
}

static void
test_close_outlives_its_owner (void **state)
{
  LinkFixture       *fixture = *state;
  g_auto (Talk)      talk = { 0 };
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);
  gsize              expected = 64 * g_bytes_get_size (frame);
  gsize              got = 0;
  int                last = GNUTLS_E_AGAIN;

  /* A megabyte: more than the socket holds. Then the good-bye, then the end of TCP. */
  talk_init (&talk, fixture, PEER_TLS_1_3);
  for (guint i = 0; i < 64; i++)
    ahoy_link_send (talk.side->link, frame);
  ahoy_link_close (talk.side->link);
  g_clear_pointer (&talk.side->link, ahoy_link_unref);
  for (guint i = 0; i < 1000 && last == GNUTLS_E_AGAIN; i++)
    {
      g_autoptr (GString) part = NULL;

      link_fixture_settle (fixture);
      part = tls_peer_read (talk.peer, &last);
      got += part->len;
    }
  assert_int_equal (got, expected);
  assert_int_equal (last, 0);
  assert_peer_reads (talk.side, "", TRUE);

  /* What the peer still says is thrown away, whatever it is. */
  put (&talk, "\0023hello?\003");
  peer_says (talk.side, "no TLS");
  link_fixture_settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 1);
  side_hang_up (talk.side);
  link_fixture_settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
  assert_string_equal (talk.side->log->str, "");
}

static void
test_close_without_anything_to_say (void **state)
{
  LinkFixture        *fixture = *state;
  g_auto (Talk)       talk = { 0 };
  g_autoptr (GString) got = NULL;
  int                 last;

  talk_init (&talk, fixture, PEER_TLS_1_3);
  ahoy_link_close (talk.side->link);
  link_fixture_settle (fixture);
  got = tls_peer_read (talk.peer, &last);
  assert_int_equal (got->len, 0);
  assert_int_equal (last, 0);
  side_hang_up (talk.side);
  link_fixture_settle (fixture);
}

static void
test_abort_is_no_good_bye (void **state)
{
  LinkFixture        *fixture = *state;
  g_auto (Talk)       talk = { 0 };
  g_autoptr (GString) got = NULL;
  int                 last;

  talk_init (&talk, fixture, PEER_TLS_1_3);
  ahoy_link_abort (talk.side->link);
  link_fixture_settle (fixture);
  got = tls_peer_read (talk.peer, &last);
  assert_int_equal (last, GNUTLS_E_PREMATURE_TERMINATION);
}

static void
test_write_to_a_peer_that_left (void **state)
{
  LinkFixture  *fixture = *state;
  g_auto (Talk) talk = { 0 };

  talk_init (&talk, fixture, PEER_TLS_1_3);
  put (&talk, "\0023one\003");
  side_hang_up (talk.side);
  for (guint i = 0; i < 4; i++)
    {
      side_send (talk.side, "too late");
      g_main_context_iteration (fixture->context, FALSE);
    }
  link_fixture_settle (fixture);
  assert_string_equal (talk.side->log->str, "3 one;#cut;");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    link_test (test_turn_is_gathered),
    link_test (test_small_records_asked_for),
    link_test (test_slow_peer_gets_everything_in_order),
    link_test (test_byte_by_byte),
    link_test (test_frames_across_records),
    link_test (test_megabytes_in),
    link_test (test_bad_records),
    link_test (test_cut),
    link_test (test_good_bye),
    link_test (test_good_bye_in_a_frame),
    link_test (test_alert),
    link_test (test_no_renegotiation),
    link_test (test_key_update),
    link_test (test_tickets),
    link_test (test_key_updates_without_end),
    link_test (test_pause_and_resume),
    link_test (test_paused_does_not_spin_when_the_peer_goes),
    link_test (test_overflow),
    link_test (test_drained),
    link_test (test_close_outlives_its_owner),
    link_test (test_close_without_anything_to_say),
    link_test (test_abort_is_no_good_bye),
    link_test (test_write_to_a_peer_that_left),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
