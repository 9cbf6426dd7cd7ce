/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Finds a text in a list of messages. */

#include "ui/ahoy-message-search.h"

#include <string.h>

/* Messages in one turn of the main loop: a few milliseconds. */
#define SLICE 1000

struct _AhoyMessageSearch {
  GObject parent_instance;

  /* Owned */
  GListModel   *messages;
  GSignalGroup *watch;
  char         *needle; /* folded; NULL: nothing to find */
  GtkBitset    *matches;
  guint         unseen; /* the messages before this position are still to be looked at */
  guint         idle;
};

G_DEFINE_FINAL_TYPE (AhoyMessageSearch, ahoy_message_search, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* So that "CAFÉ" finds "café" however it was typed. */
static char *
fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);

  return normal != NULL ? g_utf8_casefold (normal, -1) : g_strdup ("");
}

static gboolean
look_at (AhoyMessageSearch *self,
         guint              position)
{
  g_autoptr (AhoyMessage) message = g_list_model_get_item (self->messages, position);
  const char             *text = ahoy_message_get_text (message);
  g_autofree char        *folded = text != NULL ? fold (text) : NULL;

  return folded != NULL && strstr (folded, self->needle) != NULL && gtk_bitset_add (self->matches, position);
}

static gboolean
on_idle (gpointer data)
{
  AhoyMessageSearch *self = data;
  gboolean           changed = FALSE;

  for (guint i = 0; i < SLICE && self->unseen > 0; i++)
    changed |= look_at (self, --self->unseen);

  if (self->unseen == 0)
    self->idle = 0;
  if (changed || self->unseen == 0)
    g_signal_emit (self, signals[CHANGED], 0);

  return self->unseen > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
start (AhoyMessageSearch *self)
{
  gtk_bitset_remove_all (self->matches);
  self->unseen = self->needle != NULL && self->messages != NULL ? g_list_model_get_n_items (self->messages) : 0;
  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->unseen > 0)
    self->idle = g_idle_add (on_idle, self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_items_changed (AhoyMessageSearch *self,
                  guint              position,
                  guint              removed,
                  guint              added)
{
  if (self->needle == NULL)
    return;

  gtk_bitset_splice (self->matches, position, removed, added);
  for (guint i = position; i < position + added; i++)
    look_at (self, i);
  if (position < self->unseen)
    self->unseen = MAX (self->unseen, position + removed) - removed + added;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
ahoy_message_search_dispose (GObject *object)
{
  AhoyMessageSearch *self = AHOY_MESSAGE_SEARCH (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_object (&self->watch);
  g_clear_object (&self->messages);

  G_OBJECT_CLASS (ahoy_message_search_parent_class)->dispose (object);
}

static void
ahoy_message_search_finalize (GObject *object)
{
  AhoyMessageSearch *self = AHOY_MESSAGE_SEARCH (object);

  gtk_bitset_unref (self->matches);
  g_free (self->needle);

  G_OBJECT_CLASS (ahoy_message_search_parent_class)->finalize (object);
}

static void
ahoy_message_search_class_init (AhoyMessageSearchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ahoy_message_search_dispose;
  object_class->finalize = ahoy_message_search_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ahoy_message_search_init (AhoyMessageSearch *self)
{
  self->matches = gtk_bitset_new_empty ();
  self->watch = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->watch, "items-changed", G_CALLBACK (on_items_changed), self);
}

void
ahoy_message_search_set_messages (AhoyMessageSearch *self,
                                  GListModel        *messages)
{
  g_return_if_fail (AHOY_IS_MESSAGE_SEARCH (self));
  g_return_if_fail (messages == NULL || G_IS_LIST_MODEL (messages));

  g_set_object (&self->messages, messages);
  g_signal_group_set_target (self->watch, messages);
  start (self);
}

void
ahoy_message_search_set_text (AhoyMessageSearch *self,
                              const char        *text)
{
  g_autofree char *stripped = NULL;

  g_return_if_fail (AHOY_IS_MESSAGE_SEARCH (self));

  stripped = g_strstrip (g_strdup (text != NULL ? text : ""));
  g_clear_pointer (&self->needle, g_free);
  if (stripped[0] != '\0')
    self->needle = fold (stripped);
  start (self);
}

GtkBitset *
ahoy_message_search_get_matches (AhoyMessageSearch *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE_SEARCH (self), NULL);

  return self->matches;
}

gboolean
ahoy_message_search_is_busy (AhoyMessageSearch *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE_SEARCH (self), FALSE);

  return self->unseen > 0;
}
