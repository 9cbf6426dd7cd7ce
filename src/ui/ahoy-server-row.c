/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One server in the list to choose from. */

#include "ahoy-config.h"

#include "ui/ahoy-server-row.h"

#include "ui/ahoy-closures.h"
#include "ui/ahoy-look.h"
#include "ui/ahoy-subject.h"

struct _AhoyServerRow {
  AdwActionRow parent_instance;

  /* Owned */
  AhoyServer  *server;
  AhoySubject *subject;
};

G_DEFINE_FINAL_TYPE (AhoyServerRow, ahoy_server_row, ADW_TYPE_ACTION_ROW)

enum {
  PROP_SERVER = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_server (AhoyServerRow *self, AhoyServer *server)
{
  if (!g_set_object (&self->server, server))
    return;

  ahoy_subject_set (self->subject, server);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERVER]);
}

static void
ahoy_server_row_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_SERVER:
      g_value_set_object (value, AHOY_SERVER_ROW (object)->server);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_server_row_set_property (GObject      *object,
                              guint         id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_SERVER:
      set_server (AHOY_SERVER_ROW (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_server_row_dispose (GObject *object)
{
  AhoyServerRow *self = AHOY_SERVER_ROW (object);

  g_clear_object (&self->subject);
  g_clear_object (&self->server);

  G_OBJECT_CLASS (ahoy_server_row_parent_class)->dispose (object);
}

static void
ahoy_server_row_class_init (AhoyServerRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ahoy_server_row_get_property;
  object_class->set_property = ahoy_server_row_set_property;
  object_class->dispose = ahoy_server_row_dispose;

  properties[PROP_SERVER] = g_param_spec_object ("server", NULL, NULL, AHOY_TYPE_SERVER,
                                                 G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-server-row.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "known_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "lock_image", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_server_detail);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_server_encrypts);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_server_is_known);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_server_known);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_server_name);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_server_spoken);
}

static void
ahoy_server_row_init (AhoyServerRow *self)
{
  self->subject = ahoy_subject_new (self, properties[PROP_SERVER]);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* By its title alone; the whole row is told in its label. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

AhoyServer *
ahoy_server_row_get_server (AhoyServerRow *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER_ROW (self), NULL);

  return self->server;
}
