/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-database.h"
#include "core/dialect/ahoy-sender.h"

G_BEGIN_DECLS

/* AhoyPast is what we bring along to an extended server: the archive of that server and our name, what it shows at the start, and what waits there to be
 * said. It opens and closes archives, one at a time; what stands above the first lines is not its own matter (the feature "history"). Main thread; core only. */

typedef struct _AhoyPast AhoyPast;

typedef struct {
  /* The chat's archive is @archive from now on; NULL: none is. @loaded: its rows are there. */
  void (*changed) (AhoyArchive *archive,
                   gboolean     loaded,
                   gpointer     data);
  /* The archive goes: whatever was asked of it is not answered any more. */
  void (*closing) (gpointer data);
  /* ahoy_past_want() was told to wait for this. */
  void (*ready) (gpointer data);
} AhoyPastEvents;

/* @events: static. @history (nullable): without it nothing outlives the program. @tables: those of the history, ahoy_tables_with(). All but @events are
 * borrowed. */
AhoyPast *ahoy_past_new (const AhoyChatParts    *chat,
                         AhoyDatabase           *history,
                         const AhoyTable *const *tables,
                         AhoySender             *sender,
                         const AhoyPastEvents   *events,
                         gpointer                data);
/* The chat goes: closes the archive, and asks the database nothing more. */
void ahoy_past_stop (AhoyPast *self);
/* After ahoy_past_stop(). */
void ahoy_past_free (AhoyPast *self);

/* Opens the archive of the session's server and name, unless it is open, and shows what it has as soon as that is read. */
void ahoy_past_open (AhoyPast *self);
/* Like ahoy_past_open(), for who has to wait. Returns: whether the archive is there; FALSE: ready() tells when it is. */
gboolean ahoy_past_want (AhoyPast *self);
/* Nobody waits for ready() any more. */
void ahoy_past_forget_want (AhoyPast *self);
/* Leaves the server: nobody is known, nothing said, nothing waits. What waited there does so until we are back. */
void ahoy_past_leave (AhoyPast *self);

/* Returns: how many messages wait on @server (nullable), which we are not on, under the name that we have. */
guint ahoy_past_get_n_left (AhoyPast   *self,
                            const char *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyPast, ahoy_past_free)

G_END_DECLS
