/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-message.h"
#include "core/chat/ahoy-person.h"

G_BEGIN_DECLS

/* Talk in a room, or with one person. Everyone's is the room that everybody is in. Main thread. Made by AhoyClient, never by the UI.
 *
 * Everyone's conversation has in it what was said to all, notices, who came and went, and also the whispers to and from you: the same
 * AhoyMessage objects as in their person's conversation. A person's tells of their coming and going only once something was said there.
 *
 * Properties (notify): "person" (NULL: it is a room's; never changes), "messages" (GListModel; never changes), "unread" (messages since it
 * was last attended; presence and your own do not count, and a whisper counts in its person's conversation alone), "first-unread"
 * (AhoyMessage the "new messages" line stands above; NULL: none; stays while attended until ahoy_conversation_forget_unread(), or
 * until something else is the first unread), "attended" (somebody looks at it: set by the UI while its pane is shown in an active
 * window; then nothing becomes unread), "draft" (text typed and not sent; never NULL), "has-older" (there is more above the first
 * message: ahoy_conversation_load_older()), "loading-older", "older-failed" (they were asked for, and the server could not look
 * them up; ask again), "held" (somebody reads further up: set by the UI; then nothing is dropped
 * from the top. Otherwise a conversation keeps its newest some thousand messages in memory, and the older ones can be loaded again). */

#define AHOY_TYPE_CONVERSATION (ahoy_conversation_get_type ())
G_DECLARE_FINAL_TYPE (AhoyConversation, ahoy_conversation, AHOY, CONVERSATION, GObject)

/* Either a room's or a person's. */
gboolean ahoy_conversation_is_room (AhoyConversation *self);
/* The room that everybody is in. */
gboolean ahoy_conversation_is_everyone (AhoyConversation *self);
/* Returns: (transfer none) (nullable): NULL: a room has none. */
AhoyPerson *ahoy_conversation_get_person (AhoyConversation *self);
/* AhoyMessage in the order of the server; below those, your own that it has not confirmed yet (WAITING), in the order they were sent. */
GListModel  *ahoy_conversation_get_messages (AhoyConversation *self);
guint        ahoy_conversation_get_unread (AhoyConversation *self);
AhoyMessage *ahoy_conversation_get_first_unread (AhoyConversation *self);
void         ahoy_conversation_forget_unread (AhoyConversation *self);
gboolean     ahoy_conversation_get_attended (AhoyConversation *self);
void         ahoy_conversation_set_attended (AhoyConversation *self,
                                             gboolean          attended);
/* Asks for messages above the first; they are there, or it turns out that there are none, when "loading-older" falls. */
gboolean ahoy_conversation_get_has_older (AhoyConversation *self);
gboolean ahoy_conversation_get_loading_older (AhoyConversation *self);
gboolean ahoy_conversation_get_older_failed (AhoyConversation *self);
void     ahoy_conversation_load_older (AhoyConversation *self);
gboolean ahoy_conversation_get_held (AhoyConversation *self);
void     ahoy_conversation_set_held (AhoyConversation *self,
                                     gboolean          held);
/* Returns: (transfer none): never NULL. */
const char *ahoy_conversation_get_draft (AhoyConversation *self);
void        ahoy_conversation_set_draft (AhoyConversation *self,
                                         const char       *draft);

G_END_DECLS
