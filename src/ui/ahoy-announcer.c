/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Tells a screen reader what came in. */

#include "ui/ahoy-announcer.h"

#include <glib/gi18n.h>

#include "ui/ahoy-sentences.h"

/* Milliseconds. Whatever comes in sooner after an announcement is told together. */
#define PAUSE 2000

struct _AhoyAnnouncer {
  AhoyChatBin parent_instance;

  /* Owned */
  AhoyMessage *last;
  guint        n_held;
  guint        timeout;

  /* Borrowed */
  GtkWidget *label;
};

G_DEFINE_FINAL_TYPE (AhoyAnnouncer, ahoy_announcer, AHOY_TYPE_CHAT_BIN)

static void
say (AhoyAnnouncer *self,
     const char    *text)
{
  gtk_label_set_label (GTK_LABEL (self->label), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->label), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
say_message (AhoyAnnouncer *self,
             AhoyMessage   *message)
{
  g_autofree char *sentence = ahoy_sentence_message (message);

  say (self, sentence);
}

static gboolean
on_pause_over (gpointer data)
{
  AhoyAnnouncer          *self = data;
  g_autoptr (AhoyMessage) last = g_steal_pointer (&self->last);
  guint                   n_held = self->n_held;

  self->n_held = 0;
  if (n_held == 0)
    {
      self->timeout = 0;
      return G_SOURCE_REMOVE;
    }

  if (n_held == 1)
    {
      say_message (self, last);
    }
  else
    {
      g_autofree char *sentence = g_strdup_printf (ngettext ("%u new message", "%u new messages", n_held), n_held);

      say (self, sentence);
    }

  return G_SOURCE_CONTINUE;
}

static void
on_message (AhoyAnnouncer    *self,
            AhoyConversation *conversation,
            AhoyMessage      *message)
{
  if (self->timeout != 0)
    {
      g_set_object (&self->last, message);
      self->n_held++;
      return;
    }

  say_message (self, message);
  self->timeout = g_timeout_add (PAUSE, on_pause_over, self);
}

static void
ahoy_announcer_dispose (GObject *object)
{
  AhoyAnnouncer *self = AHOY_ANNOUNCER (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_object (&self->last);

  G_OBJECT_CLASS (ahoy_announcer_parent_class)->dispose (object);
}

static void
ahoy_announcer_class_init (AhoyAnnouncerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ahoy_announcer_dispose;

  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "announcer");
}

static void
ahoy_announcer_init (AhoyAnnouncer *self)
{
  self->label = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, "ellipsize", PANGO_ELLIPSIZE_END,
                              "can-target", FALSE, NULL);
  adw_bin_set_child (ADW_BIN (self), self->label);
  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "message", G_CALLBACK (on_message));
}

void
ahoy_announcer_say (AhoyAnnouncer *self,
                    const char    *text)
{
  g_return_if_fail (AHOY_IS_ANNOUNCER (self));
  g_return_if_fail (text != NULL);

  say (self, text);
}
