/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The feature "known keys": by which key we know whom. PROTOCOL.md, "Identity".
 *
 * The first key that somebody comes with is the known one, until a person accepts another. What the server says is believed here: that it is the right
 * server is another matter (ahoy-server-trust.h). */

#include "core/features/ahoy-known-keys.h"

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"
#include "core/chat/ahoy-timeline.h"
#include "core/features/ahoy-features.h"
#include "wire/ahoy-fingerprint.h"
#include "wire/ahoy-name.h"

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* Tells @person what the archive knows of them. */
static void
introduce (const AhoyChatParts *chat,
           AhoyPerson          *person)
{
  const AhoyKnownKey *known = chat->archive ? ahoy_archive_find (chat->archive, ahoy_person_get_skeleton (person)) : NULL;

  if (known)
    ahoy_person_set_key (person, known->key, known->known, known->since, known->verified);
  else
    ahoy_person_set_key (person, NULL, NULL, 0, FALSE);
}

/* @known_key (transfer full). */
static void
know (const AhoyChatParts *chat,
      AhoyPerson          *person,
      AhoyKnownKey        *known_key)
{
  ahoy_archive_know (chat->archive, known_key);
  introduce (chat, person);
}

static void
show_change (const AhoyChatParts *chat,
             AhoyPerson          *person)
{
  AhoyConversation       *conversation = ahoy_roster_conversation_with (chat->roster, person);
  g_autoptr (AhoyMessage) message = ahoy_message_new_about (AHOY_MESSAGE_KEY_CHANGED, ahoy_person_get_name (person), g_get_real_time () / 1000);

  ahoy_conversation_append (ahoy_turn_touch (chat->turn, conversation), message, TRUE);
}

/* What waits for @person was written for whom we knew by another key. It may be with the server already; if not, it stays here. */
static void
keep_what_waits (const AhoyChatParts *chat,
                 AhoyPerson          *person)
{
  g_autoptr (GPtrArray) waiting = ahoy_outbox_list (chat->outbox);

  for (guint i = 0; i < waiting->len; i++)
    if (ahoy_message_is_private (waiting->pdata[i]) && ahoy_roster_find (chat->roster, ahoy_message_get_to (waiting->pdata[i])) == person)
      ahoy_message_set_stray (waiting->pdata[i]);
}

static void
note_key (const AhoyChatParts *chat,
          AhoyPerson          *person,
          const char          *key)
{
  const AhoyKnownKey      *before;
  g_autoptr (AhoyKnownKey) after = NULL;

  if (!ahoy_fingerprint_is_valid (key))
    key = NULL;
  before = ahoy_archive_find (chat->archive, ahoy_person_get_skeleton (person));
  if (!before)
    {
      if (key)
        know (chat, person, ahoy_known_key_meet (ahoy_person_get_skeleton (person), key, now_s ()));
      return;
    }

  after = ahoy_known_key_new (before);
  if (!ahoy_known_key_note (after, key))
    {
      introduce (chat, person); /* a new object, perhaps */
      return;
    }
  if (person == ahoy_roster_get_self (chat->roster)) /* we know who we are */
    ahoy_known_key_accept (after, now_s ());
  know (chat, person, ahoy_known_key_new (after));
  if (!ahoy_known_key_changed (after))
    return;
  show_change (chat, person);
  keep_what_waits (chat, person);
}

/* What the server says of whoever has that name now: by which key, or that it is kept without one. */
static void
described (AhoyPerson       *person,
           const AhoyPacket *packet,
           gpointer          data)
{
  const AhoyChatParts *chat = data;

  if (packet->kind == AHOY_PACKET_LEFT || !chat->archive || !ahoy_connection_is_extended (chat->connection))
    return;
  ahoy_person_set_held (person, packet->kept);
  note_key (chat, person, packet->key);
}

static void
begun (AhoyConversation *conversation,
       gpointer          data)
{
  if (!ahoy_conversation_is_room (conversation))
    introduce (data, ahoy_conversation_get_person (conversation));
}

static gpointer
start (const AhoyChatParts *chat,
       gconstpointer        options)
{
  return (gpointer) chat;
}

const AhoyFeature ahoy_known_keys = {
  .name = "known-keys",
  .start = start,
  .begun = begun,
  .described = described,
};

/* ---- What a person says of a key ---- */

/* Returns: (transfer full) (nullable): a copy, to be changed. */
static AhoyKnownKey *
copy_of (const AhoyChatParts *chat,
         AhoyPerson          *person)
{
  const AhoyKnownKey *known = chat->archive ? ahoy_archive_find (chat->archive, ahoy_person_get_skeleton (person)) : NULL;

  /* The same name on another server is somebody else. */
  return known && ahoy_roster_find (chat->roster, ahoy_person_get_name (person)) == person ? ahoy_known_key_new (known) : NULL;
}

void
ahoy_known_keys_set_verified (const AhoyChatParts *chat,
                              AhoyPerson          *person,
                              gboolean             verified)
{
  g_autoptr (AhoyKnownKey) known_key = NULL;

  known_key = copy_of (chat, person);
  if (!known_key || ahoy_known_key_changed (known_key) || known_key->verified == !!verified)
    return;
  known_key->verified = !!verified;
  know (chat, person, g_steal_pointer (&known_key));
}

void
ahoy_known_keys_accept (const AhoyChatParts *chat,
                        AhoyPerson          *person)
{
  g_autoptr (AhoyKnownKey) known_key = NULL;

  known_key = copy_of (chat, person);
  if (!known_key || !ahoy_known_key_changed (known_key))
    return;
  ahoy_known_key_accept (known_key, now_s ());
  know (chat, person, g_steal_pointer (&known_key));
}
