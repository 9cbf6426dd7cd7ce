/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What a chat is made of. */

#include "core/chat/ahoy-chat-parts.h"

gboolean
ahoy_chat_parts_is_extended (const AhoyChatParts *self)
{
  return self->session->state == AHOY_CLIENT_ONLINE && ahoy_connection_is_extended (self->connection);
}
