/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/ahoy-history.h"

G_BEGIN_DECLS

/* What one person holds and owes on one extended server: on the disk where there is a history, and in memory in any case, so that without one
 * nothing is lost as long as the program runs. Ids, numbers and keys, no messages. Main thread; core only. */

typedef struct _AhoyAccount AhoyAccount;

/* @history: (nullable), must outlive it. @name: any spelling. */
AhoyAccount *ahoy_account_new  (AhoyHistory *history,
                                const char  *server,
                                const char  *name);
void         ahoy_account_free (AhoyAccount *self);
gboolean     ahoy_account_is   (AhoyAccount *self,
                                const char  *server,
                                const char  *name);

/* Asks the history. @done gets @data, and calls ahoy_account_set_loaded(). Returns: FALSE when there is nothing to wait for. */
gboolean     ahoy_account_load       (AhoyAccount             *self,
                                      guint                    newest,
                                      AhoyHistoryLoad          done,
                                      gpointer                 data);
void         ahoy_account_set_loaded (AhoyAccount             *self,
                                      const AhoyHistoryLoaded *loaded);
/* Whether it is on a disk: loaded, and that went well. */
gboolean     ahoy_account_is_on_disk (AhoyAccount *self);
/* The server's log was set back: from id @first on, which is not beyond the position, it is not what is held here. No mark is beyond what is shared
 * any more. What is owed stays owed, who is known stays known. Returns: the how manieth parting it is. */
guint        ahoy_account_part       (AhoyAccount *self,
                                      guint64      first);
guint        ahoy_account_get_partings (AhoyAccount *self);

/* We are logged in to @run of the server's log (nullable; what is none is overlooked). PROTOCOL.md, "Runs". */
void         ahoy_account_enter_run  (AhoyAccount *self,
                                      const char  *run);
/* Returns: (transfer full) (nullable): `since-runs`. */
char        *ahoy_account_dup_runs   (AhoyAccount *self);

const char  *ahoy_account_get_server   (AhoyAccount *self);
const char  *ahoy_account_get_skeleton (AhoyAccount *self);
/* Returns: (transfer none) (nullable): the `secret` of the log-in, by which the server knows this person again without a key. PROTOCOL.md, "Tenures". */
const char  *ahoy_account_get_secret   (AhoyAccount *self);
/* Everything up to this id that this person may see has been received; 0: nothing yet. */
guint64      ahoy_account_get_position (AhoyAccount *self);
void         ahoy_account_set_position (AhoyAccount *self,
                                        guint64      position);
/* The same without a message that has the id: it is written down by itself. */
void         ahoy_account_mark_position (AhoyAccount *self,
                                         guint64      position);
/* Whether this person was ever up to date there; else there is no position to go on from. */
gboolean     ahoy_account_has_position (AhoyAccount *self);

/* See ahoy-history.h. */
guint64      ahoy_account_get_mark (AhoyAccount *self,
                                    const char  *kind,
                                    const char  *key,
                                    guint64      otherwise);
void         ahoy_account_set_mark (AhoyAccount *self,
                                    const char  *kind,
                                    const char  *key,
                                    guint64      value);
/* The same where a mark is a place: "read". @place: of none, as there is no mark. */
void         ahoy_account_get_place (AhoyAccount     *self,
                                     const char      *kind,
                                     const char      *key,
                                     AhoyPlace       *place);
void         ahoy_account_set_place (AhoyAccount     *self,
                                     const char      *kind,
                                     const char      *key,
                                     const AhoyPlace *place);
/* The server has @copy after all, as @id: the history knows, and tells us. */
void         ahoy_account_rejoin    (AhoyAccount     *self,
                                     const AhoyPlace *copy,
                                     guint64          id);
/* Returns: (transfer none) (nullable): how @person (a skeleton) is known here. */
const AhoyAcquaintance *ahoy_account_find (AhoyAccount *self,
                                           const char  *person);
/* @acquaintance (transfer full): in place of what was known. */
void         ahoy_account_know     (AhoyAccount      *self,
                                    AhoyAcquaintance *acquaintance);
/* @record (transfer full). Returns: FALSE when there is no disk: @done (nullable) is not called. */
gboolean     ahoy_account_keep     (AhoyAccount      *self,
                                    AhoyRecord       *record,
                                    AhoyHistoryPlaced done,
                                    gpointer          data);
/* @record (transfer full). Returns: FALSE when there is no disk: @done is not called. */
gboolean     ahoy_account_owe      (AhoyAccount     *self,
                                    AhoyRecord      *record,
                                    AhoyHistoryKept  done,
                                    gpointer         data);
void         ahoy_account_drop     (AhoyAccount *self,
                                    const char  *cid);
/* Only when it is on the disk. */
void         ahoy_account_page     (AhoyAccount            *self,
                                    const AhoyHistoryQuery *query,
                                    AhoyHistoryPage         done,
                                    gpointer                data);
/* What was given to be written so far, and whether it is on the disk: never where there is none. See ahoy-history.h. */
guint64      ahoy_account_get_pushed  (AhoyAccount *self);
gboolean     ahoy_account_has_written (AhoyAccount *self,
                                       guint64      number);
/* What is still to be written. */
guint        ahoy_account_get_n_pending (AhoyAccount *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyAccount, ahoy_account_free)

G_END_DECLS
