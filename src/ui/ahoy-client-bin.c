/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the widgets that show something of a client have in common. */

#include "ahoy-config.h"

#include "ui/ahoy-client-bin.h"

typedef struct {
  /* Owned */
  AhoyClient   *client;
  GSignalGroup *signals;
} AhoyClientBinPrivate;

enum {
  PROP_0,
  PROP_CLIENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AhoyClientBin, ahoy_client_bin, ADW_TYPE_BIN)

static void
set_client (AhoyClientBin *self,
            AhoyClient    *client)
{
  AhoyClientBinPrivate *priv = ahoy_client_bin_get_instance_private (self);

  if (!g_set_object (&priv->client, client))
    return;
  g_signal_group_set_target (priv->signals, client);
  if (AHOY_CLIENT_BIN_GET_CLASS (self)->client_changed != NULL)
    AHOY_CLIENT_BIN_GET_CLASS (self)->client_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLIENT]);
}

static void
ahoy_client_bin_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, ahoy_client_bin_get_client (AHOY_CLIENT_BIN (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_client_bin_set_property (GObject      *object,
                              guint         id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_CLIENT:
      set_client (AHOY_CLIENT_BIN (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_client_bin_dispose (GObject *object)
{
  AhoyClientBinPrivate *priv = ahoy_client_bin_get_instance_private (AHOY_CLIENT_BIN (object));

  g_clear_object (&priv->signals);
  g_clear_object (&priv->client);

  G_OBJECT_CLASS (ahoy_client_bin_parent_class)->dispose (object);
}

static void
ahoy_client_bin_class_init (AhoyClientBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ahoy_client_bin_dispose;
  object_class->get_property = ahoy_client_bin_get_property;
  object_class->set_property = ahoy_client_bin_set_property;

  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, AHOY_TYPE_CLIENT,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ahoy_client_bin_init (AhoyClientBin *self)
{
  AhoyClientBinPrivate *priv = ahoy_client_bin_get_instance_private (self);

  priv->signals = g_signal_group_new (AHOY_TYPE_CLIENT);
}

AhoyClient *
ahoy_client_bin_get_client (AhoyClientBin *self)
{
  AhoyClientBinPrivate *priv = ahoy_client_bin_get_instance_private (self);

  g_return_val_if_fail (AHOY_IS_CLIENT_BIN (self), NULL);

  return priv->client;
}

void
ahoy_client_bin_follow (AhoyClientBin *self,
                        const char    *signal,
                        GCallback      callback)
{
  AhoyClientBinPrivate *priv = ahoy_client_bin_get_instance_private (self);

  g_return_if_fail (AHOY_IS_CLIENT_BIN (self));
  g_return_if_fail (signal != NULL);
  g_return_if_fail (callback != NULL);

  g_signal_group_connect_swapped (priv->signals, signal, callback, self);
}
