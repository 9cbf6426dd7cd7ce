/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-conversation-private.h"

G_BEGIN_DECLS

/* Who is on the server, and the conversation with each. Names compare by skeleton. Main thread; core only.
 *
 * A roster is *known* from a commit until it is lost. While it is not known (a reconnect), nobody is online and no conversation goes
 * away; when it is known, who is offline keeps a conversation only as long as there is something in it, or somebody looks at it. */

typedef struct _AhoyRoster AhoyRoster;

/* A difference between the people online before the roster was lost and those of the commit. */
typedef void (*AhoyRosterDifference) (AhoyPerson *person,
                                      gboolean    joined,
                                      gpointer    data);

/* @events: of every conversation, with @data; static. */
AhoyRoster *ahoy_roster_new (const AhoyConversationEvents *events,
                             gpointer                      data);
/* A last reference to the model or a conversation may outlive it. */
void ahoy_roster_free (AhoyRoster *self);
/* Another server: nobody known, no room but everyone's, and that empty. */
void ahoy_roster_reset (AhoyRoster *self);

/* AhoyConversation: rooms, everyone's first, and then people. */
GListModel       *ahoy_roster_get_conversations (AhoyRoster *self);
AhoyConversation *ahoy_roster_get_everyone (AhoyRoster *self);
/* Returns: (transfer none) (nullable): NULL: there is no such room here. */
AhoyConversation *ahoy_roster_find_room (AhoyRoster *self,
                                         guint64     room);
/* Returns: (transfer none): made, below the others, when there is none. */
AhoyConversation *ahoy_roster_add_room (AhoyRoster *self,
                                        guint64     room);
guint             ahoy_roster_get_n_online (AhoyRoster *self);

/* Tells the roster which name is yours. */
void ahoy_roster_set_self (AhoyRoster *self,
                           const char *name);
/* Returns: (transfer none) (nullable). */
AhoyPerson *ahoy_roster_get_self (AhoyRoster *self);
/* Returns: (transfer none): made, offline, when nobody is known by that name. */
AhoyPerson *ahoy_roster_meet (AhoyRoster *self,
                              const char *name);
/* Returns: (transfer none) (nullable): online, or known from before. */
AhoyPerson *ahoy_roster_find (AhoyRoster *self,
                              const char *name);
/* Whether a line of chat may be by @name: online, in the listing, or gone only just now. */
gboolean ahoy_roster_may_speak (AhoyRoster *self,
                                const char *name);

/* Returns: (transfer none) (nullable): NULL when there is none now. */
AhoyConversation *ahoy_roster_find_conversation (AhoyRoster *self,
                                                 AhoyPerson *person);
/* Returns: (transfer none): made when there is none. */
AhoyConversation *ahoy_roster_conversation_with (AhoyRoster *self,
                                                 AhoyPerson *person);

/* A log-in: who is there is listed, then committed. */
void ahoy_roster_begin (AhoyRoster *self);
void ahoy_roster_list (AhoyRoster *self,
                       const char *name,
                       gboolean    online);
void ahoy_roster_commit (AhoyRoster          *self,
                         AhoyRosterDifference difference,
                         gpointer             data);

/* Returns: (transfer none) (nullable): NULL when that changed nothing. */
AhoyPerson *ahoy_roster_join (AhoyRoster *self,
                              const char *name);
AhoyPerson *ahoy_roster_leave (AhoyRoster *self,
                               const char *name);

/* The connection is gone; the next commit is compared with now. */
void ahoy_roster_lose (AhoyRoster *self);
/* The connection is gone for good: nobody waits for it to come back. */
void ahoy_roster_settle (AhoyRoster *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyRoster, ahoy_roster_free)

G_END_DECLS
