/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What people write, made safe to show: escaped, with clickable addresses. */

#include "ui/ahoy-markup.h"

#include <string.h>

#include "ui/ahoy-hyperlink.h"

/* More than this many in one message are text, not a greeting. */
#define MAX_BIG_EMOJI 12

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
  static const char *const overrides[] = { "\u202d", "\u202e" };

  for (gsize i = 0; i < G_N_ELEMENTS (overrides); i++)
    if (g_str_has_prefix (text, overrides[i]))
      return strlen (overrides[i]);

  return 0;
}

/* Letters that are written from right to left, and what turns other text that way. */
static gboolean
is_leftwards (gunichar c)
{
  return c == 0x200f || c == 0x202b || c == 0x2067 || (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) ||
         (c >= 0xfe70 && c <= 0xfefe) || (c >= 0x10800 && c <= 0x10fff) ||
         (c >= 0x1e800 && c <= 0x1efff);
}

static gboolean
has_leftwards (const char *text,
               gsize       length)
{
  for (const char *at = text; at < text + length; at = g_utf8_next_char (at))
    if (is_leftwards (g_utf8_get_char (at)))
      return TRUE;

  return FALSE;
}

/* Whether the ends of a link go where the text around it goes: "123@example.org" would read "example.org@123". */
static gboolean
has_loose_ends (const char *link,
                gsize       length)
{
  return !g_unichar_isalpha (g_utf8_get_char (link)) || !g_unichar_isalnum (g_utf8_get_char (g_utf8_prev_char (link + length)));
}

/* @turns: it is shown part by part in its order, whatever stands around it. */
static void
append_link (GString    *markup,
             const char *prefix,
             const char *text,
             gsize       length,
             gboolean    turns)
{
  g_string_append (markup, "<a href=\"");
  append_escaped (markup, prefix, strlen (prefix));
  append_escaped (markup, text, length);
  g_string_append (markup, turns ? "\">\u2066" : "\">");
  append_escaped (markup, text, length);
  g_string_append (markup, turns ? "\u2069</a>" : "</a>");
}

char *
ahoy_markup_from_text (const char *text)
{
  GString    *markup;
  const char *plain = text;
  gboolean    turns;

  g_return_val_if_fail (text != NULL, NULL);

  markup = g_string_sized_new (strlen (text) + 32);
  turns = has_leftwards (text, strlen (text));
  for (const char *at = text; *at != '\0';)
    {
      const char *prefix;
      gsize       skip;
      gsize       hidden = override_length (at);
      gsize       length = hidden > 0 ? 0 : ahoy_hyperlink_length (text, at, &prefix, &skip);

      if (hidden == 0 && length == 0)
        {
          at += skip;
          continue;
        }
      append_escaped (markup, plain, at - plain);
      if (length > 0)
        append_link (markup, prefix, at, length, turns && (has_leftwards (at, length) || has_loose_ends (at, length)));
      at += length + hidden;
      plain = at;
    }
  append_escaped (markup, plain, strlen (plain));

  return g_string_free (markup, FALSE);
}

gboolean
ahoy_markup_may_open (const char *uri)
{
  return uri != NULL && ahoy_hyperlink_has_scheme (uri);
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

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
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
