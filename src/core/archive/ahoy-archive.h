/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-database.h"
#include "core/archive/ahoy-known-key.h"
#include "core/archive/ahoy-message-table.h"
#include "core/archive/ahoy-stored-message.h"

G_BEGIN_DECLS

/* AhoyArchive is what one person holds and owes on one extended server. It asks the profile's database (AhoyDatabase, which has all archives) where there is
 * one, and has the rows of every table but the messages in memory in any case, so that without a disk nothing is lost as long as the program runs.
 * Main thread; core only. */

typedef struct _AhoyArchive AhoyArchive;

/* @database: (nullable). @tables: those of the database, ahoy_tables_with(). Both must outlive it. @name: any spelling. */
AhoyArchive *ahoy_archive_new (AhoyDatabase           *database,
                               const AhoyTable *const *tables,
                               const char             *server,
                               const char             *name);
void         ahoy_archive_free (AhoyArchive *self);
gboolean     ahoy_archive_is (AhoyArchive *self,
                              const char  *server,
                              const char  *name);

/* Asks the database. @done gets @data and an AhoyLoad, which it hands to ahoy_archive_take_loaded(). Returns: FALSE when there is nothing to wait for. */
gboolean ahoy_archive_load (AhoyArchive     *self,
                            guint            newest,
                            AhoyDatabaseRead done,
                            gpointer         data);
void     ahoy_archive_take_loaded (AhoyArchive *self,
                                   AhoyRead    *load);
/* Returns: (transfer full): what the messages' and the outbox's tables had when the archive was loaded, once; then empty. */
AhoyNewest *ahoy_archive_take_newest (AhoyArchive *self);
GPtrArray  *ahoy_archive_take_outbox (AhoyArchive *self);

/* Whether it is on a disk: loaded, and that went well. */
gboolean ahoy_archive_is_on_disk (AhoyArchive *self);
/* The server's log was set back: from id @first on, which is not beyond the position, it is not what is held here. No mark is beyond what is shared
 * any more. What is owed stays owed, who is known stays known. Returns: the how manieth parting it is. */
guint ahoy_archive_part (AhoyArchive *self,
                         guint64      first);
guint ahoy_archive_get_partings (AhoyArchive *self);

/* We are logged in to @run of the server's log (nullable; what is none is overlooked). PROTOCOL.md, "Runs". */
void ahoy_archive_enter_run (AhoyArchive *self,
                             const char  *run);
/* Returns: (transfer full) (nullable): `since-runs`. */
char *ahoy_archive_dup_runs (AhoyArchive *self);

const char *ahoy_archive_get_server (AhoyArchive *self);
const char *ahoy_archive_get_skeleton (AhoyArchive *self);
/* Returns: (transfer none) (nullable): the `secret` of the log-in, by which the server knows this person again without a key. PROTOCOL.md, "Tenures". */
const char *ahoy_archive_get_secret (AhoyArchive *self);
/* Everything up to this id that this person may see has been received; 0: nothing yet. */
guint64 ahoy_archive_get_position (AhoyArchive *self);
void    ahoy_archive_set_position (AhoyArchive *self,
                                   guint64      position);
/* Like ahoy_archive_set_position(), where no message has the id: the position is written down by itself. */
void ahoy_archive_mark_position (AhoyArchive *self,
                                 guint64      position);
/* Whether this person was ever up to date there; else there is no position to go on from. */
gboolean ahoy_archive_has_position (AhoyArchive *self);

/* See ahoy-mark-table.h. */
guint64 ahoy_archive_get_mark (AhoyArchive *self,
                               const char  *kind,
                               AhoyTarget   target,
                               guint64      otherwise);
void    ahoy_archive_set_mark (AhoyArchive *self,
                               const char  *kind,
                               AhoyTarget   target,
                               guint64      value);
/* Like the two above, for a mark that is a place: "read". @place (out): empty when there is no such mark. */
void ahoy_archive_get_place (AhoyArchive *self,
                             const char  *kind,
                             AhoyTarget   target,
                             AhoyPlace   *place);
void ahoy_archive_set_place (AhoyArchive     *self,
                             const char      *kind,
                             AhoyTarget       target,
                             const AhoyPlace *place);
/* The server has @copy after all, as @id: the database has found that out, and done the same with what is on the disk. */
void ahoy_archive_rejoin (AhoyArchive     *self,
                          const AhoyPlace *copy,
                          guint64          id);
/* Returns: (transfer none) (nullable): how @person (a skeleton) is known here. */
const AhoyKnownKey *ahoy_archive_find (AhoyArchive *self,
                                       const char  *person);
/* @known_key (transfer full): in place of what was known. */
void ahoy_archive_know (AhoyArchive  *self,
                        AhoyKnownKey *known_key);
/* Writes @stored (transfer full): ahoy_message_table_keep(). Returns: FALSE when there is no disk: @done (nullable) is not called. */
gboolean ahoy_archive_keep (AhoyArchive       *self,
                            AhoyStoredMessage *stored,
                            AhoyDatabaseWrote  done,
                            gpointer           data);
/* Writes @stored (transfer full) into the outbox. Returns: FALSE when there is no disk: @done is not called. */
gboolean ahoy_archive_owe (AhoyArchive       *self,
                           AhoyStoredMessage *stored,
                           AhoyDatabaseWrote  done,
                           gpointer           data);
void     ahoy_archive_drop (AhoyArchive *self,
                            const char  *cid);
/* Asks for a page: ahoy_message_table_read(). Only when the archive is on the disk. */
void ahoy_archive_page (AhoyArchive         *self,
                        const AhoyPageQuery *query,
                        AhoyDatabaseRead     done,
                        gpointer             data);
/* What was asked with @data is not answered any more. */
void ahoy_archive_forget_asker (AhoyArchive *self,
                                gpointer     data);
/* What was given to be written so far, and whether it is on the disk: never where there is none. See ahoy-database.h. */
guint64  ahoy_archive_get_pushed (AhoyArchive *self);
gboolean ahoy_archive_has_written (AhoyArchive *self,
                                   guint64      number);
/* For a feature with a table of its own. Returns: (transfer none): its rows, in memory. */
gpointer ahoy_archive_get_rows (AhoyArchive     *self,
                                const AhoyTable *table);
/* Writes @write (transfer full) where there is a disk. */
void ahoy_archive_write (AhoyArchive *self,
                         AhoyWrite   *write);
/* What is still to be written. */
guint ahoy_archive_get_n_pending (AhoyArchive *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyArchive, ahoy_archive_free)

G_END_DECLS
