/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The bar that is shown when the history cannot be used. */

#include "ui/ahoy-history-bar.h"

#include "ui/ahoy-closures.h"
#include "ui/ahoy-look.h"

struct _AhoyHistoryBar {
  AdwBin parent_instance;

  /* Owned */
  char *problem;
};

enum {
  PROP_0,
  PROP_PROBLEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyHistoryBar, ahoy_history_bar, ADW_TYPE_BIN)

static void
set_problem (AhoyHistoryBar *self,
             const char     *problem)
{
  char *copy = g_strdup (problem);

  g_free (self->problem);
  self->problem = copy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

static void
on_close (AhoyHistoryBar *self)
{
  set_problem (self, NULL);
}

static void
ahoy_history_bar_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_PROBLEM:
      g_value_set_string (value, AHOY_HISTORY_BAR (object)->problem);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_history_bar_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_PROBLEM:
      set_problem (AHOY_HISTORY_BAR (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_history_bar_finalize (GObject *object)
{
  g_free (AHOY_HISTORY_BAR (object)->problem);

  G_OBJECT_CLASS (ahoy_history_bar_parent_class)->finalize (object);
}

static void
ahoy_history_bar_class_init (AhoyHistoryBarClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = ahoy_history_bar_finalize;
  object_class->get_property = ahoy_history_bar_get_property;
  object_class->set_property = ahoy_history_bar_set_property;

  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-history-bar.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "label", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_is_set);
  gtk_widget_class_bind_template_callback (widget_class, on_close);
}

static void
ahoy_history_bar_init (AhoyHistoryBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
