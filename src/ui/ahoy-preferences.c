/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The preferences window. */

#include "ahoy-config.h"

#include "ui/ahoy-preferences.h"

#include "ui/ahoy-identity-group.h"
#include "ui/ahoy-settings.h"

struct _AhoyPreferences {
  AdwPreferencesWindow parent_instance;

  /* Template */
  GtkSwitch     *whispers_switch;
  GtkSwitch     *mentions_switch;
  GtkSwitch     *background_switch;
  AdwComboRow   *style_row;
  GtkSpinButton *port_spin;
  GtkSwitch     *neighbours_switch;
  GtkWidget     *identity_group;

  /* Owned */
  AhoyConnector *connector;
};

enum {
  PROP_0,
  PROP_CONNECTOR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyPreferences, ahoy_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* In the order of the rows. */
static const char *const styles[] = { "system", "light", "dark" };

static gboolean
style_to_row (GValue   *value,
              GVariant *variant,
              gpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    if (g_str_equal (styles[i], g_variant_get_string (variant, NULL)))
      g_value_set_uint (value, i);

  return TRUE;
}

static GVariant *
row_to_style (const GValue       *value,
              const GVariantType *type,
              gpointer            data)
{
  guint row = g_value_get_uint (value);

  return row < G_N_ELEMENTS (styles) ? g_variant_new_string (styles[row]) : NULL;
}

/* GSettings maps no 16-bit number to a spin button's. */
static gboolean
port_to_value (GValue   *value,
               GVariant *variant,
               gpointer  data)
{
  g_value_set_double (value, g_variant_get_uint16 (variant));

  return TRUE;
}

static GVariant *
value_to_port (const GValue       *value,
               const GVariantType *type,
               gpointer            data)
{
  return g_variant_new_uint16 ((guint16) g_value_get_double (value));
}

static void
bind_settings (AhoyPreferences *self)
{
  GSettings *store = ahoy_settings_get_store (AHOY_SETTINGS (ahoy_connector_get_memory (self->connector)));

  g_settings_bind (store, "notify-whispers", self->whispers_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (store, "notify-mentions", self->mentions_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (store, "run-in-background", self->background_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (store, "help-neighbours", self->neighbours_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (store, "style", self->style_row, "selected", G_SETTINGS_BIND_DEFAULT, style_to_row, row_to_style, NULL, NULL);
  g_settings_bind_with_mapping (store, "discovery-port", self->port_spin, "value", G_SETTINGS_BIND_DEFAULT, port_to_value, value_to_port, NULL,
                                NULL);
}

static void
ahoy_preferences_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CONNECTOR:
      g_value_set_object (value, AHOY_PREFERENCES (object)->connector);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_preferences_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  AhoyPreferences *self = AHOY_PREFERENCES (object);

  switch (id)
    {
    case PROP_CONNECTOR:
      self->connector = g_value_dup_object (value);
      if (self->connector == NULL)
        break;
      bind_settings (self);
      g_object_set (self->identity_group, "connector", self->connector, NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_preferences_dispose (GObject *object)
{
  AhoyPreferences *self = AHOY_PREFERENCES (object);

  /* libadwaita 1.2 lets go of the pages of such a window late, or never. */
  if (self->connector != NULL)
    g_object_set (self->identity_group, "connector", NULL, NULL);
  g_clear_object (&self->connector);

  G_OBJECT_CLASS (ahoy_preferences_parent_class)->dispose (object);
}

static void
ahoy_preferences_class_init (AhoyPreferencesClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ahoy_preferences_dispose;
  object_class->get_property = ahoy_preferences_get_property;
  object_class->set_property = ahoy_preferences_set_property;

  properties[PROP_CONNECTOR] = g_param_spec_object ("connector", NULL, NULL, AHOY_TYPE_CONNECTOR,
                                                    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_IDENTITY_GROUP);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyPreferences, whispers_switch);
  gtk_widget_class_bind_template_child (widget_class, AhoyPreferences, mentions_switch);
  gtk_widget_class_bind_template_child (widget_class, AhoyPreferences, background_switch);
  gtk_widget_class_bind_template_child (widget_class, AhoyPreferences, style_row);
  gtk_widget_class_bind_template_child (widget_class, AhoyPreferences, port_spin);
  gtk_widget_class_bind_template_child (widget_class, AhoyPreferences, neighbours_switch);
  gtk_widget_class_bind_template_child (widget_class, AhoyPreferences, identity_group);
}

static void
ahoy_preferences_init (AhoyPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static AhoyPreferences *
find_open (GtkWindow *parent)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (AHOY_IS_PREFERENCES (window) && gtk_window_get_transient_for (window) == parent)
        return AHOY_PREFERENCES (window);
    }

  return NULL;
}

void
ahoy_preferences_present (GtkWindow     *parent,
                          AhoyConnector *connector)
{
  AhoyPreferences *self;

  g_return_if_fail (GTK_IS_WINDOW (parent));
  g_return_if_fail (AHOY_IS_CONNECTOR (connector));

  self = find_open (parent);
  if (self == NULL)
    self = g_object_new (AHOY_TYPE_PREFERENCES, "transient-for", parent, "connector", connector, NULL);
  gtk_window_present (GTK_WINDOW (self));
}
