/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "ui/ahoy-markup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

/* What a label makes of markup: its text, and the addresses of its links one to a line. */
typedef struct {
  GString *text;
  GString *links;
  guint    foreign; /* elements that are not links */
} Shown;

static void
on_start (GMarkupParseContext *context,
          const char          *element,
          const char         **names,
          const char         **values,
          gpointer             data,
          GError             **error)
{
  Shown *shown = data;

  if (g_str_equal (element, "a") && names[0] != NULL && g_str_equal (names[0], "href") && names[1] == NULL)
    g_string_append_printf (shown->links, "%s\n", values[0]);
  else if (!g_str_equal (element, "root"))
    shown->foreign++;
}

static void
on_text (GMarkupParseContext *context,
         const char          *text,
         gsize                length,
         gpointer             data,
         GError             **error)
{
  g_string_append_len (((Shown *) data)->text, text, length);
}

/* Shown as it was written, with these links (NULL: whichever). */
static void
check (const char *text,
       const char *links)
{
  static const GMarkupParser      parser = { .start_element = on_start, .text = on_text };
  Shown                           shown = { g_string_new (NULL), g_string_new (NULL), 0 };
  g_autofree char                *markup = ahoy_markup_from_text (text);
  g_autofree char                *root = g_strdup_printf ("<root>%s</root>", markup);
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &shown, NULL);

  assert_true (g_markup_parse_context_parse (context, root, -1, NULL));
  assert_true (g_markup_parse_context_end_parse (context, NULL));
  assert_string_equal (shown.text->str, text);
  if (links != NULL)
    assert_string_equal (shown.links->str, links);
  assert_int_equal (shown.foreign, 0);
  g_string_free (shown.text, TRUE);
  g_string_free (shown.links, TRUE);
}

static void
test_links (void **state)
{
  check ("no link here", "");
  check ("https://example.org", "https://example.org\n");
  check ("see http://a.b/c?d=e&f=\"g\" now", "http://a.b/c?d=e&f=\n");
  check ("HTTPS://EXAMPLE.ORG/X", "HTTPS://EXAMPLE.ORG/X\n");
  check ("mail mailto:bob@example.org!", "mailto:bob@example.org\n");
  check ("http://a.b http://c.d", "http://a.b\nhttp://c.d\n");
  check ("http://[fe80::1]:80/x", "http://[fe80::1]:80/x\n");
}

/* What would show "https://gro.elpmaxe" as another address is left out; all else stays. */
static void
test_overrides (void **state)
{
  g_autofree char *turned = ahoy_markup_from_text ("a\u202ehttps://b.c\u202c \u202d<d>");

  assert_string_equal (turned, "a<a href=\"https://b.c\">https://b.c</a>\u202c &lt;d&gt;");
  check ("\u2067שלום\u2069 https://b.c", "https://b.c\n");
}

static void
test_ends (void **state)
{
  check ("Go to https://a.b/c.", "https://a.b/c\n");
  check ("(https://a.b/c)", "https://a.b/c\n");
  check ("https://a.b/c_(d)", "https://a.b/c_(d)\n");
  check ("(see https://a.b/c_(d)), really?", "https://a.b/c_(d)\n");
  check ("看https://a.b/c，谢谢", "https://a.b/c\n");
  check ("\"https://a.b\"", "https://a.b\n");
  check ("<https://a.b>", "https://a.b\n");
}

/* Each row: a text, and what is opened from it, one to a line. */
static void
test_table (void **state)
{
  static const char *const rows[][2] = {
    /* Hosts of any script. */
    { "https://b\u00fccher.example/katalog", "https://b\u00fccher.example/katalog\n" },
    { "https://bu\u0308cher.example", "https://bu\u0308cher.example\n" },
    { "https://B\u00dcCHER.example", "https://B\u00dcCHER.example\n" },
    { "https://例子.中国/路径", "https://例子.中国/路径\n" },
    { "https://例え.テスト/日本語?検索=語#節", "https://例え.テスト/日本語?検索=語#節\n" },
    { "https://президент.рф", "https://президент.рф\n" },
    { "https://한국.example", "https://한국.example\n" },
    { "https://भारत.example", "https://भारत.example\n" },
    { "https://xn--bcher-kva.example", "https://xn--bcher-kva.example\n" },
    { "https://abc中文.example", "https://abc中文.example\n" },
    { "https://my_host:8080/x", "https://my_host:8080/x\n" },
    { "http://localhost", "http://localhost\n" },
    { "http://192.168.1.1/", "http://192.168.1.1/\n" },
    { "http://[::1]/", "http://[::1]/\n" },
    { "http://[::1", "" },
    { "http://[nothing]/", "" },
    /* Paths of any script. */
    { "https://zh.wikipedia.org/wiki/C语言", "https://zh.wikipedia.org/wiki/C语言\n" },
    { "https://de.wikipedia.org/wiki/Übung_(Technik)", "https://de.wikipedia.org/wiki/Übung_(Technik)\n" },
    { "https://en.wikipedia.org/wiki/Dunning\u2013Kruger_effect", "https://en.wikipedia.org/wiki/Dunning\u2013Kruger_effect\n" },
    { "https://ca.wikipedia.org/wiki/Paral\u00b7lel", "https://ca.wikipedia.org/wiki/Paral\u00b7lel\n" },
    { "https://example.org/\u2603", "https://example.org/\u2603\n" },
    { "https://example.org/naïve/é?ü=ö#ä", "https://example.org/naïve/é?ü=ö#ä\n" },
    { "https://example.org/%E4%BD%A0", "https://example.org/%E4%BD%A0\n" },
    { "https://example.org?q=1", "https://example.org?q=1\n" },
    { "https://example.org#top", "https://example.org#top\n" },
    /* Ends. */
    { "看https://a.example/路径。谢谢", "https://a.example/路径\n" },
    { "看https://a.example/路径，谢谢", "https://a.example/路径\n" },
    { "（https://a.example/路径）", "https://a.example/路径\n" },
    { "「https://a.example/路径」", "https://a.example/路径\n" },
    { "《https://a.example》", "https://a.example\n" },
    { "【https://a.example/x】", "https://a.example/x\n" },
    { "https://a.example/x！", "https://a.example/x\n" },
    { "https://a.example/x？", "https://a.example/x\n" },
    { "https://a.example/x；https://b.example/y", "https://a.example/x\nhttps://b.example/y\n" },
    { "https://a.example、https://b.example", "https://a.example\nhttps://b.example\n" },
    { "https://a.example。", "https://a.example\n" },
    { "https://a.example谢谢", "https://a.example\n" },
    { "https://localhost谢谢", "https://localhost\n" },
    { "\u201chttps://a.example/x\u201d", "https://a.example/x\n" },
    { "\u2018https://a.example/x\u2019", "https://a.example/x\n" },
    { "\u00abhttps://a.example/x\u00bb", "https://a.example/x\n" },
    { "https://a.example/x\u2026", "https://a.example/x\n" },
    { "https://a.example/x \u2014 or not", "https://a.example/x\n" },
    { "https://a.example/x\u2014", "https://a.example/x\n" },
    { "https://a.example/x\u3000y", "https://a.example/x\n" },
    { "https://a.example/x\u00a0y", "https://a.example/x\n" },
    { "https://a.example/x...", "https://a.example/x\n" },
    { "https://a.example/x?!", "https://a.example/x\n" },
    { "https://a.example.", "https://a.example\n" },
    { "https://a.example:", "https://a.example\n" },
    { "https://a.example: see", "https://a.example\n" },
    { "https://a.example-", "https://a.example\n" },
    { "[https://a.example/x]", "https://a.example/x\n" },
    { "(https://a.example/x_(y).)", "https://a.example/x_(y)\n" },
    { "https://a.example/((x))", "https://a.example/((x))\n" },
    { "https://a.example/x)))", "https://a.example/x\n" },
    { "https://a.example/x(", "https://a.example/x\n" },
    { "*https://a.example*", "https://a.example\n" },
    { "https://a.example|https://b.example", "https://a.example\nhttps://b.example\n" },
    { "https://a.example\nhttps://b.example", "https://a.example\nhttps://b.example\n" },
    { "https://a.example:80800000/", "" },
    /* Whatever nobody sees is no part of it. */
    { "https://a.example\u200b/x", "https://a.example\n" },
    { "https://a.example/x\u2066y", "https://a.example/x\n" },
    { "https://a.example/x\u200fy", "https://a.example/x\n" },
    { "https://exam\u00adple.org", "" },
    { "https://a.example/x\u3164y", "https://a.example/x\n" },
    { "https://a\u115f.example", "" },
    { "https://a.example/x\ufe0f", "https://a.example/x\n" },
    { "https://a.example/\u2603\ufe0f", "https://a.example/\u2603\ufe0f\n" },
    { "https://a.example/x\U0001d159y", "https://a.example/x\n" },
    /* A part of a name is another one. */
    { "https://b%C3%BCcher.example/katalog", "" },
    { "https://bank.example%2eevil.example", "" },
    { "https://col\u00b7legi.example", "" },
    { "https://\u05d0\u05f4\u05d1.example", "" },
    { "https://フー・バー.example", "" },
    { "https://\u0646\u200c\u0627.example", "" },
    { "https://api.{host}.example/x", "" },
    { "https://i\u2764.example", "" },
    { "https://www.\u2764\ufe0f.example", "" },
    { "bob@b%C3%BCcher.example", "" },
    { "https://a.example\u2764 https://b.example\u2764\ufe0f.", "https://a.example\nhttps://b.example\n" },
    { "https://a.example\u00b7", "https://a.example\n" },
    { "https://a.example:99999/", "" },
    { "https://a.example:65535/", "https://a.example:65535/\n" },
    { "**https://a.example/x**", "https://a.example/x\n" },
    /* What would be opened is not what it looks like. */
    { "https://bank.exampleノlogin.example", "" },
    { "https://bank.example\u0338login.example", "" },
    { "https://bank.example\u02d0443.example", "" },
    { "https://PCノート.example", "https://PCノート.example\n" },
    { "https://bank.example@evil.example", "" },
    { "https://bank.example:443@evil.example/x", "" },
    { "https://user:word@evil.example", "" },
    { "https://bank.example&x=1@evil.example", "" },
    { "https://bank.example/@user", "https://bank.example/@user\n" },
    { "https://bank.example?to=a@b.example", "https://bank.example?to=a@b.example\n" },
    { "https://b\u0430nk.example", "" },
    { "https://\u03b1bc.example", "" },
    { "https://bank.ex\u0430mple", "" },
    { "https://\uff42ank.example", "" },
    { "https://bank\u2488example", "" },
    { "https://bank\uff0eexample", "https://bank\n" },
    { "https://evil.c\u2100.example", "" },
    { "https://bank.example\u2044evil.example", "https://bank.example\n" },
    { "https://bank.example\\evil", "https://bank.example\n" },
    /* www. */
    { "www.example.org", "http://www.example.org\n" },
    { "WWW.example.org/x.", "http://WWW.example.org/x\n" },
    { "看www.例子.中国/路径。", "http://www.例子.中国/路径\n" },
    { "(www.example.org)", "http://www.example.org\n" },
    { "www.example", "" },
    { "www.", "" },
    { "www.example.1", "" },
    { "awww.example.org", "" },
    { "a.www.example.org", "" },
    { "ftp://www.example.org", "" },
    { "www.bank.example@evil.example", "" },
    /* Mail. */
    { "bob@example.org", "mailto:bob@example.org\n" },
    { "write to bob.b+c@mail.example.org, please", "mailto:bob.b+c@mail.example.org\n" },
    { "<bob@example.org>", "mailto:bob@example.org\n" },
    { "邮箱bob@example.org。", "mailto:bob@example.org\n" },
    { "e-mail:bob@example.org.", "mailto:bob@example.org\n" },
    { "bob@b\u00fccher.example", "mailto:bob@b\u00fccher.example\n" },
    { "mailto:bob@example.org?subject=hi.", "mailto:bob@example.org?subject=hi\n" },
    { "mailto:nobody", "" },
    { "bob@localhost", "" },
    { "bob@example", "" },
    { "@bob", "" },
    { "bob@", "" },
    { "bob@@example.org", "" },
    { "a@b.example@c.example", "" },
    { "j\u00fcrgen@example.org", "mailto:j\u00fcrgen@example.org\n" },
    { "иван@пример.example", "mailto:иван@пример.example\n" },
    { "邮箱j\u00fcrgen@example.org", "mailto:j\u00fcrgen@example.org\n" },
    { "b\u043eb@example.org", "" },
    { "\uff42ob@example.org", "" },
    { "o'brien@example.org", "" },
    { "o\u2019brien@example.org", "" },
    { "'bob@example.org'", "mailto:bob@example.org\n" },
    { "git@example.org:x/y.git", "" },
    { "ssh://bob@example.org", "" },
    { "ftp://bob:word@example.org/", "" },
    { "bob.@example.org", "" },
    { "bob@1.2.3.4", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      print_message ("%s\n", rows[i][0]);
      check (rows[i][0], rows[i][1]);
    }
}

/* Its parts stay in their order between words that are written the other way. */
static void
test_leftwards (void **state)
{
  g_autofree char *markup = ahoy_markup_from_text ("https://\u05d0\u05d1.example/\u05d2");

  assert_string_equal (markup, "<a href=\"https://\u05d0\u05d1.example/\u05d2\">\u2066https://\u05d0\u05d1.example/\u05d2\u2069</a>");
}

/* Among words that are written the other way it reads as elsewhere. */
static void
test_loose_ends (void **state)
{
  g_autofree char *mail = ahoy_markup_from_text ("\u05d0 12@b.example");
  g_autofree char *path = ahoy_markup_from_text ("\u202bhttps://b.example/");

  assert_string_equal (mail, "\u05d0 <a href=\"mailto:12@b.example\">\u206612@b.example\u2069</a>");
  assert_string_equal (path, "\u202b<a href=\"https://b.example/\">\u2066https://b.example/\u2069</a>");
  check ("\u05d0 https://b.example/c", "https://b.example/c\n");
  check ("12@b.example https://b.example/", "mailto:12@b.example\nhttps://b.example/\n");
}

static gint64
work_of (const char *piece,
         gsize       size)
{
  g_autoptr (GString) text = g_string_new (NULL);
  struct timespec     before, after;

  while (text->len < size)
    g_string_append (text, piece);
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &before);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *markup = ahoy_markup_from_text (text->str);

      assert_non_null (markup);
    }
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &after);

  return (after.tv_sec - before.tv_sec) * G_GINT64_CONSTANT (1000000000) + after.tv_nsec - before.tv_nsec;
}

/* Sixteen times as much to read takes some sixteen times as long, and not 256 times. */
static void
test_work_is_linear (void **state)
{
  /* clang-format off */
  static const char *const pieces[] = {
    "www.",  "(",        ")",     "https://", "https://a/(",  "a@",       "a@b.", "www.a!", "https://a!", "mailto:", "://", ".", "a", "https://a.b/)",
    "https://a@", "[", "http://[", "www.a.bc!", "好", "a@b.cd,", "https://\u00fc", "\u00fc", "\u00fc@", "'a@", "https://a%", "https://a\u2764.",
  };
  /* clang-format on */

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      gint64 few = work_of (pieces[i], 4096);
      gint64 many = work_of (pieces[i], 16 * 4096);

      if (many > 100 * few)
        fail_msg ("%s: %" G_GINT64_FORMAT " ns become %" G_GINT64_FORMAT, pieces[i], few, many);
    }
}

static void
test_not_links (void **state)
{
  check ("javascript:alert(1)", "");
  check ("file:///etc/passwd", "");
  check ("data:text/html,<b>", "");
  check ("xhttp://a.b", "");
  check ("http://", "");
  check ("http:// a", "");
  check ("http:///path", "");
  check ("mailto:", "");
  check ("ftp://a.b", "");
  assert_false (ahoy_markup_may_open ("file:///etc/passwd"));
  assert_false (ahoy_markup_may_open ("javascript:https://a.b"));
  assert_false (ahoy_markup_may_open (NULL));
  assert_true (ahoy_markup_may_open ("mailto:a@b"));
}

static void
test_hostile (void **state)
{
  check ("<b>bold</b> & <span size='1000000'>", "");
  check ("&lt; &amp; &#0; &bogus;", "");
  check ("<a href=\"file:///etc/passwd\">https://a.b</a>", "https://a.b\n");
  check ("https://a.b/'><b>x", "https://a.b/\n");
  check ("]]> <!-- -->", "");
}

/* Whatever is put together of dangerous pieces shows as it was written. */
static void
test_random (void **state)
{
  static const char *const pieces[] = { "<", ">", "&", "\"", "'", "https://", "mailto:", "a", ".", ")", "(", " ", "李", "</a>", "<a href=\"", "&amp;", ";", "@", "www.", "a@b.cd", "ü", "。", "://" };
  g_autoptr (GRand)        random = g_rand_new_with_seed (7);

  for (guint i = 0; i < 5000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (gint n = g_rand_int_range (random, 0, 12); n > 0; n--)
        g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
      check (text->str, NULL);
    }
}

static void
test_only_emoji (void **state)
{
  assert_true (ahoy_markup_only_emoji ("🎉"));
  assert_true (ahoy_markup_only_emoji ("👍🏽 ❤️"));
  assert_true (ahoy_markup_only_emoji ("👨‍👩‍👧"));
  assert_false (ahoy_markup_only_emoji ("ok 👍"));
  assert_false (ahoy_markup_only_emoji (""));
  assert_false (ahoy_markup_only_emoji ("   "));
  assert_false (ahoy_markup_only_emoji ("🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_links),
    cmocka_unit_test (test_overrides),
    cmocka_unit_test (test_ends),
    cmocka_unit_test (test_table),
    cmocka_unit_test (test_leftwards),
    cmocka_unit_test (test_loose_ends),
    cmocka_unit_test (test_work_is_linear),
    cmocka_unit_test (test_not_links),
    cmocka_unit_test (test_hostile),
    cmocka_unit_test (test_random),
    cmocka_unit_test (test_only_emoji),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
