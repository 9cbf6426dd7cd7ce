/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the client does with a conversation. */

#pragma once

#include "core/archive/ahoy-place.h"
#include "core/chat/ahoy-conversation.h"
#include "wire/ahoy-target.h"

G_BEGIN_DECLS

/* What a conversation has to say to the client. */
typedef struct {
  /* It is new. */
  void (*made) (AhoyConversation *conversation,
                gpointer          data);
  void (*attended) (AhoyConversation *conversation,
                    gpointer          data);
  void (*load_older) (AhoyConversation *conversation,
                      gpointer          data);
} AhoyConversationEvents;

AhoyConversation *ahoy_conversation_new_room (guint64 room);
AhoyConversation *ahoy_conversation_new_person (AhoyPerson *person);

/* The room, or the person by the skeleton, which is borrowed: what it is kept under. */
AhoyTarget ahoy_conversation_get_target (AhoyConversation *self);
/* The room, or the person by the name, which is borrowed: whom a packet is for. */
AhoyTarget ahoy_conversation_get_addressee (AhoyConversation *self);

/* A message came in, or happened: unread when @counts and nobody looks. */
void ahoy_conversation_append (AhoyConversation *self,
                               AhoyMessage      *message,
                               gboolean          counts);
/* Our own, that the server has not shown us yet. */
void ahoy_conversation_append_waiting (AhoyConversation *self,
                                       AhoyMessage      *message);
/* Our own takes its place in the server's order. */
void ahoy_conversation_settle (AhoyConversation *self,
                               AhoyMessage      *message);
/* Condensed: goes into the line that is there, when nothing was said since. */
void ahoy_conversation_note_presence (AhoyConversation *self,
                                      const char       *name,
                                      gboolean          joined,
                                      gint64            time);
/* @events: static; NULL: nobody listens any more. */
void ahoy_conversation_set_events (AhoyConversation             *self,
                                   const AhoyConversationEvents *events,
                                   gpointer                      data);

/* A message from the server that may have come late: to its place; unread when @counts and nobody looks. */
void ahoy_conversation_insert (AhoyConversation *self,
                               AhoyMessage      *message,
                               gboolean          counts);
/* Older messages by increasing place: see ahoy_message_log_merge(). */
guint ahoy_conversation_merge (AhoyConversation *self,
                               GPtrArray        *messages);
/* Returns: (transfer none) (nullable). */
AhoyMessage *ahoy_conversation_find (AhoyConversation *self,
                                     const AhoyPlace  *place);
/* Our own whispers to @name up to @id got at least so far. */
void ahoy_conversation_raise_states (AhoyConversation *self,
                                     const char       *name,
                                     guint64           id,
                                     AhoyMessageState  state);
/* What was read back from the disk at the start: @unread from @first_unread on. */
void ahoy_conversation_restore_unread (AhoyConversation *self,
                                       guint             unread,
                                       AhoyMessage      *first_unread);
/* See ahoy_message_log_part() and _rejoin(). */
void ahoy_conversation_part (AhoyConversation *self,
                             guint64           first,
                             guint             parting);
void ahoy_conversation_rejoin (AhoyConversation *self,
                               const AhoyPlace  *copy,
                               guint64           id);
/* Cuts the top off, so that @keep messages are left, when there are more than @slack too many and nobody reads further up. Returns: (transfer none)
 * (nullable): where what is left begins; NULL: nothing was cut off, or nothing that is left has a place. */
const AhoyPlace *ahoy_conversation_trim (AhoyConversation *self,
                                         guint             keep,
                                         guint             slack);
/* What stands above the first line: the pager's to say. */
void ahoy_conversation_set_older (AhoyConversation *self,
                                  gboolean          has_older,
                                  gboolean          loading);
/* Asked for, and the server could not look it up. */
void ahoy_conversation_set_older_failed (AhoyConversation *self,
                                         gboolean          failed);

/* Nothing said, nothing unread. The draft stays. */
void ahoy_conversation_clear (AhoyConversation *self);

/* Whether there is talk going on here: something was said. */
gboolean ahoy_conversation_has_messages (AhoyConversation *self);

/* Between these, what happens is announced at the end, in one piece. Returns: FALSE when it was frozen already. */
gboolean ahoy_conversation_freeze (AhoyConversation *self);
void     ahoy_conversation_thaw (AhoyConversation *self);

G_END_DECLS
