/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "ui/ahoy-markup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What a label makes of markup: its text, and the addresses of its links one to a line. */
typedef struct {
  GString *text;
  GString *links;
  guint foreign; /* elements that are not links */
} Shown;

static void
on_start (GMarkupParseContext  *context,
          const char           *element,
          const char          **names,
          const char          **values,
          gpointer              data,
          GError              **error)
{
  Shown *shown = data;

  if (g_str_equal (element, "a") && names[0] != NULL && g_str_equal (names[0], "href") && names[1] == NULL)
    g_string_append_printf (shown->links, "%s\n", values[0]);
  else if (!g_str_equal (element, "root"))
    shown->foreign++;
}

static void
on_text (GMarkupParseContext  *context,
         const char           *text,
         gsize                 length,
         gpointer              data,
         GError              **error)
{
  g_string_append_len (((Shown *) data)->text, text, length);
}

/* Shown as it was written, with these links (NULL: whichever). */
static void
check (const char *text,
       const char *links)
{
  static const GMarkupParser parser = { .start_element = on_start, .text = on_text };
  Shown shown = { g_string_new (NULL), g_string_new (NULL), 0 };
  g_autofree char *markup = ahoy_markup_from_text (text);
  g_autofree char *root = g_strdup_printf ("<root>%s</root>", markup);
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
  static const char * const pieces[] = { "<", ">", "&", "\"", "'", "https://", "mailto:", "a", ".", ")", "(", " ", "李", "</a>", "<a href=\"", "&amp;", ";", "@" };
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint i = 0; i < 5000; i++) {
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
    cmocka_unit_test (test_not_links),
    cmocka_unit_test (test_hostile),
    cmocka_unit_test (test_random),
    cmocka_unit_test (test_only_emoji),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
