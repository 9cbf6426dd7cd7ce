/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Any chat line among any people: nobody is made to say what does not begin with their name, and no byte of the words is lost but for the marks of
 * further lines. Written again it is the same, and no further line of it is anybody's.
 * The input is names with commas between them, NUL, and the line. */

#include <string.h>

#include "fuzz.h"
#include "wire/ahoy-classic-text.h"
#include "wire/ahoy-classic.h"

static gboolean
is_among (const char *name,
          gpointer    data)
{
  return g_strv_contains (data, name);
}

static void
check_text (const char *text)
{
  g_autofree char *line = ahoy_classic_text (text);
  g_autofree char *again = ahoy_classic_text (line);
  g_autofree char *said = ahoy_classic_text_unmark (line);
  g_auto (GStrv)   lines = g_strsplit (line, "\n", -1);

  g_assert (g_utf8_validate (line, -1, NULL) && strlen (line) <= strlen (text) * strlen (AHOY_CLASSIC_CONTINUED));
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    g_assert (g_str_has_prefix (lines[i], &AHOY_CLASSIC_CONTINUED[1]));
  g_assert (strlen (again) >= strlen (line) && strlen (said) <= strlen (line));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const uint8_t           *nul = size > 0 ? memchr (data, '\0', size) : NULL;
  g_autofree char         *names = NULL;
  g_autofree char         *body = NULL;
  g_autofree char         *words = NULL;
  g_autofree char         *prefix = NULL;
  g_autofree char         *format = NULL;
  g_auto (GStrv)           people = NULL;
  g_auto (AhoyClassicLine) line = { 0 };

  fuzz_make_criticals_fatal ();
  if (nul == NULL)
    return 0;
  names = g_strndup ((const char *) data, (gsize) (nul - data));
  body = g_strndup ((const char *) nul + 1, size - (gsize) (nul + 1 - data));
  if (!g_utf8_validate (names, -1, NULL) || !g_utf8_validate (body, -1, NULL))
    return 0;
  people = g_strsplit (names, ",", -1);

  ahoy_classic_line_parse (&line, body, is_among, people);
  g_assert (line.text != NULL && g_utf8_validate (line.text, -1, NULL) && strlen (line.text) <= strlen (body));
  g_assert ((line.from != NULL) == (line.kind == AHOY_CLASSIC_LINE_SAY || line.kind == AHOY_CLASSIC_LINE_WHISPER));
  g_assert ((line.to != NULL) == (line.kind == AHOY_CLASSIC_LINE_WHISPER));
  g_assert (line.from == NULL || (is_among (line.from, people) && strstr (body, line.from) != NULL));
  g_assert (line.to == NULL || (is_among (line.to, people) && strstr (body, line.to) != NULL));

  /* A whisper, a notice and a plain line have one way to be written: that one. */
  words = ahoy_classic_text_unmark (body);
  prefix = ahoy_classic_line_prefix (line.kind, line.from, line.to);
  format = g_strconcat (prefix, line.text, NULL);
  g_assert (line.kind == AHOY_CLASSIC_LINE_SAY || line.kind == AHOY_CLASSIC_LINE_PLAIN || strcmp (format, words) == 0);
  g_assert (line.kind != AHOY_CLASSIC_LINE_PLAIN || strcmp (line.text, body) == 0);
  check_text (body);
  return 0;
}
