/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `1`: logging in. PROTOCOL.md, "Names". */

#define G_LOG_DOMAIN "ahoyd"

#include "ahoyd-dispatch.h"
#include "wire/ahoy-name.h"

static void
refuse (AhoydSession *session,
        const char   *name,
        const char   *reason)
{
  AhoyPacket packet = { .kind = AHOY_PACKET_REFUSED, .name = name, .reason = reason };

  ahoyd_session_get_house (session)->stats->names_refused++;
  ahoyd_session_send (session, &packet);
  ahoyd_session_log_in_failed (session); /* the last thing: the session may be gone */
}

/* What is wrong with a name that has a right form but cannot be had: somebody is called so, or nearly so. */
static const char *
taken_reason (AhoydSession *session,
              const char   *name,
              const char   *skeleton)
{
  AhoydPerson *holder = ahoyd_hub_find (ahoyd_session_get_house (session)->hub, skeleton);
  g_autofree char *folded = g_utf8_casefold (name, -1);
  g_autofree char *theirs = holder != NULL ? g_utf8_casefold (ahoyd_person_get_name (holder), -1) : NULL;

  return g_strcmp0 (folded, theirs) == 0 ? "in-use" : "look-alike";
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

  if (packet->version >= AHOY_EXTENDED_VERSION)
    ahoyd_session_speak_extended (session);

  if (name == NULL)
    {
      refuse (session, asked, "invalid");
      return;
    }
  if (!ahoyd_session_enter (session, name, skeleton, packet))
    {
      refuse (session, asked, taken_reason (session, name, skeleton));
      return;
    }
  g_debug ("Session %" G_GUINT64_FORMAT ": logged in as %s", ahoyd_session_get_serial (session), name);
  /* An extended peer was welcomed with it. */
  if (config->motd != NULL && !ahoyd_session_is_extended (session))
    send_motd (session, config->motd);
}
