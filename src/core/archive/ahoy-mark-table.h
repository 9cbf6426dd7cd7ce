/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-table.h"
#include "core/archive/ahoy-write.h"

G_BEGIN_DECLS

/* The table of marks: numbers and places to be remembered of a conversation, which a target names: the room, or the person by the skeleton. What is so of
 * all of them stands at everyone's. Whoever needs one makes up its kind. What happens to a mark when the server's
 * log is set back hangs on the kind: the three below are special, and any other one is an id up to which something is so. Its rows in memory are an
 * AhoyMarks. */

/* A place: how far the conversation was read. */
#define AHOY_MARK_READ "read"
/* An id from which on the history has no gap: of one conversation, and of those that have no floor yet. */
#define AHOY_MARK_FLOOR "floor"
#define AHOY_MARK_START "start"

extern const AhoyTable ahoy_mark_table;

typedef struct _AhoyMarks AhoyMarks;

/* Returns: (transfer none) (nullable). */
const AhoyPlace *ahoy_marks_find (AhoyMarks  *self,
                                  const char *kind,
                                  AhoyTarget  target);
void             ahoy_marks_set (AhoyMarks       *self,
                                 const char      *kind,
                                 AhoyTarget       target,
                                 const AhoyPlace *value);

/* Writes one mark, in place of what it was. Returns: (transfer full). */
AhoyWrite *ahoy_mark_table_set (const char      *kind,
                                AhoyTarget       target,
                                const AhoyPlace *value);

G_END_DECLS
