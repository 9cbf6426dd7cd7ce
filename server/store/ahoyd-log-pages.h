/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "disk/ahoy-sqlite.h"
#include "store/ahoyd-page-query.h"
#include "store/ahoyd-read-budget.h"
#include "store/ahoyd-search-index.h"

G_BEGIN_DECLS

/* Pages of the log, read from its file. Blocks on the disk; used by one thread at a time. Errors are those of ahoy-sqlite.h, and G_IO_ERROR_TIMED_OUT. */

/* @draft (in: empty; the caller clears it, also after errors). @more and @reached (out): see AhoydPageResult. @budget
 * has begun. @index: NULL: there is none. */
gboolean ahoyd_log_pages_make (AhoySqlite           *log,
                               AhoydSearchIndex     *index,
                               AhoydReadBudget      *budget,
                               const AhoydPageQuery *query,
                               AhoydPageDraft       *draft,
                               gboolean             *more,
                               guint64              *reached,
                               GError              **error);

/* From now on a statement on @log that goes far beyond @budget (borrowed; NULL: any) within one step is ended. */
void ahoyd_log_pages_attend (AhoySqlite      *log,
                             AhoydReadBudget *budget);

G_END_DECLS
