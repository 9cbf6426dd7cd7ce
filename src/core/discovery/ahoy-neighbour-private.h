/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-client.h"
#include "wire/ahoy-discovery.h"

G_BEGIN_DECLS

/* What others on our networks may be told of the client's server: fills @reply (clear it) but for the nonce. (ahoy-client-session.c)
 * Returns: FALSE, with @reply untouched, while there is nothing to tell: the client is not online, the server has not proved its id or wants
 * to stay unknown, or its address means something only here. */
gboolean ahoy_client_describe_server (AhoyClient         *self,
                                      AhoyDiscoveryReply *reply);

G_END_DECLS
