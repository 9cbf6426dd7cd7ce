/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Where what is said is shown. */

#include "core/chat/ahoy-timeline.h"

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-mention.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"
#include "core/features/ahoy-feature-set.h"
#include "wire/ahoy-name.h"

static gint64
wall_clock (void)
{
  return g_get_real_time () / 1000;
}

/* ---- Which conversation ---- */

gboolean
ahoy_timeline_is_own (const AhoyChatParts *chat,
                      const char          *name)
{
  g_autofree char *skeleton = ahoy_name_skeleton (name);

  return g_str_equal (skeleton, ahoy_archive_get_skeleton (chat->archive));
}

/* Returns: (transfer none): the other one of the two that a whisper is between. */
static const char *
other_of (const AhoyChatParts     *chat,
          const AhoyStoredMessage *stored)
{
  return ahoy_timeline_is_own (chat, stored->from) ? stored->target.person : stored->from;
}

AhoyConversation *
ahoy_timeline_find_room (const AhoyChatParts *chat,
                         AhoyTarget           target)
{
  return ahoy_roster_find_room (chat->roster, ahoy_target_is_person (target) ? AHOY_ROOM_EVERYONE : target.room);
}

AhoyConversation *
ahoy_timeline_conversation_of (const AhoyChatParts     *chat,
                               const AhoyStoredMessage *stored)
{
  const char *name = ahoy_target_is_person (stored->target) ? other_of (chat, stored) : NULL;

  if (!name || ahoy_timeline_is_own (chat, name)) /* to oneself */
    return NULL;
  return ahoy_roster_conversation_with (chat->roster, ahoy_roster_meet (chat->roster, name));
}

AhoyConversation *
ahoy_timeline_conversation_of_own (const AhoyChatParts *chat,
                                   AhoyMessage         *message)
{
  AhoyPerson *person = ahoy_message_is_private (message) ? ahoy_roster_find (chat->roster, ahoy_message_get_to (message)) : NULL;

  return person ? ahoy_roster_conversation_with (chat->roster, person) : NULL;
}

/* ---- Messages ---- */

static guint
tint_of (const AhoyChatParts *chat,
         const char          *name)
{
  g_autofree char    *skeleton = ahoy_name_skeleton (name);
  const AhoyKnownKey *known = chat->archive ? ahoy_archive_find (chat->archive, skeleton) : NULL;

  return ahoy_tint_of (known && known->key ? known->key : skeleton);
}

/* Returns: (transfer none) (nullable): the whisper, where it is shown already. */
static AhoyMessage *
find_whisper (const AhoyChatParts     *chat,
              const AhoyStoredMessage *stored)
{
  AhoyPerson       *person = ahoy_roster_find (chat->roster, other_of (chat, stored));
  AhoyConversation *whispered = person ? ahoy_roster_find_conversation (chat->roster, person) : NULL;
  AhoyMessage      *message = whispered ? ahoy_conversation_find (whispered, &stored->place) : NULL;

  return message ? message : ahoy_conversation_find (ahoy_roster_get_everyone (chat->roster), &stored->place);
}

AhoyMessage *
ahoy_timeline_make_message (const AhoyChatParts     *chat,
                            const AhoyStoredMessage *stored)
{
  const gboolean own = ahoy_timeline_is_own (chat, stored->from);
  const gboolean mention = !own && ahoy_text_mentions (stored->text, chat->session->name);
  AhoyMessage   *message = ahoy_target_is_person (stored->target) ? find_whisper (chat, stored) : NULL;

  if (message)
    return g_object_ref (message);
  message = ahoy_message_new_chat (stored->from, stored->target, stored->text, stored->time, tint_of (chat, stored->from),
                                   (own ? AHOY_MESSAGE_OWN : 0) | (mention ? AHOY_MESSAGE_MENTION : 0));
  ahoy_message_set_place (message, &stored->place);
  if (own)
    ahoy_message_set_state (message, AHOY_MESSAGE_SENT);
  if (ahoy_message_get_id (message) != 0)
    ahoy_feature_set_describe (chat->features, message);
  return message;
}

/* The lines below the last one that was lost in a parting, where the next (nullable) was not. Too many do no harm. */
static void
add_lines (GPtrArray               *messages,
           const AhoyStoredMessage *stored,
           const AhoyStoredMessage *next)
{
  g_auto (GStrv) ends = ahoy_place_is_copy (&stored->place) ? ahoy_place_ends (&stored->place) : NULL;

  for (guint i = 0; ends && ends[i]; i++)
    {
      const AhoyPlace end = { stored->place.id, ends[i] };

      if (!next || ahoy_place_compare (&end, &next->place) < 0)
        g_ptr_array_add (messages, ahoy_message_new_set_back (stored->time, &end));
    }
}

GPtrArray *
ahoy_timeline_make_messages (const AhoyChatParts *chat,
                             GPtrArray           *stored_messages)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < stored_messages->len; i++)
    {
      g_ptr_array_add (messages, ahoy_timeline_make_message (chat, stored_messages->pdata[i]));
      add_lines (messages, stored_messages->pdata[i], i + 1 < stored_messages->len ? stored_messages->pdata[i + 1] : NULL);
    }
  return messages;
}

AhoyMessage *
ahoy_timeline_make_waiting (const AhoyChatParts *chat,
                            const char          *from,
                            AhoyTarget           target,
                            const char          *text,
                            gint64               time)
{
  return ahoy_message_new_chat (from, target, text, time, tint_of (chat, from), AHOY_MESSAGE_OWN);
}

/* ---- To show ---- */

void
ahoy_timeline_show (const AhoyChatParts     *chat,
                    const AhoyStoredMessage *stored,
                    gboolean                 replayed)
{
  g_autoptr (AhoyMessage) message = ahoy_timeline_make_message (chat, stored);
  AhoyConversation       *room = ahoy_timeline_find_room (chat, stored->target);
  AhoyConversation       *whispered = ahoy_timeline_conversation_of (chat, stored);
  AhoyConversation       *where = whispered ? whispered : room;
  const gboolean          own = ahoy_message_is_own (message);

  if (!room)
    return;
  ahoy_conversation_insert (ahoy_turn_touch (chat->turn, room), message, !own && !whispered);
  if (whispered)
    ahoy_conversation_insert (ahoy_turn_touch (chat->turn, whispered), message, !own);
  if (own)
    return;
  ahoy_feature_set_said (chat->features, where, stored);
  /* After an hour of absence nobody wants to be told of every word. */
  if (!replayed || ahoy_message_is_private (message) || ahoy_message_is_mention (message))
    ahoy_turn_announce (chat->turn, where, message);
}

void
ahoy_timeline_show_waiting (const AhoyChatParts *chat,
                            AhoyMessage         *message)
{
  const AhoyTarget  target = ahoy_message_get_target (message);
  AhoyConversation *room = ahoy_timeline_find_room (chat, target);
  AhoyConversation *whispered = NULL;

  if (room)
    ahoy_conversation_append_waiting (room, message);
  if (ahoy_target_is_person (target))
    whispered = ahoy_roster_conversation_with (chat->roster, ahoy_roster_meet (chat->roster, target.person));
  if (whispered && ahoy_conversation_get_person (whispered) != ahoy_roster_get_self (chat->roster))
    ahoy_conversation_append_waiting (whispered, message);
}

void
ahoy_timeline_settle (const AhoyChatParts *chat,
                      AhoyMessage         *message)
{
  AhoyConversation *room = ahoy_timeline_find_room (chat, ahoy_message_get_target (message));
  AhoyConversation *whispered = ahoy_timeline_conversation_of_own (chat, message);

  if (room)
    ahoy_conversation_settle (ahoy_turn_touch (chat->turn, room), message);
  if (whispered)
    ahoy_conversation_settle (ahoy_turn_touch (chat->turn, whispered), message);
}

void
ahoy_timeline_show_to_everyone (const AhoyChatParts *chat,
                                AhoyMessage         *message)
{
  AhoyConversation *everyone = ahoy_roster_get_everyone (chat->roster);

  ahoy_conversation_append (ahoy_turn_touch (chat->turn, everyone), message, TRUE);
  ahoy_turn_announce (chat->turn, everyone, message);
}

void
ahoy_timeline_show_notice (const AhoyChatParts *chat,
                           const char          *text)
{
  g_autoptr (AhoyMessage) notice = ahoy_message_new_notice (text, wall_clock ());

  ahoy_timeline_show_to_everyone (chat, notice);
}

void
ahoy_timeline_show_presence (const AhoyChatParts *chat,
                             AhoyPerson          *person,
                             gboolean             joined)
{
  AhoyConversation *conversation = ahoy_roster_find_conversation (chat->roster, person);
  const char       *name = ahoy_person_get_name (person);

  ahoy_conversation_note_presence (ahoy_turn_touch (chat->turn, ahoy_roster_get_everyone (chat->roster)), name, joined, wall_clock ());
  if (conversation && ahoy_conversation_has_messages (conversation))
    ahoy_conversation_note_presence (ahoy_turn_touch (chat->turn, conversation), name, joined, wall_clock ());
}
