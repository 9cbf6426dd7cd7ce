/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the pages on the way to a chat have in common. */

#include "ahoy-config.h"

#include "ui/ahoy-page.h"

typedef struct {
  /* Owned */
  AhoyConnector *connector;
  GSignalGroup  *watch;
} AhoyPagePrivate;

enum {
  PROP_0,
  PROP_CONNECTOR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AhoyPage, ahoy_page, ADW_TYPE_BIN)

static void
on_step (AhoyPage *self)
{
  AhoyPagePrivate *priv = ahoy_page_get_instance_private (self);

  if (AHOY_PAGE_GET_CLASS (self)->stepped != NULL)
    AHOY_PAGE_GET_CLASS (self)->stepped (self, ahoy_connector_get_step (priv->connector));
}

static void
set_connector (AhoyPage      *self,
               AhoyConnector *connector)
{
  AhoyPagePrivate *priv = ahoy_page_get_instance_private (self);

  if (connector == NULL || priv->connector == connector)
    return;
  g_return_if_fail (priv->connector == NULL);

  priv->connector = g_object_ref (connector);
  if (AHOY_PAGE_GET_CLASS (self)->attached != NULL)
    AHOY_PAGE_GET_CLASS (self)->attached (self, connector);
  g_signal_group_set_target (priv->watch, connector);
  on_step (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTOR]);
}

static void
ahoy_page_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CONNECTOR:
      g_value_set_object (value, ahoy_page_get_connector (AHOY_PAGE (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_page_set_property (GObject      *object,
                        guint         id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_CONNECTOR:
      set_connector (AHOY_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_page_dispose (GObject *object)
{
  AhoyPagePrivate *priv = ahoy_page_get_instance_private (AHOY_PAGE (object));

  g_clear_object (&priv->watch);
  g_clear_object (&priv->connector);

  G_OBJECT_CLASS (ahoy_page_parent_class)->dispose (object);
}

static void
ahoy_page_class_init (AhoyPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ahoy_page_dispose;
  object_class->get_property = ahoy_page_get_property;
  object_class->set_property = ahoy_page_set_property;

  properties[PROP_CONNECTOR] = g_param_spec_object ("connector", NULL, NULL, AHOY_TYPE_CONNECTOR,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ahoy_page_init (AhoyPage *self)
{
  AhoyPagePrivate *priv = ahoy_page_get_instance_private (self);

  priv->watch = g_signal_group_new (AHOY_TYPE_CONNECTOR);
  g_signal_group_connect_swapped (priv->watch, "notify::step", G_CALLBACK (on_step), self);
}

AhoyConnector *
ahoy_page_get_connector (AhoyPage *self)
{
  AhoyPagePrivate *priv = ahoy_page_get_instance_private (self);

  g_return_val_if_fail (AHOY_IS_PAGE (self), NULL);

  return priv->connector;
}

void
ahoy_page_follow (AhoyPage   *self,
                  const char *signal,
                  GCallback   callback)
{
  AhoyPagePrivate *priv = ahoy_page_get_instance_private (self);

  g_return_if_fail (AHOY_IS_PAGE (self));
  g_return_if_fail (signal != NULL);
  g_return_if_fail (callback != NULL);

  g_signal_group_connect_swapped (priv->watch, signal, callback, self);
}
