/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `H` and `R`: older messages, and how far whispers have come. PROTOCOL.md, "History" and "Receipts". */

#include "ahoyd-dispatch.h"
#include "wire/ahoy-name.h"

static void
on_history (GPtrArray    *messages,
            gboolean      more,
            const GError *error,
            gpointer      data)
{
  AhoydSession *session = data;
  const AhoydHouse *house = ahoyd_session_get_house (session);
  AhoydPerson *viewer = ahoyd_session_get_person (session);
  const AhoyPacket end = { .kind = AHOY_PACKET_HISTORY_END, .more = more };

  ahoyd_session_asked (session, NULL);
  if (error != NULL)
    {
      ahoyd_session_error (session, "history", NULL, "Older messages cannot be read at the moment.");
      return;
    }
  for (guint i = 0; i < messages->len; i++)
    ahoyd_hub_replay_one (house->hub, viewer, messages->pdata[i]);
  ahoyd_session_send (session, &end);
}

void
ahoyd_handle_history (AhoydSession     *session,
                      const AhoyPacket *packet)
{
  const AhoydHouse *house = ahoyd_session_get_house (session);
  AhoydPerson *viewer = ahoyd_session_get_person (session);
  g_autofree char *with = packet->with != NULL ? ahoy_name_skeleton (packet->with) : NULL;
  AhoydPageQuery query = {
    .scope = with != NULL ? AHOYD_PAGE_WITH : AHOYD_PAGE_EVERYONE,
    .viewer = ahoyd_person_get_skeleton (viewer),
    .whispers_after = ahoyd_person_get_whispers_after (viewer),
    .with = with,
    .text = packet->query != NULL && *packet->query != '\0' ? packet->query : NULL,
    .before = packet->before,
    .limit = packet->limit == 0 ? AHOYD_HISTORY_MAX : MIN (packet->limit, AHOYD_HISTORY_MAX),
    .newest = TRUE,
  };

  if (ahoyd_session_is_asking (session))
    ahoyd_session_error (session, "history", NULL, "One question about older messages at a time.");
  else
    ahoyd_session_asked (session, ahoyd_store_page (house->store, &query, on_history, session));
}

void
ahoyd_handle_receipt (AhoydSession     *session,
                      const AhoyPacket *packet)
{
  const AhoydHouse *house = ahoyd_session_get_house (session);
  gboolean seen = g_strcmp0 (packet->what, "seen") == 0;

  if (seen || g_strcmp0 (packet->what, "delivered") == 0) /* else: some later version's word */
    ahoyd_receipts_take (house->receipts, ahoyd_session_get_person (session), packet->id, seen);
}
