/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* AhoyRunMarks says how far one person came in each run of a server's log. PROTOCOL.md, "Runs". The newest run's mark goes along with the person's position; those of
 * the others stay. Of many runs those of long ago are thinned out: from each reach of the past some stay, since any that the server still
 * knows is of use. Plain data, one thread at a time. */

/* So many marks are kept; fewer can be told. */
#define AHOY_RUN_MARKS_MAX 48
/* So many of the newest ones are never thinned out. */
#define AHOY_RUN_MARKS_RECENT 8

typedef struct {
  char    run[17];
  guint64 nth; /* of all runs that were met, from 1 on */
  guint64 id;
} AhoyRunMark;

typedef struct _AhoyRunMarks AhoyRunMarks;

AhoyRunMarks *ahoy_run_marks_new (void);
void          ahoy_run_marks_free (AhoyRunMarks *self);
/* Returns: (transfer full). */
AhoyRunMarks *ahoy_run_marks_copy (AhoyRunMarks *self);

/* Adds a mark that was kept: in any order, each run once. What is no run is left out. */
void ahoy_run_marks_add (AhoyRunMarks      *self,
                         const AhoyRunMark *mark);
/* Notes that we are in @run now, and hold everything up to @position. Returns: FALSE when we were in it before. */
gboolean ahoy_run_marks_enter (AhoyRunMarks *self,
                               const char   *run,
                               guint64       position);
/* Lowers every mark to @id at most. */
void ahoy_run_marks_clamp (AhoyRunMarks *self,
                           guint64       id);

guint ahoy_run_marks_get_n (AhoyRunMarks *self);
/* Returns: (transfer none): the mark at @i; 0: the newest. */
const AhoyRunMark *ahoy_run_marks_get (AhoyRunMarks *self,
                                       guint         i);

/* Writes the value of `since-runs`, of at most @max bytes. @position: the newest run's mark.
 * Returns: (transfer full) (nullable): NULL when there is none. */
char *ahoy_run_marks_write (AhoyRunMarks *self,
                            guint64       position,
                            gsize         max);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyRunMarks, ahoy_run_marks_free)

G_END_DECLS
