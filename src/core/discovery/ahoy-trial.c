/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Sends ourselves what looks like an answer to a broadcast. */

#include "core/discovery/ahoy-trial-private.h"

#include <string.h>

#include "core/discovery/ahoy-datagram-private.h"

gboolean
ahoy_trial_send (GSocket        *search,
                 int             index,
                 struct in_addr  source,
                 struct in_addr  broadcast,
                 guint16         port,
                 const AhoyNonce nonce)
{
  /* Bound to the broadcast address, so that no request for a server on this computer is kept from it; what it sends has @source all the same. */
  g_autoptr (GSocket)        socket = ahoy_datagram_open_ipv4 (broadcast, port, TRUE, NULL);
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (search, NULL);
  AhoyDiscoveryRequest       request = { .extended = TRUE };
  struct sockaddr_in         sin = { .sin_family = AF_INET, .sin_addr = broadcast };
  g_autoptr (GSocketAddress) to = NULL;
  g_autoptr (GBytes)         data = NULL;

  if (socket == NULL || local == NULL)
    return FALSE;

  memcpy (request.nonce, nonce, sizeof (AhoyNonce));
  data = ahoy_discovery_request_write (&request);
  sin.sin_port = htons (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)));
  to = g_socket_address_new_from_native (&sin, sizeof sin);

  return ahoy_datagram_send (socket, to, index, source, data) == 0;
}
