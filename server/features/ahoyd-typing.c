/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `T`: who is writing. PROTOCOL.md, "Typing and away". */

#include "features/ahoyd-features.h"
#include "wire/ahoy-name.h"

/* Others do not hear of one session more often than this. */
#define INTERVAL_US (G_TIME_SPAN_SECOND / 2)

/* A session's slot holds the monotonic time at which others last heard of it. */
static GQuark told_quark (void);
G_DEFINE_QUARK (ahoyd_typing_told, told)

/* Counts it when so. */
static gboolean
may_tell (AhoydSession *session)
{
  gint64 *told = ahoyd_session_get_slot (session, told_quark ());
  gint64  now = g_get_monotonic_time ();

  if (told == NULL)
    {
      told = g_new0 (gint64, 1);
      ahoyd_session_set_slot (session, told_quark (), told, g_free);
    }
  if (now - *told < INTERVAL_US)
    return FALSE;
  *told = now;
  return TRUE;
}

static void
on_typing (AhoydSession     *session,
           const AhoyPacket *packet,
           gpointer          self)
{
  AhoydHub    *hub = self;
  AhoydPerson *person = ahoyd_session_get_person (session);
  AhoydPerson *to = NULL;
  AhoyPacket   told = { .kind = AHOY_PACKET_TYPING, .from = ahoyd_person_get_name (person) };

  if (ahoy_target_is_person (packet->target))
    {
      g_autofree char *skeleton = ahoy_name_skeleton (packet->target.person);

      to = ahoyd_hub_find (hub, skeleton);
      if (to == NULL)
        return; /* they have left: nobody is interested */
      told.target = ahoy_target_person (ahoyd_person_get_name (to));
    }
  else
    {
      told.target = packet->target;
    }
  if (!may_tell (session))
    return;
  if (to == NULL)
    ahoyd_hub_relay (hub, packet->target.room, person, &told);
  else if (to != person)
    ahoyd_hub_tell (hub, to, &told);
}

static gpointer
start (const AhoydFeatureHost *host)
{
  return host->hub;
}

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_TYPING, AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE, 1, on_typing },
};

const AhoydFeature ahoyd_typing = { .name = "typing", .verbs = verbs, .n_verbs = G_N_ELEMENTS (verbs), .start = start };
