/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `3` and `2`: saying something to everyone, whispering it to one. PROTOCOL.md, "Talking", "Repeats". */

#include "features/ahoyd-features.h"
#include "state/ahoyd-refusal.h"
#include "state/ahoyd-backpressure.h"
#include "wire/ahoy-blank.h"
#include "wire/ahoy-name.h"

/* Why @said, a whisper, is not to be stored. @known: somebody had that name before. */
static AhoydRefusal
check_recipient (const AhoydFeatureHost *host,
                 const AhoydEvent       *said,
                 gboolean                known)
{
  if (ahoyd_hub_find (host->hub, said->target_skeleton) != NULL)
    return AHOYD_REFUSAL_NONE;
  if (!known)
    return AHOYD_REFUSAL_UNKNOWN_NAME;
  /* They are not here, so it adds to what waits for them. */
  if (!ahoyd_tenures_is_kept (host->tenures, said->target_skeleton))
    return AHOYD_REFUSAL_NOT_HERE;
  return ahoyd_mailboxes_have_room (ahoyd_store_get_mailboxes (host->store), said) ? AHOYD_REFUSAL_NONE : AHOYD_REFUSAL_MAILBOX_FULL;
}

/* @target: as it is shown; @skeleton: of a person, else NULL; @known: somebody had that name before. What is not to be stored the store may still know: a client whose echo was lost asks
 * for nothing but that. */
static void
append (const AhoydFeatureHost *host,
        AhoydSession           *session,
        const AhoyPacket       *packet,
        AhoyTarget              target,
        const char             *skeleton,
        gboolean                known)
{
  AhoydPerson *sender = ahoyd_session_get_person (session);
  AhoydEvent   said = {
      .from = (char *) ahoyd_person_get_name (sender),
      .from_skeleton = (char *) ahoyd_person_get_skeleton (sender),
      .target = target,
      .target_skeleton = (char *) skeleton,
      .text = (char *) packet->text,
      .cid = (char *) packet->cid,
      .re = packet->re,
      .sender = ahoyd_session_get_serial (session),
  };

  if (ahoy_target_is_person (target))
    {
      said.only_repeat = check_recipient (host, &said, known);
      said.fleeting = !ahoyd_tenures_is_kept (host->tenures, skeleton);
    }
  if (said.only_repeat != AHOYD_REFUSAL_NONE && said.cid == NULL)
    {
      g_autofree char *text = ahoyd_refusal_text (said.only_repeat, target.person);

      ahoyd_session_error (session, ahoyd_refusal_code (said.only_repeat), NULL, "%s", text);
      return;
    }
  if (said.only_repeat == AHOYD_REFUSAL_NONE)
    ahoyd_known_note_saying (host->known, &said);
  ahoyd_hub_appended (host->hub, sender, ahoyd_event_get_size (&said));
  ahoyd_store_append (host->store, ahoyd_event_new (&said));
  ahoyd_backpressure_update (host->hub, session);
}

/* Whether there is anything to say: an empty line that somebody's Enter key made is ignored without a word. A client that waits for an echo is told
 * that none will come. */
static gboolean
check_text (AhoydSession     *session,
            const AhoyPacket *packet)
{
  if (!ahoy_text_is_blank (packet->text))
    return TRUE;
  if (packet->cid != NULL)
    ahoyd_session_error (session, "blank", packet->cid, "There is nothing to read in that message.");
  return FALSE;
}

static void
on_say (AhoydSession     *session,
        const AhoyPacket *packet,
        gpointer          self)
{
  if (check_text (session, packet))
    append (self, session, packet, packet->target, NULL, FALSE);
}

static void
on_whisper (AhoydSession     *session,
            const AhoyPacket *packet,
            gpointer          self)
{
  const AhoydFeatureHost *host = self;
  g_autofree char        *name = NULL;
  g_autofree char        *skeleton = NULL;
  g_autofree char        *shown = NULL;
  AhoydPerson            *recipient;

  if (!check_text (session, packet))
    return;
  name = ahoy_name_normalize (packet->target.person, NULL);
  if (name == NULL)
    {
      ahoyd_session_error (session, "unknown-name", packet->cid, "Nobody here has such a name.");
      return;
    }

  skeleton = ahoy_name_skeleton (name);
  recipient = ahoyd_hub_find (host->hub, skeleton);
  shown = g_strdup (recipient != NULL ? ahoyd_person_get_name (recipient) : ahoyd_known_find (host->known, skeleton));
  append (host, session, packet, ahoy_target_person (shown != NULL ? shown : name), skeleton, shown != NULL);
}

static gpointer
start (const AhoydFeatureHost *host)
{
  return (gpointer) host;
}

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_SAY, AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE, 1, on_say },
  { AHOY_PACKET_WHISPER, AHOYD_STATE_ONLINE, AHOYD_COST_ONE, 1, on_whisper },
};

const AhoydFeature ahoyd_talk = { .name = "talk", .verbs = verbs, .n_verbs = G_N_ELEMENTS (verbs), .start = start };
