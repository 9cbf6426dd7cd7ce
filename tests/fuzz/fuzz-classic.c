/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Any chat line among any people: nobody is made to say what does not begin with their name, and no byte of the words is lost.
 * The input is names with commas between them, NUL, and the line. */

#include <string.h>

#include "fuzz.h"
#include "wire/ahoy-classic.h"

static gboolean
is_among (const char *name,
          gpointer    data)
{
  return g_strv_contains (data, name);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const uint8_t *nul = size > 0 ? memchr (data, '\0', size) : NULL;
  g_autofree char *names = NULL;
  g_autofree char *body = NULL;
  g_autofree char *format = NULL;
  g_auto (GStrv) people = NULL;
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
  g_assert (line.text != NULL && g_utf8_validate (line.text, -1, NULL) && g_str_has_suffix (body, line.text));
  g_assert ((line.from != NULL) == (line.kind == AHOY_CLASSIC_LINE_SAY || line.kind == AHOY_CLASSIC_LINE_WHISPER));
  g_assert ((line.to != NULL) == (line.kind == AHOY_CLASSIC_LINE_WHISPER));
  g_assert (line.from == NULL || (is_among (line.from, people) && strstr (body, line.from) != NULL));
  g_assert (line.to == NULL || (is_among (line.to, people) && strstr (body, line.to) != NULL));

  /* A whisper, a notice and a plain line have one way to be written: that one. */
  format = ahoy_classic_line_format (line.kind, line.from, line.to, line.text);
  g_assert (line.kind == AHOY_CLASSIC_LINE_SAY || strcmp (format, body) == 0);
  return 0;
}
