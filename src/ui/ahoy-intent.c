/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Tells whom a text is meant for. */

#include "ui/ahoy-intent.h"

struct _AhoyIntent {
  /* Owned */
  AhoyConversation *begun_for;
  GHashTable       *sure_of; /* AhoyPerson -> the key (or "") under which they are written to all the same */

  gboolean begun_online;
  gboolean held;
};

static gboolean
is_online (AhoyConversation *conversation)
{
  AhoyPerson *person = ahoy_conversation_get_person (conversation);

  return person == NULL || ahoy_person_get_online (person);
}

AhoyIntent *
ahoy_intent_new (void)
{
  AhoyIntent *self = g_new0 (AhoyIntent, 1);

  self->sure_of = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);

  return self;
}

void
ahoy_intent_free (AhoyIntent *self)
{
  g_clear_object (&self->begun_for);
  g_hash_table_unref (self->sure_of);
  g_free (self);
}

void
ahoy_intent_begin (AhoyIntent       *self,
                   AhoyConversation *conversation)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (conversation == NULL || AHOY_IS_CONVERSATION (conversation));

  if (self->held)
    return;
  g_set_object (&self->begun_for, conversation);
  self->begun_online = conversation != NULL && is_online (conversation);
}

void
ahoy_intent_hold (AhoyIntent *self,
                  gboolean    held)
{
  g_return_if_fail (self != NULL);

  self->held = held;
}

AhoyConversation *
ahoy_intent_get_begun_for (AhoyIntent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->begun_for;
}

AhoySendDoubt
ahoy_intent_find_doubt (AhoyIntent       *self,
                        AhoyConversation *conversation)
{
  AhoyPerson *person;

  g_return_val_if_fail (self != NULL, AHOY_SEND_DOUBT_NONE);
  g_return_val_if_fail (AHOY_IS_CONVERSATION (conversation), AHOY_SEND_DOUBT_NONE);

  person = ahoy_conversation_get_person (conversation);
  if (self->begun_for != NULL && self->begun_for != conversation)
    return AHOY_SEND_DOUBT_RECIPIENT;
  if (person != NULL && ahoy_person_get_changed (person) && g_strcmp0 (g_hash_table_lookup (self->sure_of, person), ahoy_intent_key_of (person)) != 0)
    return AHOY_SEND_DOUBT_KEY;
  if (self->begun_for == conversation && self->begun_online && !is_online (conversation))
    return AHOY_SEND_DOUBT_LEFT;

  return AHOY_SEND_DOUBT_NONE;
}

void
ahoy_intent_settle (AhoyIntent       *self,
                    AhoySendDoubt     doubt,
                    AhoyConversation *conversation,
                    const char       *key)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (AHOY_IS_CONVERSATION (conversation));
  g_return_if_fail (doubt != AHOY_SEND_DOUBT_KEY || key != NULL);

  if (doubt == AHOY_SEND_DOUBT_KEY)
    g_hash_table_insert (self->sure_of, g_object_ref (ahoy_conversation_get_person (conversation)), g_strdup (key));
  else
    ahoy_intent_begin (self, conversation);
}

const char *
ahoy_intent_key_of (AhoyPerson *person)
{
  const char *key = ahoy_person_get_key (person);

  return key != NULL ? key : "";
}
