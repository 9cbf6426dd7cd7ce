/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* State 7: the thin bar. */

#include "ahoy-config.h"

#include "ui/ahoy-connection-bar.h"

#include <glib/gi18n.h>

struct _AhoyConnectionBar {
  AdwBin parent_instance;

  /* Template */
  GtkSpinner *spinner;
  GtkLabel   *countdown_label;

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

G_DEFINE_FINAL_TYPE (AhoyConnectionBar, ahoy_connection_bar, ADW_TYPE_BIN)

static guint
get_retry_in (AhoyConnectionBar *self)
{
  guint seconds;

  g_object_get (self->client, "retry-in", &seconds, NULL);
  return seconds;
}

static void
update (AhoyConnectionBar *self)
{
  gboolean lost = self->client != NULL && ahoy_client_get_state (self->client) == AHOY_CLIENT_RECONNECTING;
  guint seconds = lost ? get_retry_in (self) : 0;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), lost);
  /* It turns only while an attempt is under way: an outage may last, and each turn costs. */
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), seconds == 0);
  gtk_spinner_set_spinning (self->spinner, lost && seconds == 0);

  /* Below three seconds a countdown only flickers. */
  if (seconds >= 3)
    text = g_strdup_printf (ngettext ("Next attempt in %u second", "Next attempt in %u seconds", seconds), seconds);
  gtk_label_set_label (self->countdown_label, text != NULL ? text : "");
}

static void
ahoy_connection_bar_get_property (GObject    *object,
                                  guint       id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, AHOY_CONNECTION_BAR (object)->client);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_connection_bar_set_property (GObject      *object,
                                  guint         id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  AhoyConnectionBar *self = AHOY_CONNECTION_BAR (object);

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
ahoy_connection_bar_dispose (GObject *object)
{
  AhoyConnectionBar *self = AHOY_CONNECTION_BAR (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (ahoy_connection_bar_parent_class)->dispose (object);
}

static void
ahoy_connection_bar_class_init (AhoyConnectionBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ahoy_connection_bar_dispose;
  object_class->get_property = ahoy_connection_bar_get_property;
  object_class->set_property = ahoy_connection_bar_set_property;

  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, AHOY_TYPE_CLIENT,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-connection-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyConnectionBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, AhoyConnectionBar, countdown_label);
}

static void
ahoy_connection_bar_init (AhoyConnectionBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (AHOY_TYPE_CLIENT);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::retry-in", G_CALLBACK (update), self);
}
