/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-table.h"

G_BEGIN_DECLS

/* The table `marks`: how far one person's whispers have come to another. PROTOCOL.md, "Receipts".
 *
 * A mark goes, here and on the disk, with the whisper it is about: what retention has taken away needs none. So there are never more marks than pairs of
 * people with a whisper in the log, and AHOYD_MARKS_LATE_MAX: that many may be about a whisper that left the log before the mark was made. */

#define AHOYD_MARKS_LATE_MAX 1024

/* The rows. */
typedef struct _AhoydMarks AhoydMarks;

typedef enum {
  AHOYD_MARK_DELIVERED,
  AHOYD_MARK_SEEN,
  AHOYD_MARK_N,
} AhoydMarkWhat;

extern const AhoydTableClass ahoyd_mark_table;

/* The whisper @id, and all before it, from @from to @to (skeletons) has come so far. Returns: whether that was not known. */
gboolean ahoyd_marks_raise (AhoydMarks   *marks,
                            const char   *from,
                            const char   *to,
                            AhoydMarkWhat what,
                            guint64       id);
/* All that is known of whispers from @from is forgotten. */
void ahoyd_marks_drop (AhoydMarks *marks,
                       const char *from);

/* @to: a skeleton; @id: the newest that has come so far. */
typedef void (*AhoydMarkFound) (const char *to,
                                guint64     id,
                                gpointer    data);
/* Calls @found for each who got a whisper from @from; it must change no mark. */
void ahoyd_marks_each (AhoydMarks    *marks,
                       const char    *from,
                       AhoydMarkWhat  what,
                       AhoydMarkFound found,
                       gpointer       data);

G_END_DECLS
