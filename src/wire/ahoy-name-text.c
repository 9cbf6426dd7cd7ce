/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* UTF-16 strings, and what ICU does to them. */

#include "wire/ahoy-name-text.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

G_STATIC_ASSERT (sizeof (UChar) == sizeof (gunichar2));

/* ICU's tables: opened once, immutable, shared by all threads, for the life of the process. */
typedef struct {
  const UNormalizer2  *nfc;
  const UNormalizer2  *nfkc;
  const UNormalizer2  *nfkc_casefold;
  const USpoofChecker *spoof;
  const USpoofChecker *scripts;
} Tables;

static gpointer
open_tables (gpointer data)
{
  static Tables  tables;
  UErrorCode     status = U_ZERO_ERROR;
  USpoofChecker *scripts = uspoof_open (&status);

  tables.nfc = unorm2_getNFCInstance (&status);
  tables.nfkc = unorm2_getNFKCInstance (&status);
  tables.nfkc_casefold = unorm2_getNFKCCasefoldInstance (&status);
  tables.spoof = uspoof_open (&status);
  uspoof_setChecks (scripts, USPOOF_RESTRICTION_LEVEL, &status);
  uspoof_setRestrictionLevel (scripts, USPOOF_HIGHLY_RESTRICTIVE);
  tables.scripts = scripts;
  if (U_FAILURE (status))
    g_error ("ICU's data cannot be used: %s", u_errorName (status));
  return &tables;
}

static const Tables *
get_tables (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, open_tables, NULL);
}

AhoyNameText
ahoy_name_text_from_utf8 (const char *text)
{
  glong  len;
  UChar *at = (UChar *) g_utf8_to_utf16 (text, -1, NULL, &len, NULL);

  g_assert (at != NULL && len <= G_MAXINT32);
  return (AhoyNameText){ at, (int32_t) len };
}

AhoyNameText
ahoy_name_text_copy (AhoyNameText text)
{
  UChar *at = g_new (UChar, text.len + 1); /* ICU wants a place, also for nothing */

  u_memcpy (at, text.at, text.len);
  return (AhoyNameText){ at, text.len };
}

char *
ahoy_name_text_to_utf8 (AhoyNameText text)
{
  /* Never NULL: nothing of ours makes a lone surrogate. */
  return g_utf16_to_utf8 ((const gunichar2 *) text.at, text.len, NULL, NULL, NULL);
}

void
ahoy_name_text_clear (AhoyNameText *text)
{
  g_clear_pointer (&text->at, g_free);
  text->len = 0;
}

/* Returns: how long the result is, or would be. */
static int32_t
transform (AhoyNameText   from,
           AhoyNameChange change,
           UChar         *to,
           int32_t        size,
           UErrorCode    *status)
{
  const Tables *tables = get_tables ();

  switch (change)
    {
    case AHOY_NAME_NFC:
      return unorm2_normalize (tables->nfc, from.at, from.len, to, size, status);
    case AHOY_NAME_NFKC:
      return unorm2_normalize (tables->nfkc, from.at, from.len, to, size, status);
    case AHOY_NAME_NFKC_CASEFOLD:
      return unorm2_normalize (tables->nfkc_casefold, from.at, from.len, to, size, status);
    case AHOY_NAME_CONFUSABLES:
      return uspoof_getSkeleton (tables->spoof, 0, from.at, from.len, to, size, status);
    case AHOY_NAME_LOWER:
      return u_strToLower (to, size, from.at, from.len, "", status);
    case AHOY_NAME_UPPER:
      return u_strToUpper (to, size, from.at, from.len, "", status);
    default:
      g_assert_not_reached ();
    }
}

void
ahoy_name_text_change (AhoyNameText  *text,
                       AhoyNameChange change)
{
  UErrorCode status = U_ZERO_ERROR;
  int32_t    size = text->len + 16;
  UChar     *to = g_new (UChar, size);
  int32_t    len = transform (*text, change, to, size, &status);

  if (status == U_BUFFER_OVERFLOW_ERROR)
    {
      size = len + 1;
      to = g_renew (UChar, to, size);
      status = U_ZERO_ERROR;
      len = transform (*text, change, to, size, &status);
    }
  /* Only memory can run out here. */
  g_assert (U_SUCCESS (status));
  ahoy_name_text_clear (text);
  *text = (AhoyNameText){ to, len };
}

void
ahoy_name_text_squeeze (AhoyNameText *text)
{
  UChar32 before = ' ';
  int32_t out = 0;

  for (int32_t i = 0; i < text->len;)
    {
      UChar32 c;

      U16_NEXT (text->at, i, text->len, c);
      if (c == 0x0307 && u_hasBinaryProperty (before, UCHAR_SOFT_DOTTED))
        continue;
      if (u_isUWhiteSpace (c))
        c = ' ';
      if (c == ' ' && before == ' ')
        continue;
      /* Never longer than what was read. */
      U16_APPEND_UNSAFE (text->at, out, c);
      before = c;
    }
  if (out > 0 && text->at[out - 1] == ' ')
    out--;
  text->len = out;
}

gboolean
ahoy_name_text_is_of_one_script (AhoyNameText text)
{
  UErrorCode status = U_ZERO_ERROR;
  int32_t    failed = uspoof_check (get_tables ()->scripts, text.at, text.len, NULL, &status);

  return U_SUCCESS (status) && failed == 0;
}
