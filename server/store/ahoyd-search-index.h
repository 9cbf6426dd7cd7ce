/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "disk/ahoy-sqlite.h"
#include "store/ahoyd-read-budget.h"

G_BEGIN_DECLS

/* Which messages hold which three characters in a row: a file of its own beside the log, which nothing that is said waits for. It is filled behind the log a
 * little at a time, and may lack anything: whoever searches looks through the rest. It may know messages that the log has forgotten. When it does not
 * belong to the log it is made anew, and whoever deletes it loses nothing.
 *
 * Used by one thread at a time. Errors are those of ahoy-sqlite.h. */

typedef struct _AhoydSearchIndex AhoydSearchIndex;

/* Opens @path, or makes it. @log (borrowed): the log it is to belong to; must outlive it. */
AhoydSearchIndex *ahoyd_search_index_open (const char *path,
                                           AhoySqlite *log,
                                           GError    **error);
void              ahoyd_search_index_close (AhoydSearchIndex *self);

/* Takes in some of the messages up to @last that it does not know, or tidies up. @more (out): call again. */
gboolean ahoyd_search_index_fill (AhoydSearchIndex *self,
                                  guint64           last,
                                  const int        *stop,
                                  gboolean         *more,
                                  GError          **error);

/* Whether it knows the message with @id, and so all others down to, and without, @down_to (out); or knows none of these. */
gboolean ahoyd_search_index_knows (AhoydSearchIndex *self,
                                   guint64           id,
                                   guint64          *down_to);

/* Returns: FALSE: enough. */
typedef gboolean (*AhoydSearchFound) (guint64  id,
                                      gpointer data);
/* Calls @found for each message above @after and below @before that may hold @folded, the newest first, all of which it knows. @folded: three
 * characters or more. */
gboolean ahoyd_search_index_each (AhoydSearchIndex *self,
                                  const char       *folded,
                                  guint64           after,
                                  guint64           before,
                                  AhoydSearchFound  found,
                                  gpointer          data,
                                  GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydSearchIndex, ahoyd_search_index_close)

G_END_DECLS
