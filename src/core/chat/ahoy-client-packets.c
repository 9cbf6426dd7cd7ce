/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What is said on the client's connection: each kind of packet has its route here.
 *
 * What they change in conversations goes through the turn (ahoy-turn.h). */

#include "core/chat/ahoy-client-private.h"

#include <string.h>

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-mention.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"
#include "wire/ahoy-blank.h"
#include "wire/ahoy-classic.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-name.h"

/* Bytes queued on the link beyond which the outbox waits: far from where the link gives up, and never more than the network takes in a
 * moment. */
#define PUMP_MAX (AHOY_LINK_QUEUE_MAX / 4)

static void judge (AhoyClient *self);

static gint64
wall_clock (void)
{
  return g_get_real_time () / 1000;
}

/* ---- Out ---- */

/* It is next, no echo has come of it, and it is not said: who has that name now is somebody else. */
static void
give_up (AhoyClient  *self,
         AhoyMessage *message)
{
  g_autoptr (AhoyMessage) held = g_object_ref (message);

  ahoy_outbox_written (self->outbox, g_get_monotonic_time ());
  ahoy_outbox_refused (self->outbox, held);
}

void
ahoy_client_pump (AhoyClient *self)
{
  const gboolean extended = ahoy_connection_is_extended (self->connection);
  AhoyMessage   *message;

  /* What is replayed may be the echo of what we owe: then it need not be sent again. */
  if (self->session->state != AHOY_CLIENT_ONLINE || !ahoy_connection_is_open (self->connection) || (extended && !self->caught_up))
    return;
  while (ahoy_connection_get_queued (self->connection) < PUMP_MAX && (!extended || ahoy_client_may_write (self)) &&
         (message = ahoy_outbox_peek (self->outbox)))
    {
      const gboolean   whisper = ahoy_message_is_private (message);
      const AhoyPacket packet = {
        .kind = whisper ? AHOY_PACKET_WHISPER : AHOY_PACKET_SAY,
        .target = ahoy_message_get_target (message),
        .text = ahoy_message_get_text (message),
        .cid = ahoy_message_get_cid (message),
      };
      gint64 now = g_get_monotonic_time ();

      if (ahoy_message_get_stray (message))
        {
          give_up (self, message);
          continue;
        }
      ahoy_connection_send (self->connection, &packet);
      ahoy_outbox_written (self->outbox, now);
      ahoy_heartbeat_note_written (self->session->heartbeat);
      ahoy_send_window_on_written (&self->window);
      if (!extended && whisper && g_set_object (&self->whisper, message))
        self->whispered = now;
    }
  judge (self);
}

static gboolean
on_judge (gpointer data)
{
  g_autoptr (AhoyClient) self = g_object_ref (data);

  self->judge_id = 0;
  ahoy_client_pump (self);
  return G_SOURCE_REMOVE;
}

/* Settles what needs no echo any more, and plans the next look. */
static void
judge (AhoyClient *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 again;

  if (self->session->state != AHOY_CLIENT_ONLINE || !ahoy_connection_is_open (self->connection) || ahoy_connection_is_extended (self->connection))
    return;
  again = ahoy_outbox_judge (self->outbox, ahoy_connection_get_queued (self->connection) == 0, now);
  if (again == 0 && ahoy_outbox_peek (self->outbox))
    again = now + self->timings.traffic * G_GINT64_CONSTANT (1000); /* the link was full */
  if (self->judge_id != 0 && again == self->judge_at)
    return;
  g_clear_handle_id (&self->judge_id, g_source_remove);
  self->judge_at = again;
  if (again != 0)
    self->judge_id = g_timeout_add (MAX (again - now, 0) / 1000 + 1, on_judge, self);
}

void
ahoy_client_stop_packets (AhoyClient *self)
{
  g_clear_handle_id (&self->judge_id, g_source_remove);
  g_clear_object (&self->whisper);
}

AhoyConversation *
ahoy_client_room_of (AhoyClient *self,
                     AhoyTarget  target)
{
  return ahoy_roster_find_room (self->roster, ahoy_target_is_person (target) ? AHOY_ROOM_EVERYONE : target.room);
}

AhoyConversation *
ahoy_client_whispered_in (AhoyClient  *self,
                          AhoyMessage *message)
{
  AhoyPerson *person = ahoy_message_is_private (message) ? ahoy_roster_find (self->roster, ahoy_message_get_to (message)) : NULL;

  return person ? ahoy_roster_conversation_with (self->roster, person) : NULL;
}

void
ahoy_client_on_settled (AhoyMessage     *message,
                        AhoyMessageState state,
                        gpointer         client)
{
  AhoyClient       *self = client;
  AhoyConversation *room = ahoy_client_room_of (self, ahoy_message_get_target (message));
  AhoyConversation *whispered = ahoy_client_whispered_in (self, message);
  const guint64     id = ahoy_message_get_id (message);

  if (self->archive && ahoy_message_get_cid (message) && id == 0) /* else the echo, when it was kept, took it out of the outbox */
    ahoy_archive_drop (self->archive, ahoy_message_get_cid (message));
  if (id == 0)
    ahoy_message_set_time (message, wall_clock ());
  else if (ahoy_message_is_private (message))
    state = ahoy_client_whisper_state (self, ahoy_message_get_to (message), id);
  ahoy_message_set_state (message, state);
  if (room)
    ahoy_conversation_settle (ahoy_turn_touch (self->turn, room), message);
  if (whispered)
    ahoy_conversation_settle (ahoy_turn_touch (self->turn, whispered), message);
  ahoy_client_notify_n_waiting (self);
}

/* ---- Presence ---- */

void
ahoy_client_show_presence (AhoyPerson *person,
                           gboolean    joined,
                           gpointer    client)
{
  AhoyClient       *self = client;
  AhoyConversation *conversation = ahoy_roster_find_conversation (self->roster, person);
  const char       *name = ahoy_person_get_name (person);

  ahoy_conversation_note_presence (ahoy_turn_touch (self->turn, ahoy_roster_get_everyone (self->roster)), name, joined, wall_clock ());
  if (conversation && ahoy_conversation_has_messages (conversation))
    ahoy_conversation_note_presence (ahoy_turn_touch (self->turn, conversation), name, joined, wall_clock ());
}

/* Somebody is here, or no longer. While logging in that is the roster; afterwards it is news. */
static void
on_presence (AhoyClient       *self,
             const AhoyPacket *packet,
             gboolean          online,
             gboolean          shown)
{
  const char *name = packet->name;
  AhoyPerson *person;

  if (*name == '\0')
    return;
  if (ahoy_connection_is_logging_in (self->connection))
    {
      ahoy_roster_list (self->roster, name, online);
      ahoy_client_note_away (self, name, online ? packet->away : NULL);
      if (online)
        ahoy_client_note_holder (self, packet);
      return;
    }
  if (self->session->state != AHOY_CLIENT_ONLINE)
    return;
  person = online ? ahoy_roster_join (self->roster, name) : ahoy_roster_leave (self->roster, name);
  ahoy_client_note_away (self, name, online ? packet->away : NULL);
  if (online)
    ahoy_client_note_holder (self, packet);
  if (!person)
    return;
  if (shown)
    ahoy_client_show_presence (person, online, self);
  ahoy_client_notify_n_online (self);
}

void
ahoy_client_note_away (AhoyClient *self,
                       const char *name,
                       const char *away)
{
  AhoyPerson *person = ahoy_roster_find (self->roster, name);

  if (person)
    ahoy_person_set_away (person, ahoy_text_is_blank (away) ? NULL : away);
}

static void
on_online (AhoyClient       *self,
           const AhoyPacket *packet)
{
  const gboolean logging_in = ahoy_connection_is_logging_in (self->connection);

  on_presence (self, packet, TRUE, FALSE);
  if (!logging_in)
    return;
  if (ahoy_name_equal (packet->name, self->session->name))
    {
      ahoy_session_accept (self->session, packet->name);
    }
  else
    {
      ahoy_connection_expect (self->connection);
    }
}

static void
on_joined (AhoyClient       *self,
           const AhoyPacket *packet)
{
  on_presence (self, packet, TRUE, TRUE);
}

static void
on_left (AhoyClient       *self,
         const AhoyPacket *packet)
{
  on_presence (self, packet, FALSE, TRUE);
}

static void
on_refused (AhoyClient       *self,
            const AhoyPacket *packet)
{
  static const struct {
    const char *reason;
    AhoyRefusal refusal;
  } reasons[] = {
    { "in-use", AHOY_REFUSAL_IN_USE },
    { "invalid", AHOY_REFUSAL_INVALID },
    { "look-alike", AHOY_REFUSAL_LOOK_ALIKE },
    { "owned", AHOY_REFUSAL_OWNED },
    { "banned", AHOY_REFUSAL_BANNED },
    { "full", AHOY_REFUSAL_FULL },
    { "too-many", AHOY_REFUSAL_TOO_MANY },
  };
  AhoyRefusal refusal = AHOY_REFUSAL_UNSPECIFIED;

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      if (g_strcmp0 (packet->reason, reasons[i].reason) == 0)
        refusal = reasons[i].refusal;
    }
  if (ahoy_connection_is_logging_in (self->connection))
    ahoy_session_refuse (self->session, refusal);
}

/* ---- Chat ---- */

static void
show_to_everyone (AhoyClient  *self,
                  AhoyMessage *message)
{
  AhoyConversation *everyone = ahoy_roster_get_everyone (self->roster);

  ahoy_conversation_append (ahoy_turn_touch (self->turn, everyone), message, TRUE);
  ahoy_turn_announce (self->turn, everyone, message);
}

/* Whether a notice that comes now is about our last whisper: nobody got it, most likely. Returns: (transfer none) (nullable): where
 * that was said. */
static AhoyConversation *
concerns_whisper (AhoyClient *self,
                  const char *text)
{
  AhoyConversation       *whispered;
  AhoyPerson             *to;
  g_autoptr (AhoyMessage) whisper = NULL;

  if (!self->whisper || g_get_monotonic_time () - self->whispered > self->timings.undelivered * G_GINT64_CONSTANT (1000))
    return NULL;
  whisper = g_object_ref (self->whisper);
  whispered = ahoy_client_whispered_in (self, whisper);
  if (!whispered)
    return NULL;
  to = ahoy_conversation_get_person (whispered);
  if (ahoy_person_get_online (to) && !ahoy_text_mentions (text, ahoy_person_get_name (to)))
    return ahoy_message_get_state (whisper) == AHOY_MESSAGE_WAITING ? whispered : NULL; /* perhaps; but if it was taken, surely not */
  ahoy_outbox_refused (self->outbox, whisper);
  return whispered;
}

static void
on_notice (AhoyClient *self,
           const char *text)
{
  g_autoptr (AhoyMessage) notice = NULL;
  AhoyConversation       *whispered;

  if (self->session->state == AHOY_CLIENT_REFUSED) /* to somebody without a name: that they should hurry up */
    return;
  whispered = concerns_whisper (self, text);
  notice = ahoy_message_new_notice (text, wall_clock ());
  show_to_everyone (self, notice);
  if (whispered)
    ahoy_conversation_append (ahoy_turn_touch (self->turn, whispered), notice, FALSE);
}

void
ahoy_client_show_notice (AhoyClient *self,
                         const char *text)
{
  g_autoptr (AhoyMessage) notice = ahoy_message_new_notice (text, wall_clock ());

  show_to_everyone (self, notice);
}

static void
on_plain (AhoyClient *self,
          const char *text)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_plain (text, wall_clock ());

  show_to_everyone (self, message);
}

/* @line: SAY or WHISPER. */
static void
on_speech (AhoyClient            *self,
           const AhoyClassicLine *line,
           AhoyPerson            *from)
{
  const gboolean          is_private = line->kind == AHOY_CLASSIC_LINE_WHISPER;
  const gboolean          own = from == ahoy_roster_get_self (self->roster);
  const gboolean          mention = !own && ahoy_text_mentions (line->text, self->session->name);
  AhoyPerson             *to = is_private ? ahoy_roster_find (self->roster, line->to) : NULL;
  AhoyPerson             *with = own ? to : to == ahoy_roster_get_self (self->roster) ? from
                                                                                      : NULL;
  AhoyConversation       *everyone = ahoy_roster_get_everyone (self->roster);
  AhoyConversation       *whispered = NULL;
  g_autoptr (AhoyMessage) message =
    ahoy_message_new_chat (ahoy_person_get_name (from), is_private ? ahoy_target_person (line->to) : ahoy_target_room (AHOY_ROOM_EVERYONE),
                           line->text, wall_clock (), ahoy_person_get_tint (from),
                           (own ? AHOY_MESSAGE_OWN : 0) | (mention ? AHOY_MESSAGE_MENTION : 0));

  if (own)
    ahoy_message_set_state (message, AHOY_MESSAGE_SENT);
  if (with && with != ahoy_roster_get_self (self->roster))
    whispered = ahoy_roster_conversation_with (self->roster, with);

  ahoy_conversation_append (ahoy_turn_touch (self->turn, everyone), message, !own && !whispered);
  if (whispered)
    ahoy_conversation_append (ahoy_turn_touch (self->turn, whispered), message, !own);
  if (!own)
    ahoy_turn_announce (self->turn, whispered ? whispered : everyone, message);
}

static gboolean
may_speak (const char *name,
           gpointer    data)
{
  return ahoy_roster_may_speak (data, name);
}

static void
on_chat (AhoyClient       *self,
         const AhoyPacket *packet)
{
  g_auto (AhoyClassicLine) line = { 0 };
  gint64                   now = g_get_monotonic_time ();
  AhoyPerson              *from;

  ahoy_classic_line_parse (&line, packet->text, may_speak, self->roster);
  from = line.from ? ahoy_roster_find (self->roster, line.from) : NULL;

  if (ahoy_outbox_take_echo (self->outbox, &line, from && from == ahoy_roster_get_self (self->roster), self->session->name, now))
    {
      ahoy_client_pump (self);
      return;
    }
  switch (line.kind)
    {
    case AHOY_CLASSIC_LINE_SAY:
    case AHOY_CLASSIC_LINE_WHISPER:
      on_speech (self, &line, from);
      ahoy_outbox_heard (self->outbox, now);
      break;
    case AHOY_CLASSIC_LINE_NOTICE:
      on_notice (self, line.text);
      break;
    case AHOY_CLASSIC_LINE_PLAIN:
    default:
      on_plain (self, line.text);
      ahoy_outbox_heard (self->outbox, now);
      break;
    }
  judge (self);
}

/* ---- In ---- */

typedef struct {
  AhoyPacketKind kind;
  void (*take) (AhoyClient       *self,
                const AhoyPacket *packet);
} Route;

static const Route routes[] = {
  { AHOY_PACKET_CHAT, on_chat },
  { AHOY_PACKET_ONLINE, on_online },
  { AHOY_PACKET_JOINED, on_joined },
  { AHOY_PACKET_LEFT, on_left },
  { AHOY_PACKET_REFUSED, on_refused },
};

void
ahoy_client_take_packet (AhoyClient       *self,
                         const AhoyPacket *packet)
{
  if (ahoy_connection_is_extended (self->connection) && ahoy_client_take_extended (self, packet))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      if (routes[i].kind == packet->kind)
        {
          routes[i].take (self, packet);
          return;
        }
    }
}
