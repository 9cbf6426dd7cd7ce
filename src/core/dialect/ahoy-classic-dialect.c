/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How one talks to a server of the original protocol. */

#include "core/dialect/ahoy-classic-dialect.h"

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-mention.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-timeline.h"

struct _AhoyClassicDialect {
  AhoyInterpreter interpreter;
  gint64          undelivered; /* microseconds */

  /* Owned */
  guint        judge_id;
  gint64       judge_at;
  AhoyMessage *whisper; /* the last one of ours; a notice may be about it */
  gint64       whispered;

  /* Borrowed */
  const AhoyChatParts *chat;
  AhoySender          *sender;
};

static gint64
wall_clock (void)
{
  return g_get_real_time () / 1000;
}

/* ---- What we say ---- */

static gboolean
may_write (gpointer data)
{
  return TRUE;
}

static void
written (AhoyMessage *message,
         gint64       now,
         gpointer     data)
{
  AhoyClassicDialect *self = data;

  if (ahoy_message_is_private (message) && g_set_object (&self->whisper, message))
    self->whispered = now;
}

static gboolean
on_judge (gpointer data)
{
  AhoyClassicDialect *self = data;
  g_autoptr (GObject) held = g_object_ref (self->chat->chat);

  self->judge_id = 0;
  ahoy_sender_pump (self->sender);
  return G_SOURCE_REMOVE;
}

/* Settles what needs no echo any more, and plans the next look. */
static void
judge (gpointer data)
{
  AhoyClassicDialect *self = data;
  const gint64        now = g_get_monotonic_time ();
  gint64              again;

  if (self->chat->session->state != AHOY_CLIENT_ONLINE || !ahoy_connection_is_open (self->chat->connection))
    return;
  again = ahoy_outbox_judge (self->chat->outbox, ahoy_connection_get_queued (self->chat->connection) == 0, now);
  if (self->judge_id != 0 && again == self->judge_at)
    return;
  g_clear_handle_id (&self->judge_id, g_source_remove);
  self->judge_at = again;
  if (again != 0)
    self->judge_id = g_timeout_add (MAX (again - now, 0) / 1000 + 1, on_judge, self);
}

/* ---- What we hear ---- */

/* Whether a notice that comes now is about our last whisper: nobody got it, most likely. Returns: (transfer none) (nullable): where
 * that was said. */
static AhoyConversation *
concerns_whisper (AhoyClassicDialect *self,
                  const char         *text)
{
  AhoyConversation       *whispered;
  AhoyPerson             *to;
  g_autoptr (AhoyMessage) whisper = NULL;

  if (!self->whisper || g_get_monotonic_time () - self->whispered > self->undelivered)
    return NULL;
  whisper = g_object_ref (self->whisper);
  whispered = ahoy_timeline_conversation_of_own (self->chat, whisper);
  if (!whispered)
    return NULL;
  to = ahoy_conversation_get_person (whispered);
  if (ahoy_person_get_online (to) && !ahoy_text_mentions (text, ahoy_person_get_name (to)))
    return ahoy_message_get_state (whisper) == AHOY_MESSAGE_WAITING ? whispered : NULL; /* perhaps; but if it was taken, surely not */
  ahoy_outbox_refused (self->chat->outbox, whisper);
  return whispered;
}

static void
on_notice (AhoyClassicDialect *self,
           const char         *text)
{
  g_autoptr (AhoyMessage) notice = NULL;
  AhoyConversation       *whispered;

  if (self->chat->session->state == AHOY_CLIENT_REFUSED) /* to somebody without a name: that they should hurry up */
    return;
  whispered = concerns_whisper (self, text);
  notice = ahoy_message_new_notice (text, wall_clock ());
  ahoy_timeline_show_to_everyone (self->chat, notice);
  if (whispered)
    ahoy_conversation_append (ahoy_turn_touch (self->chat->turn, whispered), notice, FALSE);
}

static void
on_plain (AhoyClassicDialect *self,
          const char         *text)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_plain (text, wall_clock ());

  ahoy_timeline_show_to_everyone (self->chat, message);
}

/* Returns: (transfer none) (nullable): the other one of the two that @line, by @from, is between; NULL: it is no whisper, or not known to whom. */
static AhoyPerson *
other_of (AhoyClassicDialect    *self,
          const AhoyClassicLine *line,
          AhoyPerson            *from)
{
  AhoyPerson *own = ahoy_roster_get_self (self->chat->roster);
  AhoyPerson *to = line->kind == AHOY_CLASSIC_LINE_WHISPER ? ahoy_roster_find (self->chat->roster, line->to) : NULL;

  if (from == own)
    return to == own ? NULL : to;
  return to == own ? from : NULL;
}

/* @line: SAY or WHISPER. */
static void
on_speech (AhoyClassicDialect    *self,
           const AhoyClassicLine *line,
           AhoyPerson            *from)
{
  AhoyTurn               *turn = self->chat->turn;
  const gboolean          own = from == ahoy_roster_get_self (self->chat->roster);
  const gboolean          mention = !own && ahoy_text_mentions (line->text, self->chat->session->name);
  AhoyPerson             *with = other_of (self, line, from);
  AhoyConversation       *everyone = ahoy_roster_get_everyone (self->chat->roster);
  AhoyConversation       *whispered = with ? ahoy_roster_conversation_with (self->chat->roster, with) : NULL;
  g_autoptr (AhoyMessage) message =
    ahoy_message_new_chat (ahoy_person_get_name (from), line->kind == AHOY_CLASSIC_LINE_WHISPER ? ahoy_target_person (line->to) : ahoy_target_room (AHOY_ROOM_EVERYONE),
                           line->text, wall_clock (), ahoy_person_get_tint (from),
                           (own ? AHOY_MESSAGE_OWN : 0) | (mention ? AHOY_MESSAGE_MENTION : 0));

  if (own)
    ahoy_message_set_state (message, AHOY_MESSAGE_SENT);
  ahoy_conversation_append (ahoy_turn_touch (turn, everyone), message, !own && !whispered);
  if (whispered)
    ahoy_conversation_append (ahoy_turn_touch (turn, whispered), message, !own);
  if (!own)
    ahoy_turn_announce (turn, whispered ? whispered : everyone, message);
}

static gboolean
may_speak (const char *name,
           gpointer    roster)
{
  return ahoy_roster_may_speak (roster, name);
}

static void
on_chat (AhoyClassicDialect *self,
         const AhoyPacket   *packet)
{
  g_auto (AhoyClassicLine) line = { 0 };
  AhoyRoster              *roster = self->chat->roster;
  AhoyOutbox              *outbox = self->chat->outbox;
  const gint64             now = g_get_monotonic_time ();
  AhoyPerson              *from;

  ahoy_classic_line_parse (&line, packet->text, may_speak, roster);
  from = line.from ? ahoy_roster_find (roster, line.from) : NULL;

  if (ahoy_outbox_take_echo (outbox, &line, from && from == ahoy_roster_get_self (roster), self->chat->session->name, now))
    {
      ahoy_sender_pump (self->sender);
      return;
    }
  switch (line.kind)
    {
    case AHOY_CLASSIC_LINE_SAY:
    case AHOY_CLASSIC_LINE_WHISPER:
      on_speech (self, &line, from);
      ahoy_outbox_heard (outbox, now);
      break;
    case AHOY_CLASSIC_LINE_NOTICE:
      on_notice (self, line.text);
      break;
    case AHOY_CLASSIC_LINE_PLAIN:
    default:
      on_plain (self, line.text);
      ahoy_outbox_heard (outbox, now);
      break;
    }
  judge (self);
}

static gboolean
take (const AhoyPacket *packet,
      gpointer          data)
{
  if (packet->kind != AHOY_PACKET_CHAT)
    return FALSE;
  on_chat (data, packet);
  return TRUE;
}

/* ---- The object ---- */

static const AhoyInterpreterOps ops = { .take = take, .may_write = may_write, .written = written, .pumped = judge };

AhoyClassicDialect *
ahoy_classic_dialect_new (const AhoyChatParts *chat,
                          guint                undelivered_ms,
                          AhoySender          *sender)
{
  AhoyClassicDialect *self = g_new0 (AhoyClassicDialect, 1);

  self->interpreter = (AhoyInterpreter){ &ops, self };
  self->chat = chat;
  self->undelivered = undelivered_ms * G_GINT64_CONSTANT (1000);
  self->sender = sender;
  return self;
}

void
ahoy_classic_dialect_free (AhoyClassicDialect *self)
{
  ahoy_classic_dialect_stop (self);
  g_free (self);
}

const AhoyInterpreter *
ahoy_classic_dialect_get (AhoyClassicDialect *self)
{
  return &self->interpreter;
}

void
ahoy_classic_dialect_forget (AhoyClassicDialect *self)
{
  g_clear_object (&self->whisper);
}

void
ahoy_classic_dialect_stop (AhoyClassicDialect *self)
{
  g_clear_handle_id (&self->judge_id, g_source_remove);
  ahoy_classic_dialect_forget (self);
}
