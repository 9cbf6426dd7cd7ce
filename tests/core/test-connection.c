/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One connection, to fake servers on loopback: what it tells, and what it finds out. The way over TLS is in test-client-trust.c. */

#include "core/connection/ahoy-connection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/connection/ahoy-race.h"
#include "support/fake-classic.h"
#include "support/fake-extended.h"
#include "support/test-loop.h"

#define WAIT_UNTIL_TOLD(f, text) assert_true (test_loop_until (NULL, is_told, &(Told){ (f), (text) }, TEST_LOOP_DEADLINE_MS))

typedef struct {
  AhoyConnectionTiming timing;
  AhoyConnection      *connection;
  FakeClassic         *classic;
  FakeExtended        *extended;
  AhoyTls             *tls;
  GString             *told; /* "up; ONLINE bob; down 3; " */
} Fixture;

/* ---- What it tells ---- */

static void
on_up (AhoyConnection *connection,
       const char     *host,
       guint16         port,
       const char     *id,
       gpointer        data)
{
  Fixture *f = data;

  g_string_append_printf (f->told, "up %s%s; ", host, id ? " secure" : "");
}

static void
on_packet (AhoyConnection   *connection,
           const AhoyPacket *packet,
           gpointer          data)
{
  Fixture *f = data;

  g_string_append_printf (f->told, "%s; ", packet->name ? packet->name : packet->text ? packet->text
                                                                                      : "?");
}

static void
on_no_tls (AhoyConnection *connection,
           gpointer        data)
{
  Fixture *f = data;

  g_string_append (f->told, "no tls; ");
}

static void
on_nowhere (AhoyConnection *connection,
            GPtrArray      *places,
            gpointer        data)
{
  Fixture             *f = data;
  const AhoyRacePlace *first = places->pdata[0];

  g_string_append_printf (f->told, "nowhere %u %s; ", places->len, first->connected ? "connected" : "silent");
}

static void
on_down (AhoyConnection *connection,
         AhoyFailure     reason,
         gpointer        data)
{
  Fixture *f = data;

  g_string_append_printf (f->told, "down %d; ", reason);
}

static const AhoyConnectionEvents events = {
  .on_up = on_up,
  .on_packet = on_packet,
  .on_no_tls = on_no_tls,
  .on_nowhere = on_nowhere,
  .on_down = on_down,
};

typedef struct {
  Fixture    *f;
  const char *text;
} Told;

static gboolean
is_told (gpointer data)
{
  Told *told = data;

  return strstr (told->f->told->str, told->text) != NULL;
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->timing = (AhoyConnectionTiming){ .connect = TEST_LOOP_DEADLINE_MS, .stagger = 20, .grace = TEST_LOOP_DEADLINE_MS, .log_in = TEST_LOOP_DEADLINE_MS };
  f->classic = fake_classic_new ();
  f->extended = fake_extended_new ();
  g_ptr_array_add (f->extended->roster, g_strdup ("bob"));
  f->told = g_string_new (NULL);
  f->tls = ahoy_tls_new (NULL, NULL);
  f->connection = ahoy_connection_new (&f->timing, &events, f);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoy_connection_free (f->connection);
  fake_classic_free (f->classic);
  fake_extended_free (f->extended);
  ahoy_tls_unref (f->tls);
  g_string_free (f->told, TRUE);
  g_free (f);
  return 0;
}

static void
dial (Fixture *f,
      guint16  port,
      AhoyWay  way)
{
  g_autoptr (AhoyServer) server = ahoy_server_new ("127.0.0.1", port);

  g_string_truncate (f->told, 0);
  ahoy_connection_open (f->connection, server, way, NULL, way == AHOY_WAY_PLAIN ? NULL : f->tls, NULL);
  assert_string_equal (f->told->str, ""); /* never from within */
  assert_true (ahoy_connection_is_dialing (f->connection));
  assert_true (ahoy_connection_get_dialing_since (f->connection) > 0);
}

static void
up (Fixture *f,
    guint16  port)
{
  dial (f, port, AHOY_WAY_PLAIN);
  WAIT_UNTIL_TOLD (f, "up 127.0.0.1; ");
  assert_true (ahoy_connection_is_open (f->connection));
  assert_false (ahoy_connection_is_dialing (f->connection));
  assert_int_equal (ahoy_connection_get_dialing_since (f->connection), 0);
  assert_false (ahoy_connection_is_logging_in (f->connection));
}

static void
log_in (Fixture    *f,
        const char *name,
        gboolean    extended)
{
  ahoy_connection_log_in (f->connection, &(AhoyPacket){ .kind = AHOY_PACKET_LOGIN, .name = name, .version = extended ? 2 : 0, .agent = extended ? "test" : NULL }, extended);
  assert_true (ahoy_connection_is_logging_in (f->connection));
}

static void
assert_nothing_more (Fixture *f)
{
  g_string_truncate (f->told, 0);
  assert_true (test_loop_settle (NULL));
  assert_string_equal (f->told->str, "");
}

/* ---- Tests ---- */

static void
a_classic_log_in (void **state)
{
  Fixture *f = *state;

  g_ptr_array_add (f->classic->roster, g_strdup ("bob"));
  up (f, f->classic->port);
  log_in (f, "alice", FALSE);
  WAIT_UNTIL_TOLD (f, "alice; ");
  assert_string_equal (f->told->str, "up 127.0.0.1; bob; alice; ");
  assert_false (ahoy_connection_is_extended (f->connection));
  assert_false (ahoy_connection_is_secure (f->connection));
  ahoy_connection_settle (f->connection);
  ahoy_connection_send (f->connection, &(AhoyPacket){ .kind = AHOY_PACKET_SAY, .text = "hi" });
  WAIT_UNTIL_TOLD (f, "alice: hi; ");
}

static void
an_extended_log_in (void **state)
{
  Fixture *f = *state;

  up (f, f->extended->port);
  log_in (f, "alice", TRUE);
  assert_false (ahoy_connection_is_extended (f->connection)); /* it is not answered */
  WAIT_UNTIL_TOLD (f, "alice; ");
  assert_true (ahoy_connection_is_extended (f->connection));
  ahoy_connection_settle (f->connection);
  ahoy_connection_close (f->connection);
  assert_false (ahoy_connection_is_open (f->connection));
  assert_false (ahoy_connection_is_extended (f->connection));
  assert_true (test_loop_until_count (NULL, &f->extended->n_frames, 2));
  assert_non_null (fake_extended_find (f->extended, "Q")); /* good-bye */
  assert_nothing_more (f);

  up (f, f->extended->port);
  assert_false (ahoy_connection_is_extended (f->connection)); /* the next one has to show it anew */
}

static void
a_server_that_is_only_classic (void **state)
{
  Fixture *f = *state;

  f->extended->classic = TRUE;
  up (f, f->extended->port);
  log_in (f, "alice", TRUE);
  WAIT_UNTIL_TOLD (f, "alice; ");
  assert_false (ahoy_connection_is_extended (f->connection));
}

static void
what_everybody_is_told_decides_nothing (void **state)
{
  Fixture *f = *state;

  f->extended->mute = TRUE;
  up (f, f->extended->port);
  log_in (f, "alice", TRUE);
  assert_true (test_loop_until_count (NULL, &f->extended->n_frames, 1));
  f->extended->mute = FALSE;
  fake_extended_send (f->extended, "4* Not so fast.");
  WAIT_UNTIL_TOLD (f, "Not so fast.; ");
  assert_false (ahoy_connection_is_extended (f->connection));
  fake_extended_send (f->extended, "NNow.");
  WAIT_UNTIL_TOLD (f, "Now.; ");
  assert_true (ahoy_connection_is_extended (f->connection));
}

static void
a_log_in_that_nobody_answers (void **state)
{
  Fixture *f = *state;

  f->classic->dumb = TRUE;
  f->timing.log_in = 1;
  up (f, f->classic->port);
  log_in (f, "alice", FALSE);
  WAIT_UNTIL_TOLD (f, "down 4; ");
  assert_int_equal (AHOY_FAILURE_TIMEOUT, 4);
  assert_true (ahoy_connection_is_open (f->connection)); /* it can still be asked */
  ahoy_connection_abort (f->connection);
  assert_false (ahoy_connection_is_open (f->connection));
  assert_nothing_more (f);
}

static void
a_log_in_that_is_answered_has_no_deadline (void **state)
{
  Fixture *f = *state;

  up (f, f->classic->port);
  log_in (f, "alice", FALSE);
  ahoy_connection_settle (f->connection);
  assert_false (ahoy_connection_is_logging_in (f->connection));
  ahoy_connection_expect (f->connection);
  assert_true (ahoy_connection_is_logging_in (f->connection));
}

static void
it_goes_down (void **state)
{
  Fixture *f = *state;

  up (f, f->classic->port);
  fake_classic_drop (f->classic);
  WAIT_UNTIL_TOLD (f, "down 3; ");
  assert_int_equal (AHOY_FAILURE_CLOSED, 3);

  up (f, f->classic->port);
  fake_classic_send_bytes (f->classic, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
  WAIT_UNTIL_TOLD (f, "down 2; ");
  assert_int_equal (AHOY_FAILURE_NOT_AHOY, 2);
}

static void
nobody_is_there (void **state)
{
  Fixture *f = *state;

  fake_classic_stop (f->classic);
  dial (f, f->classic->port, AHOY_WAY_PLAIN);
  WAIT_UNTIL_TOLD (f, "nowhere 1 silent; ");
  assert_false (ahoy_connection_is_dialing (f->connection));
}

static void
it_knows_no_tls (void **state)
{
  Fixture *f = *state;

  dial (f, f->extended->port, AHOY_WAY_EITHER);
  WAIT_UNTIL_TOLD (f, "no tls; ");
  assert_int_equal (ahoy_connection_get_hint (f->connection), AHOY_WAY_PLAIN);
  assert_false (ahoy_connection_is_dialing (f->connection)); /* by itself it does nothing */

  dial (f, f->extended->port, AHOY_WAY_SECURE);
  WAIT_UNTIL_TOLD (f, "nowhere 1 connected; ");
  ahoy_connection_forget (f->connection);
  assert_int_equal (ahoy_connection_get_hint (f->connection), AHOY_WAY_UNKNOWN);
}

static void
an_attempt_that_is_aborted_tells_nothing (void **state)
{
  Fixture *f = *state;

  dial (f, f->classic->port, AHOY_WAY_PLAIN);
  ahoy_connection_abort (f->connection);
  assert_false (ahoy_connection_is_dialing (f->connection));
  assert_nothing_more (f);

  /* Nor does one in whose place another one is dialed. */
  dial (f, f->extended->port, AHOY_WAY_EITHER);
  up (f, f->classic->port);
  assert_string_equal (f->told->str, "up 127.0.0.1; ");
}

/* Its charset is found out on one connection, and spoken from the log-in of the next one on. */
static void
a_server_with_a_charset_of_its_own (void **state)
{
  static const char *const name = "\xe5\xb0\x8f\xe6\x98\x8e"; /* 小明: six bytes in UTF-8, four in GB18030 */
  Fixture                 *f = *state;

  f->classic->charset = "GB18030";
  g_ptr_array_add (f->classic->roster, g_strdup ("\xe5\xa4\xa7\xe5\xa4\xa7"));
  up (f, f->classic->port);
  assert_int_equal (ahoy_connection_measure (f->connection, name), 6);
  log_in (f, name, FALSE);
  WAIT_UNTIL_TOLD (f, "\xe5\xa4\xa7\xe5\xa4\xa7; ");
  assert_true (ahoy_connection_learn_charset (f->connection));               /* nobody else can read the name we gave */
  assert_false (ahoy_connection_learn_charset (f->connection));              /* that is known now */
  assert_int_equal (ahoy_connection_measure (f->connection, "\xc3\xb1"), 4); /* ñ: two bytes in UTF-8, four in GB18030 */
  assert_int_equal (ahoy_connection_measure (f->connection, name), 6);

  up (f, f->classic->port);
  log_in (f, name, FALSE);
  assert_true (test_loop_until_count (NULL, &f->classic->n_frames, 2));
  assert_string_equal (f->classic->received->pdata[1], "1\xd0\xa1\xc3\xf7");
  assert_false (ahoy_connection_learn_charset (f->connection));

  /* Another server begins anew. */
  ahoy_connection_forget (f->connection);
  up (f, f->classic->port);
  log_in (f, name, FALSE);
  assert_true (test_loop_until_count (NULL, &f->classic->n_frames, 3));
  assert_true (g_str_has_suffix (f->classic->received->pdata[2], name));
}

#define CONNECTION_TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CONNECTION_TEST (a_classic_log_in),
    CONNECTION_TEST (an_extended_log_in),
    CONNECTION_TEST (a_server_that_is_only_classic),
    CONNECTION_TEST (what_everybody_is_told_decides_nothing),
    CONNECTION_TEST (a_log_in_that_nobody_answers),
    CONNECTION_TEST (a_log_in_that_is_answered_has_no_deadline),
    CONNECTION_TEST (it_goes_down),
    CONNECTION_TEST (nobody_is_there),
    CONNECTION_TEST (it_knows_no_tls),
    CONNECTION_TEST (an_attempt_that_is_aborted_tells_nothing),
    CONNECTION_TEST (a_server_with_a_charset_of_its_own),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
