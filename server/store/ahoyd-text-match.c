/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What it means that a message holds a text: the search of Knuth, Morris and Pratt over folded characters. */

#include "store/ahoyd-text-match.h"

struct _AhoydTextMatch {
  /* Owned */
  gunichar *wanted;  /* folded */
  guint    *shorter; /* how much of `wanted` still matches when all but the character after so many of them does */
  guint     len;
};

gunichar
ahoyd_text_fold_char (gunichar c)
{
  if (c < 0x80)
    return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
  /* By way of the upper case, so that letters with two lower cases (a final sigma, a long s) are one. The dotless i is a letter of its own. */
  return c == 0x131 ? c : g_unichar_tolower (g_unichar_toupper (c));
}

char *
ahoyd_text_fold (const char *text)
{
  GString *folded;

  g_return_val_if_fail (text != NULL, NULL);

  folded = g_string_sized_new (64);
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      guchar byte = (guchar) *text;

      if (byte < 0x80)
        g_string_append_c (folded, (char) ahoyd_text_fold_char (byte));
      else
        g_string_append_unichar (folded, ahoyd_text_fold_char (g_utf8_get_char (text)));
    }
  return g_string_free (folded, FALSE);
}

static guint
go_on (const AhoydTextMatch *self,
       guint                 matched,
       gunichar              c)
{
  while (matched > 0 && self->wanted[matched] != c)
    matched = self->shorter[matched - 1];
  return self->wanted[matched] == c ? matched + 1 : matched;
}

AhoydTextMatch *
ahoyd_text_match_new (const char *wanted)
{
  AhoydTextMatch *self;
  guint           i = 0;

  g_return_val_if_fail (wanted != NULL && *wanted != '\0', NULL);

  self = g_new0 (AhoydTextMatch, 1);
  self->len = (guint) g_utf8_strlen (wanted, -1);
  self->wanted = g_new (gunichar, self->len);
  self->shorter = g_new0 (guint, self->len);
  for (; *wanted != '\0'; wanted = g_utf8_next_char (wanted))
    self->wanted[i++] = ahoyd_text_fold_char (g_utf8_get_char (wanted));
  for (i = 1; i < self->len; i++)
    self->shorter[i] = go_on (self, self->shorter[i - 1], self->wanted[i]);
  return self;
}

void
ahoyd_text_match_free (AhoydTextMatch *match)
{
  g_return_if_fail (match != NULL);

  g_free (match->wanted);
  g_free (match->shorter);
  g_free (match);
}

gboolean
ahoyd_text_match_find (const AhoydTextMatch *match,
                       const char           *text)
{
  guint matched = 0;

  g_return_val_if_fail (match != NULL && text != NULL, FALSE);

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      guchar byte = (guchar) *text;

      matched = go_on (match, matched, ahoyd_text_fold_char (byte < 0x80 ? byte : g_utf8_get_char (text)));
      if (matched == match->len)
        return TRUE;
    }
  return FALSE;
}
