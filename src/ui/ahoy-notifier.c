/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Notifies of what would otherwise be missed. */

#include "ahoy-config.h"

#include "ui/ahoy-notifier.h"

#include <glib/gi18n.h>

#include "ui/ahoy-notification-style.h"

/* More of a message than a notification shows. */
#define BODY_CHARS 200

/* What is untold or told of one conversation. */
typedef struct {
  /* Borrowed */
  AhoyNotifier *notifier;

  /* Owned */
  AhoyConversation *conversation;
  AhoyMessage      *last;
  guint             pause; /* running: nothing is sent until it is over */

  guint    count;
  gboolean changed; /* during the pause */
  gboolean held;    /* until it is known how to write it */
} Entry;

struct _AhoyNotifier {
  GObject parent_instance;

  /* Owned */
  AhoyChat              *chat;
  GSignalGroup          *watch;
  AhoySettings          *settings;
  AhoyConversation      *watched;
  GHashTable            *entries; /* AhoyConversation -> Entry */
  AhoyNotificationStyle *style;

  /* Borrowed */
  GApplication *app;
};

G_DEFINE_FINAL_TYPE (AhoyNotifier, ahoy_notifier, G_TYPE_OBJECT)

static char *
make_id (AhoyConversation *conversation)
{
  if (ahoy_conversation_is_everyone (conversation))
    return g_strdup ("everyone");
  return g_strdup_printf ("person-%s", ahoy_person_get_name (ahoy_conversation_get_person (conversation)));
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_handle_id (&entry->pause, g_source_remove);
  g_clear_object (&entry->conversation);
  g_clear_object (&entry->last);
  g_free (entry);
}

static char *
shorten (const char *text)
{
  const char *end;

  if (g_utf8_strlen (text, -1) <= BODY_CHARS)
    return g_strdup (text);

  end = g_utf8_offset_to_pointer (text, BODY_CHARS - 1);
  return g_strdup_printf ("%.*s…", (int) (end - text), text);
}

static char *
make_title (Entry *entry)
{
  g_autofree char *name = NULL;

  if (!ahoy_conversation_is_everyone (entry->conversation))
    return g_strdup (ahoy_person_get_name (ahoy_conversation_get_person (entry->conversation)));

  /* Translators: title of a notification: %s, a person, said your name to everyone. */
  name = ahoy_notification_isolate (ahoy_message_get_from (entry->last));
  return g_strdup_printf (_ ("%s to everyone"), name);
}

static char *
make_body (Entry *entry)
{
  g_autofree char *straight = ahoy_notification_drop_turns (ahoy_message_get_text (entry->last));
  g_autofree char *said = shorten (straight);
  g_autofree char *text = ahoy_notification_style_write (entry->notifier->style, said);
  g_autofree char *count = NULL;

  if (entry->count == 1)
    return g_steal_pointer (&text);

  count = g_strdup_printf (ngettext ("%u new message", "%u new messages", entry->count), entry->count);
  return g_strdup_printf ("%s\n%s", count, text);
}

static gboolean on_pause_over (gpointer data);

static void
entry_send (Entry *entry)
{
  g_autofree char          *id = NULL;
  g_autofree char          *title = NULL;
  g_autofree char          *body = NULL;
  g_autoptr (GNotification) notification = NULL;

  entry->held = !ahoy_notification_style_ask (entry->notifier->style);
  if (entry->held)
    return;
  id = make_id (entry->conversation);
  title = make_title (entry);
  body = make_body (entry);
  notification = g_notification_new (title);
  g_notification_set_body (notification, body);
  g_notification_set_category (notification, "im.received");
  if (ahoy_conversation_is_everyone (entry->conversation))
    g_notification_set_default_action (notification, "app.open-everyone");
  else
    g_notification_set_default_action_and_target (notification, "app.open-person", "s",
                                                  ahoy_person_get_name (ahoy_conversation_get_person (entry->conversation)));
  g_application_send_notification (entry->notifier->app, id, notification);

  entry->changed = FALSE;
  entry->pause = g_timeout_add_seconds (AHOY_NOTIFIER_PAUSE_S, on_pause_over, entry);
}

static void
on_style_known (gpointer data)
{
  AhoyNotifier     *self = data;
  g_autoptr (GList) entries = g_hash_table_get_values (self->entries);

  for (GList *link = entries; link != NULL; link = link->next)
    if (((Entry *) link->data)->held)
      entry_send (link->data);
}

static gboolean
on_pause_over (gpointer data)
{
  Entry *entry = data;

  entry->pause = 0;
  if (entry->changed)
    entry_send (entry);

  return G_SOURCE_REMOVE;
}

static gboolean
is_wanted (AhoyNotifier *self,
           AhoyMessage  *message)
{
  GSettings *store = ahoy_settings_get_store (self->settings);

  if (ahoy_message_is_own (message) || ahoy_message_get_from (message) == NULL || ahoy_message_get_text (message) == NULL)
    return FALSE;
  if (ahoy_message_is_private (message))
    return g_settings_get_boolean (store, "notify-whispers");
  return ahoy_message_is_mention (message) && g_settings_get_boolean (store, "notify-mentions");
}

/* Everyone shows whispers too. */
static gboolean
is_seen (AhoyNotifier     *self,
         AhoyConversation *conversation)
{
  return self->watched != NULL && (self->watched == conversation || ahoy_conversation_is_everyone (self->watched));
}

static void
on_message (AhoyNotifier     *self,
            AhoyConversation *conversation,
            AhoyMessage      *message)
{
  Entry *entry;

  if (!is_wanted (self, message) || is_seen (self, conversation))
    return;

  entry = g_hash_table_lookup (self->entries, conversation);
  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->notifier = self;
      entry->conversation = g_object_ref (conversation);
      g_hash_table_insert (self->entries, conversation, entry);
    }

  entry->count++;
  g_set_object (&entry->last, message);
  if (entry->pause == 0)
    entry_send (entry);
  else
    entry->changed = TRUE;
}

static void
withdraw_seen (AhoyNotifier *self)
{
  GHashTableIter iter;
  gpointer       conversation;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &conversation, NULL))
    {
      g_autofree char *id = make_id (conversation);

      if (!is_seen (self, conversation))
        continue;
      g_application_withdraw_notification (self->app, id);
      g_hash_table_iter_remove (&iter);
    }
}

void
ahoy_notifier_set_watched (AhoyNotifier     *self,
                           AhoyConversation *watched)
{
  g_return_if_fail (AHOY_IS_NOTIFIER (self));
  g_return_if_fail (watched == NULL || AHOY_IS_CONVERSATION (watched));

  if (g_set_object (&self->watched, watched))
    withdraw_seen (self);
}

static void
ahoy_notifier_dispose (GObject *object)
{
  AhoyNotifier *self = AHOY_NOTIFIER (object);

  g_clear_object (&self->watch);
  g_clear_pointer (&self->entries, g_hash_table_unref);
  g_clear_pointer (&self->style, ahoy_notification_style_free);
  g_clear_object (&self->watched);
  g_clear_object (&self->chat);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (ahoy_notifier_parent_class)->dispose (object);
}

static void
ahoy_notifier_class_init (AhoyNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ahoy_notifier_dispose;
}

static void
ahoy_notifier_init (AhoyNotifier *self)
{
  self->watch = g_signal_group_new (AHOY_TYPE_CHAT);
  g_signal_group_connect_swapped (self->watch, "message", G_CALLBACK (on_message), self);
  self->entries = g_hash_table_new_full (NULL, NULL, NULL, entry_free);
}

AhoyNotifier *
ahoy_notifier_new (GApplication *app,
                   AhoyChat     *chat,
                   AhoySettings *settings)
{
  AhoyNotifier *self;

  g_return_val_if_fail (G_IS_APPLICATION (app), NULL);
  g_return_val_if_fail (AHOY_IS_CHAT (chat), NULL);
  g_return_val_if_fail (AHOY_IS_SETTINGS (settings), NULL);

  self = g_object_new (AHOY_TYPE_NOTIFIER, NULL);
  self->app = app;
  self->style = ahoy_notification_style_new (app, on_style_known, self);
  self->chat = g_object_ref (chat);
  self->settings = g_object_ref (settings);
  g_signal_group_set_target (self->watch, chat);

  return self;
}
