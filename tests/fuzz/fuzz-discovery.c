/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Any datagram as a request and as a reply: what was understood, written again, must be understood the same. */

#include <string.h>

#include "fuzz.h"
#include "wire/ahoy-discovery.h"
#include "wire/ahoy-limits.h"

static void
try_request (const uint8_t *data,
             size_t         size)
{
  AhoyDiscoveryRequest request;
  AhoyDiscoveryRequest again;
  g_autoptr (GBytes)   written = NULL;

  if (!ahoy_discovery_request_parse (&request, data, size))
    return;
  g_assert (strlen (request.nonce) == (request.extended ? 16 : 0));
  written = ahoy_discovery_request_write (&request);
  g_assert (ahoy_discovery_request_parse (&again, g_bytes_get_data (written, NULL), g_bytes_get_size (written)));
  g_assert (again.extended == request.extended && again.help == request.help && strcmp (again.nonce, request.nonce) == 0);
}

static void
try_reply (const uint8_t *data,
           size_t         size)
{
  g_auto (AhoyDiscoveryReply) reply = { 0 };
  g_auto (AhoyDiscoveryReply) again = { 0 };
  g_auto (AhoyDiscoveryReply) shorter = { 0 };
  g_autoptr (GBytes)          written = NULL;
  g_autoptr (GBytes)          shortened = NULL;

  if (!ahoy_discovery_reply_parse (&reply, data, size))
    {
      g_assert (reply.id == NULL && reply.name == NULL && reply.at == NULL && reply.port == 0);
      return;
    }
  g_assert (reply.port != 0);
  g_assert (reply.at == NULL || (reply.extended && ahoy_discovery_is_tellable (reply.at)));
  g_assert (!reply.extended || (reply.id != NULL && g_utf8_validate (reply.name, -1, NULL)));

  written = ahoy_discovery_reply_write (&reply, 2 * AHOY_DISCOVERY_MAX);
  g_assert (written != NULL);
  /* What we write may be longer than what was read (a number we always write, for one), and then too long to be read. */
  if (g_bytes_get_size (written) <= AHOY_DISCOVERY_MAX)
    {
      g_assert (ahoy_discovery_reply_parse (&again, g_bytes_get_data (written, NULL), g_bytes_get_size (written)));
      g_assert (again.port == reply.port && again.extended == reply.extended && again.users == reply.users && again.tls == reply.tls);
      g_assert (g_strcmp0 (again.id, reply.id) == 0 && g_strcmp0 (again.name, reply.name) == 0 && strcmp (again.nonce, reply.nonce) == 0);
      g_assert (g_strcmp0 (again.at, reply.at) == 0);
    }

  shortened = ahoy_discovery_reply_write (&reply, size / 2 + 1);
  if (shortened != NULL)
    {
      g_assert (g_bytes_get_size (shortened) <= size / 2 + 1);
      g_assert (ahoy_discovery_reply_parse (&shorter, g_bytes_get_data (shortened, NULL), g_bytes_get_size (shortened)));
      g_assert (g_strcmp0 (shorter.id, reply.id) == 0);
      g_assert (!reply.extended || g_str_has_prefix (reply.name, shorter.name));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  fuzz_make_criticals_fatal ();
  try_request (data, size);
  try_reply (data, size);
  return 0;
}
