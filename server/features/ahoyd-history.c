/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `H`: older messages, a page at a time. PROTOCOL.md, "History". */

#include "features/ahoyd-features.h"
#include "wire/ahoy-name.h"

/* Older messages in one answer, and bytes of them; and characters that may be looked for. */
#define MESSAGES_MAX 200
#define BYTES_MAX (256 * 1024)
#define QUERY_CHARS 64

/* A session's slot while the store is asked on its behalf. */
typedef struct {
  AhoydPage              *page; /* NULL: it is there */
  const AhoydFeatureHost *host; /* Borrowed */
} Question;

static GQuark question_quark (void);
G_DEFINE_QUARK (ahoyd_history_question, question)

static void
question_free (gpointer data)
{
  Question *question = data;

  if (question->page != NULL)
    ahoyd_store_page_cancel (question->page);
  g_free (question);
}

/* What came of it, and what it cost: the reader's time, and ours for what is handed over. */
static void
on_page (const AhoydPageResult *result,
         gpointer               data)
{
  AhoydSession    *session = data;
  AhoydPerson     *viewer = ahoyd_session_get_person (session);
  Question        *question = ahoyd_session_get_slot (session, question_quark ());
  AhoydHub        *hub;
  const AhoyPacket end = { .kind = AHOY_PACKET_HISTORY_END, .more = result->more };

  hub = question->host->hub;
  question->page = NULL;
  ahoyd_session_set_slot (session, question_quark (), NULL, NULL);
  ahoyd_session_charge_time (session, result->spent);
  ahoyd_session_charge (session, result->messages->len);
  if (g_error_matches (result->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      ahoyd_session_error (session, "history", NULL, "Looking for that takes too long.");
      return;
    }
  if (result->error != NULL)
    {
      ahoyd_session_error (session, "history", NULL, "Older messages cannot be read at the moment.");
      return;
    }
  for (guint i = 0; i < result->messages->len; i++)
    ahoyd_hub_replay_one (hub, viewer, result->messages->pdata[i]);
  ahoyd_session_send (session, &end);
}

static void
ask (const AhoydFeatureHost *host,
     AhoydSession           *session,
     const AhoydPageQuery   *query)
{
  Question *question = g_new0 (Question, 1);

  ahoyd_session_set_slot (session, question_quark (), question, question_free);
  question->host = host;
  question->page = ahoyd_store_page (host->store, query, on_page, session);
}

static void
on_history (AhoydSession     *session,
            const AhoyPacket *packet,
            gpointer          self)
{
  AhoydPerson     *viewer = ahoyd_session_get_person (session);
  g_autofree char *with = ahoy_target_is_person (packet->target) ? ahoy_name_skeleton (packet->target.person) : NULL;
  AhoydPageQuery   query = {
      .scope = with != NULL ? AHOYD_PAGE_WITH : AHOYD_PAGE_ROOM,
      .viewer = ahoyd_person_get_skeleton (viewer),
      .whispers_after = ahoyd_person_get_whispers_after (viewer),
      .with = with,
      .room = packet->target.room,
      .text = packet->query != NULL && *packet->query != '\0' ? packet->query : NULL,
      .before = packet->before,
      .limit = packet->limit == 0 ? MESSAGES_MAX : MIN (packet->limit, MESSAGES_MAX),
      .max_bytes = BYTES_MAX,
      .newest = TRUE,
  };

  if (query.text != NULL && g_utf8_strlen (query.text, -1) > QUERY_CHARS)
    ahoyd_session_error (session, "history", NULL, "That is too long to look for (%d characters at most).", QUERY_CHARS);
  else if (ahoyd_session_get_slot (session, question_quark ()) != NULL)
    ahoyd_session_error (session, "history", NULL, "One question about older messages at a time.");
  else
    ask (self, session, &query);
}

static gpointer
start (const AhoydFeatureHost *host)
{
  return (gpointer) host;
}

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_HISTORY, AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE, 1, on_history },
};

const AhoydFeature ahoyd_history = { .name = "history", .verbs = verbs, .n_verbs = G_N_ELEMENTS (verbs), .start = start };
