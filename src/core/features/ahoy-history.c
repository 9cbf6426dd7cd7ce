/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The feature "history": what was said before, above the first line of a conversation. AhoyPager knows which of it comes from where; this is what the
 * pager has to do with a chat. PROTOCOL.md, "History". */

#include "core/features/ahoy-features.h"

#include "core/archive/ahoy-mark-table.h"
#include "core/chat/ahoy-timeline.h"
#include "core/features/ahoy-pager.h"

typedef struct {
  /* Owned */
  AhoyPager *pager;  /* NULL: no archive is open */
  gboolean   online; /* and up to date: the server may be asked */

  /* Borrowed */
  const AhoyChatParts *chat;
} History;

static gpointer
start (const AhoyChatParts *chat,
       gconstpointer        options)
{
  History *self = g_new0 (History, 1);

  self->chat = chat;
  return self;
}

/* ---- AhoyPagerHost ---- */

static void
on_ask (AhoyConversation *conversation,
        guint64           before,
        guint             limit,
        gpointer          data)
{
  const History *self = data;

  ahoy_connection_send (self->chat->connection, &(AhoyPacket){
                                                  .kind = AHOY_PACKET_HISTORY,
                                                  .before = before,
                                                  .limit = limit,
                                                  .target = ahoy_conversation_get_addressee (conversation),
                                                });
}

static GPtrArray *
on_make_messages (GPtrArray *stored_messages,
                  gpointer   data)
{
  return ahoy_timeline_make_messages (((History *) data)->chat, stored_messages);
}

static void
on_crowded (AhoyConversation *conversation,
            gpointer          data)
{
  ahoy_turn_touch (((History *) data)->chat->turn, conversation); /* so that the turn ends */
}

static const AhoyPagerHost pager_host = { .ask = on_ask, .make_messages = on_make_messages, .crowded = on_crowded };

/* ---- The archive ---- */

static void
opened (const AhoyNewest *newest,
        gpointer          data)
{
  History                 *self = data;
  const AhoyStoredMessage *first = newest->messages->len > 0 ? newest->messages->pdata[0] : NULL;

  self->pager = ahoy_pager_new (self->chat->archive, first ? &first->place : &(AhoyPlace){ 0 }, newest->more, &pager_host, self);
}

static void
closed (gpointer data)
{
  History *self = data;

  g_clear_pointer (&self->pager, ahoy_pager_free);
}

static void
begun (AhoyConversation *conversation,
       gpointer          data)
{
  ahoy_pager_begin (((History *) data)->pager, conversation);
}

static void
load_older (AhoyConversation *conversation,
            gpointer          data)
{
  const History *self = data;

  if (self->pager)
    ahoy_pager_load_older (self->pager, conversation);
}

static void
thawed (AhoyConversation *conversation,
        gpointer          data)
{
  const History *self = data;

  if (self->pager)
    ahoy_pager_trim (self->pager, conversation);
}

static void
written (gpointer data)
{
  const History *self = data;

  if (self->pager)
    ahoy_pager_note_written (self->pager);
}

static void
parted (guint64  first,
        guint    parting,
        gpointer data)
{
  ahoy_pager_part (((History *) data)->pager, first, parting);
}

static void
rejoined (const AhoyPlace         *copy,
          const AhoyStoredMessage *stored,
          AhoyConversation        *where,
          gpointer                 data)
{
  ahoy_pager_rejoin (((History *) data)->pager, copy, stored->id);
}

/* ---- The server ---- */

/* What is before that must be asked for. */
static void
met (guint64  last,
     gpointer data)
{
  const History *self = data;
  GListModel    *conversations = ahoy_roster_get_conversations (self->chat->roster);

  ahoy_archive_set_mark (self->chat->archive, AHOY_MARK_START, ahoy_target_room (AHOY_ROOM_EVERYONE), last + 1);
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);

      ahoy_pager_begin (self->pager, conversation);
    }
}

static void
caught_up (gpointer data)
{
  History *self = data;

  self->online = TRUE;
  ahoy_pager_go_online (self->pager);
}

static void
offline (gpointer data)
{
  History *self = data;

  self->online = FALSE;
  if (self->pager)
    ahoy_pager_go_offline (self->pager);
}

static gboolean
answer (const AhoyStoredMessage *stored,
        gpointer                 data)
{
  return ahoy_pager_take (((History *) data)->pager, stored);
}

static void
on_answered (const AhoyPacket *packet,
             gpointer          data)
{
  const History *self = data;

  if (self->pager)
    ahoy_pager_end_answer (self->pager, packet->more);
}

static gboolean
refused (const char *code,
         gpointer    data)
{
  const History *self = data;

  if (!self->online || !g_str_equal (code, "history"))
    return FALSE;
  ahoy_pager_fail_answer (self->pager);
  return TRUE;
}

static const AhoyFeatureVerb verbs[] = {
  { AHOY_PACKET_HISTORY_END, on_answered },
};

const AhoyFeature ahoy_history = {
  .name = "history",
  .verbs = verbs,
  .n_verbs = G_N_ELEMENTS (verbs),
  .start = start,
  .stop = g_free,
  .load_older = load_older,
  .opened = opened,
  .closed = closed,
  .begun = begun,
  .written = written,
  .parted = parted,
  .rejoined = rejoined,
  .met = met,
  .caught_up = caught_up,
  .offline = offline,
  .answer = answer,
  .refused = refused,
  .thawed = thawed,
};
