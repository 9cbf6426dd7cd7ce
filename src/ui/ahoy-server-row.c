/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One server in the list to choose from. */

#include "ahoy-config.h"

#include "ui/ahoy-server-row.h"

#include <glib/gi18n.h>

#include "ui/ahoy-error-text.h"

struct _AhoyServerRow {
  AdwActionRow parent_instance;

  /* Template */
  GtkLabel  *known_label;
  GtkWidget *lock_image;

  /* Owned */
  AhoyServer *server;
};

enum {
  PROP_0,
  PROP_SERVER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyServerRow, ahoy_server_row, ADW_TYPE_ACTION_ROW)

/* What a screen reader says of the row; the icon and the badge are in it as words. */
static void
update_label (AhoyServerRow *self,
              const char    *name,
              const char    *detail)
{
  g_autoptr (GString) label = g_string_new (name);

  g_string_append_printf (label, ", %s", detail);
  if (ahoy_server_get_tls (self->server))
    g_string_append_printf (label, ", %s", _ ("encrypted"));
  if (ahoy_server_get_last_used (self->server))
    g_string_append_printf (label, ", %s", _ ("last used"));
  else if (ahoy_server_get_known (self->server))
    g_string_append_printf (label, ", %s", _ ("known"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label->str, -1);
}

static void
update (AhoyServerRow *self)
{
  g_autofree char *name = ahoy_error_text_server_name (self->server);
  g_autofree char *detail = ahoy_error_text_server_detail (self->server);

  if (ahoy_server_get_namesake (self->server) != NULL)
    {
      g_autofree char *place = g_steal_pointer (&detail);

      /* Translators: in the list of servers, beside one that is called like a server the person has been on, and is not that one. */
      detail = g_strdup_printf ("%s\n%s", place, _ ("Another chat of the same name as one you know"));
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), detail);
  gtk_widget_set_visible (self->lock_image, ahoy_server_get_tls (self->server));
  /* Translators: in the list of servers, beside one where the person has been before. */
  gtk_label_set_label (self->known_label, ahoy_server_get_last_used (self->server) ? _ ("Last used") : _ ("Known"));
  gtk_widget_set_visible (GTK_WIDGET (self->known_label), ahoy_server_get_last_used (self->server) || ahoy_server_get_known (self->server));
  update_label (self, name, detail);
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
  AhoyServerRow *self = AHOY_SERVER_ROW (object);

  switch (id)
    {
    case PROP_SERVER:
      self->server = g_value_dup_object (value);
      if (self->server == NULL)
        break;
      g_signal_connect_object (self->server, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      update (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_server_row_dispose (GObject *object)
{
  AhoyServerRow *self = AHOY_SERVER_ROW (object);

  if (self->server != NULL)
    g_signal_handlers_disconnect_by_data (self->server, self);
  g_clear_object (&self->server);

  G_OBJECT_CLASS (ahoy_server_row_parent_class)->dispose (object);
}

static void
ahoy_server_row_class_init (AhoyServerRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ahoy_server_row_dispose;
  object_class->get_property = ahoy_server_row_get_property;
  object_class->set_property = ahoy_server_row_set_property;

  properties[PROP_SERVER] = g_param_spec_object ("server", NULL, NULL, AHOY_TYPE_SERVER,
                                                 G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-server-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyServerRow, known_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerRow, lock_image);
}

static void
ahoy_server_row_init (AhoyServerRow *self)
{
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
