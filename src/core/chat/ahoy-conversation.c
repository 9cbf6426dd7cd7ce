/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Talk in a room, or with one person: the lines, what is unread of them, and the draft. */

#include "core/chat/ahoy-conversation-private.h"

#include "core/chat/ahoy-message-log.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"
#include "wire/ahoy-name.h"

struct _AhoyConversation {
  GObject parent_instance;

  /* Owned */
  AhoyTargetKind  kind;
  guint64         room;   /* of a room */
  AhoyPerson     *person; /* of a person; a room has none */
  AhoyMessageLog *log;
  AhoyMessage    *first_unread;
  AhoyMessage    *frozen_presence; /* its notifies wait for the thaw */
  char           *draft;
  guint           unread;
  gboolean        attended;
  gboolean        held;
  gboolean        has_older;
  gboolean        loading_older;
  gboolean        older_failed;
  gboolean        frozen;

  /* Borrowed */
  const AhoyConversationEvents *events; /* NULL: the client is gone */
  gpointer                      data;
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
  PROP_HAS_OLDER,
  PROP_LOADING_OLDER,
  PROP_OLDER_FAILED,
  PROP_HELD,
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
    case PROP_HAS_OLDER:
      g_value_set_boolean (value, self->has_older);
      break;
    case PROP_LOADING_OLDER:
      g_value_set_boolean (value, self->loading_older);
      break;
    case PROP_OLDER_FAILED:
      g_value_set_boolean (value, self->older_failed);
      break;
    case PROP_HELD:
      g_value_set_boolean (value, self->held);
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
    case PROP_HELD:
      ahoy_conversation_set_held (self, g_value_get_boolean (value));
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
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
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
  props[PROP_HAS_OLDER] = g_param_spec_boolean ("has-older", NULL, NULL, FALSE, flags | G_PARAM_READABLE);
  props[PROP_LOADING_OLDER] = g_param_spec_boolean ("loading-older", NULL, NULL, FALSE, flags | G_PARAM_READABLE);
  props[PROP_OLDER_FAILED] = g_param_spec_boolean ("older-failed", NULL, NULL, FALSE, flags | G_PARAM_READABLE);
  props[PROP_HELD] = g_param_spec_boolean ("held", NULL, NULL, FALSE, flags | G_PARAM_READWRITE);
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
ahoy_conversation_new_room (guint64 room)
{
  AhoyConversation *self = g_object_new (AHOY_TYPE_CONVERSATION, NULL);

  self->kind = AHOY_TARGET_ROOM;
  self->room = room;
  return self;
}

AhoyConversation *
ahoy_conversation_new_person (AhoyPerson *person)
{
  AhoyConversation *self;

  g_assert (AHOY_IS_PERSON (person));

  self = g_object_new (AHOY_TYPE_CONVERSATION, NULL);
  self->kind = AHOY_TARGET_PERSON;
  self->person = g_object_ref (person);
  return self;
}

gboolean
ahoy_conversation_is_room (AhoyConversation *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION (self), FALSE);

  return self->kind == AHOY_TARGET_ROOM;
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

  return self->kind == AHOY_TARGET_ROOM && self->room == AHOY_ROOM_EVERYONE;
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
  if (attended && self->events)
    self->events->attended (self, self->data);
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

gboolean
ahoy_conversation_get_has_older (AhoyConversation *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION (self), FALSE);

  return self->has_older;
}

gboolean
ahoy_conversation_get_loading_older (AhoyConversation *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION (self), FALSE);

  return self->loading_older;
}

gboolean
ahoy_conversation_get_older_failed (AhoyConversation *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION (self), FALSE);

  return self->older_failed;
}

void
ahoy_conversation_load_older (AhoyConversation *self)
{
  g_return_if_fail (AHOY_IS_CONVERSATION (self));

  if (self->has_older && !self->loading_older && self->events)
    self->events->load_older (self, self->data);
}

gboolean
ahoy_conversation_get_held (AhoyConversation *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION (self), FALSE);

  return self->held;
}

void
ahoy_conversation_set_held (AhoyConversation *self,
                            gboolean          held)
{
  g_return_if_fail (AHOY_IS_CONVERSATION (self));

  if (self->held == !!held)
    return;
  self->held = !!held;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HELD]);
}

void
ahoy_conversation_set_events (AhoyConversation             *self,
                              const AhoyConversationEvents *events,
                              gpointer                      data)
{
  self->events = events;
  self->data = data;
  if (!events)
    ahoy_conversation_set_older (self, FALSE, FALSE);
}

AhoyTarget
ahoy_conversation_get_target (AhoyConversation *self)
{
  return self->kind == AHOY_TARGET_ROOM ? ahoy_target_room (self->room) : ahoy_target_person (ahoy_person_get_skeleton (self->person));
}

AhoyTarget
ahoy_conversation_get_addressee (AhoyConversation *self)
{
  return self->kind == AHOY_TARGET_ROOM ? ahoy_target_room (self->room) : ahoy_target_person (ahoy_person_get_name (self->person));
}

guint
ahoy_conversation_merge (AhoyConversation *self,
                         GPtrArray        *messages)
{
  return ahoy_message_log_merge (self->log, messages);
}

AhoyMessage *
ahoy_conversation_find (AhoyConversation *self,
                        const AhoyPlace  *place)
{
  return ahoy_message_log_find (self->log, place);
}

void
ahoy_conversation_raise_states (AhoyConversation *self,
                                const char       *name,
                                guint64           id,
                                AhoyMessageState  state)
{
  AhoyMessage *message;

  for (guint i = 0; (message = ahoy_message_log_peek (self->log, i)); i++)
    {
      const AhoyMessageState now = ahoy_message_get_state (message);

      if (ahoy_message_is_own (message) && ahoy_message_is_private (message) && ahoy_message_get_id (message) != 0 &&
          ahoy_message_get_id (message) <= id && (now == AHOY_MESSAGE_SENT || now == AHOY_MESSAGE_DELIVERED) && now < state &&
          ahoy_name_equal (ahoy_message_get_to (message), name))
        ahoy_message_set_state (message, state);
    }
}

void
ahoy_conversation_restore_unread (AhoyConversation *self,
                                  guint             unread,
                                  AhoyMessage      *first_unread)
{
  set_unread (self, self->attended ? 0 : unread);
  set_first_unread (self, first_unread);
}

void
ahoy_conversation_part (AhoyConversation *self,
                        guint64           first,
                        guint             parting)
{
  ahoy_message_log_part (self->log, first, parting);
}

void
ahoy_conversation_rejoin (AhoyConversation *self,
                          const AhoyPlace  *copy,
                          guint64           id)
{
  ahoy_message_log_rejoin (self->log, copy, id);
}

const AhoyPlace *
ahoy_conversation_trim (AhoyConversation *self,
                        guint             keep,
                        guint             slack)
{
  AhoyMessage     *first = NULL;
  AhoyMessage     *oldest;
  const AhoyPlace *place;

  if (self->held || ahoy_message_log_trim (self->log, keep, slack) == 0)
    return NULL;
  oldest = ahoy_message_log_get_oldest (self->log);
  if (!oldest)
    return NULL;
  place = ahoy_message_get_place (oldest);
  if (self->first_unread && ahoy_place_compare (ahoy_message_get_place (self->first_unread), place) < 0)
    {
      for (guint i = 0; !first || !ahoy_message_has_place (first); i++)
        first = ahoy_message_log_peek (self->log, i);
      set_first_unread (self, first);
    }
  return place;
}

void
ahoy_conversation_set_older (AhoyConversation *self,
                             gboolean          has_older,
                             gboolean          loading)
{
  const gboolean had_older = self->has_older;
  const gboolean was_loading = self->loading_older;

  self->has_older = has_older;
  self->loading_older = loading;
  if (had_older != has_older)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HAS_OLDER]);
  if (was_loading != loading)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING_OLDER]);
}

void
ahoy_conversation_set_older_failed (AhoyConversation *self,
                                    gboolean          failed)
{
  if (self->older_failed == !!failed)
    return;
  self->older_failed = !!failed;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_OLDER_FAILED]);
}

static void
count (AhoyConversation *self,
       AhoyMessage      *message)
{
  if (self->attended)
    return;
  if (self->unread == 0)
    set_first_unread (self, message);
  set_unread (self, self->unread + 1);
}

void
ahoy_conversation_append (AhoyConversation *self,
                          AhoyMessage      *message,
                          gboolean          counts)
{
  ahoy_message_log_append (self->log, message);
  if (counts)
    count (self, message);
}

void
ahoy_conversation_insert (AhoyConversation *self,
                          AhoyMessage      *message,
                          gboolean          counts)
{
  AhoyMessage          *newest = ahoy_message_log_get_newest (self->log);
  g_autoptr (GPtrArray) alone = NULL;

  if (!newest || ahoy_place_compare (ahoy_message_get_place (newest), ahoy_message_get_place (message)) < 0)
    {
      ahoy_conversation_append (self, message, counts);
      return;
    }
  alone = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (alone, g_object_ref (message));
  if (ahoy_message_log_merge (self->log, alone) > 0 && counts)
    count (self, message);
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
  const guint64 id = ahoy_message_get_id (message);
  AhoyMessage  *newest = ahoy_message_log_get_newest (self->log);

  if (id != 0 && newest && id <= ahoy_message_get_place (newest)->id)
    { /* the server had it long ago: others stand behind it, and perhaps it stands there too */
      g_autoptr (GPtrArray) alone = g_ptr_array_new_with_free_func (g_object_unref);

      g_ptr_array_add (alone, g_object_ref (message));
      ahoy_message_log_remove_waiting (self->log, message);
      if (ahoy_place_compare (ahoy_message_get_place (message), ahoy_message_get_place (ahoy_message_log_get_oldest (self->log))) > 0)
        ahoy_message_log_merge (self->log, alone);
      return;
    }
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
  ahoy_conversation_set_older_failed (self, FALSE);
  ahoy_conversation_set_older (self, FALSE, FALSE);
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
