/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What only an extended server says, and what we say only to one. PROTOCOL.md, "Types".
 *
 * Exactly once, in order: a line of ours is on the disk before it is on the wire, and leaves the outbox in the same transaction that keeps its
 * echo. The *position* is the newest id of an unbroken row of messages; the server replays what is behind it, and what is not behind it is a
 * repeat. Nothing that waits is sent before the replay is over: the replay may hold its echo. */

#include "core/chat/ahoy-client-private.h"

#include "core/archive/ahoy-mark-table.h"
#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/connection/ahoy-server-private.h"
#include "core/discovery/ahoy-neighbour-private.h"
#include "wire/ahoy-classic-text.h"
#include "wire/ahoy-name.h"

void
ahoy_client_reset_extended (AhoyClient *self)
{
  self->caught_up = FALSE;
  ahoy_client_forget_pace (self);
  if (self->pager)
    ahoy_pager_go_offline (self->pager);
  ahoy_client_forget_receipts (self);
  ahoy_typing_go_offline (self->typing);
}

void
ahoy_client_greet (AhoyClient *self)
{
  if (self->away)
    ahoy_connection_send (self->connection, &(AhoyPacket){ .kind = AHOY_PACKET_AWAY, .text = self->away });
}

/* ---- What we say ---- */

static void
on_owed (AhoyWrite    *owe,
         const GError *error,
         gpointer      data)
{
  AhoyClient *self = data;

  /* A full disk is told of by the history; people go on chatting. */
  ahoy_outbox_stored (self->outbox);
  ahoy_client_pump (self);
}

void
ahoy_client_owe (AhoyClient  *self,
                 AhoyMessage *message)
{
  g_autofree char  *cid = g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
  const AhoyTarget  target = ahoy_message_get_target (message);
  g_autofree char  *peer = ahoy_target_is_person (target) ? ahoy_name_skeleton (target.person) : NULL;
  AhoyStoredMessage stored = {
    .time = ahoy_message_get_time (message),
    .from = (char *) ahoy_message_get_from (message),
    .target = target,
    .peer = peer,
    .cid = cid,
    .text = (char *) ahoy_message_get_text (message),
  };

  ahoy_message_set_cid (message, cid);
  if (!ahoy_archive_owe (self->archive, ahoy_stored_message_new (&stored), on_owed, self))
    ahoy_outbox_stored (self->outbox);
}

void
ahoy_client_note_typing (AhoyClient       *self,
                         AhoyConversation *conversation)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));
  g_return_if_fail (AHOY_IS_CONVERSATION (conversation));

  if (self->session->state == AHOY_CLIENT_ONLINE && ahoy_connection_is_extended (self->connection))
    ahoy_typing_write (self->typing, conversation, g_get_monotonic_time ());
}

/* ---- Log-in ---- */

/* Where the history of a server begins that we meet for the first time: what is before must be asked for. */
static void
begin_history (AhoyClient *self,
               guint64     last)
{
  GListModel *conversations = ahoy_roster_get_conversations (self->roster);

  ahoy_archive_set_mark (self->archive, AHOY_MARK_START, ahoy_target_room (AHOY_ROOM_EVERYONE), last + 1);
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);

      ahoy_client_begin_book (self, conversation);
    }
}

static void
on_welcome (AhoyClient       *self,
            const AhoyPacket *packet)
{
  if (!ahoy_connection_is_logging_in (self->connection) || !ahoy_session_judge_welcome (self->session, packet->server_id, packet->server_name))
    return;
  ahoy_server_set_extended (self->session->server, packet->server_id, packet->server_name ? packet->server_name : ahoy_server_get_name (self->session->server),
                            ahoy_server_get_users (self->session->server), ahoy_server_get_tls (self->session->server));
  if (!self->archive || g_strcmp0 (ahoy_archive_get_server (self->archive), packet->server_id) != 0)
    { /* not the server we took it for: its own archive, and so another log-in */
      ahoy_session_redial (self->session);
      return;
    }
  self->hidden = packet->hidden;
  ahoy_connection_expect (self->connection);
  ahoy_client_note_run (self, packet);
  if (!ahoy_archive_has_position (self->archive))
    begin_history (self, packet->last);
  if (packet->text && *packet->text != '\0' && g_strcmp0 (packet->text, self->motd) != 0)
    {
      g_free (self->motd);
      self->motd = g_strdup (packet->text);
      ahoy_client_show_notice (self, packet->text);
    }
}

static void
on_caught_up (AhoyClient       *self,
              const AhoyPacket *packet)
{
  if (self->session->state != AHOY_CLIENT_ONLINE || self->caught_up)
    return;
  self->caught_up = TRUE;
  ahoy_session_note_caught_up (self->session);
  ahoy_client_set_n_broken (self, 0);
  ahoy_archive_mark_position (self->archive, packet->last);
  ahoy_client_write_receipts (self);
  ahoy_client_pump (self);
  ahoy_pager_go_online (self->pager);
}

/* ---- Chat ---- */

void
ahoy_client_show (AhoyClient              *self,
                  const AhoyStoredMessage *stored,
                  gboolean                 replayed)
{
  g_autoptr (AhoyMessage) message = ahoy_client_make_message (self, stored);
  AhoyConversation       *room = ahoy_client_room_of (self, stored->target);
  AhoyConversation       *whispered = ahoy_client_conversation_of (self, stored);
  AhoyConversation       *where = whispered ? whispered : room;
  const gboolean          own = ahoy_message_is_own (message);

  if (!room)
    return;
  ahoy_conversation_insert (ahoy_turn_touch (self->turn, room), message, !own && !whispered);
  if (whispered)
    ahoy_conversation_insert (ahoy_turn_touch (self->turn, whispered), message, !own);
  if (own)
    return;
  ahoy_place_set (&ahoy_conversation_get_book (where)->newest, stored->id, NULL);
  if (whispered)
    ahoy_client_note_received (self, whispered, stored->id);
  ahoy_turn_set_due (self->turn, where);
  ahoy_typing_note_said (self->typing, where, stored->from);
  /* After an hour of absence nobody wants to be told of every word. */
  if (!replayed || ahoy_message_is_private (message) || ahoy_message_is_mention (message))
    ahoy_turn_announce (self->turn, where, message);
}

static void
on_chat (AhoyClient       *self,
         const AhoyPacket *packet)
{
  const gboolean    own = packet->from && self->archive && ahoy_client_is_own (self, packet->from);
  AhoyMessage      *waiting = own && packet->cid ? ahoy_outbox_find (self->outbox, packet->cid) : NULL;
  g_autofree char  *peer = ahoy_target_is_person (packet->target) ? ahoy_name_skeleton (own ? packet->target.person : packet->from) : NULL;
  AhoyStoredMessage stored = {
    .id = packet->id,
    .place = { packet->id, NULL },
    .time = packet->time,
    .from = (char *) packet->from,
    .target = packet->target,
    .peer = peer,
    .cid = own ? (char *) packet->cid : NULL,
    .re = packet->re,
    .text = (char *) (packet->text ? packet->text : ""),
  };

  if (self->session->state != AHOY_CLIENT_ONLINE || !self->archive || packet->id == 0 || !ahoy_client_room_of (self, packet->target))
    return;
  if (packet->replay && ahoy_pager_take (self->pager, &stored))
    return;
  if (packet->id <= ahoy_archive_get_position (self->archive) && !waiting)
    return;

  if (packet->replay && !waiting && ahoy_client_place (self, &stored))
    {
      ahoy_archive_set_position (self->archive, packet->id);
      ahoy_client_keep_pace (self);
      return;
    }
  ahoy_archive_keep (self->archive, ahoy_stored_message_new (&stored), NULL, NULL);
  ahoy_archive_set_position (self->archive, packet->id);
  if (waiting)
    {
      g_autoptr (AhoyMessage) held = g_object_ref (waiting);

      ahoy_send_window_on_echoed (&self->window);
      ahoy_message_set_id (held, packet->id);
      ahoy_message_set_time (held, packet->time);
      ahoy_outbox_echoed (self->outbox, held);
      ahoy_client_pump (self);
    }
  else
    {
      ahoy_client_show (self, &stored, packet->replay);
    }
  ahoy_client_keep_pace (self);
}

/* ---- The rest ---- */

static void
on_typing (AhoyClient       *self,
           const AhoyPacket *packet)
{
  if (self->session->state == AHOY_CLIENT_ONLINE)
    ahoy_typing_take (self->typing, packet);
}

static void
on_away (AhoyClient       *self,
         const AhoyPacket *packet)
{
  ahoy_client_note_away (self, packet->from, packet->text);
}

static void
on_ping (AhoyClient       *self,
         const AhoyPacket *packet)
{
  ahoy_connection_send (self->connection, &(AhoyPacket){ .kind = AHOY_PACKET_PONG, .n = packet->n });
}

static void
on_pong (AhoyClient       *self,
         const AhoyPacket *packet)
{
  ahoy_client_confirm_receipts (self, packet->n);
}

static void
on_notice (AhoyClient       *self,
           const AhoyPacket *packet)
{
  if (self->session->state == AHOY_CLIENT_ONLINE && packet->text && *packet->text != '\0')
    ahoy_client_show_notice (self, packet->text);
}

static void
on_answered (AhoyClient       *self,
             const AhoyPacket *packet)
{
  if (self->pager)
    ahoy_pager_end_answer (self->pager, packet->more);
}

/* Why a whisper was not taken, as a line below it; TRUE when there is one for @code. */
static gboolean
line_of_code (const char      *code,
              AhoyMessageKind *kind)
{
  static const struct {
    const char     *code;
    AhoyMessageKind kind;
  } lines[] = {
    { "unknown-name", AHOY_MESSAGE_UNKNOWN_NAME },
    { "not-here", AHOY_MESSAGE_NOT_HERE },
    { "mailbox-full", AHOY_MESSAGE_MAILBOX_FULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      if (g_str_equal (code, lines[i].code))
        {
          *kind = lines[i].kind;
          return TRUE;
        }
    }
  return FALSE;
}

/* For good. What it says is kept in the window; why is said below. */
static void
refuse (AhoyClient  *self,
        AhoyMessage *message,
        const char  *code,
        const char  *text)
{
  g_autoptr (AhoyMessage) held = g_object_ref (message);
  AhoyConversation       *whispered = ahoy_client_whispered_in (self, message);
  g_autoptr (AhoyMessage) line = NULL;
  AhoyMessageKind         kind;

  ahoy_outbox_refused (self->outbox, message);
  ahoy_client_pump (self);
  if (!whispered || !line_of_code (code, &kind))
    {
      if (text && *text != '\0')
        ahoy_client_show_notice (self, text);
      return;
    }
  line = ahoy_message_new_about (kind, ahoy_message_get_to (held), g_get_real_time () / 1000);
  ahoy_conversation_append (ahoy_turn_touch (self->turn, ahoy_roster_get_everyone (self->roster)), line, FALSE);
  ahoy_conversation_append (ahoy_turn_touch (self->turn, whispered), line, TRUE);
  ahoy_turn_announce (self->turn, whispered, line);
}

static void
on_error (AhoyClient       *self,
          const AhoyPacket *packet)
{
  static const char *const later[] = { "storage", "slow", "not-now", NULL };
  const char              *code = packet->code ? packet->code : "";
  AhoyMessage             *message = packet->cid ? ahoy_outbox_find (self->outbox, packet->cid) : NULL;
  g_autofree char         *said = ahoy_classic_text (packet->text ? packet->text : ""); /* for a terminal */

  g_debug ("The server says %s: %s", code, said);
  if (g_str_equal (code, "replaced"))
    {
      ahoy_session_close (self->session, AHOY_FAILURE_REPLACED);
      return;
    }
  if (g_str_equal (code, "tls-required") && ahoy_session_require_tls (self->session))
    return;
  if (!message)
    {
      if (g_str_equal (code, "slow-down"))
        ahoy_client_note_slow (self, packet->wait_ms);
      else if (g_str_equal (code, "history") && self->caught_up)
        ahoy_pager_fail_answer (self->pager);
      else if (g_str_equal (code, "history") && self->session->state == AHOY_CLIENT_ONLINE)
        ahoy_client_set_n_broken (self, self->n_broken + 1); /* it closes the connection: what we have is no end of anything */
      return;
    }
  if (g_strv_contains (later, code))
    {
      ahoy_client_hold (self, message);
      return;
    }
  ahoy_send_window_on_refused (&self->window);
  refuse (self, message, code, packet->text);
}

typedef struct {
  AhoyPacketKind kind;
  void (*take) (AhoyClient       *self,
                const AhoyPacket *packet);
} Route;

static const Route routes[] = {
  { AHOY_PACKET_CHAT, on_chat },
  { AHOY_PACKET_WELCOME, on_welcome },
  { AHOY_PACKET_CAUGHT_UP, on_caught_up },
  { AHOY_PACKET_HISTORY_END, on_answered },
  { AHOY_PACKET_NOTICE, on_notice },
  { AHOY_PACKET_ERROR, on_error },
  { AHOY_PACKET_RECEIPT, ahoy_client_on_receipt },
  { AHOY_PACKET_TYPING, on_typing },
  { AHOY_PACKET_AWAY, on_away },
  { AHOY_PACKET_PING, on_ping },
  { AHOY_PACKET_PONG, on_pong },
};

gboolean
ahoy_client_take_extended (AhoyClient       *self,
                           const AhoyPacket *packet)
{
  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      if (routes[i].kind == packet->kind)
        {
          routes[i].take (self, packet);
          return TRUE;
        }
    }
  return FALSE;
}

gboolean
ahoy_client_describe_server (AhoyClient         *self,
                             AhoyDiscoveryReply *reply)
{
  GSocketAddress  *peer = ahoy_connection_get_peer (self->connection);
  g_autofree char *at = NULL;

  if (self->session->state != AHOY_CLIENT_ONLINE || !ahoy_connection_is_extended (self->connection) || !ahoy_connection_is_secure (self->connection) || self->hidden || !peer)
    return FALSE;
  at = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (peer)));
  if (!ahoy_discovery_is_tellable (at))
    return FALSE;

  *reply = (AhoyDiscoveryReply){
    .port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (peer)),
    .extended = TRUE,
    .id = g_strdup (ahoy_server_get_id (self->session->server)),
    .name = g_strdup (ahoy_server_get_name (self->session->server)),
    .users = ahoy_client_get_n_online (self),
    .tls = TRUE,
    .at = g_steal_pointer (&at),
  };
  return TRUE;
}
