/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* By which key the client knows whom. PROTOCOL.md, "Identity".
 *
 * The first key that somebody comes with is the known one, until a person accepts another. What the server says is believed here: that it is the right
 * server is another matter (ahoy-server-trust.h). */

#include "core/chat/ahoy-client-private.h"

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"
#include "wire/ahoy-fingerprint.h"
#include "wire/ahoy-name.h"

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

void
ahoy_client_introduce (AhoyClient *self,
                       AhoyPerson *person)
{
  const AhoyKnownKey *known = self->archive ? ahoy_archive_find (self->archive, ahoy_person_get_skeleton (person)) : NULL;

  if (known)
    ahoy_person_set_key (person, known->key, known->known, known->since, known->verified);
  else
    ahoy_person_set_key (person, NULL, NULL, 0, FALSE);
}

guint
ahoy_client_tint_of (AhoyClient *self,
                     const char *name)
{
  g_autofree char    *skeleton = ahoy_name_skeleton (name);
  const AhoyKnownKey *known = self->archive ? ahoy_archive_find (self->archive, skeleton) : NULL;

  return ahoy_tint_of (known && known->key ? known->key : skeleton);
}

/* @known_key (transfer full). */
static void
know (AhoyClient   *self,
      AhoyPerson   *person,
      AhoyKnownKey *known_key)
{
  ahoy_archive_know (self->archive, known_key);
  ahoy_client_introduce (self, person);
}

static void
show_change (AhoyClient *self,
             AhoyPerson *person)
{
  AhoyConversation       *conversation = ahoy_roster_conversation_with (self->roster, person);
  g_autoptr (AhoyMessage) message = ahoy_message_new_about (AHOY_MESSAGE_KEY_CHANGED, ahoy_person_get_name (person), g_get_real_time () / 1000);

  ahoy_conversation_append (ahoy_turn_touch (self->turn, conversation), message, TRUE);
}

/* What waits for @person was written for whom we knew by another key. It may be with the server already; if not, it stays here. */
static void
keep_what_waits (AhoyClient *self,
                 AhoyPerson *person)
{
  g_autoptr (GPtrArray) waiting = ahoy_outbox_list (self->outbox);

  for (guint i = 0; i < waiting->len; i++)
    if (ahoy_message_is_private (waiting->pdata[i]) && ahoy_roster_find (self->roster, ahoy_message_get_to (waiting->pdata[i])) == person)
      ahoy_message_set_stray (waiting->pdata[i]);
}

static void
note_key (AhoyClient *self,
          AhoyPerson *person,
          const char *key)
{
  const AhoyKnownKey      *before;
  g_autoptr (AhoyKnownKey) after = NULL;

  if (!ahoy_fingerprint_is_valid (key))
    key = NULL;
  before = ahoy_archive_find (self->archive, ahoy_person_get_skeleton (person));
  if (!before)
    {
      if (key)
        know (self, person, ahoy_known_key_meet (ahoy_person_get_skeleton (person), key, now_s ()));
      return;
    }

  after = ahoy_known_key_new (before);
  if (!ahoy_known_key_note (after, key))
    {
      ahoy_client_introduce (self, person); /* a new object, perhaps */
      return;
    }
  if (person == ahoy_roster_get_self (self->roster)) /* we know who we are */
    ahoy_known_key_accept (after, now_s ());
  know (self, person, ahoy_known_key_new (after));
  if (!ahoy_known_key_changed (after))
    return;
  show_change (self, person);
  keep_what_waits (self, person);
}

void
ahoy_client_note_holder (AhoyClient       *self,
                         const AhoyPacket *packet)
{
  AhoyPerson *person = ahoy_roster_find (self->roster, packet->name);

  if (!person || !self->archive || !ahoy_connection_is_extended (self->connection))
    return;
  ahoy_person_set_held (person, packet->kept);
  note_key (self, person, packet->key);
}

/* Returns: (transfer full) (nullable): a copy, to be changed. */
static AhoyKnownKey *
acquaintance_of (AhoyClient *self,
                 AhoyPerson *person)
{
  const AhoyKnownKey *known = self->archive ? ahoy_archive_find (self->archive, ahoy_person_get_skeleton (person)) : NULL;

  /* The same name on another server is somebody else. */
  return known && ahoy_roster_find (self->roster, ahoy_person_get_name (person)) == person ? ahoy_known_key_new (known) : NULL;
}

void
ahoy_client_set_verified (AhoyClient *self,
                          AhoyPerson *person,
                          gboolean    verified)
{
  g_autoptr (AhoyKnownKey) known_key = NULL;

  g_return_if_fail (AHOY_IS_CLIENT (self));
  g_return_if_fail (AHOY_IS_PERSON (person));

  known_key = acquaintance_of (self, person);
  if (!known_key || ahoy_known_key_changed (known_key) || known_key->verified == !!verified)
    return;
  known_key->verified = !!verified;
  know (self, person, g_steal_pointer (&known_key));
}

void
ahoy_client_accept_key (AhoyClient *self,
                        AhoyPerson *person)
{
  g_autoptr (AhoyKnownKey) known_key = NULL;

  g_return_if_fail (AHOY_IS_CLIENT (self));
  g_return_if_fail (AHOY_IS_PERSON (person));

  known_key = acquaintance_of (self, person);
  if (!known_key || !ahoy_known_key_changed (known_key))
    return;
  ahoy_known_key_accept (known_key, now_s ());
  know (self, person, g_steal_pointer (&known_key));
}
