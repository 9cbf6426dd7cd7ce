/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the widgets that show something of a chat have in common. */

#include "ahoy-config.h"

#include "ui/ahoy-chat-bin.h"

typedef struct {
  /* Owned */
  AhoyChat     *chat;
  GSignalGroup *notifies; /* of a GObject, */
  GSignalGroup *signals;  /* and of an interface, which does not know "notify" */
} AhoyChatBinPrivate;

enum {
  PROP_0,
  PROP_CHAT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AhoyChatBin, ahoy_chat_bin, ADW_TYPE_BIN)

static void
set_chat (AhoyChatBin *self,
          AhoyChat    *chat)
{
  AhoyChatBinPrivate *priv = ahoy_chat_bin_get_instance_private (self);

  if (!g_set_object (&priv->chat, chat))
    return;
  g_signal_group_set_target (priv->notifies, chat);
  g_signal_group_set_target (priv->signals, chat);
  if (AHOY_CHAT_BIN_GET_CLASS (self)->chat_changed != NULL)
    AHOY_CHAT_BIN_GET_CLASS (self)->chat_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHAT]);
}

static void
ahoy_chat_bin_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CHAT:
      g_value_set_object (value, ahoy_chat_bin_get_chat (AHOY_CHAT_BIN (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_chat_bin_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_CHAT:
      set_chat (AHOY_CHAT_BIN (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_chat_bin_dispose (GObject *object)
{
  AhoyChatBinPrivate *priv = ahoy_chat_bin_get_instance_private (AHOY_CHAT_BIN (object));

  g_clear_object (&priv->notifies);
  g_clear_object (&priv->signals);
  g_clear_object (&priv->chat);

  G_OBJECT_CLASS (ahoy_chat_bin_parent_class)->dispose (object);
}

static void
ahoy_chat_bin_class_init (AhoyChatBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ahoy_chat_bin_dispose;
  object_class->get_property = ahoy_chat_bin_get_property;
  object_class->set_property = ahoy_chat_bin_set_property;

  properties[PROP_CHAT] = g_param_spec_object ("chat", NULL, NULL, AHOY_TYPE_CHAT,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ahoy_chat_bin_init (AhoyChatBin *self)
{
  AhoyChatBinPrivate *priv = ahoy_chat_bin_get_instance_private (self);

  priv->notifies = g_signal_group_new (G_TYPE_OBJECT);
  priv->signals = g_signal_group_new (AHOY_TYPE_CHAT);
}

AhoyChat *
ahoy_chat_bin_get_chat (AhoyChatBin *self)
{
  AhoyChatBinPrivate *priv = ahoy_chat_bin_get_instance_private (self);

  g_return_val_if_fail (AHOY_IS_CHAT_BIN (self), NULL);

  return priv->chat;
}

void
ahoy_chat_bin_follow (AhoyChatBin *self,
                      const char  *signal,
                      GCallback    callback)
{
  AhoyChatBinPrivate *priv = ahoy_chat_bin_get_instance_private (self);

  g_return_if_fail (AHOY_IS_CHAT_BIN (self));
  g_return_if_fail (signal != NULL);
  g_return_if_fail (callback != NULL);

  g_signal_group_connect_swapped (g_str_has_prefix (signal, "notify::") ? priv->notifies : priv->signals, signal, callback, self);
}
