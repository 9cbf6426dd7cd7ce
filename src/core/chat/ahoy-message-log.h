/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-place.h"
#include "core/chat/ahoy-message.h"

G_BEGIN_DECLS

/* A GListModel of AhoyMessage in two parts, one after the other: what is *settled*, in the server's order, and then what is *waiting*:
 * our own that the server has not shown us yet, in the order they were sent. A message settles at the end of the first part, so in the
 * usual case (the oldest waiting one settles) nothing moves on the screen, and all clients end up with one order. Main thread; core
 * only.
 *
 * While the log is frozen, what is appended is not announced; thawing announces all of it in one items-changed. Get by index is O(1). */

#define AHOY_TYPE_MESSAGE_LOG (ahoy_message_log_get_type ())
G_DECLARE_FINAL_TYPE (AhoyMessageLog, ahoy_message_log, AHOY, MESSAGE_LOG, GObject)

AhoyMessageLog *ahoy_message_log_new (void);

/* @message settles: at the end, above what is waiting. */
void ahoy_message_log_append (AhoyMessageLog *self,
                              AhoyMessage    *message);
void ahoy_message_log_append_waiting (AhoyMessageLog *self,
                                      AhoyMessage    *message);
/* A message of this log takes its place in the server's order, now: out of the waiting ones, or (settled too early) from further up. */
void ahoy_message_log_settle (AhoyMessageLog *self,
                              AhoyMessage    *message);
/* Settled messages by increasing place: each goes right behind the one with the next smaller place. Those whose place is here already are left out.
 * Lines without a place stay where they are. Of two SET_BACK lines with nothing between them the lower one stays. Returns: how many went in. */
guint ahoy_message_log_merge (AhoyMessageLog *self,
                              GPtrArray      *messages);
/* When there are more than @keep + @slack settled messages, drops from the top until @keep are left. Returns: how many were dropped. */
guint ahoy_message_log_trim (AhoyMessageLog *self,
                             guint           keep,
                             guint           slack);
/* Drops one that waits. */
void ahoy_message_log_remove_waiting (AhoyMessageLog *self,
                                      AhoyMessage    *message);
/* From id @first on the messages are not the server's any more, in the @parting-th parting; a line behind them says so. */
void ahoy_message_log_part (AhoyMessageLog *self,
                            guint64         first,
                            guint           parting);
/* The server has @copy after all, as @id; what was lost behind it stands behind it again, and the line goes with the last of them. */
void ahoy_message_log_rejoin (AhoyMessageLog  *self,
                              const AhoyPlace *copy,
                              guint64          id);
/* Returns: (transfer none) (nullable): the first settled message that has a place; the last. */
AhoyMessage *ahoy_message_log_get_oldest (AhoyMessageLog *self);
AhoyMessage *ahoy_message_log_get_newest (AhoyMessageLog *self);
/* Returns: (transfer none) (nullable): the settled message at this place. */
AhoyMessage *ahoy_message_log_find (AhoyMessageLog  *self,
                                    const AhoyPlace *place);
/* Returns: (transfer none) (nullable): the settled message at @position. */
AhoyMessage *ahoy_message_log_peek (AhoyMessageLog *self,
                                    guint           position);
/* Drops the last settled message. */
void ahoy_message_log_remove_last (AhoyMessageLog *self);
void ahoy_message_log_clear (AhoyMessageLog *self);

/* Returns: (transfer none) (nullable): the last settled message, announced or not. */
AhoyMessage *ahoy_message_log_get_last (AhoyMessageLog *self);
/* Whether there is anything in it, announced or not. */
gboolean ahoy_message_log_is_empty (AhoyMessageLog *self);

void ahoy_message_log_freeze (AhoyMessageLog *self);
void ahoy_message_log_thaw (AhoyMessageLog *self);

G_END_DECLS
