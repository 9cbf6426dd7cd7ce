/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "features/ahoyd-feature.h"

G_BEGIN_DECLS

/* The chat that a server has, without the sockets at which it is reached: its sessions, its people, what they say, and its features. It makes these parts and carries
 * what one of them says to those that are to hear it. On the poll's context. */

typedef struct _AhoydChat AhoydChat;

/* All borrowed, and outlive it. */
typedef struct {
  const AhoydConfig  *config;
  AhoyPoll           *poll;
  AhoyTls            *tls;
  AhoydStore         *store; /* nobody listens to it */
  AhoydAddressLimits *address_limits;
  AhoydStats         *stats;
  const char         *server_id;
} AhoydChatParts;

/* @features (borrowed): NULL-terminated, outlives it. @changed: somebody came or left. What the config claims is claimed when this returns, see ahoyd_claims_make(). */
AhoydChat *ahoyd_chat_new (const AhoydChatParts      *parts,
                           const AhoydFeature *const *features,
                           void (*changed) (gpointer data),
                           gpointer data);
/* Says goodbye to those who are here, and does not wait for anybody to hear it. */
void ahoyd_chat_free (AhoydChat *chat);

/* Returns: (transfer none): who is here. */
AhoydHub *ahoyd_chat_get_hub (AhoydChat *chat);
/* Returns: (transfer none): whose names are whose. */
AhoydOwners *ahoyd_chat_get_owners (AhoydChat *chat);
guint        ahoyd_chat_get_n_sessions (AhoydChat *chat);

/* There is a place for so many sessions. Nobody is dropped for it. */
void ahoyd_chat_set_max_sessions (AhoydChat *chat,
                                  guint      n);
/* A connection has come, see ahoyd_session_new() and ahoyd_session_new_extra(). Returns: (transfer none): the session, until it ends. */
AhoydSession *ahoyd_chat_add (AhoydChat         *chat,
                              int                fd,
                              AhoydAddressLimit *address_limit,
                              guint64            serial,
                              GError           **error);
AhoydSession *ahoyd_chat_add_extra (AhoydChat         *chat,
                                    AhoyLink          *link,
                                    AhoydAddressLimit *address_limit,
                                    guint64            serial);

/* Whatever anybody says from now on is not heard. */
void ahoyd_chat_stop_reading (AhoydChat *chat);
/* Tells everybody that the server stops, and ends all sessions in good order. */
void ahoyd_chat_say_goodbye (AhoydChat *chat);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydChat, ahoyd_chat_free)

G_END_DECLS
