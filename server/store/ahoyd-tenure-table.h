/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-name-rows.h"

G_BEGIN_DECLS

/* The table `tenures`: from when a name is whose it is now. PROTOCOL.md, "Tenures". It has a row for each name that was somebody else's and that somebody owns, or
 * something in the log is from or for. */

extern const AhoydTableClass ahoyd_tenure_table;

/* In SQL, of a row about @skeleton: the newest message from when the name was somebody else's. */
#define AHOYD_RELEASED(skeleton) "coalesce ((SELECT released FROM tenures t WHERE t.skeleton = " skeleton "), 0)"

/* The newest message there was when the tenure of whoever had the name ended; 0: there was none. */
guint64 ahoyd_tenure_get_released (AhoydNameRows *tenures,
                                   const char    *skeleton);
void    ahoyd_tenure_set_released (AhoydNameRows *tenures,
                                   const char    *skeleton,
                                   guint64        released);

G_END_DECLS
