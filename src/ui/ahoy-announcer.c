/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Tells a screen reader what came in. */

#include "ui/ahoy-announcer.h"

#include <glib/gi18n.h>

#include "ui/ahoy-sentences.h"

/* Milliseconds. Whatever comes in sooner after an announcement is told together. */
#define PAUSE 2000

struct _AhoyAnnouncer {
  GtkWidget parent_instance;

  /* Owned */
  GtkWidget *label;
  AhoyClient *client;
  AhoyMessage *last;
  guint n_held;
  guint timeout;
};

G_DEFINE_FINAL_TYPE (AhoyAnnouncer, ahoy_announcer, GTK_TYPE_WIDGET)

enum {
  PROP_CLIENT = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

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
  AhoyAnnouncer *self = data;
  g_autoptr (AhoyMessage) last = g_steal_pointer (&self->last);
  guint n_held = self->n_held;

  self->n_held = 0;
  if (n_held == 0) {
    self->timeout = 0;
    return G_SOURCE_REMOVE;
  }

  if (n_held == 1) {
    say_message (self, last);
  } else {
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
  if (self->timeout != 0) {
    g_set_object (&self->last, message);
    self->n_held++;
    return;
  }

  say_message (self, message);
  self->timeout = g_timeout_add (PAUSE, on_pause_over, self);
}

static void
set_client (AhoyAnnouncer *self,
            AhoyClient    *client)
{
  if (self->client == client)
    return;

  if (self->client != NULL)
    g_signal_handlers_disconnect_by_func (self->client, on_message, self);
  g_set_object (&self->client, client);
  if (client != NULL)
    g_signal_connect_object (client, "message", G_CALLBACK (on_message), self, G_CONNECT_SWAPPED);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLIENT]);
}

static void
ahoy_announcer_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (id) {
    case PROP_CLIENT:
      g_value_set_object (value, AHOY_ANNOUNCER (object)->client);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
ahoy_announcer_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (id) {
    case PROP_CLIENT:
      set_client (AHOY_ANNOUNCER (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
ahoy_announcer_dispose (GObject *object)
{
  AhoyAnnouncer *self = AHOY_ANNOUNCER (object);

  set_client (self, NULL);
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_object (&self->last);
  g_clear_pointer (&self->label, gtk_widget_unparent);

  G_OBJECT_CLASS (ahoy_announcer_parent_class)->dispose (object);
}

static void
ahoy_announcer_class_init (AhoyAnnouncerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ahoy_announcer_get_property;
  object_class->set_property = ahoy_announcer_set_property;
  object_class->dispose = ahoy_announcer_dispose;

  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, AHOY_TYPE_CLIENT,
                                                 G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "announcer");
}

static void
ahoy_announcer_init (AhoyAnnouncer *self)
{
  self->label = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, "ellipsize", PANGO_ELLIPSIZE_END,
                              "can-target", FALSE, NULL);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

const char *
ahoy_announcer_get_text (AhoyAnnouncer *self)
{
  g_return_val_if_fail (AHOY_IS_ANNOUNCER (self), NULL);

  return gtk_label_get_label (GTK_LABEL (self->label));
}
