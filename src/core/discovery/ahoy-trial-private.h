/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>
#include <netinet/in.h>

#include "wire/ahoy-discovery.h"

G_BEGIN_DECLS

/* Whether the firewall of this computer would let the answer to a broadcast in.
 *
 * It takes such an answer for something new: it was a broadcast address that was asked, and another one answers. So what counts are its
 * rules for a datagram from the discovery port to the port of the search, and one like that is sent here: broadcast, for the kernel
 * gives what it broadcasts to ourselves too, by the interface it left by and past the firewall's rules for what comes in. Our own
 * question (see ahoy-broadcast-loopback) tells less: it comes in at the discovery port, which may be open or closed for other reasons. Nobody else
 * does anything with it; it is a request in form, sent to a port where no server listens. */

/* Sends one out of the interface @index with our address @source there. @search: the socket that should get it, from @port, with the
 * extended request @nonce. Returns: FALSE when it could not be sent: somebody has @port to themselves, or the network is down. */
gboolean ahoy_trial_send (GSocket        *search,
                          int             index,
                          struct in_addr  source,
                          struct in_addr  broadcast,
                          guint16         port,
                          const AhoyNonce nonce);

G_END_DECLS
