/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What happens to conversations in one turn of the main loop. */

#include "core/chat/ahoy-turn.h"

#include "core/chat/ahoy-conversation-private.h"

struct _AhoyTurn {
  /* Template */
  const AhoyTurnEvents *events;

  /* Owned */
  GPtrArray  *touched; /* AhoyConversation, frozen by this turn */
  GPtrArray  *due;     /* AhoyConversation, each once */
  GHashTable *is_due;  /* the same; holds nothing */
  GPtrArray  *news;    /* AhoyConversation and AhoyMessage by turns */
  guint       source_id;
  gboolean    shut;

  /* Borrowed */
  GObject *owner;
};

AhoyTurn *
ahoy_turn_new (const AhoyTurnEvents *events,
               gpointer              owner)
{
  AhoyTurn *self = g_new0 (AhoyTurn, 1);

  self->events = events;
  self->owner = owner;
  self->touched = g_ptr_array_new_with_free_func (g_object_unref);
  self->due = g_ptr_array_new_with_free_func (g_object_unref);
  self->is_due = g_hash_table_new (NULL, NULL);
  self->news = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

void
ahoy_turn_free (AhoyTurn *self)
{
  g_clear_handle_id (&self->source_id, g_source_remove);
  g_ptr_array_unref (self->touched);
  g_hash_table_unref (self->is_due);
  g_ptr_array_unref (self->due);
  g_ptr_array_unref (self->news);
  g_free (self);
}

static gboolean
on_turn_ended (gpointer data)
{
  AhoyTurn *self = data;

  self->source_id = 0;
  ahoy_turn_end (self);
  return G_SOURCE_REMOVE;
}

AhoyConversation *
ahoy_turn_touch (AhoyTurn         *self,
                 AhoyConversation *conversation)
{
  if (ahoy_conversation_freeze (conversation))
    g_ptr_array_add (self->touched, g_object_ref (conversation));
  if (self->source_id == 0 && !self->shut)
    self->source_id = g_idle_add_full (G_PRIORITY_DEFAULT, on_turn_ended, self, NULL);
  return conversation;
}

void
ahoy_turn_set_due (AhoyTurn         *self,
                   AhoyConversation *conversation)
{
  ahoy_turn_touch (self, conversation);
  if (g_hash_table_add (self->is_due, conversation))
    g_ptr_array_add (self->due, g_object_ref (conversation));
}

void
ahoy_turn_announce (AhoyTurn         *self,
                    AhoyConversation *conversation,
                    AhoyMessage      *message)
{
  if (self->shut)
    return;
  g_ptr_array_add (self->news, g_object_ref (conversation));
  g_ptr_array_add (self->news, g_object_ref (message));
}

/* Returns: (transfer full): what was there; an empty one is there now. */
static GPtrArray *
take (GPtrArray **array)
{
  GPtrArray *taken = g_steal_pointer (array);

  *array = g_ptr_array_new_with_free_func (g_object_unref);
  return taken;
}

void
ahoy_turn_end (AhoyTurn *self)
{
  g_autoptr (GObject)   held = g_object_ref (self->owner); /* who is told may let go of it, and it frees us */
  g_autoptr (GPtrArray) touched = take (&self->touched);
  g_autoptr (GPtrArray) due = take (&self->due);
  g_autoptr (GPtrArray) news = take (&self->news);

  g_clear_handle_id (&self->source_id, g_source_remove);
  g_hash_table_remove_all (self->is_due);
  self->events->ending (due, held);
  for (guint i = 0; i < touched->len; i++)
    {
      ahoy_conversation_thaw (touched->pdata[i]);
      self->events->thawed (touched->pdata[i], held);
    }
  for (guint i = 0; i + 1 < news->len; i += 2)
    self->events->news (news->pdata[i], news->pdata[i + 1], held);
}

void
ahoy_turn_shut (AhoyTurn *self)
{
  self->shut = TRUE;
  g_ptr_array_set_size (self->news, 0);
  g_clear_handle_id (&self->source_id, g_source_remove);
}
