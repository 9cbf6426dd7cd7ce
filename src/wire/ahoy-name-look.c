/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Tells which names a person could mistake for each other.
 *
 * The skeleton is what a name is known by, also in logs: it never changes. It folds capitals before it maps look-alikes, so that "Ian" and
 * "ian" are one person; but then it does not see that "Ian" looks like "lan". The look does it the other way round, and forgets lines and stray
 * marks first. */

#include "wire/ahoy-name.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "wire/ahoy-name-text.h"
#include "wire/ahoy-signs.h"

/* In front of looks in which capitals are capitals; no skeleton begins so. Those of a name as it is are compared with those of the other in every
 * spelling, but not the other ones with each other: they would make look-alikes of names that nobody writes so. */
#define AS_IT_IS_MARK "\n"
#define SPELLED_MARK "\t"

/* Folds @text. A look-alike may be a capital letter, which folds to a small one, which may have a look-alike: twice round reaches them all. */
static void
fold (AhoyNameText *text)
{
  ahoy_name_text_change (text, AHOY_NAME_NFKC_CASEFOLD);
  ahoy_name_text_squeeze (text);
  for (int round = 0; round < 2; round++)
    {
      ahoy_name_text_change (text, AHOY_NAME_CONFUSABLES);
      ahoy_name_text_change (text, AHOY_NAME_NFKC_CASEFOLD);
      ahoy_name_text_squeeze (text);
    }
}

char *
ahoy_name_skeleton (const char *name)
{
  g_auto (AhoyNameText) text = { 0 };

  g_return_val_if_fail (name != NULL && g_utf8_validate (name, -1, NULL), NULL);

  text = ahoy_name_text_from_utf8 (name);
  /* Folding makes a letter of one mark (U+0345), so the marks must be in order before. */
  ahoy_name_text_change (&text, AHOY_NAME_NFC);
  fold (&text);
  return ahoy_name_text_to_utf8 (text);
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

/* Whether marks on it that make no letter with it are none that its readers know: so few that all letters with marks are in Unicode, or no letter. */
static gboolean
takes_no_marks (UChar32 c)
{
  UErrorCode  status = U_ZERO_ERROR;
  UScriptCode script = uscript_getScript (c, &status);

  return script == USCRIPT_LATIN || script == USCRIPT_GREEK || script == USCRIPT_CYRILLIC || script == USCRIPT_COMMON;
}

/* What is drawn like a character of ASCII becomes that. */
static void
redraw (AhoyNameText *text)
{
  int32_t out = 0;

  for (int32_t i = 0; i < text->len;)
    {
      UChar32 c;

      U16_NEXT (text->at, i, text->len, c);
      U16_APPEND_UNSAFE (text->at, out, (UChar32) ahoy_sign_drawn_like ((gunichar) c));
    }
  text->len = out;
}

/* Two v make a w. */
static void
join (AhoyNameText *text)
{
  int32_t out = 0;

  for (int32_t i = 0; i < text->len; i++)
    {
      UChar unit = text->at[i];

      if ((unit == 'v' || unit == 'V') && i + 1 < text->len && text->at[i + 1] == unit)
        {
          unit = unit == 'v' ? 'w' : 'W';
          i++;
        }
      text->at[out++] = unit;
    }
  text->len = out;
}

/* @strays: also marks that are not part of a letter, where such marks mean nothing, in a text in form C. */
static void
drop_marks (AhoyNameText *text,
            gboolean      strays)
{
  gboolean stray = FALSE;
  int32_t  out = 0;

  for (int32_t i = 0; i < text->len;)
    {
      gboolean mark;
      UChar32  c;

      U16_NEXT (text->at, i, text->len, c);
      mark = (U_GET_GC_MASK (c) & (U_GC_MN_MASK | U_GC_ME_MASK)) != 0;
      if (ahoy_sign_is_line ((gunichar) c) || (mark && strays && stray))
        continue;
      if (!mark)
        stray = takes_no_marks (c);
      U16_APPEND_UNSAFE (text->at, out, c);
    }
  text->len = out;
}

/* As it is drawn, capitals as such. */
static void
draw (AhoyNameText *text)
{
  redraw (text);
  ahoy_name_text_change (text, AHOY_NAME_NFKC);
  redraw (text);
  drop_marks (text, FALSE);
  ahoy_name_text_change (text, AHOY_NAME_NFKC); /* a line may have stood between a letter and its accent */
  drop_marks (text, TRUE);
  ahoy_name_text_change (text, AHOY_NAME_CONFUSABLES);
  drop_marks (text, FALSE); /* ł is an l with one */
  join (text);
  ahoy_name_text_squeeze (text);
}

/* The first letter of each word a capital. */
static void
capitalize (AhoyNameText *text)
{
  UChar32 before = ' ';
  int32_t out = 0;

  ahoy_name_text_change (text, AHOY_NAME_LOWER);
  for (int32_t i = 0; i < text->len;)
    {
      UChar32 c;

      U16_NEXT (text->at, i, text->len, c);
      /* Never longer: a letter and its capital are in the same plane. */
      U16_APPEND_UNSAFE (text->at, out, u_isUWhiteSpace (before) ? u_toupper (c) : c);
      before = c;
    }
}

typedef enum {
  AS_IT_IS,
  SMALL,
  CAPITAL,
  CAPITALIZED,
} Spelling;

static AhoyNameText
drawn (AhoyNameText name,
       Spelling     spelling)
{
  AhoyNameText text = ahoy_name_text_copy (name);

  if (spelling == CAPITALIZED)
    capitalize (&text);
  else if (spelling != AS_IT_IS)
    ahoy_name_text_change (&text, spelling == SMALL ? AHOY_NAME_LOWER : AHOY_NAME_UPPER);
  draw (&text);
  return text;
}

/* Adds @look (transfer full) unless it is there, or is nothing. */
static void
add (GPtrArray *looks,
     char      *look)
{
  if (look[0] == '\0' || g_ptr_array_find_with_equal_func (looks, look, g_str_equal, NULL))
    g_free (look);
  else
    g_ptr_array_add (looks, look);
}

static void
add_folded (GPtrArray   *looks,
            AhoyNameText name,
            Spelling     spelling)
{
  g_auto (AhoyNameText) text = drawn (name, spelling);

  fold (&text);
  drop_marks (&text, FALSE);
  add (looks, ahoy_name_text_to_utf8 (text));
}

static void
add_unfolded (GPtrArray   *looks,
              AhoyNameText name,
              Spelling     spelling,
              const char  *mark)
{
  g_auto (AhoyNameText) text = drawn (name, spelling);
  g_autofree char      *look = ahoy_name_text_to_utf8 (text);

  add (looks, g_strconcat (mark, look, NULL));
}

static char **
make_looks (const char *name,
            const char *as_it_is,
            const char *spelled)
{
  g_autoptr (GPtrArray) looks = g_ptr_array_new_with_free_func (g_free);
  g_auto (AhoyNameText) text = ahoy_name_text_from_utf8 (name);

  add (looks, ahoy_name_skeleton (name));
  add_folded (looks, text, AS_IT_IS);
  add_folded (looks, text, CAPITALIZED);
  add_unfolded (looks, text, AS_IT_IS, as_it_is);
  for (Spelling spelling = AS_IT_IS; spelling <= CAPITALIZED; spelling++)
    add_unfolded (looks, text, spelling, spelled);
  g_ptr_array_add (looks, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&looks), FALSE);
}

char **
ahoy_name_looks (const char *name)
{
  g_return_val_if_fail (name != NULL && g_utf8_validate (name, -1, NULL), NULL);

  return make_looks (name, AS_IT_IS_MARK, SPELLED_MARK);
}

char **
ahoy_name_glances (const char *name)
{
  g_return_val_if_fail (name != NULL && g_utf8_validate (name, -1, NULL), NULL);

  return make_looks (name, SPELLED_MARK, AS_IT_IS_MARK);
}

gboolean
ahoy_name_looks_like (const char *a,
                      const char *b)
{
  g_auto (GStrv) glances = NULL;
  g_auto (GStrv) looks = NULL;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  glances = ahoy_name_glances (a);
  looks = ahoy_name_looks (b);
  for (guint i = 0; glances != NULL && looks != NULL && glances[i] != NULL; i++)
    if (g_strv_contains ((const char *const *) looks, glances[i]))
      return TRUE;
  return FALSE;
}
