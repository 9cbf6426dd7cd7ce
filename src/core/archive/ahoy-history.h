/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-history-file.h"

G_BEGIN_DECLS

/* What this person has seen and still owes, kept on disk by a thread of its own. All calls return at once and are carried out in order; what queued up
 * together is committed together. Answers come to the context the history was opened for, in the order of the calls.
 *
 * A history whose disk fails says so once ("failed") and goes on answering as well as it can: chatting does not end because a disk is full. What
 * cannot be written waits, and all that comes after it waits behind it (ahoy-history-writer.h); it is tried again with whatever comes next, every few
 * seconds, and at the end. So the disk never holds a position, a mark or a message that is beyond one that is missing. Whoever asked is
 * answered with the error of the first attempt. */

typedef struct _AhoyHistory AhoyHistory;

/* What is known of one person on one server when they come back. */
typedef struct {
  gint64        archive; /* for the other calls */
  guint64       last;    /* newest id held; 0: none */
  GPtrArray    *newest;  /* AhoyStoredMessage in order: the newest of all conversations */
  gboolean      more;    /* there are older ones */
  GPtrArray    *outbox;  /* AhoyStoredMessage, in the order they were said */
  GPtrArray    *people;  /* AhoyKnownKey */
  GHashTable   *marks;   /* "kind\037key" -> AhoyPlace *, of which most are ids; see ahoy_history_loaded_mark() */
  AhoyRunMarks *runs;
  char         *secret;   /* see ahoy-history-file.h; NULL: the disk took none */
  guint         partings; /* how often the server's log was set back */
} AhoyHistoryLoaded;

/* @error: the disk failed; the rest is then empty, and archive 0. All of it (transfer none). */
typedef void (*AhoyHistoryLoad) (const AhoyHistoryLoaded *loaded,
                                 const GError            *error,
                                 gpointer                 data);
/* @stored_messages: AhoyStoredMessage in order, (transfer none); empty when @error is set. @more: there are older ones. */
typedef void (*AhoyHistoryPage) (GPtrArray    *stored_messages,
                                 gboolean      more,
                                 const GError *error,
                                 gpointer      data);
/* It is on the disk, or @error. */
typedef void (*AhoyHistoryKept) (const GError *error,
                                 gpointer      data);
/* A message has its place. @copy: where it stood as one that the server had lost; NULL: it is a new one, or @error. All of it (transfer none). */
typedef void (*AhoyHistoryPlaced) (const AhoyStoredMessage *stored,
                                   const AhoyPlace         *copy,
                                   const GError            *error,
                                   gpointer                 data);
/* The first of a row of failures; @error NULL: it is over, and nothing waits to be written. */
typedef void (*AhoyHistoryFailed) (const GError *error,
                                   gpointer      data);

/* More is on the disk; see ahoy_history_get_written(). */
typedef void (*AhoyHistoryWritten) (gpointer data);

/* Opens or makes @path; blocks while it does. @context: NULL for the thread's default. @failed may be NULL.
 * Returns: (transfer full): NULL with an error of ahoy-sqlite.h. */
AhoyHistory *ahoy_history_open (const char       *path,
                                GMainContext     *context,
                                AhoyHistoryFailed failed,
                                gpointer          data,
                                GError          **error);
/* Waits (blocks) until everything is written. No callback comes any more. */
void ahoy_history_close (AhoyHistory *self);
/* What was asked with @data will not be answered: its callbacks are dropped, watches too. Writing goes on. */
void ahoy_history_forget_asker (AhoyHistory *self,
                                gpointer     data);

/* Milliseconds between two attempts to write what waits. For tests. */
void ahoy_history_set_retry (AhoyHistory *self,
                             guint        ms);

/* Everything that is to be written has a number, one more than the last; written is the number up to which all of it is on the disk. */
guint64 ahoy_history_get_pushed (AhoyHistory *self);
guint64 ahoy_history_get_written (AhoyHistory *self);
void    ahoy_history_watch (AhoyHistory       *self,
                            AhoyHistoryWritten written,
                            gpointer           data);

/* @newest: so many messages at most. */
void ahoy_history_load (AhoyHistory    *self,
                        const char     *server,
                        const char     *self_skeleton,
                        guint           newest,
                        AhoyHistoryLoad done,
                        gpointer        data);
/* Returns: the mark's value, or @otherwise when there is none. */
gint64 ahoy_history_loaded_mark (const AhoyHistoryLoaded *loaded,
                                 const char              *kind,
                                 const char              *key,
                                 gint64                   otherwise);

/* @stored (transfer full): see ahoy-history-file.h for keep, owe and drop. @done may be NULL. */
void ahoy_history_keep (AhoyHistory       *self,
                        gint64             archive,
                        AhoyStoredMessage *stored,
                        AhoyHistoryPlaced  done,
                        gpointer           data);
void ahoy_history_owe (AhoyHistory       *self,
                       gint64             archive,
                       AhoyStoredMessage *stored,
                       AhoyHistoryKept    done,
                       gpointer           data);
void ahoy_history_drop (AhoyHistory *self,
                        gint64       archive,
                        const char  *cid);
void ahoy_history_mark (AhoyHistory     *self,
                        gint64           archive,
                        const char      *kind,
                        const char      *key,
                        const AhoyPlace *value);

/* @known_key (transfer full). */
void ahoy_history_know (AhoyHistory  *self,
                        gint64        archive,
                        AhoyKnownKey *known_key);

/* See ahoy-history-file.h. */
void ahoy_history_part (AhoyHistory *self,
                        gint64       archive,
                        guint64      first,
                        guint        parting);
/* @runs (transfer full). */
void ahoy_history_set_runs (AhoyHistory  *self,
                            gint64        archive,
                            AhoyRunMarks *runs);

void ahoy_history_page (AhoyHistory            *self,
                        gint64                  archive,
                        const AhoyHistoryQuery *query,
                        AhoyHistoryPage         done,
                        gpointer                data);

/* Brings the search index up to date, a little at a time between other things. Searching works without it, slowly. */
void ahoy_history_index (AhoyHistory *self);

/* Calls not carried out yet: who writes much waits when there are many. */
guint ahoy_history_get_n_pending (AhoyHistory *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyHistory, ahoy_history_close)

G_END_DECLS
