/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `1`: logging in. PROTOCOL.md, "Names". */

#define G_LOG_DOMAIN "ahoyd"

#include "ahoyd-dispatch.h"
#include "wire/ahoy-name.h"

static void
refuse (AhoydSession *session,
        const char   *name)
{
  AhoyPacket packet = { .kind = AHOY_PACKET_REFUSED, .name = name };

  ahoyd_session_get_house (session)->stats->names_refused++;
  ahoyd_session_send (session, &packet);
}

static void
send_motd (AhoydSession *session,
           const char   *motd)
{
  g_auto (GStrv) lines = g_strsplit (motd, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      ahoyd_session_notice (session, "%s", lines[i]);
}

void
ahoyd_handle_login (AhoydSession     *session,
                    const AhoyPacket *packet)
{
  const AhoydConfig *config = ahoyd_session_get_house (session)->config;
  const char *asked = packet->name != NULL ? packet->name : "";
  g_autofree char *name = ahoy_name_normalize (asked, NULL);
  g_autofree char *skeleton = name != NULL ? ahoy_name_skeleton (name) : NULL;

  if (name == NULL || !ahoyd_session_enter (session, name, skeleton))
    {
      refuse (session, asked);
      return;
    }
  g_debug ("Session %" G_GUINT64_FORMAT ": logged in as %s", ahoyd_session_get_serial (session), name);
  if (config->motd != NULL)
    send_motd (session, config->motd);
}
