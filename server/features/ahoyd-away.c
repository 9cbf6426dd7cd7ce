/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `A`: who is away, and what they say about it. PROTOCOL.md, "Typing and away". */

#include "features/ahoyd-features.h"
#include "wire/ahoy-blank.h"

/* Characters that somebody may say about it. */
#define MAX_CHARS 200

/* A person's slot holds what they say; none: they are here. */
static GQuark status_quark (void);
G_DEFINE_QUARK (ahoyd_away_status, status)

/* @except (nullable) is not told. @status: empty: they are back. */
static void
set_status (AhoydHub    *hub,
            AhoydPerson *person,
            AhoydPerson *except,
            const char  *status)
{
  const AhoyPacket packet = { .kind = AHOY_PACKET_AWAY, .from = ahoyd_person_get_name (person), .text = status };
  const char      *before = ahoyd_person_get_slot (person, status_quark ());

  if (g_strcmp0 (before, *status != '\0' ? status : NULL) == 0)
    return;
  ahoyd_person_set_slot (person, status_quark (), *status != '\0' ? g_strdup (status) : NULL, g_free);
  ahoyd_hub_presence_changed (hub, person);
  ahoyd_hub_relay (hub, AHOY_ROOM_EVERYONE, except, &packet);
}

static void
on_away (AhoydSession     *session,
         const AhoyPacket *packet,
         gpointer          self)
{
  const char *status = ahoy_text_is_blank (packet->text) ? "" : packet->text;

  if (g_utf8_strlen (status, -1) > MAX_CHARS)
    ahoyd_session_error (session, "too-long", NULL, "What you say about being away is too long (%d characters at most).", MAX_CHARS);
  else
    set_status (self, ahoyd_session_get_person (session), NULL, status);
}

/* Whoever comes back so is not away any more; a client that knows better says it again. */
static void
replaced (AhoydPerson *person,
          gpointer     self)
{
  set_status (self, person, person, "");
}

static void
describe (AhoydPerson *person,
          AhoyPacket  *packet,
          gpointer     self)
{
  packet->away = ahoyd_person_get_slot (person, status_quark ());
}

static gpointer
start (const AhoydFeatureHost *host)
{
  return host->hub;
}

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_AWAY, AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE, 1, on_away },
};

const AhoydFeature ahoyd_away = {
  .name = "away",
  .verbs = verbs,
  .n_verbs = G_N_ELEMENTS (verbs),
  .start = start,
  .replaced = replaced,
  .describe = describe,
};
