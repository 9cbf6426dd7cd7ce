/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the client does with a conversation. */

#pragma once

#include "core/ahoy-conversation.h"

G_BEGIN_DECLS

/* @person: NULL for everyone. */
AhoyConversation *ahoy_conversation_new (AhoyPerson *person);

/* A message came in, or happened: unread when @counts and nobody looks. */
void ahoy_conversation_append         (AhoyConversation *self,
                                       AhoyMessage      *message,
                                       gboolean          counts);
/* Our own, that the server has not shown us yet. */
void ahoy_conversation_append_waiting (AhoyConversation *self,
                                       AhoyMessage      *message);
/* Our own takes its place in the server's order. */
void ahoy_conversation_settle         (AhoyConversation *self,
                                       AhoyMessage      *message);
/* Condensed: goes into the line that is there, when nothing was said since. */
void ahoy_conversation_note_presence  (AhoyConversation *self,
                                       const char       *name,
                                       gboolean          joined,
                                       gint64            time);
/* Nothing said, nothing unread. The draft stays. */
void ahoy_conversation_clear          (AhoyConversation *self);

/* Whether there is talk going on here: something was said. */
gboolean ahoy_conversation_has_messages (AhoyConversation *self);

/* Between these, what happens is announced at the end, in one piece. Returns: FALSE when it was frozen already. */
gboolean ahoy_conversation_freeze (AhoyConversation *self);
void     ahoy_conversation_thaw   (AhoyConversation *self);

G_END_DECLS
