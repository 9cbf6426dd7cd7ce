/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "core/archive/ahoy-known-key.h"
#include "core/archive/ahoy-run-marks.h"
#include "core/archive/ahoy-stored-message.h"

G_BEGIN_DECLS

/* The history's file: what is asked of it, in SQL. Every call blocks on the disk; used by one thread at a time. Errors are those of
 * ahoy-sqlite.h. Writing calls go between ahoy_database_file_begin() and _commit(). */

typedef struct _AhoyHistoryFile AhoyDatabaseFile;

AhoyDatabaseFile *ahoy_database_file_open (const char *path,
                                           GError    **error);
void              ahoy_database_file_close (AhoyDatabaseFile *self);

gboolean ahoy_database_file_begin (AhoyDatabaseFile *self,
                                   GError          **error);
gboolean ahoy_database_file_commit (AhoyDatabaseFile *self,
                                    GError          **error);
void     ahoy_database_file_rollback (AhoyDatabaseFile *self);

/* The number of @self_skeleton on @server, made when it is new. */
gboolean ahoy_database_file_account (AhoyDatabaseFile *self,
                                     const char       *server,
                                     const char       *self_skeleton,
                                     gint64           *archive,
                                     GError          **error);

/* What the archive shows that server to be known again without a key: 32 hex digits, made once, by chance. */
gboolean ahoy_database_file_make_secret (AhoyDatabaseFile *self,
                                         gint64            archive,
                                         GError          **error);
/* @secret (out) (transfer full) (nullable): NULL: none is made. */
gboolean ahoy_database_file_secret (AhoyDatabaseFile *self,
                                    gint64            archive,
                                    char            **secret,
                                    GError          **error);

/* A message of the server; one that is there already is left as it is. What it answers in the outbox leaves the outbox. What is kept as lost, and is
 * the same in all, is the server's again: @copy (out): where that stood; empty: there was none. */
gboolean ahoy_database_file_keep (AhoyDatabaseFile        *self,
                                  gint64                   archive,
                                  const AhoyStoredMessage *stored,
                                  AhoyPlace               *copy,
                                  GError                 **error);
/* Into the outbox, at its end. */
gboolean ahoy_database_file_owe (AhoyDatabaseFile        *self,
                                 gint64                   archive,
                                 const AhoyStoredMessage *stored,
                                 GError                 **error);
/* Out of the outbox. */
gboolean ahoy_database_file_drop (AhoyDatabaseFile *self,
                                  gint64            archive,
                                  const char       *cid,
                                  GError          **error);
/* The server's log was set back, for the @parting-th time: from id @first on it is not what the archive holds. That stays, as copies behind what is
 * shared; no mark is beyond it any more. */
gboolean ahoy_database_file_part (AhoyDatabaseFile *self,
                                  gint64            archive,
                                  guint64           first,
                                  guint             parting,
                                  GError          **error);
/* How often that was. */
gboolean ahoy_database_file_partings (AhoyDatabaseFile *self,
                                      gint64            archive,
                                      guint            *partings,
                                      GError          **error);
gboolean ahoy_database_file_mark (AhoyDatabaseFile *self,
                                  gint64            archive,
                                  const char       *kind,
                                  const char       *key,
                                  const AhoyPlace  *value,
                                  GError          **error);
/* All of them, in place of those before. */
gboolean ahoy_database_file_set_runs (AhoyDatabaseFile *self,
                                      gint64            archive,
                                      AhoyRunMarks     *runs,
                                      GError          **error);
/* Returns: (transfer full) (nullable). */
AhoyRunMarks *ahoy_database_file_runs (AhoyDatabaseFile *self,
                                       gint64            archive,
                                       GError          **error);

/* Whom the archive knows, and by which key; who is known by none is forgotten. */
gboolean ahoy_database_file_know (AhoyDatabaseFile   *self,
                                  gint64              archive,
                                  const AhoyKnownKey *known_key,
                                  GError            **error);

/* Which messages: all of an archive, or the whispers with one person. */
typedef struct {
  const char *peer;   /* skeleton; NULL: everything */
  const char *text;   /* only those that hold this, whatever the case of ASCII letters; NULL: all */
  AhoyPlace   before; /* what stands before this; empty: no bound */
  guint       limit;
} AhoyPageQuery;

/* Returns: (transfer full) (nullable): AhoyStoredMessage, the newest that match, in order. @more: there are older ones. */
GPtrArray *ahoy_database_file_page (AhoyDatabaseFile    *self,
                                    gint64               archive,
                                    const AhoyPageQuery *query,
                                    gboolean            *more,
                                    GError             **error);
/* Returns: (transfer full) (nullable): AhoyStoredMessage, in the order they were said. */
GPtrArray *ahoy_database_file_outbox (AhoyDatabaseFile *self,
                                      gint64            archive,
                                      GError          **error);
/* The newest id kept; 0: none. */
gboolean ahoy_database_file_last (AhoyDatabaseFile *self,
                                  gint64            archive,
                                  guint64          *last,
                                  GError          **error);
typedef void (*AhoyMarkFound) (const char      *kind,
                               const char      *key,
                               const AhoyPlace *value,
                               gpointer         data);
gboolean ahoy_database_file_marks (AhoyDatabaseFile *self,
                                   gint64            archive,
                                   AhoyMarkFound     found,
                                   gpointer          data,
                                   GError          **error);

/* Returns: (transfer full) (nullable): AhoyKnownKey. */
GPtrArray *ahoy_database_file_people (AhoyDatabaseFile *self,
                                      gint64            archive,
                                      GError          **error);

/* Puts up to @limit messages into the search index. @more (out): there are more. */
gboolean ahoy_database_file_index (AhoyDatabaseFile *self,
                                   guint             limit,
                                   gboolean         *more,
                                   GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyDatabaseFile, ahoy_database_file_close)

G_END_DECLS
