/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>
#include <unicode/utypes.h>

G_BEGIN_DECLS

/* What ICU makes of the text of names, for ahoy-name*.c. Pure; thread-safe (ICU's tables are opened once). */

/* AhoyNameText is a UTF-16 string of ours, which is what ICU works on. */
typedef struct {
  UChar  *at;
  int32_t len;
} AhoyNameText;

/* from_utf8() and copy() make a text that is to be cleared. */
AhoyNameText ahoy_name_text_from_utf8 (const char *text);
AhoyNameText ahoy_name_text_copy (AhoyNameText text);
/* Returns: (transfer full): @text in UTF-8; never NULL. */
char *ahoy_name_text_to_utf8 (AhoyNameText text);
void  ahoy_name_text_clear (AhoyNameText *text);

typedef enum {
  AHOY_NAME_NFC,
  AHOY_NAME_NFKC,
  AHOY_NAME_NFKC_CASEFOLD,
  AHOY_NAME_CONFUSABLES, /* the skeleton of UTS #39 */
  AHOY_NAME_LOWER,
  AHOY_NAME_UPPER,
} AhoyNameChange;

void ahoy_name_text_change (AhoyNameText  *text,
                            AhoyNameChange change);
/* Drops what nobody sees (a dot on an i that has one already, white space around it) and makes every run of spaces one. */
void ahoy_name_text_squeeze (AhoyNameText *text);

/* Returns: whether all of @text is in one script, or in Latin and what is written beside it in East Asia: "highly restrictive" in UTS #39. */
gboolean ahoy_name_text_is_of_one_script (AhoyNameText text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AhoyNameText, ahoy_name_text_clear)

G_END_DECLS
