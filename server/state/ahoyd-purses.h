/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "net/ahoyd-allowance.h"

G_BEGIN_DECLS

/* What each person has left of their allowance. It is theirs, whichever connection they have: coming back does not fill it.
 *
 * Bounded: a purse is kept while somebody holds it, and of the others only until it is full again, and not more than
 * AHOYD_PURSES_REMEMBERED. Pure. */

typedef struct _AhoydPurses AhoydPurses;
typedef struct _AhoydPurse  AhoydPurse;

#define AHOYD_PURSES_REMEMBERED 4096

AhoydPurses *ahoyd_purses_new (void);
/* Frees all purses; nobody holds one any more. */
void ahoyd_purses_free (AhoydPurses *purses);

/* Returns: (transfer none): that of the person with this skeleton, until ahoyd_purses_release(). Two connections may hold one. */
AhoydPurse *ahoyd_purses_hold (AhoydPurses *purses,
                               const char  *skeleton);
/* @terms: by which it fills, from @now (monotonic µs) on. */
void ahoyd_purses_release (AhoydPurses               *purses,
                           AhoydPurse                *purse,
                           const AhoydAllowanceTerms *terms,
                           gint64                     now);
/* Returns: (transfer none). */
AhoydAllowance *ahoyd_purse_open (AhoydPurse *purse);
/* Returns: how many are known. */
guint ahoyd_purses_get_n (AhoydPurses *purses);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydPurses, ahoyd_purses_free)

G_END_DECLS
