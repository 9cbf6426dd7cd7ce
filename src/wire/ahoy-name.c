/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Tells what may be somebody's name. What it is known by and looks like is in ahoy-name-look.c. */

#include "wire/ahoy-name.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include "wire/ahoy-limits.h"
#include "wire/ahoy-name-text.h"
#include "wire/ahoy-signs.h"

static gboolean
is_variation_selector (UChar32 c)
{
  return c == 0xfe0e || c == 0xfe0f;
}

/* @before: the character in front of it, 0 at the start. */
static AhoyNameVerdict
judge_character (UChar32 c,
                 UChar32 before)
{
  if (c == ',')
    return AHOY_NAME_COMMA;

  /* Text or emoji: the one invisible character that people type without knowing. */
  if (is_variation_selector (c))
    return u_hasBinaryProperty (before, UCHAR_EMOJI) ? AHOY_NAME_OK : AHOY_NAME_INVISIBLE;

  switch (u_charType (c))
    {
    case U_UNASSIGNED:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
      return AHOY_NAME_INVALID;
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
      return AHOY_NAME_INVISIBLE;
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_COMBINING_SPACING_MARK:
      /* A mark must have something to sit on. */
      if (before == 0 || ahoy_sign_is_empty ((gunichar) before))
        return AHOY_NAME_INVISIBLE;
      break;
    default:
      break;
    }

  if (ahoy_sign_is_unseen ((gunichar) c))
    return AHOY_NAME_INVISIBLE;
  return AHOY_NAME_OK;
}

static AhoyNameVerdict
judge_characters (AhoyNameText name)
{
  UChar32 before = 0;

  for (int32_t i = 0; i < name.len;)
    {
      AhoyNameVerdict verdict;
      UChar32         c;

      U16_NEXT (name.at, i, name.len, c);
      verdict = judge_character (c, before);
      if (verdict != AHOY_NAME_OK)
        return verdict;
      before = c;
    }
  return AHOY_NAME_OK;
}

/* `*` and `[` begin the lines that servers write, and so, to people, does all that looks like them. */
static gboolean
is_reserved (AhoyNameText name)
{
  UChar32 first;

  U16_GET (name.at, 0, 0, name.len, first);
  return ahoy_sign_is_star ((gunichar) first) || ahoy_sign_is_bracket ((gunichar) first);
}

static gboolean
is_mark (UChar32 c)
{
  return (U_GET_GC_MASK (c) & (U_GC_MN_MASK | U_GC_ME_MASK)) != 0 || is_variation_selector (c);
}

/* A colon and white space end the name of who speaks. */
static gboolean
has_colon (AhoyNameText name)
{
  gboolean colon = FALSE;

  for (int32_t i = 0; i < name.len;)
    {
      UChar32 c;

      U16_NEXT (name.at, i, name.len, c);
      if (ahoy_sign_is_wide_colon ((gunichar) c) || (colon && u_isUWhiteSpace (c)))
        return TRUE;
      colon = ahoy_sign_is_colon ((gunichar) c) || (colon && is_mark (c));
    }
  return FALSE;
}

static AhoyNameVerdict
judge (AhoyNameText name)
{
  AhoyNameVerdict verdict;

  if (name.len == 0)
    return AHOY_NAME_EMPTY;
  if (u_countChar32 (name.at, name.len) > AHOY_NAME_MAX_CHARS)
    return AHOY_NAME_TOO_LONG;
  if (is_reserved (name))
    return AHOY_NAME_RESERVED;
  verdict = judge_characters (name);
  if (verdict != AHOY_NAME_OK)
    return verdict;
  if (has_colon (name))
    return AHOY_NAME_COLON;
  return ahoy_name_text_is_of_one_script (name) ? AHOY_NAME_OK : AHOY_NAME_MIXED;
}

/* Spaces, tabs and line ends around it: what a hasty hand or an old client leaves there. */
static void
trim (AhoyNameText *name)
{
  int32_t start = 0;
  int32_t end = name->len;

  /* All white space is in the BMP: a unit is a character here. */
  while (start < end && u_isUWhiteSpace (name->at[start]))
    start++;
  while (end > start && u_isUWhiteSpace (name->at[end - 1]))
    end--;
  memmove (name->at, name->at + start, (gsize) (end - start) * sizeof (UChar));
  name->len = end - start;
}

char *
ahoy_name_normalize (const char      *name,
                     AhoyNameVerdict *verdict)
{
  AhoyNameVerdict       unused;
  g_auto (AhoyNameText) text = { 0 };

  g_return_val_if_fail (name != NULL, NULL);

  if (verdict == NULL)
    verdict = &unused;
  if (!g_utf8_validate (name, -1, NULL))
    {
      *verdict = AHOY_NAME_INVALID;
      return NULL;
    }

  text = ahoy_name_text_from_utf8 (name);
  trim (&text);
  ahoy_name_text_change (&text, AHOY_NAME_NFC);
  *verdict = judge (text);
  return *verdict == AHOY_NAME_OK ? ahoy_name_text_to_utf8 (text) : NULL;
}
