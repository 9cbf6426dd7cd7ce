/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the .ui file of a widget can bind only by way of another object. */

#include "ui/ahoy-look.h"

struct _AhoyLook {
  GObject parent_instance;

  /* Owned */
  char *label;
  char *description;
  char *placeholder;

  /* Borrowed */
  GtkWidget *widget; /* which owns this */

  gboolean of_row;
};

enum {
  PROP_0,
  PROP_WIDGET,
  PROP_OF_ROW,
  PROP_LABEL,
  PROP_DESCRIPTION,
  PROP_PLACEHOLDER,
  PROP_INVALID,
  PROP_CSS_CLASSES,
  PROP_SUBTITLE,
  PROP_TITLE,
  PROP_TOOLTIP_TEXT,
  PROP_VISIBLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyLook, ahoy_look, G_TYPE_OBJECT)

static GtkAccessible *
get_named (AhoyLook *self)
{
  GtkWidget *named = self->of_row && self->widget != NULL ? gtk_widget_get_parent (self->widget) : self->widget;

  return named != NULL ? GTK_ACCESSIBLE (named) : NULL;
}

static void
set_text (AhoyLook             *self,
          char                **text,
          GtkAccessibleProperty property,
          const char           *value)
{
  GtkAccessible *named = get_named (self);

  /* A screen reader says again what is set again. */
  if (named == NULL || g_strcmp0 (*text, value) == 0)
    return;

  g_free (*text);
  *text = g_strdup (value);
  if (value != NULL)
    gtk_accessible_update_property (named, property, value, -1);
  else
    gtk_accessible_reset_property (named, property);
}

static void
on_widget_gone (gpointer data)
{
  AhoyLook *self = data;

  self->widget = NULL;
  g_object_unref (self);
}

static void
set_widget (AhoyLook  *self,
            GtkWidget *widget)
{
  g_return_if_fail (self->widget == NULL);

  self->widget = widget;
  if (widget != NULL)
    g_object_set_data_full (G_OBJECT (widget), "ahoy-look", g_object_ref (self), on_widget_gone);
}

static void
set_invalid (AhoyLook *self,
             gboolean  invalid)
{
  GtkAccessible *named = get_named (self);

  if (named != NULL)
    gtk_accessible_update_state (named, GTK_ACCESSIBLE_STATE_INVALID, invalid ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
ahoy_look_set_property (GObject      *object,
                        guint         id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  AhoyLook *self = AHOY_LOOK (object);

  switch (id)
    {
    case PROP_WIDGET:
      set_widget (self, g_value_get_object (value));
      break;
    case PROP_OF_ROW:
      self->of_row = g_value_get_boolean (value);
      break;
    case PROP_LABEL:
      set_text (self, &self->label, GTK_ACCESSIBLE_PROPERTY_LABEL, g_value_get_string (value));
      break;
    case PROP_DESCRIPTION:
      set_text (self, &self->description, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, g_value_get_string (value));
      break;
    case PROP_PLACEHOLDER:
      set_text (self, &self->placeholder, GTK_ACCESSIBLE_PROPERTY_PLACEHOLDER, g_value_get_string (value));
      break;
    case PROP_INVALID:
      set_invalid (self, g_value_get_boolean (value));
      break;
    case PROP_CSS_CLASSES:
    case PROP_SUBTITLE:
    case PROP_TITLE:
    case PROP_TOOLTIP_TEXT:
    case PROP_VISIBLE:
      if (self->widget != NULL)
        g_object_set_property (G_OBJECT (self->widget), pspec->name, value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_look_finalize (GObject *object)
{
  AhoyLook *self = AHOY_LOOK (object);

  g_free (self->label);
  g_free (self->description);
  g_free (self->placeholder);

  G_OBJECT_CLASS (ahoy_look_parent_class)->finalize (object);
}

static void
ahoy_look_class_init (AhoyLookClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = ahoy_look_finalize;
  object_class->set_property = ahoy_look_set_property;

  properties[PROP_WIDGET] = g_param_spec_object ("widget", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_OF_ROW] = g_param_spec_boolean ("of-row", NULL, NULL, FALSE, flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, flags);
  properties[PROP_PLACEHOLDER] = g_param_spec_string ("placeholder", NULL, NULL, NULL, flags);
  properties[PROP_INVALID] = g_param_spec_boolean ("invalid", NULL, NULL, FALSE, flags);
  properties[PROP_CSS_CLASSES] = g_param_spec_boxed ("css-classes", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_TOOLTIP_TEXT] = g_param_spec_string ("tooltip-text", NULL, NULL, NULL, flags);
  properties[PROP_VISIBLE] = g_param_spec_boolean ("visible", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ahoy_look_init (AhoyLook *self)
{
}
