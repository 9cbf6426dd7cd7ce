/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What happened on one network while looking. */

#include "ahoy-config.h"

#include "ui/ahoy-probe-row.h"

#include <errno.h>

#include <glib/gi18n.h>

#include "ui/ahoy-error-text.h"

struct _AhoyProbeRow {
  AdwActionRow parent_instance;

  /* Template */
  GtkImage *image;

  /* Owned */
  AhoyProbe *probe;
};

enum {
  PROP_0,
  PROP_PROBE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyProbeRow, ahoy_probe_row, ADW_TYPE_ACTION_ROW)

static const char *
choose_icon (AhoyProbe *probe)
{
  if (ahoy_probe_get_kind (probe) == AHOY_PROBE_SRV && ahoy_probe_get_error (probe) == EADDRNOTAVAIL)
    return "network-error-symbolic";
  if (ahoy_probe_get_replies (probe) > 0)
    return "object-select-symbolic";
  if (ahoy_probe_get_kind (probe) == AHOY_PROBE_MDNS || ahoy_probe_get_kind (probe) == AHOY_PROBE_SRV)
    return "network-workgroup-symbolic"; /* that there is none is no error */
  if (ahoy_probe_get_sent (probe) == 0)
    return "network-error-symbolic";

  switch (ahoy_probe_get_kind (probe))
    {
    case AHOY_PROBE_THIS_COMPUTER:
      return "computer-symbolic";
    case AHOY_PROBE_ADDRESS:
    case AHOY_PROBE_SWEEP:
      return "network-server-symbolic";
    case AHOY_PROBE_NEIGHBOURS:
      return "system-users-symbolic";
    case AHOY_PROBE_INTERFACE:
    case AHOY_PROBE_MULTICAST:
    case AHOY_PROBE_LIMITED:
    case AHOY_PROBE_MDNS:
    case AHOY_PROBE_SRV:
    default:
      return "network-wired-symbolic";
    }
}

static void
update (AhoyProbeRow *self)
{
  g_autofree char *place = ahoy_error_text_probe_place (self->probe);
  g_autofree char *outcome = ahoy_error_text_probe_outcome (self->probe);
  /* Translators: where a server was looked for, and what came of it: "Network eth0: 2 replies". */
  g_autofree char *label = g_strdup_printf (C_ ("probe", "%1$s: %2$s"), place, outcome);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), place);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), outcome);
  gtk_image_set_from_icon_name (self->image, choose_icon (self->probe));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
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
  AhoyProbeRow *self = AHOY_PROBE_ROW (object);

  switch (id)
    {
    case PROP_PROBE:
      self->probe = g_value_dup_object (value);
      if (self->probe == NULL)
        break;
      g_signal_connect_object (self->probe, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      update (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_probe_row_dispose (GObject *object)
{
  AhoyProbeRow *self = AHOY_PROBE_ROW (object);

  if (self->probe != NULL)
    g_signal_handlers_disconnect_by_data (self->probe, self);
  g_clear_object (&self->probe);

  G_OBJECT_CLASS (ahoy_probe_row_parent_class)->dispose (object);
}

static void
ahoy_probe_row_class_init (AhoyProbeRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ahoy_probe_row_dispose;
  object_class->get_property = ahoy_probe_row_get_property;
  object_class->set_property = ahoy_probe_row_set_property;

  properties[PROP_PROBE] = g_param_spec_object ("probe", NULL, NULL, AHOY_TYPE_PROBE,
                                                G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-probe-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyProbeRow, image);
}

static void
ahoy_probe_row_init (AhoyProbeRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* By its title alone; the whole row is told in its label. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}
