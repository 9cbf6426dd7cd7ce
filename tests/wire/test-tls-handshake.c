/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoy-link against a peer that is plain GnuTLS, or less: handshakes that succeed and those that must not. */

#include "wire/ahoy-tls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "support/link-side.h"
#include "support/test-loop.h"
#include "support/tls-peer.h"
#include "wire/ahoy-limits.h"

/* Of a handshake, where it is meant to pass. */
#define DEADLINE_MS 100

#define assert_ended(side, domain, code)                 \
  do                                                     \
    {                                                    \
      assert_int_equal ((side)->n_ended, 1);             \
      assert_int_equal ((side)->end, AHOY_LINK_END_CUT); \
      assert_int_equal ((side)->error_domain, domain);   \
      assert_int_equal ((side)->error_code, code);       \
    }                                                    \
  while (0)

static void
test_any_certificate (void **state)
{
  static const PeerKey     keys[] = { PEER_NOTHING, PEER_P256, PEER_P384, PEER_ED25519, PEER_RSA_2048, PEER_EXPIRED };
  static const char *const versions[] = { PEER_TLS_1_3, PEER_TLS_1_2 };
  LinkFixture             *fixture = *state;
  g_autoptr (AhoyTls)      tls = test_tls_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (keys) * G_N_ELEMENTS (versions); i++)
    {
      g_autoptr (Side)    side = secure_side_new_accepted (fixture, tls);
      g_autoptr (TlsPeer) peer = tls_peer_new (side, GNUTLS_CLIENT, versions[i % 2], keys[i / 2]);
      g_autoptr (GString) got = NULL;

      side->deed = DO_ECHO;
      assert_int_equal (tls_peer_shake (peer), 0);
      tls_peer_says (peer, "\0023hello\003");
      assert_string_equal (side->log->str, "+secure;3 hello;");
      got = tls_peer_read (peer, NULL);
      assert_string_equal (got->str, "\0023hello\003");
      if (peer->fingerprint == NULL)
        assert_null (ahoy_link_get_peer_fingerprint (side->link));
      else
        assert_string_equal (ahoy_link_get_peer_fingerprint (side->link), peer->fingerprint);
    }
}

static void
test_any_server (void **state)
{
  static const PeerKey     keys[] = { PEER_P256, PEER_P384, PEER_ED25519, PEER_RSA_2048, PEER_EXPIRED };
  static const char *const versions[] = { PEER_TLS_1_3, PEER_TLS_1_2 };
  LinkFixture             *fixture = *state;
  g_autoptr (AhoyTls)      tls = test_tls_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (keys) * G_N_ELEMENTS (versions); i++)
    {
      g_autoptr (Side)    side = secure_side_new (fixture, tls);
      g_autoptr (TlsPeer) peer = tls_peer_new (side, GNUTLS_SERVER, versions[i % 2], keys[i / 2]);
      g_autoptr (GString) got = NULL;

      side_send (side, "hello");
      link_fixture_settle (fixture);
      assert_int_equal (tls_peer_shake (peer), 0);
      tls_peer_says (peer, "\0024welcome\003");
      assert_string_equal (side->log->str, "+secure;4 welcome;");
      got = tls_peer_read (peer, NULL);
      assert_string_equal (got->str, "\0024hello\003");
      assert_string_equal (ahoy_link_get_peer_fingerprint (side->link), peer->fingerprint);
    }
}

static void
test_byte_by_byte (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) tls = test_tls_new (NULL);
  g_autoptr (Side)    side = secure_side_new_accepted (fixture, tls);
  g_autoptr (TlsPeer) peer = tls_peer_new (side, GNUTLS_CLIENT, PEER_TLS_1_3, PEER_P256);

  peer->bite = 1;
  assert_int_equal (tls_peer_shake (peer), 0);
  tls_peer_says (peer, "\0023hello\003");
  assert_string_equal (side->log->str, "+secure;3 hello;");
}

static void
test_versions_and_suites_refused (void **state)
{
  static const char *const priorities[] = {
    "NORMAL:-VERS-ALL:+VERS-TLS1.0:%COMPAT",
    "NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT",
    "NONE:+VERS-TLS1.2:+ECDHE-ECDSA:+AES-128-CBC:+SHA1:+SHA256:+SIGN-ALL:+GROUP-ALL:+COMP-NULL",
    "NONE:+VERS-TLS1.2:+RSA:+AES-128-GCM:+AEAD:+SIGN-ALL:+GROUP-ALL:+COMP-NULL",
  };
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) tls = test_tls_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    {
      g_autoptr (Side)    side = secure_side_new_accepted (fixture, tls);
      g_autoptr (TlsPeer) peer = tls_peer_new (side, GNUTLS_CLIENT, priorities[i], PEER_P256);

      side_send (side, "secret");
      assert_int_equal (tls_peer_shake (peer), GNUTLS_E_FATAL_ALERT_RECEIVED); /* it is told */
      assert_ended (side, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE);
      assert_null (g_strstr_len ((char *) peer->heard->data, peer->heard->len, "secret"));
    }
}

static void
test_servers_refused (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) tls = test_tls_new (NULL);
  g_autoptr (Side)    side = secure_side_new (fixture, tls);
  g_autoptr (TlsPeer) peer = tls_peer_new (side, GNUTLS_SERVER, "NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT", PEER_P256);
  int                 code;

  side_send (side, "secret");
  link_fixture_settle (fixture);
  code = tls_peer_shake (peer);
  assert_true (code < 0);
  assert_true (gnutls_alert_send_appropriate (peer->session, code) >= 0);
  link_fixture_settle (fixture);
  assert_ended (side, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE);
}

/* A signature of nonsense is refused in any case, but an RSA key with a huge exponent is before it is checked. */
static void
test_keys_made_to_be_dear (void **state)
{
  static const char *const versions[] = { PEER_TLS_1_3, PEER_TLS_1_2 };
  LinkFixture             *fixture = *state;
  g_autoptr (AhoyTls)      tls = test_tls_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_autoptr (Side)    side = secure_side_new_accepted (fixture, tls);
      g_autoptr (Side)    dear = secure_side_new_accepted (fixture, tls);
      g_autoptr (TlsPeer) peer = tls_peer_new (side, GNUTLS_CLIENT, versions[i], PEER_BARE_RSA);
      g_autoptr (TlsPeer) dear_peer = tls_peer_new (dear, GNUTLS_CLIENT, versions[i], PEER_DEAR_RSA);

      tls_peer_shake (peer);
      tls_peer_shake (dear_peer);
      assert_ended (side, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE);
      assert_ended (dear, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE);
      /* Which of the two it was is in the sentence. */
      assert_non_null (strstr (dear->error_message, gnutls_strerror (GNUTLS_E_CERTIFICATE_ERROR)));
      assert_null (strstr (side->error_message, gnutls_strerror (GNUTLS_E_CERTIFICATE_ERROR)));
    }
}

static void
test_certificates_made_to_be_dear (void **state)
{
  static const PeerKey     keys[] = { PEER_LARGE, PEER_CHAIN };
  static const char *const versions[] = { PEER_TLS_1_3, PEER_TLS_1_2 };
  LinkFixture             *fixture = *state;
  g_autoptr (AhoyTls)      tls = test_tls_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (keys) * G_N_ELEMENTS (versions); i++)
    {
      g_autoptr (Side)    server = secure_side_new_accepted (fixture, tls);
      g_autoptr (Side)    client = secure_side_new (fixture, tls);
      g_autoptr (TlsPeer) peer = tls_peer_new (server, GNUTLS_CLIENT, versions[i % 2], keys[i / 2]);
      g_autoptr (TlsPeer) server_peer = tls_peer_new (client, GNUTLS_SERVER, versions[i % 2], keys[i / 2]);

      link_fixture_settle (fixture);
      tls_peer_shake (peer);
      tls_peer_shake (server_peer);
      assert_ended (server, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE);
      assert_ended (client, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE);
      assert_non_null (strstr (server->error_message, gnutls_strerror (GNUTLS_E_CERTIFICATE_ERROR)));
      assert_non_null (strstr (client->error_message, gnutls_strerror (GNUTLS_E_CERTIFICATE_ERROR)));
    }
}

static void
test_plain_server (void **state)
{
  static const char *const answers[] = { "\0024* not understood\003", "220 mail.example ESMTP\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n" };
  LinkFixture             *fixture = *state;
  g_autoptr (AhoyTls)      tls = test_tls_new (NULL);

  for (guint i = 0; i <= G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (Side) side = secure_side_new (fixture, tls);

      side_send (side, "secret");
      link_fixture_settle (fixture);
      if (i < G_N_ELEMENTS (answers))
        peer_says (side, answers[i]);
      else
        side_hang_up (side);
      link_fixture_settle (fixture);
      assert_ended (side, AHOY_TLS_ERROR, i < G_N_ELEMENTS (answers) ? AHOY_TLS_ERROR_NOT_TLS : AHOY_TLS_ERROR_HUNG_UP);
      assert_string_equal (side->log->str, "#cut;");
    }
}

static void
test_refused_or_cut_is_not_plain (void **state)
{
  static const char   alert[] = { 21, 3, 3, 0, 2, 2, 40 };
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) tls = test_tls_new (NULL);
  g_autoptr (Side)    refused = secure_side_new (fixture, tls);
  g_autoptr (Side)    cut = secure_side_new (fixture, tls);

  link_fixture_settle (fixture);
  peer_write (refused, alert, sizeof alert);
  peer_write (cut, "\026\003\003", 3);
  side_hang_up (cut);
  link_fixture_settle (fixture);
  assert_ended (refused, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE);
  assert_ended (cut, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

static void
test_garbage_after_the_first_byte (void **state)
{
  static const struct {
    const char *bytes;
    gsize       len;
  } garbage[] = {
    { "\026garbage that goes on for a while", 33 },
    { "\026\003\001\377\377", 5 },                      /* a record larger than there are */
    { "\026\003\003\000\004\024\000\000\000", 9 },      /* Finished, to begin with */
    { "\026\003\001\000\005\001\000\000\001\000", 10 }, /* a hello with nothing in it */
  };
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) tls = test_tls_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (garbage); i++)
    {
      g_autoptr (Side) side = secure_side_new_accepted (fixture, tls);

      peer_write (side, garbage[i].bytes, garbage[i].len);
      link_fixture_settle (fixture);
      assert_ended (side, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE);
    }
}

/* A hello that announces more than is allowed, and goes on and on. */
static void
test_hello_too_long (void **state)
{
  static const char *const begins[] = { "\026\003\001\000\004\001\377\377\377", "\026\003\001\000\004\001\000\100\001" };
  static const char        piece[5 + 1024] = { 22, 3, 1, 4, 0 };
  LinkFixture             *fixture = *state;
  g_autoptr (AhoyTls)      tls = test_tls_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (begins); i++)
    {
      g_autoptr (Side) side = secure_side_new_accepted (fixture, tls);
      guint            n = 0;

      peer_write (side, begins[i], 9);
      link_fixture_settle (fixture);
      for (; side->n_ended == 0 && n < 64; n++)
        {
          peer_write (side, piece, sizeof piece);
          link_fixture_settle (fixture);
        }
      assert_ended (side, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE);
      assert_true (n <= AHOY_TLS_HANDSHAKE_MAX / 1024 + 1);
    }
}

/* Records that say nothing, for ever. */
static void
test_endless_handshake (void **state)
{
  static const char   nothing[] = { 22, 3, 1, 0, 0 };
  static const char   warning[] = { 21, 3, 3, 0, 2, 1, 90 };
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) tls = test_tls_new (NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (Side) side = secure_side_new_accepted (fixture, tls);
      guint            n = 0;

      peer_write (side, nothing, sizeof nothing);
      while (side->n_ended == 0 && n++ < 100000)
        {
          peer_write (side, i == 0 ? nothing : warning, i == 0 ? sizeof nothing : sizeof warning);
          link_fixture_settle (fixture);
        }
      assert_ended (side, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE);
    }
}

/* What the fixture replaces, here and elsewhere. */
static void
test_limits_of_time (void **state)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  AhoyPoll                *poll = ahoy_poll_new (context, NULL);
  const AhoyLinkShared    *shared = ahoy_link_shared_of (poll);

  assert_int_equal (shared->shaking.span_ms, AHOY_TLS_HANDSHAKE_MS);
  assert_int_equal (shared->closing.span_ms, AHOY_LINK_LINGER_MS);
  assert_int_equal (shared->silence, AHOY_TLS_SILENCE_MS * G_TIME_SPAN_MILLISECOND);
  assert_int_equal (shared->shake_budget, AHOY_TLS_HANDSHAKE_BUDGET_MS * G_TIME_SPAN_MILLISECOND);
  ahoy_poll_unref (poll);
}

static void
test_deadline (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) tls = test_tls_new (NULL);
  g_autoptr (Side)    client = NULL;
  g_autoptr (Side)    begun = secure_side_new_accepted (fixture, tls);
  g_autoptr (Side)    half = secure_side_new_accepted (fixture, tls);
  g_autoptr (Side)    silent = secure_side_new_accepted (fixture, tls);
  g_autoptr (TlsPeer) peer = tls_peer_new (half, GNUTLS_CLIENT, PEER_TLS_1_3, PEER_P256);
  gint64              begin = g_get_monotonic_time ();

  link_fixture_set_patience (fixture, DEADLINE_MS, DEADLINE_MS, DEADLINE_MS);
  client = secure_side_new (fixture, tls);

  /* A server that never answers, a client that stops after one byte, one that stops after its hello. */
  half->deed_on_ended = DO_UNREF;
  peer_says (begun, "\026");
  assert_int_equal (tls_peer_step (peer), GNUTLS_E_AGAIN);
  assert_true (test_loop_until_count (fixture->context, &client->n_ended, 1));
  assert_true (test_loop_until_count (fixture->context, &begun->n_ended, 1));
  assert_true (test_loop_until_count (fixture->context, &half->n_ended, 1));
  assert_true (g_get_monotonic_time () - begin >= DEADLINE_MS * G_TIME_SPAN_MILLISECOND);
  assert_ended (client, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_ended (begun, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_ended (half, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  /* Who has not begun is not late. */
  assert_true (ahoy_link_is_open (silent->link));
}

static void
test_many_handshakes_leave_time (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) tls = test_tls_new (NULL);
  g_autoptr (Side)    quiet = side_new (fixture);
  enum {
    N = 60
  };
  Side    *sides[N];
  TlsPeer *peers[N];
  guint    n_begun = 0;
  guint    n_secured = 0;

  for (guint i = 0; i < N; i++)
    {
      sides[i] = secure_side_new_accepted (fixture, tls);
      peers[i] = tls_peer_new (sides[i], GNUTLS_CLIENT, PEER_TLS_1_3, PEER_NOTHING);
      assert_int_equal (gnutls_handshake (peers[i]->session), GNUTLS_E_AGAIN);
    }
  /* Each answer costs a signature: in one turn there is time for so many, here for one. Whoever has only a word to say is heard at once. */
  fixture->shared->shake_budget = 1;
  peer_says (quiet, "\0023psst\003");
  g_main_context_iteration (fixture->context, FALSE);
  assert_int_equal (quiet->n_frames, 1);
  for (guint n_turns = 1; n_begun < N; n_turns++)
    {
      n_begun = 0;
      for (guint i = 0; i < N; i++)
        n_begun += recv (sides[i]->fd, &(char){ 0 }, 1, MSG_PEEK) == 1;
      assert_int_equal (n_begun, n_turns);
      g_main_context_iteration (fixture->context, FALSE);
    }
  for (guint i = 0; i < N; i++)
    {
      assert_int_equal (tls_peer_shake (peers[i]), 0);
      n_secured += sides[i]->n_secured;
      tls_peer_free (peers[i]);
      side_free (sides[i]);
    }
  assert_int_equal (n_secured, N);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    link_test (test_any_certificate),
    link_test (test_any_server),
    link_test (test_byte_by_byte),
    link_test (test_versions_and_suites_refused),
    link_test (test_servers_refused),
    link_test (test_keys_made_to_be_dear),
    link_test (test_certificates_made_to_be_dear),
    link_test (test_plain_server),
    link_test (test_refused_or_cut_is_not_plain),
    link_test (test_garbage_after_the_first_byte),
    link_test (test_hello_too_long),
    link_test (test_endless_handshake),
    cmocka_unit_test (test_limits_of_time),
    link_test (test_deadline),
    link_test (test_many_handshakes_leave_time),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
