/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What people write, made safe to show: escaped, with clickable addresses. */

#include "ui/ahoy-markup.h"

#include <string.h>

/* More than this many in one message are text, not a greeting. */
#define MAX_BIG_EMOJI 12

static const char * const schemes[] = { "https://", "http://", "mailto:" };

/* Length of the scheme @text begins with, 0 when it is none that may be opened. */
static gsize
scheme_length (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++) {
    gsize length = strlen (schemes[i]);

    if (g_ascii_strncasecmp (text, schemes[i], length) == 0)
      return length;
  }

  return 0;
}

/* The characters RFC 3986 allows. Anything else ends the address, so that "https://a.b，谢谢" links what it should. */
static gboolean
is_uri_char (char c)
{
  return c != '\0' && (g_ascii_isalnum (c) || strchr ("-._~:/?#[]@!$&'()*+,;=%", c) != NULL);
}

/* Whether the last of @length bytes ends the sentence round the address rather than the address. */
static gboolean
is_trailing (const char *uri,
             gsize       length)
{
  char last = uri[length - 1];
  char open = last == ')' ? '(' : last == ']' ? '[' : '\0';
  int depth = 0;

  if (open == '\0')
    return strchr (".,;:!?'", last) != NULL;

  for (gsize i = 0; i < length; i++)
    depth += (uri[i] == open) - (uri[i] == last);

  return depth < 0;
}

/* Length of the address @text begins with, 0 when it begins with none. */
static gsize
link_length (const char *text)
{
  gsize scheme = scheme_length (text);
  gsize length = scheme;

  if (scheme == 0)
    return 0;

  while (is_uri_char (text[length]))
    length++;
  while (length > scheme && is_trailing (text, length))
    length--;
  /* A host begins with a letter or a digit; an IPv6 address with a bracket. */
  if (length == scheme || !(g_ascii_isalnum (text[scheme]) || text[scheme] == '['))
    return 0;

  return length;
}

static void
append_escaped (GString    *markup,
                const char *text,
                gsize       length)
{
  g_autofree char *escaped = g_markup_escape_text (text, length);

  g_string_append (markup, escaped);
}

/* Length of a character that shows all that follows backwards or forwards, whatever it is, so that an address reads as another one; else 0. */
static gsize
override_length (const char *text)
{
  static const char * const overrides[] = { "\u202d", "\u202e" };

  for (gsize i = 0; i < G_N_ELEMENTS (overrides); i++)
    if (g_str_has_prefix (text, overrides[i]))
      return strlen (overrides[i]);

  return 0;
}

char *
ahoy_markup_from_text (const char *text)
{
  GString *markup;
  const char *plain = text;
  char before = '\0';

  g_return_val_if_fail (text != NULL, NULL);

  markup = g_string_sized_new (strlen (text) + 32);
  for (const char *at = text; *at != '\0';) {
    gsize length = g_ascii_isalnum (before) ? 0 : link_length (at);
    gsize hidden = override_length (at);

    if (hidden > 0) {
      append_escaped (markup, plain, at - plain);
      at += hidden;
      before = '\0';
      plain = at;
      continue;
    }
    if (length == 0) {
      before = *at++;
      continue;
    }
    append_escaped (markup, plain, at - plain);
    g_string_append (markup, "<a href=\"");
    append_escaped (markup, at, length);
    g_string_append (markup, "\">");
    append_escaped (markup, at, length);
    g_string_append (markup, "</a>");
    at += length;
    before = at[-1];
    plain = at;
  }
  append_escaped (markup, plain, strlen (plain));

  return g_string_free (markup, FALSE);
}

gboolean
ahoy_markup_may_open (const char *uri)
{
  return uri != NULL && scheme_length (uri) > 0;
}

static gboolean
is_emoji (gunichar c)
{
  return (c >= 0x1f000 && c <= 0x1faff) || (c >= 0x2600 && c <= 0x27bf) || (c >= 0x2b05 && c <= 0x2b55);
}

static gboolean
is_emoji_joint (gunichar c)
{
  return c == 0x200d || c == 0xfe0f || (c >= 0xe0020 && c <= 0xe007f) || c == ' ';
}

gboolean
ahoy_markup_only_emoji (const char *text)
{
  guint found = 0;

  g_return_val_if_fail (text != NULL, FALSE);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (is_emoji (c))
      found++;
    else if (!is_emoji_joint (c))
      return FALSE;
    if (found > MAX_BIG_EMOJI)
      return FALSE;
  }

  return found > 0;
}
