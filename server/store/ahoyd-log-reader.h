/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-database.h"
#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* Reads pages of the log on a connection and a thread of its own, so that whoever says something never waits for whoever reads. Pages come before
 * searches, and those one at a time.
 *
 * What a page may show was announced, so committed, before it was asked for: each page begins a new look at the file, which shows all of that.
 *
 * Belongs to the thread that iterates the context, but for the two functions at the end. */

typedef struct _AhoydLogReader AhoydLogReader;

/* Zero means what is usual. */
typedef struct {
  guint slice_ms;       /* of a processor, for one question */
  guint slice_rows;     /* for tests, and then nothing but this: rows that one question may look at */
  guint index_after_ms; /* silence after which the search index takes in what was said */
} AhoydReadOptions;

/* Nothing is read yet. @options: copied, may be NULL. */
AhoydLogReader *ahoyd_log_reader_new (const char             *path,
                                      GMainContext           *context,
                                      const AhoydReadOptions *options);
/* Whatever was asked for is not answered any more, and what is being read is given up. */
void ahoyd_log_reader_free (AhoydLogReader *reader);

/* See AhoydStoreClass. @query: with a `before`. */
AhoydPage *ahoyd_log_reader_ask (AhoydLogReader       *reader,
                                 const AhoydPageQuery *query,
                                 AhoydPageReady        ready,
                                 gpointer              data);
/* Something was committed, up to @last. */
void ahoyd_log_reader_grown (AhoydLogReader *reader,
                             guint64         last);

/* Any thread. Between these two nothing is read, so that the log's journal can be emptied; with @close the log is not even open, so that somebody else can have it
 * alone, or no longer does. @alone: how it is to be opened from now on. */
void ahoyd_log_reader_pause (AhoydLogReader *reader,
                             gboolean        close);
void ahoyd_log_reader_unpause (AhoydLogReader *reader,
                               gboolean        alone);

/* The writer's thread, between transactions: as long as there is always somebody who reads, SQLite does not begin its journal anew. When that has become
 * large, reading makes way for it. */
void ahoyd_log_reader_let_journal_end (AhoydLogReader *reader,
                                       AhoydDatabase  *db);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydLogReader, ahoyd_log_reader_free)

G_END_DECLS
