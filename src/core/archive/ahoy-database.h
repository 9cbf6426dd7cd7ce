/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-database-file.h"

G_BEGIN_DECLS

/* What this person has seen and still owes, kept on disk by a thread of its own. All calls return at once and are carried out in order; what queued up
 * together is committed together. Answers come to the context the history was opened for, in the order of the calls.
 *
 * A history whose disk fails says so once ("failed") and goes on answering as well as it can: chatting does not end because a disk is full. What
 * cannot be written waits, and all that comes after it waits behind it (ahoy-database-writer.h); it is tried again with whatever comes next, every few
 * seconds, and at the end. So the disk never holds a position, a mark or a message that is beyond one that is missing. Whoever asked is
 * answered with the error of the first attempt. */

typedef struct _AhoyHistory AhoyDatabase;

/* What is known of one person on one server when they come back. */
typedef struct {
  gint64        archive; /* for the other calls */
  guint64       last;    /* newest id held; 0: none */
  GPtrArray    *newest;  /* AhoyStoredMessage in order: the newest of all conversations */
  gboolean      more;    /* there are older ones */
  GPtrArray    *outbox;  /* AhoyStoredMessage, in the order they were said */
  GPtrArray    *people;  /* AhoyKnownKey */
  GHashTable   *marks;   /* "kind\037key" -> AhoyPlace *, of which most are ids; see ahoy_database_loaded_mark() */
  AhoyRunMarks *runs;
  char         *secret;   /* see ahoy-database-file.h; NULL: the disk took none */
  guint         partings; /* how often the server's log was set back */
} AhoyDatabaseLoaded;

/* @error: the disk failed; the rest is then empty, and archive 0. All of it (transfer none). */
typedef void (*AhoyDatabaseLoad) (const AhoyDatabaseLoaded *loaded,
                                  const GError             *error,
                                  gpointer                  data);
/* @stored_messages: AhoyStoredMessage in order, (transfer none); empty when @error is set. @more: there are older ones. */
typedef void (*AhoyDatabasePage) (GPtrArray    *stored_messages,
                                  gboolean      more,
                                  const GError *error,
                                  gpointer      data);
/* It is on the disk, or @error. */
typedef void (*AhoyDatabaseKept) (const GError *error,
                                  gpointer      data);
/* A message has its place. @copy: where it stood as one that the server had lost; NULL: it is a new one, or @error. All of it (transfer none). */
typedef void (*AhoyDatabasePlaced) (const AhoyStoredMessage *stored,
                                    const AhoyPlace         *copy,
                                    const GError            *error,
                                    gpointer                 data);
/* The first of a row of failures; @error NULL: it is over, and nothing waits to be written. */
typedef void (*AhoyDatabaseFailed) (const GError *error,
                                    gpointer      data);

/* More is on the disk; see ahoy_database_get_written(). */
typedef void (*AhoyDatabaseWritten) (gpointer data);

/* Opens or makes @path; blocks while it does. @context: NULL for the thread's default. @failed may be NULL.
 * Returns: (transfer full): NULL with an error of ahoy-sqlite.h. */
AhoyDatabase *ahoy_database_open (const char        *path,
                                  GMainContext      *context,
                                  AhoyDatabaseFailed failed,
                                  gpointer           data,
                                  GError           **error);
/* Waits (blocks) until everything is written. No callback comes any more. */
void ahoy_database_close (AhoyDatabase *self);
/* What was asked with @data will not be answered: its callbacks are dropped, watches too. Writing goes on. */
void ahoy_database_forget_asker (AhoyDatabase *self,
                                 gpointer      data);

/* Milliseconds between two attempts to write what waits. For tests. */
void ahoy_database_set_retry (AhoyDatabase *self,
                              guint         ms);

/* Everything that is to be written has a number, one more than the last; written is the number up to which all of it is on the disk. */
guint64 ahoy_database_get_pushed (AhoyDatabase *self);
guint64 ahoy_database_get_written (AhoyDatabase *self);
void    ahoy_database_watch (AhoyDatabase       *self,
                             AhoyDatabaseWritten written,
                             gpointer            data);

/* @newest: so many messages at most. */
void ahoy_database_load (AhoyDatabase    *self,
                         const char      *server,
                         const char      *self_skeleton,
                         guint            newest,
                         AhoyDatabaseLoad done,
                         gpointer         data);
/* Returns: the mark's value, or @otherwise when there is none. */
gint64 ahoy_database_loaded_mark (const AhoyDatabaseLoaded *loaded,
                                  const char               *kind,
                                  const char               *key,
                                  gint64                    otherwise);

/* @stored (transfer full): see ahoy-database-file.h for keep, owe and drop. @done may be NULL. */
void ahoy_database_keep (AhoyDatabase      *self,
                         gint64             archive,
                         AhoyStoredMessage *stored,
                         AhoyDatabasePlaced done,
                         gpointer           data);
void ahoy_database_owe (AhoyDatabase      *self,
                        gint64             archive,
                        AhoyStoredMessage *stored,
                        AhoyDatabaseKept   done,
                        gpointer           data);
void ahoy_database_drop (AhoyDatabase *self,
                         gint64        archive,
                         const char   *cid);
void ahoy_database_mark (AhoyDatabase    *self,
                         gint64           archive,
                         const char      *kind,
                         const char      *key,
                         const AhoyPlace *value);

/* @known_key (transfer full). */
void ahoy_database_know (AhoyDatabase *self,
                         gint64        archive,
                         AhoyKnownKey *known_key);

/* See ahoy-database-file.h. */
void ahoy_database_part (AhoyDatabase *self,
                         gint64        archive,
                         guint64       first,
                         guint         parting);
/* @runs (transfer full). */
void ahoy_database_set_runs (AhoyDatabase *self,
                             gint64        archive,
                             AhoyRunMarks *runs);

void ahoy_database_page (AhoyDatabase        *self,
                         gint64               archive,
                         const AhoyPageQuery *query,
                         AhoyDatabasePage     done,
                         gpointer             data);

/* Brings the search index up to date, a little at a time between other things. Searching works without it, slowly. */
void ahoy_database_index (AhoyDatabase *self);

/* Calls not carried out yet: who writes much waits when there are many. */
guint ahoy_database_get_n_pending (AhoyDatabase *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyDatabase, ahoy_database_close)

G_END_DECLS
