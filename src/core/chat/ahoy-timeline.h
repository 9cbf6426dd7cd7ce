/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-stored-message.h"
#include "core/chat/ahoy-chat-parts.h"

G_BEGIN_DECLS

/* The timeline is where everything that is said is shown: which messages are made of it, and in which conversations they stand. A room shows what is said
 * in it; what is said to one person stands in the conversation with them, and in everyone's besides. All that it changes goes through the turn. It keeps nothing
 * itself. Main thread; core only. */

/* ---- Which conversation ---- */

/* Whether @name is ours, as far as the archive, which there must be, knows. */
gboolean ahoy_timeline_is_own (const AhoyChatParts *chat,
                               const char          *name);
/* Returns: (transfer none) (nullable): the room that shows what is said to @target, everyone's for a whisper; NULL: it is not here. */
AhoyConversation *ahoy_timeline_find_room (const AhoyChatParts *chat,
                                           AhoyTarget           target);
/* Returns: (transfer none) (nullable): where a whisper stands besides everyone's conversation; made when there is none. */
AhoyConversation *ahoy_timeline_conversation_of (const AhoyChatParts     *chat,
                                                 const AhoyStoredMessage *stored);
/* Like ahoy_timeline_conversation_of(), for a whisper of ours to somebody who is known. */
AhoyConversation *ahoy_timeline_conversation_of_own (const AhoyChatParts *chat,
                                                     AhoyMessage         *message);

/* ---- Messages ---- */

/* Returns: (transfer full): the message of what the archive has; the same object for the same whisper. */
AhoyMessage *ahoy_timeline_make_message (const AhoyChatParts     *chat,
                                         const AhoyStoredMessage *stored);
/* Returns: (transfer full): AhoyMessage of AhoyStoredMessage, in order, and the lines between them that tell of a log that was set back. */
GPtrArray *ahoy_timeline_make_messages (const AhoyChatParts *chat,
                                        GPtrArray           *stored_messages);
/* Returns: (transfer full): one of ours that the server does not have yet, under the name @from. */
AhoyMessage *ahoy_timeline_make_waiting (const AhoyChatParts *chat,
                                         const char          *from,
                                         AhoyTarget           target,
                                         const char          *text,
                                         gint64               time);

/* ---- To show ---- */

/* The server said @stored. Nothing is shown when its room is not here. */
void ahoy_timeline_show (const AhoyChatParts     *chat,
                         const AhoyStoredMessage *stored,
                         gboolean                 replayed);
/* @message is ours, and the server does not have it yet. */
void ahoy_timeline_show_waiting (const AhoyChatParts *chat,
                                 AhoyMessage         *message);
/* @message, which is ours, takes its place. */
void ahoy_timeline_settle (const AhoyChatParts *chat,
                           AhoyMessage         *message);
/* Everyone's conversation has @message; it is new to those who do not look. */
void ahoy_timeline_show_to_everyone (const AhoyChatParts *chat,
                                     AhoyMessage         *message);
/* The server says @text of its own. */
void ahoy_timeline_show_notice (const AhoyChatParts *chat,
                                const char          *text);
/* @person came, or left. */
void ahoy_timeline_show_presence (const AhoyChatParts *chat,
                                  AhoyPerson          *person,
                                  gboolean             joined);

G_END_DECLS
