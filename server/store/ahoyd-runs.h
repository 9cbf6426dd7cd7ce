/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The runs that a log grew in: one for each start of the server, with the first id that can have been given in it. PROTOCOL.md, "Runs". */

/* Hex digits of a run's name. */
#define AHOYD_RUN_LEN 16
/* As many of the newest as a log remembers. */
#define AHOYD_RUNS_MAX 4096

typedef struct {
  char    run[AHOYD_RUN_LEN + 1];
  guint64 first;
} AhoydRun;

typedef struct _AhoydRuns AhoydRuns;

AhoydRuns *ahoyd_runs_new (void);
void       ahoyd_runs_free (AhoydRuns *runs);

/* A name for a run, at random. */
void ahoyd_run_name (char name[AHOYD_RUN_LEN + 1]);

/* The next one. @run: 16 hex digits; anything else is none. @first: not below that of the one before. */
void ahoyd_runs_add (AhoydRuns  *runs,
                     const char *run,
                     guint64     first);

/* Somebody holds everything up to @since and says how far they came in which run: @marks, the newest first, is `since-runs` as it came from the network;
 * NULL: nothing. What in it is no mark is skipped. @last: the newest id of the log.
 * Returns: the first id up to @since that is not the log's any more; 0: what they hold is what the log holds or forgot. */
guint64 ahoyd_runs_get_parted (AhoydRuns  *runs,
                               guint64     since,
                               const char *marks,
                               guint64     last);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydRuns, ahoyd_runs_free)

G_END_DECLS
