/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Finding your name in what others say. */

#include "core/chat/ahoy-mention.h"

#include <string.h>

/* NFKC, so that full-width and composed spellings are the same, and case-folded. NFKC again: folding can take it apart. */
static char *
fold (const char *text)
{
  g_autofree char *composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFKC);
  g_autofree char *folded = composed ? g_utf8_casefold (composed, -1) : NULL;

  return folded ? g_utf8_normalize (folded, -1, G_NORMALIZE_NFKC) : NULL;
}

static gboolean
is_word (gunichar c)
{
  return c == '_' || g_unichar_isalnum (c) || g_unichar_ismark (c);
}

/* Written without spaces between words, or (Hangul) with endings that grow onto names. */
static gboolean
is_spaceless (gunichar c)
{
  switch (g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_BOPOMOFO:
    case G_UNICODE_SCRIPT_YI:
    case G_UNICODE_SCRIPT_HANGUL:
    case G_UNICODE_SCRIPT_THAI:
    case G_UNICODE_SCRIPT_LAO:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_MYANMAR:
    case G_UNICODE_SCRIPT_TIBETAN:
    case G_UNICODE_SCRIPT_JAVANESE:
    case G_UNICODE_SCRIPT_BALINESE:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Whether a word can end between the two. */
static gboolean
is_border (gunichar a,
           gunichar b)
{
  return !is_word (a) || !is_word (b) || is_spaceless (a) || is_spaceless (b);
}

gboolean
ahoy_text_mentions (const char *text,
                    const char *name)
{
  g_autofree char *hay = fold (text);
  g_autofree char *needle = fold (name);
  gsize            len;

  if (!hay || !needle || !*needle)
    return FALSE;

  len = strlen (needle);
  for (const char *at = strstr (hay, needle); at; at = strstr (g_utf8_next_char (at), needle))
    {
      const char    *end = at + len;
      const gboolean starts = at == hay || is_border (g_utf8_get_char (g_utf8_prev_char (at)), g_utf8_get_char (at));
      const gboolean ends = *end == '\0' || is_border (g_utf8_get_char (g_utf8_prev_char (end)), g_utf8_get_char (end));

      if (starts && ends)
        return TRUE;
    }
  return FALSE;
}
