/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* PROTOCOL.md, "Names". Pure; thread-safe (ICU's tables are opened once). */

typedef enum {
  AHOY_NAME_OK,
  AHOY_NAME_EMPTY,     /* nothing left after trimming */
  AHOY_NAME_TOO_LONG,  /* more than AHOY_NAME_MAX_CHARS characters */
  AHOY_NAME_RESERVED,  /* begins with what looks like `[` or `*` */
  AHOY_NAME_COMMA,     /* the whisper's separator */
  AHOY_NAME_COLON,     /* what looks like a colon with white space behind it */
  AHOY_NAME_INVISIBLE, /* control, format (zero-width, bidi) or otherwise invisible characters */
  AHOY_NAME_INVALID,   /* not UTF-8, unassigned, surrogate or private-use characters */
  AHOY_NAME_MIXED,     /* letters of alphabets that nobody mixes */
} AhoyNameVerdict;

/* Returns: (transfer full) (nullable): @name trimmed and in NFC, or NULL when it is not allowed. @verdict (out) (optional): why. */
char *ahoy_name_normalize (const char      *name,
                           AhoyNameVerdict *verdict);

/* Returns: (transfer full): what two names that a person could mistake for each other have in common: NFKC, case-folded, look-alike
 * letters mapped to one (UTS #39). Only for comparing; never shown, never stored as a name. */
char *ahoy_name_skeleton (const char *name);

/* Returns: whether @a and @b read as the same name. */
gboolean ahoy_name_equal (const char *a,
                          const char *b);

/* What somebody called @name may be taken for. Two names look alike when something is among the looks of one and the glances of the other, no matter
 * which: the skeleton; the look, which maps look-alikes before it folds, of the name as it is and with capitals where words begin; and one name as it
 * is drawn for the other in small letters or in capitals ("ALlCE" for "ALICE").
 * Returns: (transfer full): NULL-terminated. Only for comparing; a handful, none twice. */
char **ahoy_name_looks (const char *name);
char **ahoy_name_glances (const char *name);

/* Returns: whether somebody called @a could be mistaken for somebody called @b, or the other way round. TRUE when they are equal. */
gboolean ahoy_name_looks_like (const char *a,
                               const char *b);

G_END_DECLS
