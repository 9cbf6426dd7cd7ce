/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-chat-parts.h"
#include "core/dialect/ahoy-interpreter.h"

G_BEGIN_DECLS

/* AhoySender brings what we say to the server, in order: from the outbox onto the connection, as fast as the dialect lets it. On an extended server nothing goes
 * out before it is on the disk. Main thread; core only. */

typedef struct _AhoySender AhoySender;

/* @chat: borrowed. The others: ahoy_outbox_new(). */
AhoySender *ahoy_sender_new (const AhoyChatParts *chat,
                             guint                echo_ms,
                             guint                traffic_ms);
void        ahoy_sender_free (AhoySender *self);
/* Returns: (transfer none): what waits. Others may ask it, and settle what is in it. */
AhoyOutbox *ahoy_sender_get_outbox (AhoySender *self);
/* Says how to talk to either kind of server, before anything is sent. What they point to outlives the sender. */
void ahoy_sender_set_interpreters (AhoySender            *self,
                                   const AhoyInterpreter *classic,
                                   const AhoyInterpreter *extended);
/* Returns: (transfer none): the one that the connection speaks. */
const AhoyInterpreter *ahoy_sender_get_interpreter (AhoySender *self);

/* @message is ours and new: it waits, and goes out when it can. */
void ahoy_sender_add (AhoySender  *self,
                      AhoyMessage *message);
/* Like ahoy_sender_add(), for the archive that is going to be loaded: it is written into that then, ahoy_sender_store(). */
void ahoy_sender_add_unstored (AhoySender  *self,
                               AhoyMessage *message);
/* Like ahoy_sender_add(), for one that the disk has. */
void ahoy_sender_add_stored (AhoySender  *self,
                             AhoyMessage *message);
/* The archive is loaded. */
void ahoy_sender_store (AhoySender *self);
/* The archive goes: what is not written into it stays out of it. */
void ahoy_sender_forget (AhoySender *self);
/* Another server, or another name: nothing waits any more, and nothing is settled. */
void ahoy_sender_clear (AhoySender *self);

/* Writes what waits, as far as connection and dialect take it. */
void ahoy_sender_pump (AhoySender *self);
/* The server does not take @message, for good. */
void ahoy_sender_refuse (AhoySender  *self,
                         AhoyMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoySender, ahoy_sender_free)

G_END_DECLS
