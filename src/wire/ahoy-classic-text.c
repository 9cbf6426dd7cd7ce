/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Text that cannot be taken for a line of its own. */

#include "wire/ahoy-classic-text.h"

#include <string.h>

#include "wire/ahoy-signs.h"

static gboolean
is_line_end (gunichar c)
{
  return c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static gboolean
is_mark (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
}

/* Whether @c is part of the letter in front of it, as in ≠ that came in two pieces. */
static gboolean
makes_letter (gunichar before,
              gunichar c)
{
  gunichar letter;

  return g_unichar_compose (before, c, &letter);
}

/* Most of what people say. */
static gboolean
is_simple (const char *text)
{
  for (; *text != '\0'; text++)
    if (((guint8) *text < ' ' && *text != '\t') || (guint8) *text >= 0x7f)
      return FALSE;
  return TRUE;
}

char *
ahoy_classic_text (const char *text)
{
  g_autoptr (GString) line = NULL;
  gunichar            before = 0;
  guint               n_marks = 0;

  g_return_val_if_fail (text != NULL && g_utf8_validate (text, -1, NULL), NULL);

  if (is_simple (text))
    return g_strdup (text);

  line = g_string_sized_new (strlen (text));
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (is_line_end (c))
        {
          g_string_append (line, AHOY_CLASSIC_CONTINUED);
          n_marks = 0;
          before = 0;
          continue;
        }
      if (ahoy_sign_is_hiding (c) || (ahoy_sign_is_line (c) && !makes_letter (before, c)))
        continue;
      n_marks = is_mark (c) ? n_marks + 1 : 0;
      if (n_marks > AHOY_CLASSIC_MARKS_MAX)
        continue;
      g_string_append_unichar (line, c);
      before = c;
    }
  return g_string_free (g_steal_pointer (&line), FALSE);
}

char *
ahoy_classic_text_unmark (const char *text)
{
  g_autoptr (GString) said = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  said = g_string_new (text);
  g_string_replace (said, AHOY_CLASSIC_CONTINUED, "\n", 0);
  return g_string_free (g_steal_pointer (&said), FALSE);
}
