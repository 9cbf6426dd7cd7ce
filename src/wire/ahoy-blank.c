/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Tells text in which there is nothing to read. */

#include "wire/ahoy-blank.h"

#include <unicode/uchar.h>

#include "wire/ahoy-signs.h"

static gboolean
is_unseen (gunichar c)
{
  switch (u_charType ((UChar32) c))
    {
    case U_CONTROL_CHAR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    /* A mark alone has nothing to sit on; where it has, that is seen. */
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_COMBINING_SPACING_MARK:
      return TRUE;
    case U_FORMAT_CHAR: /* but those that are drawn around numbers */
      return !u_hasBinaryProperty ((UChar32) c, UCHAR_PREPENDED_CONCATENATION_MARK);
    default:
      return ahoy_sign_is_empty (c) || ahoy_sign_is_unseen (c);
    }
}

gboolean
ahoy_text_is_blank (const char *text)
{
  if (text == NULL)
    return TRUE;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      if (!is_unseen (g_utf8_get_char (text)))
        return FALSE;
    }
  return TRUE;
}
