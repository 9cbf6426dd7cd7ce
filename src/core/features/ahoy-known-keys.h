/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-chat-parts.h"

G_BEGIN_DECLS

/* What a person may say of the keys that others come with; the rest is the feature "known-keys". PROTOCOL.md, "Identity". Main thread; core only. */

/* See ahoy_chat_set_verified(). */
void ahoy_known_keys_set_verified (const AhoyChatParts *chat,
                                   AhoyPerson          *person,
                                   gboolean             verified);
/* See ahoy_chat_accept_key(). */
void ahoy_known_keys_accept (const AhoyChatParts *chat,
                             AhoyPerson          *person);

G_END_DECLS
