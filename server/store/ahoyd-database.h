/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "disk/ahoy-sqlite.h"
#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* The log's file. Every call blocks on the disk; used by one thread at a time. Errors are those of ahoy-sqlite.h. */

typedef struct _AhoydDatabase AhoydDatabase;

typedef enum {
  AHOYD_DURABILITY_PROCESS, /* what was committed survives the end of this process, however it ends */
  AHOYD_DURABILITY_POWER,   /* and a power cut: each commit waits for the disk */
} AhoydDurability;

/* Opens @path, or makes it (mode 0600), and brings its schema up to date. */
AhoydDatabase *ahoyd_database_open  (const char      *path,
                                     AhoydDurability  durability,
                                     GError         **error);
/* When there is no room for that: the file as it is, for reading only. See ahoy_sqlite_open_reading(). */
AhoydDatabase *ahoyd_database_open_alone (const char    *path,
                                          GError       **error);
void           ahoyd_database_close (AhoydDatabase   *db);

/* Returns: (transfer full): the file for who reads pages of it, see ahoyd-log-pages.h. */
AhoySqlite    *ahoyd_database_open_reading (const char  *path,
                                            gboolean     alone,
                                            GError     **error);

/* The newest id ever given; 0: none. */
gboolean ahoyd_database_last (AhoydDatabase  *db,
                              guint64        *id,
                              GError        **error);

/* Adds the runs that the log knows to @runs. */
gboolean ahoyd_database_read_runs (AhoydDatabase  *db,
                                   AhoydRuns      *runs,
                                   GError        **error);
/* What is appended from now on is of the run with that name: it gets into the log with the first of that, or with ahoyd_database_keep_run(). */
void     ahoyd_database_set_run   (AhoydDatabase  *db,
                                   const char     *run);
gboolean ahoyd_database_keep_run  (AhoydDatabase  *db,
                                   GError        **error);

/* One transaction. Its end is a commit only when that returns TRUE; then and on errors no transaction is open any more. */
gboolean ahoyd_database_begin    (AhoydDatabase  *db,
                                  GError        **error);
gboolean ahoyd_database_commit   (AhoydDatabase  *db,
                                  GError        **error);
void     ahoyd_database_rollback (AhoydDatabase  *db);

/* Stamps @message with @time and the next id, or, when its sender had said it before, with what it got then (@repeated (out)). */
gboolean ahoyd_database_append (AhoydDatabase  *db,
                                AhoydMessage   *message,
                                gint64          time,
                                gboolean       *repeated,
                                GError        **error);

gboolean ahoyd_database_set_fact (AhoydDatabase  *db,
                                  const char     *kind,
                                  const char     *key,
                                  const char     *value,
                                  GError        **error);
typedef void (*AhoydFactFound) (const char *kind,
                                const char *key,
                                const char *value,
                                gpointer    data);
gboolean ahoyd_database_each_fact (AhoydDatabase   *db,
                                   AhoydFactFound   found,
                                   gpointer         data,
                                   GError         **error);

/* Takes away up to @limit of the oldest messages: those from before @keep_since (milliseconds since 1970 UTC; 0: none for their age), and as many as it takes
 * for the file to hold at most @max_bytes (0: any size). @more (out): call again. */
gboolean ahoyd_database_forget (AhoydDatabase  *db,
                                gint64          keep_since,
                                guint64         max_bytes,
                                guint           limit,
                                gboolean       *more,
                                GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydDatabase, ahoyd_database_close)

G_END_DECLS
