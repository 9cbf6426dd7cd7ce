/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A row that says what happened on one network while looking. */

#include "ahoy-config.h"

#include "ui/ahoy-probe-row.h"

#include "ui/ahoy-closures.h"
#include "ui/ahoy-look.h"
#include "ui/ahoy-subject.h"

struct _AhoyProbeRow {
  AdwActionRow parent_instance;

  /* Owned */
  AhoyProbe   *probe;
  AhoySubject *subject;
};

G_DEFINE_FINAL_TYPE (AhoyProbeRow, ahoy_probe_row, ADW_TYPE_ACTION_ROW)

enum {
  PROP_PROBE = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_probe (AhoyProbeRow *self, AhoyProbe *probe)
{
  if (!g_set_object (&self->probe, probe))
    return;

  ahoy_subject_set (self->subject, probe);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBE]);
}

static void
ahoy_probe_row_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_PROBE:
      g_value_set_object (value, AHOY_PROBE_ROW (object)->probe);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_probe_row_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_PROBE:
      set_probe (AHOY_PROBE_ROW (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_probe_row_dispose (GObject *object)
{
  AhoyProbeRow *self = AHOY_PROBE_ROW (object);

  g_clear_object (&self->subject);
  g_clear_object (&self->probe);

  G_OBJECT_CLASS (ahoy_probe_row_parent_class)->dispose (object);
}

static void
ahoy_probe_row_class_init (AhoyProbeRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ahoy_probe_row_get_property;
  object_class->set_property = ahoy_probe_row_set_property;
  object_class->dispose = ahoy_probe_row_dispose;

  properties[PROP_PROBE] = g_param_spec_object ("probe", NULL, NULL, AHOY_TYPE_PROBE,
                                                G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-probe-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_probe_icon);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_probe_outcome);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_probe_place);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_probe_spoken);
}

static void
ahoy_probe_row_init (AhoyProbeRow *self)
{
  self->subject = ahoy_subject_new (self, properties[PROP_PROBE]);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* By its title alone; the whole row is told in its label. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}
