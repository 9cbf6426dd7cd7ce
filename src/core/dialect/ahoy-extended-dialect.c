/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How one talks to an extended server. */

#include "core/dialect/ahoy-extended-dialect.h"

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-timeline.h"
#include "core/connection/ahoy-server-private.h"
#include "core/features/ahoy-feature-set.h"
#include "wire/ahoy-classic-text.h"
#include "wire/ahoy-name.h"

struct _AhoyExtendedDialect {
  AhoyInterpreter interpreter;
  gboolean        hidden;   /* the server does not want others to be told of it */
  guint           n_broken; /* replays in a row that the server could not go on with */

  /* Owned */
  char *motd; /* shown last */

  /* Borrowed */
  const AhoyChatParts *chat;
  AhoySender          *sender;
  AhoyPace            *pace;
  AhoyPlacer          *placer;
};

static gboolean
is_online (const AhoyExtendedDialect *self)
{
  return self->chat->session->state == AHOY_CLIENT_ONLINE;
}

static void
set_n_broken (AhoyExtendedDialect *self,
              guint                n_broken)
{
  const gboolean before = ahoy_extended_dialect_is_broken (self);

  self->n_broken = n_broken;
  if (ahoy_extended_dialect_is_broken (self) != before)
    g_object_notify (self->chat->chat, "history-broken");
}

/* ---- What we say ---- */

static gboolean
may_write (gpointer data)
{
  AhoyExtendedDialect *self = data;

  /* What is replayed may be the echo of what we owe: then it need not be sent again. */
  return self->chat->session->caught_up && ahoy_pace_may_write (self->pace);
}

static void
written (AhoyMessage *message,
         gint64       now,
         gpointer     data)
{
  ahoy_pace_on_written (((AhoyExtendedDialect *) data)->pace);
}

static void
pumped (gpointer data)
{
}

/* ---- Log-in ---- */

static void
on_welcome (AhoyExtendedDialect *self,
            const AhoyPacket    *packet)
{
  AhoySession *session = self->chat->session;
  AhoyArchive *archive;

  if (!ahoy_connection_is_logging_in (self->chat->connection) || !ahoy_session_judge_welcome (session, packet->server_id, packet->server_name))
    return;
  archive = self->chat->archive;
  ahoy_server_set_extended (session->server, packet->server_id, packet->server_name ? packet->server_name : ahoy_server_get_name (session->server),
                            ahoy_server_get_users (session->server), ahoy_server_get_tls (session->server));
  if (!archive || g_strcmp0 (ahoy_archive_get_server (archive), packet->server_id) != 0)
    { /* not the server we took it for: its own archive, and so another log-in */
      ahoy_session_redial (session);
      return;
    }
  self->hidden = packet->hidden;
  ahoy_connection_expect (self->chat->connection);
  ahoy_placer_note_run (self->placer, packet->run, packet->parted, packet->last);
  if (!ahoy_archive_has_position (archive))
    ahoy_feature_set_met (self->chat->features, packet->last);
  if (packet->text && *packet->text != '\0' && g_strcmp0 (packet->text, self->motd) != 0)
    {
      g_free (self->motd);
      self->motd = g_strdup (packet->text);
      ahoy_timeline_show_notice (self->chat, packet->text);
    }
}

static void
on_caught_up (AhoyExtendedDialect *self,
              const AhoyPacket    *packet)
{
  if (!is_online (self) || self->chat->session->caught_up)
    return;
  ahoy_session_note_caught_up (self->chat->session);
  set_n_broken (self, 0);
  ahoy_archive_mark_position (self->chat->archive, packet->last);
  ahoy_feature_set_caught_up (self->chat->features);
  ahoy_sender_pump (self->sender);
}

/* ---- Chat ---- */

/* One of ours is back. */
static void
note_echo (AhoyExtendedDialect *self,
           AhoyMessage         *waiting,
           const AhoyPacket    *packet)
{
  g_autoptr (AhoyMessage) held = g_object_ref (waiting);

  ahoy_pace_on_echoed (self->pace);
  ahoy_message_set_id (held, packet->id);
  ahoy_message_set_time (held, packet->time);
  ahoy_outbox_echoed (self->chat->outbox, held);
  ahoy_sender_pump (self->sender);
}

static void
take_message (AhoyExtendedDialect     *self,
              const AhoyPacket        *packet,
              const AhoyStoredMessage *stored,
              AhoyMessage             *waiting)
{
  AhoyArchive *archive = self->chat->archive;

  if (packet->replay && !waiting && ahoy_placer_place (self->placer, stored))
    {
      ahoy_archive_set_position (archive, packet->id);
      return;
    }
  ahoy_archive_keep (archive, ahoy_stored_message_new (stored), NULL, NULL);
  ahoy_archive_set_position (archive, packet->id);
  if (waiting)
    note_echo (self, waiting, packet);
  else
    ahoy_timeline_show (self->chat, stored, packet->replay);
}

static void
on_chat (AhoyExtendedDialect *self,
         const AhoyPacket    *packet)
{
  const AhoyChatParts *chat = self->chat;
  const gboolean       own = packet->from && chat->archive && ahoy_timeline_is_own (chat, packet->from);
  AhoyMessage         *waiting = own && packet->cid ? ahoy_outbox_find (chat->outbox, packet->cid) : NULL;
  g_autofree char     *peer = ahoy_target_is_person (packet->target) ? ahoy_name_skeleton (own ? packet->target.person : packet->from) : NULL;
  AhoyStoredMessage    stored = {
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

  if (!is_online (self) || !chat->archive || packet->id == 0 || !ahoy_timeline_find_room (chat, packet->target))
    return;
  if (packet->replay && ahoy_feature_set_answer (chat->features, &stored))
    return;
  if (packet->id <= ahoy_archive_get_position (chat->archive) && !waiting)
    return;
  take_message (self, packet, &stored, waiting);
  ahoy_pace_keep (self->pace);
}

/* ---- The rest ---- */

static void
on_ping (AhoyExtendedDialect *self,
         const AhoyPacket    *packet)
{
  ahoy_connection_send (self->chat->connection, &(AhoyPacket){ .kind = AHOY_PACKET_PONG, .n = packet->n });
}

static void
on_pong (AhoyExtendedDialect *self,
         const AhoyPacket    *packet)
{
  ahoy_feature_set_ponged (self->chat->features, packet->n);
}

static void
on_notice (AhoyExtendedDialect *self,
           const AhoyPacket    *packet)
{
  if (is_online (self) && packet->text && *packet->text != '\0')
    ahoy_timeline_show_notice (self->chat, packet->text);
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
refuse (AhoyExtendedDialect *self,
        AhoyMessage         *message,
        const char          *code,
        const char          *text)
{
  AhoyTurn               *turn = self->chat->turn;
  g_autoptr (AhoyMessage) held = g_object_ref (message);
  AhoyConversation       *whispered = ahoy_timeline_conversation_of_own (self->chat, message);
  g_autoptr (AhoyMessage) line = NULL;
  AhoyMessageKind         kind;

  ahoy_pace_on_refused (self->pace);
  ahoy_sender_refuse (self->sender, message);
  if (!whispered || !line_of_code (code, &kind))
    {
      if (text && *text != '\0')
        ahoy_timeline_show_notice (self->chat, text);
      return;
    }
  line = ahoy_message_new_about (kind, ahoy_message_get_to (held), g_get_real_time () / 1000);
  ahoy_conversation_append (ahoy_turn_touch (turn, ahoy_roster_get_everyone (self->chat->roster)), line, FALSE);
  ahoy_conversation_append (ahoy_turn_touch (turn, whispered), line, TRUE);
  ahoy_turn_announce (turn, whispered, line);
}

/* What is refused is no message of ours. */
static void
on_other_error (AhoyExtendedDialect *self,
                const AhoyPacket    *packet,
                const char          *code)
{
  if (g_str_equal (code, "slow-down"))
    ahoy_pace_note_slow (self->pace, packet->wait_ms);
  else if (!ahoy_feature_set_refused (self->chat->features, code) && g_str_equal (code, "history") && is_online (self))
    set_n_broken (self, self->n_broken + 1); /* it closes the connection: what we have is no end of anything */
}

static void
on_error (AhoyExtendedDialect *self,
          const AhoyPacket    *packet)
{
  static const char *const later[] = { "storage", "slow", "not-now", NULL };
  const char              *code = packet->code ? packet->code : "";
  AhoyMessage             *message = packet->cid ? ahoy_outbox_find (self->chat->outbox, packet->cid) : NULL;
  g_autofree char         *said = ahoy_classic_text (packet->text ? packet->text : ""); /* for a terminal */

  g_debug ("The server says %s: %s", code, said);
  if (g_str_equal (code, "replaced"))
    {
      ahoy_session_close (self->chat->session, AHOY_FAILURE_REPLACED);
      return;
    }
  if (g_str_equal (code, "tls-required") && ahoy_session_require_tls (self->chat->session))
    return;
  if (!message)
    on_other_error (self, packet, code);
  else if (g_strv_contains (later, code))
    ahoy_pace_hold (self->pace, message);
  else
    refuse (self, message, code, packet->text);
}

static const struct {
  AhoyPacketKind kind;
  void (*take) (AhoyExtendedDialect *self,
                const AhoyPacket    *packet);
} routes[] = {
  { AHOY_PACKET_CHAT, on_chat },
  { AHOY_PACKET_WELCOME, on_welcome },
  { AHOY_PACKET_CAUGHT_UP, on_caught_up },
  { AHOY_PACKET_NOTICE, on_notice },
  { AHOY_PACKET_ERROR, on_error },
  { AHOY_PACKET_PING, on_ping },
  { AHOY_PACKET_PONG, on_pong },
};

static gboolean
take (const AhoyPacket *packet,
      gpointer          data)
{
  AhoyExtendedDialect *self = data;

  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      if (routes[i].kind == packet->kind)
        {
          routes[i].take (self, packet);
          return TRUE;
        }
    }
  return ahoy_feature_set_take (self->chat->features, packet);
}

/* ---- The object ---- */

static const AhoyInterpreterOps ops = { .take = take, .may_write = may_write, .written = written, .pumped = pumped };

AhoyExtendedDialect *
ahoy_extended_dialect_new (const AhoyChatParts *chat,
                           AhoySender          *sender,
                           AhoyPace            *pace,
                           AhoyPlacer          *placer)
{
  AhoyExtendedDialect *self = g_new0 (AhoyExtendedDialect, 1);

  self->interpreter = (AhoyInterpreter){ &ops, self };
  self->chat = chat;
  self->sender = sender;
  self->pace = pace;
  self->placer = placer;
  return self;
}

void
ahoy_extended_dialect_free (AhoyExtendedDialect *self)
{
  g_free (self->motd);
  g_free (self);
}

const AhoyInterpreter *
ahoy_extended_dialect_get (AhoyExtendedDialect *self)
{
  return &self->interpreter;
}

void
ahoy_extended_dialect_forget (AhoyExtendedDialect *self)
{
  set_n_broken (self, 0);
}

gboolean
ahoy_extended_dialect_is_broken (const AhoyExtendedDialect *self)
{
  return self->n_broken > 1; /* once may be chance */
}

gboolean
ahoy_extended_dialect_is_hidden (const AhoyExtendedDialect *self)
{
  return self->hidden;
}
