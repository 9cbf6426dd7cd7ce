/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Shown while you are away. */

#include "ui/ahoy-away-bar.h"

#include <glib/gi18n.h>

struct _AhoyAwayBar {
  AdwBin parent_instance;

  /* Template */
  GtkLabel *label;

  /* Owned */
  AhoyClient   *client;
  GSignalGroup *signals;
};

enum {
  PROP_0,
  PROP_CLIENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyAwayBar, ahoy_away_bar, ADW_TYPE_BIN)

static void
update (AhoyAwayBar *self)
{
  const char *away = self->client != NULL ? ahoy_client_get_away (self->client) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), away != NULL);
  if (away != NULL)
    {
      /* Translators: %s is what you wrote about being away. */
      g_autofree char *text = g_strdup_printf (_("You are away: %s"), away);

      gtk_label_set_label (self->label, text);
    }
}

static void
ahoy_away_bar_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, AHOY_AWAY_BAR (object)->client);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_away_bar_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  AhoyAwayBar *self = AHOY_AWAY_BAR (object);

  switch (id)
    {
    case PROP_CLIENT:
      if (!g_set_object (&self->client, g_value_get_object (value)))
        break;
      g_signal_group_set_target (self->signals, self->client);
      update (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_away_bar_dispose (GObject *object)
{
  AhoyAwayBar *self = AHOY_AWAY_BAR (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (ahoy_away_bar_parent_class)->dispose (object);
}

static void
ahoy_away_bar_class_init (AhoyAwayBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ahoy_away_bar_dispose;
  object_class->get_property = ahoy_away_bar_get_property;
  object_class->set_property = ahoy_away_bar_set_property;

  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, AHOY_TYPE_CLIENT,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-away-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyAwayBar, label);
}

static void
ahoy_away_bar_init (AhoyAwayBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (AHOY_TYPE_CLIENT);
  g_signal_group_connect_swapped (self->signals, "notify::away", G_CALLBACK (update), self);
}
