/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Chat lines for people: written as ours, read from anybody's server. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "wire/ahoy-classic-text.h"
#include "wire/ahoy-classic.h"
#include "wire/ahoy-limits.h"

#define SAY AHOY_CLASSIC_LINE_SAY
#define WHISPER AHOY_CLASSIC_LINE_WHISPER
#define NOTICE AHOY_CLASSIC_LINE_NOTICE
#define PLAIN AHOY_CLASSIC_LINE_PLAIN

/* @data: the names of those online, NULL-terminated. */
static gboolean
is_online (const char *name,
           gpointer    data)
{
  return g_strv_contains (data, name);
}

/* The line as our servers write it. */
static char *
format_line (AhoyClassicLineKind kind,
             const char         *from,
             const char         *to,
             const char         *text)
{
  g_autofree char *prefix = ahoy_classic_line_prefix (kind, from, to);
  g_autofree char *marked = ahoy_classic_text (text);

  assert_non_null (prefix);
  assert_non_null (marked);
  return g_strconcat (prefix, marked, NULL);
}

static void
test_written (void **state)
{
  static const struct {
    AhoyClassicLineKind kind;
    const char         *from;
    const char         *to;
    const char         *text;
    const char         *line;
  } cases[] = {
    { SAY, "alice", NULL, "hello", "alice: hello" },
    { SAY, "alice", NULL, "", "alice: " },
    { SAY, "艾丽丝", NULL, "a\nb", "艾丽丝: a\n  | b" },
    { WHISPER, "alice", "bob", "hello", "[whisper] alice to bob: hello" },
    { NOTICE, NULL, NULL, "The server stops.", "* The server stops." },
    { PLAIN, NULL, NULL, "as it is", "as it is" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = format_line (cases[i].kind, cases[i].from, cases[i].to, cases[i].text);
      g_autofree char *prefix = ahoy_classic_line_prefix (cases[i].kind, cases[i].from, cases[i].to);
      g_autofree char *text = ahoy_classic_text (cases[i].text);
      g_autofree char *joined = g_strconcat (prefix, text, NULL);

      assert_string_equal (line, cases[i].line);
      assert_string_equal (joined, cases[i].line);
    }
}

static void
test_read (void **state)
{
  /* clang-format off */
  static const char *const online[] = {
    "alice", "bob", "Bob", "al", "mary jane", "a to b", "b", "c", "c: d", "x:", "alice: bob", "王伟", "says", "whisper", "system", "<odd>",
    "alice to", NULL,
  };
  /* clang-format on */
  static const struct {
    const char         *body;
    AhoyClassicLineKind kind;
    const char         *from;
    const char         *to;
    const char         *text;
  } cases[] = {
    /* ours */
    { "alice: hello", SAY, "alice", NULL, "hello" },
    { "alice: ", SAY, "alice", NULL, "" },
    { "alice:  two spaces", SAY, "alice", NULL, " two spaces" },
    { "alice: one\ntwo\n\nbob: three", SAY, "alice", NULL, "one\ntwo\n\nbob: three" },
    { "alice: one\n  | two\n  | ", SAY, "alice", NULL, "one\ntwo\n" },
    { "[whisper] alice to bob: one\n  | two", WHISPER, "alice", "bob", "one\ntwo" },
    { "* one\n  | two", NOTICE, NULL, NULL, "one\ntwo" },
    { "one\n  | two", PLAIN, NULL, NULL, "one\n  | two" },
    { "al: ice: hello", SAY, "al", NULL, "ice: hello" },
    { "mary jane: hello", SAY, "mary jane", NULL, "hello" },
    { "王伟: 你好", SAY, "王伟", NULL, "你好" },
    { "Bob: case matters", SAY, "Bob", NULL, "case matters" },
    { "[whisper] alice to bob: hello", WHISPER, "alice", "bob", "hello" },
    { "[whisper] alice to bob: ", WHISPER, "alice", "bob", "" },
    { "[whisper] alice to bob: one\ntwo: three to c: four", WHISPER, "alice", "bob", "one\ntwo: three to c: four" },
    { "* alice joined", NOTICE, NULL, NULL, "alice joined" },
    { "* alice: hello", NOTICE, NULL, NULL, "alice: hello" },
    { "* ", NOTICE, NULL, NULL, "" },
    /* names that look like something else: the longest known one wins */
    { "alice: bob: hello", SAY, "alice: bob", NULL, "hello" },
    { "alice: bobby: hello", SAY, "alice", NULL, "bobby: hello" },
    { "c: d: hello", SAY, "c: d", NULL, "hello" },
    { "c: e: hello", SAY, "c", NULL, "e: hello" },
    { "x:: hello", SAY, "x:", NULL, "hello" },
    { "a to b: hello", SAY, "a to b", NULL, "hello" },
    { "[whisper] a to b to c: hello", WHISPER, "a to b", "c", "hello" },
    { "[whisper] c to a to b: hello", WHISPER, "c", "a to b", "hello" },
    { "[whisper] b to c: d: hello", WHISPER, "b", "c: d", "hello" },
    { "[whisper] b to c: e: hello", WHISPER, "b", "c", "e: hello" },
    { "[whisper] c: d to x:: hello", WHISPER, "c: d", "x:", "hello" },
    { "[whisper] alice to to bob: hello", WHISPER, "alice to", "bob", "hello" },
    { "[whisper] whisper to says: hi", WHISPER, "whisper", "says", "hi" },
    { "<odd>: hello", SAY, "<odd>", NULL, "hello" },
    /* other people's servers */
    { "alice:hello", SAY, "alice", NULL, "hello" },
    { "alice : hello", SAY, "alice", NULL, "hello" },
    { "alice：你好", SAY, "alice", NULL, "你好" },
    { "王伟：你好", SAY, "王伟", NULL, "你好" },
    { "alice says: hello", SAY, "alice", NULL, "hello" },
    { "alice said:hello", SAY, "alice", NULL, "hello" },
    { "says says: hello", SAY, "says", NULL, "hello" },
    { "alice> hello", SAY, "alice", NULL, "hello" },
    { "alice >hello", SAY, "alice", NULL, "hello" },
    { "<alice> hello", SAY, "alice", NULL, "hello" },
    { "<alice>hello", SAY, "alice", NULL, "hello" },
    { "<alice>: hello", SAY, "alice", NULL, "hello" },
    { "[alice] hello", SAY, "alice", NULL, "hello" },
    { "[alice]: hello", SAY, "alice", NULL, "hello" },
    { "[mary jane] hello", SAY, "mary jane", NULL, "hello" },
    { "(alice) hello", SAY, "alice", NULL, "hello" },
    { "【王伟】你好", SAY, "王伟", NULL, "你好" },
    { "[system] hello", SAY, "system", NULL, "hello" },
    /* nobody's */
    { "", PLAIN, NULL, NULL, "" },
    { "hello", PLAIN, NULL, NULL, "hello" },
    { "alice", PLAIN, NULL, NULL, "alice" },
    { "alice hello", PLAIN, NULL, NULL, "alice hello" },
    { "alice says hello", PLAIN, NULL, NULL, "alice says hello" },
    { "mallory: hello", PLAIN, NULL, NULL, "mallory: hello" },
    { "ALICE: hello", PLAIN, NULL, NULL, "ALICE: hello" },
    { "alic: hello", PLAIN, NULL, NULL, "alic: hello" },
    { " alice: hello", PLAIN, NULL, NULL, " alice: hello" },
    { ": hello", PLAIN, NULL, NULL, ": hello" },
    { "12:30 lunch", PLAIN, NULL, NULL, "12:30 lunch" },
    { "<mallory> hello", PLAIN, NULL, NULL, "<mallory> hello" },
    { "<alice", PLAIN, NULL, NULL, "<alice" },
    { "<>", PLAIN, NULL, NULL, "<>" },
    { "*", PLAIN, NULL, NULL, "*" },
    { "*alice: hello", PLAIN, NULL, NULL, "*alice: hello" },
    { "[whisper] ", PLAIN, NULL, NULL, "[whisper] " },
    { "[whisper] alice to ", PLAIN, NULL, NULL, "[whisper] alice to " },
    { "[whisper] alice to bob", PLAIN, NULL, NULL, "[whisper] alice to bob" },
    { "[whisper] alice to mallory: hello", PLAIN, NULL, NULL, "[whisper] alice to mallory: hello" },
    { "[whisper] mallory to bob: hello", PLAIN, NULL, NULL, "[whisper] mallory to bob: hello" },
    { "[whisper]alice to bob: hello", SAY, "whisper", NULL, "alice to bob: hello" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (AhoyClassicLine) line = { 0 };

      ahoy_classic_line_parse (&line, cases[i].body, is_online, (gpointer) online);
      if (line.kind != cases[i].kind || g_strcmp0 (line.from, cases[i].from) != 0 || g_strcmp0 (line.to, cases[i].to) != 0 || g_strcmp0 (line.text, cases[i].text) != 0)
        fail_msg ("\"%s\": kind %d, from \"%s\", to \"%s\", text \"%s\"", cases[i].body, line.kind, line.from, line.to, line.text);
    }
}

/* What we write is what we read, for every pair of names that cannot be confused and any text. */
static void
test_round_trip (void **state)
{
  static const char *const names[] = { "alice", "mary jane", "x: y", "a to b", "王伟", "O'Neill", "<b>", "🚢 captain", "says", NULL };
  /* clang-format off */
  static const char *const texts[] = {
    "", "hello", ": hello", " hello ", "alice: no", "* no", "[whisper] alice to x: y: no", "a\nb\tc", "你好，世界", ",", ">",
  };
  /* clang-format on */

  for (gsize from = 0; names[from] != NULL; from++)
    for (gsize to = 0; names[to] != NULL; to++)
      for (gsize t = 0; t < G_N_ELEMENTS (texts); t++)
        {
          g_autofree char         *said = format_line (SAY, names[from], NULL, texts[t]);
          g_autofree char         *whispered = format_line (WHISPER, names[from], names[to], texts[t]);
          g_auto (AhoyClassicLine) say = { 0 };
          g_auto (AhoyClassicLine) whisper = { 0 };

          ahoy_classic_line_parse (&say, said, is_online, (gpointer) names);
          assert_int_equal (say.kind, SAY);
          assert_string_equal (say.from, names[from]);
          assert_string_equal (say.text, texts[t]);

          ahoy_classic_line_parse (&whisper, whispered, is_online, (gpointer) names);
          assert_int_equal (whisper.kind, WHISPER);
          assert_string_equal (whisper.from, names[from]);
          assert_string_equal (whisper.to, names[to]);
          assert_string_equal (whisper.text, texts[t]);
        }
}

/* @data: a guint to count in. */
static gboolean
count_and_deny (const char *name,
                gpointer    data)
{
  guint *n = data;

  (*n)++;
  return FALSE;
}

/* A body full of separators must not cost a look-up for each pair of them. */
static void
test_hostile_lines_are_cheap (void **state)
{
  static const char *const units[] = { ": ", " to ", "> ", "：", ":", " says: " };
  static const char *const starts[] = { "", "[whisper] ", "<", "[" };

  for (gsize u = 0; u < G_N_ELEMENTS (units); u++)
    for (gsize s = 0; s < G_N_ELEMENTS (starts); s++)
      {
        g_autoptr (GString)      body = g_string_new (starts[s]);
        g_auto (AhoyClassicLine) line = { 0 };
        guint                    n = 0;

        while (body->len < AHOY_BODY_MAX)
          g_string_append (body, units[u]);
        ahoy_classic_line_parse (&line, body->str, count_and_deny, &n);
        assert_int_equal (line.kind, PLAIN);
        assert_string_equal (line.text, body->str);
        assert_true (n < 1000);
      }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_written),
    cmocka_unit_test (test_read),
    cmocka_unit_test (test_round_trip),
    cmocka_unit_test (test_hostile_lines_are_cheap),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
