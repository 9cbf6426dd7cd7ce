/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What may be somebody's name, and which names a person could mistake for each other. */

#include "wire/ahoy-name.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "wire/ahoy-limits.h"

G_STATIC_ASSERT (sizeof (UChar) == sizeof (gunichar2));

/* ICU's tables: opened once, immutable, shared by all threads, for the life of the process. */
typedef struct {
  const UNormalizer2 *nfc;
  const UNormalizer2 *nfkc;
  const UNormalizer2 *nfkc_casefold;
  const USpoofChecker *spoof;
} Tables;

static gpointer
open_tables (gpointer data)
{
  static Tables tables;
  UErrorCode status = U_ZERO_ERROR;

  tables.nfc = unorm2_getNFCInstance (&status);
  tables.nfkc = unorm2_getNFKCInstance (&status);
  tables.nfkc_casefold = unorm2_getNFKCCasefoldInstance (&status);
  tables.spoof = uspoof_open (&status);
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

/* A UTF-16 string of ours: what ICU works on. */
typedef struct {
  UChar  *at;
  int32_t len;
} Utf16;

static Utf16
utf16_from_utf8 (const char *text)
{
  glong len;
  UChar *at = (UChar *) g_utf8_to_utf16 (text, -1, NULL, &len, NULL);

  g_assert (at != NULL && len <= G_MAXINT32);
  return (Utf16){ at, (int32_t) len };
}

static char *
utf16_to_utf8 (Utf16 text)
{
  /* Never NULL: nothing of ours makes a lone surrogate. */
  return g_utf16_to_utf8 ((const gunichar2 *) text.at, text.len, NULL, NULL, NULL);
}

static void
utf16_take (Utf16 *text,
            Utf16  other)
{
  g_free (text->at);
  *text = other;
}

/* Calls of ICU that fill a buffer: asked for the size first, then for the text. */
typedef int32_t (*Transform) (Utf16           from,
                              UChar          *to,
                              int32_t         size,
                              const Tables   *tables,
                              UErrorCode     *status);

static void
transform (Utf16     *text,
           Transform  how)
{
  const Tables *tables = get_tables ();
  UErrorCode status = U_ZERO_ERROR;
  int32_t size = text->len + 16;
  UChar *to = g_new (UChar, size);
  int32_t len = how (*text, to, size, tables, &status);

  if (status == U_BUFFER_OVERFLOW_ERROR)
    {
      size = len + 1;
      to = g_renew (UChar, to, size);
      status = U_ZERO_ERROR;
      len = how (*text, to, size, tables, &status);
    }
  /* Only memory can run out here. */
  g_assert (U_SUCCESS (status));
  utf16_take (text, (Utf16){ to, len });
}

static int32_t
to_nfc (Utf16         from,
        UChar        *to,
        int32_t       size,
        const Tables *tables,
        UErrorCode   *status)
{
  return unorm2_normalize (tables->nfc, from.at, from.len, to, size, status);
}

static int32_t
to_nfkc (Utf16         from,
         UChar        *to,
         int32_t       size,
         const Tables *tables,
         UErrorCode   *status)
{
  return unorm2_normalize (tables->nfkc, from.at, from.len, to, size, status);
}

static int32_t
to_nfkc_casefold (Utf16         from,
                  UChar        *to,
                  int32_t       size,
                  const Tables *tables,
                  UErrorCode   *status)
{
  return unorm2_normalize (tables->nfkc_casefold, from.at, from.len, to, size, status);
}

static int32_t
to_look (Utf16         from,
         UChar        *to,
         int32_t       size,
         const Tables *tables,
         UErrorCode   *status)
{
  return uspoof_getSkeleton (tables->spoof, 0, from.at, from.len, to, size, status);
}

/* Characters that stand for a space or nothing at all, though Unicode calls them symbols. */
static gboolean
looks_blank (UChar32 c)
{
  return c == 0x2800 /* BRAILLE PATTERN BLANK */ || c == 0xfffc /* OBJECT REPLACEMENT CHARACTER */ || u_isUWhiteSpace (c);
}

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
      if (before == 0 || looks_blank (before))
        return AHOY_NAME_INVISIBLE;
      break;
    default:
      break;
    }

  if (u_hasBinaryProperty (c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || (looks_blank (c) && !u_isUWhiteSpace (c)))
    return AHOY_NAME_INVISIBLE;
  return AHOY_NAME_OK;
}

static AhoyNameVerdict
judge_characters (Utf16 name)
{
  UChar32 before = 0;

  for (int32_t i = 0; i < name.len;)
    {
      AhoyNameVerdict verdict;
      UChar32 c;

      U16_NEXT (name.at, i, name.len, c);
      verdict = judge_character (c, before);
      if (verdict != AHOY_NAME_OK)
        return verdict;
      before = c;
    }
  return AHOY_NAME_OK;
}

/* `*` and `[` begin the lines that servers write; their wide and small forms look the same to people. */
static gboolean
is_reserved (Utf16 name)
{
  Utf16 plain = { g_memdup2 (name.at, (gsize) name.len * sizeof (UChar)), name.len };
  gboolean reserved;

  transform (&plain, to_nfkc);
  reserved = plain.len > 0 && (plain.at[0] == '*' || plain.at[0] == '[');
  g_free (plain.at);
  return reserved;
}

static AhoyNameVerdict
judge (Utf16 name)
{
  if (name.len == 0)
    return AHOY_NAME_EMPTY;
  if (u_countChar32 (name.at, name.len) > AHOY_NAME_MAX_CHARS)
    return AHOY_NAME_TOO_LONG;
  if (is_reserved (name))
    return AHOY_NAME_RESERVED;
  return judge_characters (name);
}

/* Spaces, tabs and line ends around it: what a hasty hand or an old client leaves there. */
static void
trim (Utf16 *name)
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
  AhoyNameVerdict unused;
  char *normal = NULL;
  Utf16 text;

  g_return_val_if_fail (name != NULL, NULL);

  if (verdict == NULL)
    verdict = &unused;
  if (!g_utf8_validate (name, -1, NULL))
    {
      *verdict = AHOY_NAME_INVALID;
      return NULL;
    }

  text = utf16_from_utf8 (name);
  trim (&text);
  transform (&text, to_nfc);
  *verdict = judge (text);
  if (*verdict == AHOY_NAME_OK)
    normal = utf16_to_utf8 (text);
  g_free (text.at);
  return normal;
}

/* Drops what nobody sees (a dot on an i that has one already) and makes every run of spaces one. */
static void
squeeze (Utf16 *text)
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

char *
ahoy_name_skeleton (const char *name)
{
  Utf16 text;
  char *skeleton;

  g_return_val_if_fail (name != NULL && g_utf8_validate (name, -1, NULL), NULL);

  text = utf16_from_utf8 (name);
  /* Folding makes a letter of one mark (U+0345), so the marks must be in order before. */
  transform (&text, to_nfc);
  transform (&text, to_nfkc_casefold);
  squeeze (&text);

  /* A look-alike may be a capital letter, which folds to a small one, which may have a look-alike: twice round reaches them all. */
  for (int round = 0; round < 2; round++)
    {
      transform (&text, to_look);
      transform (&text, to_nfkc_casefold);
      squeeze (&text);
    }

  skeleton = utf16_to_utf8 (text);
  g_free (text.at);
  return skeleton;
}

gboolean
ahoy_name_equal (const char *a,
                 const char *b)
{
  g_autofree char *skeleton_a = NULL;
  g_autofree char *skeleton_b = NULL;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (strcmp (a, b) == 0)
    return TRUE;
  skeleton_a = ahoy_name_skeleton (a);
  skeleton_b = ahoy_name_skeleton (b);
  return skeleton_a != NULL && skeleton_b != NULL && strcmp (skeleton_a, skeleton_b) == 0;
}
