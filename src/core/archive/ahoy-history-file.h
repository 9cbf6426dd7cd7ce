/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "core/archive/ahoy-known-key.h"
#include "core/archive/ahoy-run-marks.h"
#include "core/archive/ahoy-stored-message.h"

G_BEGIN_DECLS

/* The history's file: what is asked of it, in SQL. Every call blocks on the disk; used by one thread at a time. Errors are those of
 * ahoy-sqlite.h. Writing calls go between ahoy_history_file_begin() and _commit(). */

typedef struct _AhoyHistoryFile AhoyHistoryFile;

AhoyHistoryFile *ahoy_history_file_open (const char *path,
                                         GError    **error);
void             ahoy_history_file_close (AhoyHistoryFile *self);

gboolean ahoy_history_file_begin (AhoyHistoryFile *self,
                                  GError         **error);
gboolean ahoy_history_file_commit (AhoyHistoryFile *self,
                                   GError         **error);
void     ahoy_history_file_rollback (AhoyHistoryFile *self);

/* The number of @self_skeleton on @server, made when it is new. */
gboolean ahoy_history_file_account (AhoyHistoryFile *self,
                                    const char      *server,
                                    const char      *self_skeleton,
                                    gint64          *archive,
                                    GError         **error);

/* What the archive shows that server to be known again without a key: 32 hex digits, made once, by chance. */
gboolean ahoy_history_file_make_secret (AhoyHistoryFile *self,
                                        gint64           archive,
                                        GError         **error);
/* @secret (out) (transfer full) (nullable): NULL: none is made. */
gboolean ahoy_history_file_secret (AhoyHistoryFile *self,
                                   gint64           archive,
                                   char           **secret,
                                   GError         **error);

/* A message of the server; one that is there already is left as it is. What it answers in the outbox leaves the outbox. What is kept as lost, and is
 * the same in all, is the server's again: @copy (out): where that stood; empty: there was none. */
gboolean ahoy_history_file_keep (AhoyHistoryFile         *self,
                                 gint64                   archive,
                                 const AhoyStoredMessage *stored,
                                 AhoyPlace               *copy,
                                 GError                 **error);
/* Into the outbox, at its end. */
gboolean ahoy_history_file_owe (AhoyHistoryFile         *self,
                                gint64                   archive,
                                const AhoyStoredMessage *stored,
                                GError                 **error);
/* Out of the outbox. */
gboolean ahoy_history_file_drop (AhoyHistoryFile *self,
                                 gint64           archive,
                                 const char      *cid,
                                 GError         **error);
/* The server's log was set back, for the @parting-th time: from id @first on it is not what the archive holds. That stays, as copies behind what is
 * shared; no mark is beyond it any more. */
gboolean ahoy_history_file_part (AhoyHistoryFile *self,
                                 gint64           archive,
                                 guint64          first,
                                 guint            parting,
                                 GError         **error);
/* How often that was. */
gboolean ahoy_history_file_partings (AhoyHistoryFile *self,
                                     gint64           archive,
                                     guint           *partings,
                                     GError         **error);
gboolean ahoy_history_file_mark (AhoyHistoryFile *self,
                                 gint64           archive,
                                 const char      *kind,
                                 const char      *key,
                                 const AhoyPlace *value,
                                 GError         **error);
/* All of them, in place of those before. */
gboolean ahoy_history_file_set_runs (AhoyHistoryFile *self,
                                     gint64           archive,
                                     AhoyRunMarks    *runs,
                                     GError         **error);
/* Returns: (transfer full) (nullable). */
AhoyRunMarks *ahoy_history_file_runs (AhoyHistoryFile *self,
                                      gint64           archive,
                                      GError         **error);

/* Whom the archive knows, and by which key; who is known by none is forgotten. */
gboolean ahoy_history_file_know (AhoyHistoryFile    *self,
                                 gint64              archive,
                                 const AhoyKnownKey *known_key,
                                 GError            **error);

/* Which messages: all of an archive, or the whispers with one person. */
typedef struct {
  const char *peer;   /* skeleton; NULL: everything */
  const char *text;   /* only those that hold this, whatever the case of ASCII letters; NULL: all */
  AhoyPlace   before; /* what stands before this; empty: no bound */
  guint       limit;
} AhoyHistoryQuery;

/* Returns: (transfer full) (nullable): AhoyStoredMessage, the newest that match, in order. @more: there are older ones. */
GPtrArray *ahoy_history_file_page (AhoyHistoryFile        *self,
                                   gint64                  archive,
                                   const AhoyHistoryQuery *query,
                                   gboolean               *more,
                                   GError                **error);
/* Returns: (transfer full) (nullable): AhoyStoredMessage, in the order they were said. */
GPtrArray *ahoy_history_file_outbox (AhoyHistoryFile *self,
                                     gint64           archive,
                                     GError         **error);
/* The newest id kept; 0: none. */
gboolean ahoy_history_file_last (AhoyHistoryFile *self,
                                 gint64           archive,
                                 guint64         *last,
                                 GError         **error);
typedef void (*AhoyMarkFound) (const char      *kind,
                               const char      *key,
                               const AhoyPlace *value,
                               gpointer         data);
gboolean ahoy_history_file_marks (AhoyHistoryFile *self,
                                  gint64           archive,
                                  AhoyMarkFound    found,
                                  gpointer         data,
                                  GError         **error);

/* Returns: (transfer full) (nullable): AhoyKnownKey. */
GPtrArray *ahoy_history_file_people (AhoyHistoryFile *self,
                                     gint64           archive,
                                     GError         **error);

/* Puts up to @limit messages into the search index. @more (out): there are more. */
gboolean ahoy_history_file_index (AhoyHistoryFile *self,
                                  guint            limit,
                                  gboolean        *more,
                                  GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyHistoryFile, ahoy_history_file_close)

G_END_DECLS
