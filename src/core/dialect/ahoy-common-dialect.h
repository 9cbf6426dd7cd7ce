/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-chat-parts.h"
#include "wire/ahoy-packet.h"

G_BEGIN_DECLS

/* What both dialects have: the answer to the log-in, who is here, who comes and who leaves. PROTOCOL.md, "Log-in". Main thread; core only. */

/* Returns: FALSE: @packet is none of them. */
gboolean ahoy_common_dialect_take (const AhoyChatParts *chat,
                                   const AhoyPacket    *packet);

G_END_DECLS
