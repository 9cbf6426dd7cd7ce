/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What counts as sent, by the clock. The clients' tests see the outbox at work; these see its edges. */

#include "core/chat/ahoy-message-private.h"
#include "core/dialect/ahoy-outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MS G_TIME_SPAN_MILLISECOND

typedef struct {
  AhoyOutbox *outbox;
  GString    *settled; /* "one sent, two failed, " */
  gint64      now;
} Fixture;

static void
on_settled (AhoyMessage     *message,
            AhoyMessageState state,
            gpointer         data)
{
  Fixture *f = data;

  g_string_append_printf (f->settled, "%s %s, ", ahoy_message_get_text (message), state == AHOY_MESSAGE_SENT ? "sent" : "failed");
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->outbox = ahoy_outbox_new (2000, 500, on_settled, f);
  f->settled = g_string_new (NULL);
  f->now = G_USEC_PER_SEC;
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoy_outbox_free (f->outbox);
  g_string_free (f->settled, TRUE);
  g_free (f);
  return 0;
}

/* @to: NULL for everyone. */
static void
add (Fixture    *f,
     const char *to,
     const char *text)
{
  const AhoyTarget        target = to ? ahoy_target_person (to) : ahoy_target_room (AHOY_ROOM_EVERYONE);
  g_autoptr (AhoyMessage) message = ahoy_message_new_chat ("alice", target, text, 0, 0, AHOY_MESSAGE_OWN);

  ahoy_outbox_add (f->outbox, message);
}

static void
write_all (Fixture *f)
{
  while (ahoy_outbox_peek (f->outbox))
    ahoy_outbox_written (f->outbox, f->now);
}

static gboolean
hear (Fixture            *f,
      AhoyClassicLineKind kind,
      const char         *to,
      const char         *text)
{
  const AhoyClassicLine line = { kind, (char *) "alice", (char *) to, (char *) text };

  return ahoy_outbox_take_echo (f->outbox, &line, kind != AHOY_CLASSIC_LINE_PLAIN, "alice", f->now);
}

static gboolean
hear_say (Fixture    *f,
          const char *text)
{
  return hear (f, AHOY_CLASSIC_LINE_SAY, NULL, text);
}

static void
goes_out_in_order (void **state)
{
  Fixture *f = *state;

  assert_null (ahoy_outbox_peek (f->outbox));
  add (f, NULL, "one");
  add (f, "bob", "two");
  assert_string_equal (ahoy_message_get_text (ahoy_outbox_peek (f->outbox)), "one");
  ahoy_outbox_written (f->outbox, f->now);
  assert_string_equal (ahoy_message_get_text (ahoy_outbox_peek (f->outbox)), "two");
  ahoy_outbox_written (f->outbox, f->now);
  assert_null (ahoy_outbox_peek (f->outbox));
  add (f, NULL, "three");
  assert_string_equal (ahoy_message_get_text (ahoy_outbox_peek (f->outbox)), "three");
  assert_int_equal (ahoy_outbox_get_n_waiting (f->outbox), 3);
}

static void
what_is_not_written_has_no_echo (void **state)
{
  Fixture *f = *state;

  add (f, NULL, "one");
  assert_false (hear_say (f, "one"));
  assert_int_equal (ahoy_outbox_judge (f->outbox, TRUE, f->now + 10000 * MS), 0);
  assert_int_equal (ahoy_outbox_get_n_waiting (f->outbox), 1);
}

static void
an_echo_has_two_seconds (void **state)
{
  Fixture *f = *state;

  add (f, NULL, "one");
  write_all (f);
  assert_int_equal (ahoy_outbox_judge (f->outbox, TRUE, f->now + 1999 * MS), f->now + 2000 * MS);
  assert_string_equal (f->settled->str, "");
  assert_int_equal (ahoy_outbox_judge (f->outbox, TRUE, f->now + 2000 * MS), 0);
  assert_string_equal (f->settled->str, "one sent, ");
}

static void
others_who_speak_make_it_half_a_second (void **state)
{
  Fixture *f = *state;

  ahoy_outbox_heard (f->outbox, f->now); /* before: tells nothing */
  add (f, NULL, "one");
  write_all (f);
  assert_int_equal (ahoy_outbox_judge (f->outbox, TRUE, f->now + 600 * MS), f->now + 2000 * MS);
  ahoy_outbox_heard (f->outbox, f->now + 100 * MS);
  assert_int_equal (ahoy_outbox_judge (f->outbox, TRUE, f->now + 499 * MS), f->now + 500 * MS);
  assert_int_equal (ahoy_outbox_judge (f->outbox, TRUE, f->now + 500 * MS), 0);
  assert_string_equal (f->settled->str, "one sent, ");
}

static void
written_is_what_the_kernel_has (void **state)
{
  Fixture *f = *state;
  gint64   again;

  add (f, NULL, "one");
  write_all (f);
  again = ahoy_outbox_judge (f->outbox, FALSE, f->now + 3000 * MS);
  assert_true (again > f->now + 3000 * MS && again < f->now + 3200 * MS);
  assert_string_equal (f->settled->str, "");
  ahoy_outbox_lost (f->outbox, FALSE); /* it may never have left */
  assert_string_equal (f->settled->str, "");
  assert_string_equal (ahoy_message_get_text (ahoy_outbox_peek (f->outbox)), "one");
}

static void
a_server_that_echoes_is_waited_for (void **state)
{
  Fixture *f = *state;

  add (f, NULL, "one");
  add (f, NULL, "two");
  write_all (f);
  assert_true (hear_say (f, "one"));
  assert_int_equal (ahoy_outbox_judge (f->outbox, TRUE, f->now + 60000 * MS), 0);
  assert_string_equal (f->settled->str, "one sent, ");
  ahoy_outbox_lost (f->outbox, TRUE);
  assert_string_equal (f->settled->str, "one sent, ");
  assert_string_equal (ahoy_message_get_text (ahoy_outbox_peek (f->outbox)), "two");
  /* What one server does, another need not: it is learnt anew. */
  write_all (f);
  assert_int_equal (ahoy_outbox_judge (f->outbox, TRUE, f->now + 2000 * MS), 0);
  assert_string_equal (f->settled->str, "one sent, two sent, ");
}

static void
lost_before_it_is_known_is_written_again (void **state)
{
  Fixture *f = *state;

  add (f, NULL, "one");
  write_all (f);
  add (f, NULL, "two");
  ahoy_outbox_lost (f->outbox, TRUE);
  assert_string_equal (ahoy_message_get_text (ahoy_outbox_peek (f->outbox)), "one");
  assert_int_equal (ahoy_outbox_get_n_waiting (f->outbox), 2);
}

static void
late_echoes_of_equal_words_settle_the_older (void **state)
{
  Fixture *f = *state;

  add (f, NULL, "ok");
  write_all (f);
  ahoy_outbox_judge (f->outbox, TRUE, f->now + 2000 * MS);
  add (f, NULL, "ok");
  write_all (f);
  assert_true (hear_say (f, "ok"));
  assert_int_equal (ahoy_outbox_get_n_waiting (f->outbox), 1);
  assert_true (hear_say (f, "ok"));
  assert_int_equal (ahoy_outbox_get_n_waiting (f->outbox), 0);
  assert_false (hear_say (f, "ok"));
  assert_string_equal (f->settled->str, "ok sent, ok sent, ok sent, ");
}

static void
bare_words_are_ours_only_for_a_while (void **state)
{
  Fixture *f = *state;

  add (f, NULL, "ok");
  write_all (f);
  ahoy_outbox_judge (f->outbox, TRUE, f->now + 2000 * MS);
  f->now += 10 * G_USEC_PER_SEC;
  assert_false (hear (f, AHOY_CLASSIC_LINE_PLAIN, NULL, "ok"));
  assert_true (hear (f, AHOY_CLASSIC_LINE_PLAIN, NULL, "~alice~ ok"));
}

static void
not_everything_late_is_remembered (void **state)
{
  Fixture *f = *state;

  for (int i = 0; i < 100; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %d.", i);

      add (f, NULL, text);
    }
  write_all (f);
  ahoy_outbox_judge (f->outbox, TRUE, f->now + 2000 * MS);
  assert_int_equal (ahoy_outbox_get_n_waiting (f->outbox), 0);
  assert_false (hear_say (f, "number 0."));
  assert_true (hear_say (f, "number 99."));
}

static void
refused_words_are_over (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *whisper;

  add (f, "bob", "psst");
  whisper = ahoy_outbox_peek (f->outbox);
  ahoy_outbox_refused (f->outbox, whisper); /* it was not even said */
  assert_string_equal (f->settled->str, "");
  write_all (f);
  ahoy_outbox_refused (f->outbox, whisper);
  assert_string_equal (f->settled->str, "psst failed, ");
  add (f, "bob", "psst");
  write_all (f);
  assert_true (hear (f, AHOY_CLASSIC_LINE_WHISPER, "BOB", "psst"));
  assert_string_equal (f->settled->str, "psst failed, psst sent, ");
}

static void
cleared_it_says_nothing (void **state)
{
  Fixture *f = *state;

  add (f, NULL, "one");
  write_all (f);
  add (f, NULL, "two");
  ahoy_outbox_clear (f->outbox);
  assert_null (ahoy_outbox_peek (f->outbox));
  assert_int_equal (ahoy_outbox_get_n_waiting (f->outbox), 0);
  assert_false (hear_say (f, "one"));
  assert_string_equal (f->settled->str, "");
}

int
main (void)
{
#define OUTBOX_TEST(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    OUTBOX_TEST (goes_out_in_order),
    OUTBOX_TEST (what_is_not_written_has_no_echo),
    OUTBOX_TEST (an_echo_has_two_seconds),
    OUTBOX_TEST (others_who_speak_make_it_half_a_second),
    OUTBOX_TEST (written_is_what_the_kernel_has),
    OUTBOX_TEST (a_server_that_echoes_is_waited_for),
    OUTBOX_TEST (lost_before_it_is_known_is_written_again),
    OUTBOX_TEST (late_echoes_of_equal_words_settle_the_older),
    OUTBOX_TEST (bare_words_are_ours_only_for_a_while),
    OUTBOX_TEST (not_everything_late_is_remembered),
    OUTBOX_TEST (refused_words_are_over),
    OUTBOX_TEST (cleared_it_says_nothing),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
