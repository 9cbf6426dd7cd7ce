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
  AHOY_NAME_RESERVED,  /* `*`, or begins with `[` or `*` */
  AHOY_NAME_COMMA,     /* the whisper's separator */
  AHOY_NAME_INVISIBLE, /* control, format (zero-width, bidi) or otherwise invisible characters */
  AHOY_NAME_INVALID,   /* not UTF-8, unassigned, surrogate or private-use characters */
} AhoyNameVerdict;

/* Returns: (transfer full) (nullable): @name trimmed and in NFC, or NULL when it is not allowed. @verdict (out) (optional): why. */
char *ahoy_name_normalize (const char      *name,
                           AhoyNameVerdict *verdict);

/* Returns: (transfer full): what two names that a person could mistake for each other have in common: NFKC, case-folded, look-alike
 * letters mapped to one (UTS #39). Only for comparing; never shown, never stored as a name. */
char *ahoy_name_skeleton (const char *name);

/* Whether the two read as the same name. */
gboolean ahoy_name_equal (const char *a,
                          const char *b);

G_END_DECLS
