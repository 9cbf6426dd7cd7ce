/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Talk with everyone, or with one person: the lines, what is unread of them, and the draft. */

#include "core/ahoy-conversation-private.h"

#include "core/ahoy-message-log.h"
#include "core/ahoy-message-private.h"

struct _AhoyConversation {
  GObject parent_instance;

  /* Owned */
  AhoyPerson     *person; /* NULL: everyone */
  AhoyMessageLog *log;
  AhoyMessage    *first_unread;
  AhoyMessage    *frozen_presence; /* its notifies wait for the thaw */
  char           *draft;
  guint           unread;
  gboolean        attended;
  gboolean        frozen;
};

G_DEFINE_FINAL_TYPE (AhoyConversation, ahoy_conversation, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_PERSON,
  PROP_MESSAGES,
  PROP_UNREAD,
  PROP_FIRST_UNREAD,
  PROP_ATTENDED,
  PROP_DRAFT,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void
ahoy_conversation_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  AhoyConversation *self = AHOY_CONVERSATION (object);

  switch (id)
    {
    case PROP_PERSON:
      g_value_set_object (value, self->person);
      break;
    case PROP_MESSAGES:
      g_value_set_object (value, self->log);
      break;
    case PROP_UNREAD:
      g_value_set_uint (value, self->unread);
      break;
    case PROP_FIRST_UNREAD:
      g_value_set_object (value, self->first_unread);
      break;
    case PROP_ATTENDED:
      g_value_set_boolean (value, self->attended);
      break;
    case PROP_DRAFT:
      g_value_set_string (value, self->draft);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_conversation_set_property (GObject      *object,
                                guint         id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  AhoyConversation *self = AHOY_CONVERSATION (object);

  switch (id)
    {
    case PROP_ATTENDED:
      ahoy_conversation_set_attended (self, g_value_get_boolean (value));
      break;
    case PROP_DRAFT:
      ahoy_conversation_set_draft (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_conversation_dispose (GObject *object)
{
  AhoyConversation *self = AHOY_CONVERSATION (object);

  if (self->frozen_presence)
    g_object_thaw_notify (G_OBJECT (self->frozen_presence));
  g_clear_object (&self->frozen_presence);
  g_clear_object (&self->first_unread);
  g_clear_object (&self->person);

  G_OBJECT_CLASS (ahoy_conversation_parent_class)->dispose (object);
}

static void
ahoy_conversation_finalize (GObject *object)
{
  AhoyConversation *self = AHOY_CONVERSATION (object);

  g_object_unref (self->log);
  g_free (self->draft);

  G_OBJECT_CLASS (ahoy_conversation_parent_class)->finalize (object);
}

static void
ahoy_conversation_class_init (AhoyConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = ahoy_conversation_get_property;
  object_class->set_property = ahoy_conversation_set_property;
  object_class->dispose = ahoy_conversation_dispose;
  object_class->finalize = ahoy_conversation_finalize;

  props[PROP_PERSON] = g_param_spec_object ("person", NULL, NULL, AHOY_TYPE_PERSON, flags | G_PARAM_READABLE);
  props[PROP_MESSAGES] = g_param_spec_object ("messages", NULL, NULL, G_TYPE_LIST_MODEL, flags | G_PARAM_READABLE);
  props[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, flags | G_PARAM_READABLE);
  props[PROP_FIRST_UNREAD] = g_param_spec_object ("first-unread", NULL, NULL, AHOY_TYPE_MESSAGE, flags | G_PARAM_READABLE);
  props[PROP_ATTENDED] = g_param_spec_boolean ("attended", NULL, NULL, FALSE, flags | G_PARAM_READWRITE);
  props[PROP_DRAFT] = g_param_spec_string ("draft", NULL, NULL, "", flags | G_PARAM_READWRITE);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ahoy_conversation_init (AhoyConversation *self)
{
  self->log = ahoy_message_log_new ();
  self->draft = g_strdup ("");
}

static void
set_unread (AhoyConversation *self,
            guint             unread)
{
  if (self->unread == unread)
    return;
  self->unread = unread;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_UNREAD]);
}

static void
set_first_unread (AhoyConversation *self,
                  AhoyMessage      *message)
{
  if (g_set_object (&self->first_unread, message))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FIRST_UNREAD]);
}

AhoyConversation *
ahoy_conversation_new (AhoyPerson *person)
{
  AhoyConversation *self = g_object_new (AHOY_TYPE_CONVERSATION, NULL);

  g_set_object (&self->person, person);
  return self;
}

AhoyPerson *
ahoy_conversation_get_person (AhoyConversation *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION (self), NULL);

  return self->person;
}

gboolean
ahoy_conversation_is_everyone (AhoyConversation *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION (self), FALSE);

  return self->person == NULL;
}

GListModel *
ahoy_conversation_get_messages (AhoyConversation *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION (self), NULL);

  return G_LIST_MODEL (self->log);
}

guint
ahoy_conversation_get_unread (AhoyConversation *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION (self), 0);

  return self->unread;
}

AhoyMessage *
ahoy_conversation_get_first_unread (AhoyConversation *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION (self), NULL);

  return self->first_unread;
}

void
ahoy_conversation_forget_unread (AhoyConversation *self)
{
  g_return_if_fail (AHOY_IS_CONVERSATION (self));

  set_unread (self, 0);
  set_first_unread (self, NULL);
}

gboolean
ahoy_conversation_get_attended (AhoyConversation *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION (self), FALSE);

  return self->attended;
}

void
ahoy_conversation_set_attended (AhoyConversation *self,
                                gboolean          attended)
{
  g_return_if_fail (AHOY_IS_CONVERSATION (self));

  if (self->attended == !!attended)
    return;
  self->attended = !!attended;
  if (attended)
    set_unread (self, 0); /* first-unread stays: the line is still to be seen */
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ATTENDED]);
}

const char *
ahoy_conversation_get_draft (AhoyConversation *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION (self), NULL);

  return self->draft;
}

void
ahoy_conversation_set_draft (AhoyConversation *self,
                             const char       *draft)
{
  g_return_if_fail (AHOY_IS_CONVERSATION (self));

  if (g_str_equal (self->draft, draft ? draft : ""))
    return;
  g_free (self->draft);
  self->draft = g_strdup (draft ? draft : "");
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DRAFT]);
}

void
ahoy_conversation_append (AhoyConversation *self,
                          AhoyMessage      *message,
                          gboolean          counts)
{
  ahoy_message_log_append (self->log, message);
  if (!counts || self->attended)
    return;
  if (self->unread == 0)
    set_first_unread (self, message);
  set_unread (self, self->unread + 1);
}

void
ahoy_conversation_append_waiting (AhoyConversation *self,
                                  AhoyMessage      *message)
{
  ahoy_message_log_append_waiting (self->log, message);
}

void
ahoy_conversation_settle (AhoyConversation *self,
                          AhoyMessage      *message)
{
  ahoy_message_log_settle (self->log, message);
}

static void
release_presence (AhoyConversation *self)
{
  if (!self->frozen_presence)
    return;
  g_object_thaw_notify (G_OBJECT (self->frozen_presence));
  g_clear_object (&self->frozen_presence);
}

void
ahoy_conversation_note_presence (AhoyConversation *self,
                                 const char       *name,
                                 gboolean          joined,
                                 gint64            time)
{
  AhoyMessage *line = ahoy_message_log_get_last (self->log);

  if (!line || ahoy_message_get_kind (line) != AHOY_MESSAGE_PRESENCE)
    {
      g_autoptr (AhoyMessage) fresh = ahoy_message_new_presence (time);

      ahoy_message_note_presence (fresh, name, joined);
      ahoy_message_log_append (self->log, fresh);
      return;
    }

  /* A thousand who join at once are one change of the line, not a thousand. */
  if (self->frozen && self->frozen_presence != line)
    {
      release_presence (self);
      self->frozen_presence = g_object_ref (line);
      g_object_freeze_notify (G_OBJECT (line));
    }
  if (!ahoy_message_note_presence (line, name, joined))
    {
      ahoy_message_log_remove_last (self->log);
      release_presence (self);
    }
}

void
ahoy_conversation_clear (AhoyConversation *self)
{
  ahoy_conversation_forget_unread (self);
  ahoy_message_log_clear (self->log);
}

gboolean
ahoy_conversation_has_messages (AhoyConversation *self)
{
  return !ahoy_message_log_is_empty (self->log);
}

gboolean
ahoy_conversation_freeze (AhoyConversation *self)
{
  if (self->frozen)
    return FALSE;
  self->frozen = TRUE;
  g_object_freeze_notify (G_OBJECT (self));
  ahoy_message_log_freeze (self->log);
  return TRUE;
}

void
ahoy_conversation_thaw (AhoyConversation *self)
{
  if (!self->frozen)
    return;
  self->frozen = FALSE;
  release_presence (self);
  ahoy_message_log_thaw (self->log);
  g_object_thaw_notify (G_OBJECT (self));
}
