/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* All that the window speaks to, as an interface. */

#include "core/chat/ahoy-chat.h"

#include "core/ahoy-core-enum-types.h"

G_DEFINE_INTERFACE (AhoyChat, ahoy_chat, G_TYPE_OBJECT)

static void
ahoy_chat_default_init (AhoyChatInterface *iface)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GParamSpec *const props[] = {
    g_param_spec_enum ("state", NULL, NULL, AHOY_TYPE_CLIENT_STATE, AHOY_CLIENT_OFFLINE, flags),
    g_param_spec_enum ("refusal", NULL, NULL, AHOY_TYPE_REFUSAL, AHOY_REFUSAL_NONE, flags),
    g_param_spec_enum ("failure", NULL, NULL, AHOY_TYPE_FAILURE, AHOY_FAILURE_NONE, flags),
    g_param_spec_string ("name", NULL, NULL, NULL, flags),
    g_param_spec_object ("server", NULL, NULL, AHOY_TYPE_SERVER, flags),
    g_param_spec_uint ("n-online", NULL, NULL, 0, G_MAXUINT, 0, flags),
    g_param_spec_uint ("retry-in", NULL, NULL, 0, G_MAXUINT, 0, flags),
    g_param_spec_uint ("n-waiting", NULL, NULL, 0, G_MAXUINT, 0, flags),
    g_param_spec_object ("conversations", NULL, NULL, G_TYPE_LIST_MODEL, flags),
    g_param_spec_object ("everyone", NULL, NULL, AHOY_TYPE_CONVERSATION, flags),
    g_param_spec_string ("away", NULL, NULL, NULL, flags),
    g_param_spec_boolean ("secure", NULL, NULL, FALSE, flags),
    g_param_spec_boolean ("slowed", NULL, NULL, FALSE, flags),
    g_param_spec_boolean ("history-broken", NULL, NULL, FALSE, flags),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (props); i++)
    g_object_interface_install_property (iface, props[i]);

  g_signal_new ("message", AHOY_TYPE_CHAT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, AHOY_TYPE_CONVERSATION, AHOY_TYPE_MESSAGE);
  g_signal_new ("failed", AHOY_TYPE_CHAT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/* Borrows what a property holds: the chat keeps it alive. */
static gpointer
get_held (AhoyChat   *self,
          const char *property)
{
  g_autoptr (GObject) held = NULL;

  g_object_get (self, property, &held, NULL);

  return held;
}

void
ahoy_chat_connect (AhoyChat *self, AhoyServer *server, const char *name)
{
  g_return_if_fail (AHOY_IS_CHAT (self));
  g_return_if_fail (AHOY_IS_SERVER (server));
  g_return_if_fail (name != NULL);

  AHOY_CHAT_GET_IFACE (self)->connect (self, server, name);
}

void
ahoy_chat_retry_name (AhoyChat *self, const char *name)
{
  g_return_if_fail (AHOY_IS_CHAT (self));
  g_return_if_fail (name != NULL);

  AHOY_CHAT_GET_IFACE (self)->retry_name (self, name);
}

void
ahoy_chat_disconnect (AhoyChat *self)
{
  g_return_if_fail (AHOY_IS_CHAT (self));

  AHOY_CHAT_GET_IFACE (self)->disconnect (self);
}

void
ahoy_chat_set_discovery_port (AhoyChat *self, guint16 port)
{
  g_return_if_fail (AHOY_IS_CHAT (self));

  AHOY_CHAT_GET_IFACE (self)->set_discovery_port (self, port);
}

void
ahoy_chat_retry_now (AhoyChat *self)
{
  g_return_if_fail (AHOY_IS_CHAT (self));

  AHOY_CHAT_GET_IFACE (self)->retry_now (self);
}

const char *
ahoy_chat_get_known_id (AhoyChat *self)
{
  g_return_val_if_fail (AHOY_IS_CHAT (self), NULL);

  return AHOY_CHAT_GET_IFACE (self)->get_known_id (self);
}

const char *
ahoy_chat_get_met_id (AhoyChat *self)
{
  g_return_val_if_fail (AHOY_IS_CHAT (self), NULL);

  return AHOY_CHAT_GET_IFACE (self)->get_met_id (self);
}

const char *
ahoy_chat_get_missed_id (AhoyChat *self)
{
  g_return_val_if_fail (AHOY_IS_CHAT (self), NULL);

  return AHOY_CHAT_GET_IFACE (self)->get_missed_id (self);
}

guint
ahoy_chat_get_n_left (AhoyChat *self)
{
  g_return_val_if_fail (AHOY_IS_CHAT (self), 0);

  return AHOY_CHAT_GET_IFACE (self)->get_n_left (self);
}

AhoyDowngrade
ahoy_chat_get_downgrade (AhoyChat *self)
{
  g_return_val_if_fail (AHOY_IS_CHAT (self), AHOY_DOWNGRADE_NONE);

  return AHOY_CHAT_GET_IFACE (self)->get_downgrade (self);
}

void
ahoy_chat_accept_server (AhoyChat *self)
{
  g_return_if_fail (AHOY_IS_CHAT (self));

  AHOY_CHAT_GET_IFACE (self)->accept_server (self);
}

void
ahoy_chat_set_verified (AhoyChat *self, AhoyPerson *person, gboolean verified)
{
  g_return_if_fail (AHOY_IS_CHAT (self));
  g_return_if_fail (AHOY_IS_PERSON (person));

  AHOY_CHAT_GET_IFACE (self)->set_verified (self, person, verified);
}

void
ahoy_chat_accept_key (AhoyChat *self, AhoyPerson *person)
{
  g_return_if_fail (AHOY_IS_CHAT (self));
  g_return_if_fail (AHOY_IS_PERSON (person));

  AHOY_CHAT_GET_IFACE (self)->accept_key (self, person);
}

AhoyMessage *
ahoy_chat_send (AhoyChat *self, AhoyConversation *conversation, const char *text)
{
  g_return_val_if_fail (AHOY_IS_CHAT (self), NULL);
  g_return_val_if_fail (AHOY_IS_CONVERSATION (conversation), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  return AHOY_CHAT_GET_IFACE (self)->send (self, conversation, text);
}

gssize
ahoy_chat_text_excess (AhoyChat *self, AhoyConversation *conversation, const char *text)
{
  g_return_val_if_fail (AHOY_IS_CHAT (self), 0);
  g_return_val_if_fail (AHOY_IS_CONVERSATION (conversation), 0);
  g_return_val_if_fail (text != NULL, 0);

  return AHOY_CHAT_GET_IFACE (self)->text_excess (self, conversation, text);
}

void
ahoy_chat_note_typing (AhoyChat *self, AhoyConversation *conversation)
{
  g_return_if_fail (AHOY_IS_CHAT (self));
  g_return_if_fail (AHOY_IS_CONVERSATION (conversation));

  AHOY_CHAT_GET_IFACE (self)->note_typing (self, conversation);
}

void
ahoy_chat_set_away (AhoyChat *self, const char *away)
{
  g_return_if_fail (AHOY_IS_CHAT (self));

  AHOY_CHAT_GET_IFACE (self)->set_away (self, away);
}

AhoyClientState
ahoy_chat_get_state (AhoyChat *self)
{
  AhoyClientState state;

  g_return_val_if_fail (AHOY_IS_CHAT (self), AHOY_CLIENT_OFFLINE);

  g_object_get (self, "state", &state, NULL);

  return state;
}

AhoyRefusal
ahoy_chat_get_refusal (AhoyChat *self)
{
  AhoyRefusal refusal;

  g_return_val_if_fail (AHOY_IS_CHAT (self), AHOY_REFUSAL_NONE);

  g_object_get (self, "refusal", &refusal, NULL);

  return refusal;
}

AhoyFailure
ahoy_chat_get_failure (AhoyChat *self)
{
  AhoyFailure failure;

  g_return_val_if_fail (AHOY_IS_CHAT (self), AHOY_FAILURE_NONE);

  g_object_get (self, "failure", &failure, NULL);

  return failure;
}

char *
ahoy_chat_dup_away (AhoyChat *self)
{
  char *away;

  g_return_val_if_fail (AHOY_IS_CHAT (self), NULL);

  g_object_get (self, "away", &away, NULL);

  return away;
}

AhoyServer *
ahoy_chat_get_server (AhoyChat *self)
{
  g_return_val_if_fail (AHOY_IS_CHAT (self), NULL);

  return get_held (self, "server");
}

gboolean
ahoy_chat_get_secure (AhoyChat *self)
{
  gboolean secure;

  g_return_val_if_fail (AHOY_IS_CHAT (self), FALSE);

  g_object_get (self, "secure", &secure, NULL);

  return secure;
}

guint
ahoy_chat_get_n_online (AhoyChat *self)
{
  guint n_online;

  g_return_val_if_fail (AHOY_IS_CHAT (self), 0);

  g_object_get (self, "n-online", &n_online, NULL);

  return n_online;
}

GListModel *
ahoy_chat_get_conversations (AhoyChat *self)
{
  g_return_val_if_fail (AHOY_IS_CHAT (self), NULL);

  return get_held (self, "conversations");
}

AhoyConversation *
ahoy_chat_get_everyone (AhoyChat *self)
{
  g_return_val_if_fail (AHOY_IS_CHAT (self), NULL);

  return get_held (self, "everyone");
}

AhoyConversation *
ahoy_chat_find_conversation (AhoyChat *self, const char *name)
{
  g_return_val_if_fail (AHOY_IS_CHAT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return AHOY_CHAT_GET_IFACE (self)->find_conversation (self, name);
}
