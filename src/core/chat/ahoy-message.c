/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One line of a conversation. */

#include "core/chat/ahoy-message-private.h"

#include "wire/ahoy-frame.h"

#include "core/ahoy-core-enum-types.h"

struct _AhoyMessage {
  GObject parent_instance;

  /* Owned */
  char            *from;
  AhoyTarget       target; /* with a name of its own */
  char            *text;
  char            *cid;
  GPtrArray       *joined; /* char *, NULL-terminated; PRESENCE only, as "left" */
  GPtrArray       *left;
  gint64           time;
  AhoyPlace        place;
  guint            tint;
  AhoyMessageKind  kind;
  AhoyMessageState state;
  AhoyMessageFlags flags;
  gboolean         stray;
};

G_DEFINE_FINAL_TYPE (AhoyMessage, ahoy_message, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_KIND,
  PROP_STATE,
  PROP_FROM,
  PROP_TO,
  PROP_PRIVATE,
  PROP_OWN,
  PROP_MENTION,
  PROP_TEXT,
  PROP_TIME,
  PROP_TINT,
  PROP_JOINED,
  PROP_LEFT,
  PROP_ID,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void
ahoy_message_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  AhoyMessage *self = AHOY_MESSAGE (object);

  switch (id)
    {
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_FROM:
      g_value_set_string (value, self->from);
      break;
    case PROP_TO:
      g_value_set_string (value, self->target.person);
      break;
    case PROP_PRIVATE:
      g_value_set_boolean (value, ahoy_message_is_private (self));
      break;
    case PROP_OWN:
      g_value_set_boolean (value, ahoy_message_is_own (self));
      break;
    case PROP_MENTION:
      g_value_set_boolean (value, ahoy_message_is_mention (self));
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;
    case PROP_TINT:
      g_value_set_uint (value, self->tint);
      break;
    case PROP_JOINED:
      g_value_set_boxed (value, ahoy_message_get_joined (self));
      break;
    case PROP_LEFT:
      g_value_set_boxed (value, ahoy_message_get_left (self));
      break;
    case PROP_ID:
      g_value_set_uint64 (value, ahoy_message_get_id (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_message_finalize (GObject *object)
{
  AhoyMessage *self = AHOY_MESSAGE (object);

  g_free (self->from);
  g_free ((char *) self->target.person);
  g_free (self->text);
  g_free (self->cid);
  ahoy_place_clear (&self->place);
  g_clear_pointer (&self->joined, g_ptr_array_unref);
  g_clear_pointer (&self->left, g_ptr_array_unref);

  G_OBJECT_CLASS (ahoy_message_parent_class)->finalize (object);
}

static void
ahoy_message_class_init (AhoyMessageClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = ahoy_message_get_property;
  object_class->finalize = ahoy_message_finalize;

  props[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, AHOY_TYPE_MESSAGE_KIND, AHOY_MESSAGE_CHAT, flags);
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, AHOY_TYPE_MESSAGE_STATE, AHOY_MESSAGE_RECEIVED, flags);
  props[PROP_FROM] = g_param_spec_string ("from", NULL, NULL, NULL, flags);
  props[PROP_TO] = g_param_spec_string ("to", NULL, NULL, NULL, flags);
  props[PROP_PRIVATE] = g_param_spec_boolean ("private", NULL, NULL, FALSE, flags);
  props[PROP_OWN] = g_param_spec_boolean ("own", NULL, NULL, FALSE, flags);
  props[PROP_MENTION] = g_param_spec_boolean ("mention", NULL, NULL, FALSE, flags);
  props[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  props[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  props[PROP_TINT] = g_param_spec_uint ("tint", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_JOINED] = g_param_spec_boxed ("joined", NULL, NULL, G_TYPE_STRV, flags);
  props[PROP_LEFT] = g_param_spec_boxed ("left", NULL, NULL, G_TYPE_STRV, flags);
  props[PROP_ID] = g_param_spec_uint64 ("id", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ahoy_message_init (AhoyMessage *self)
{
}

static AhoyMessage *
message_new (AhoyMessageKind kind,
             const char     *text,
             gint64          time)
{
  AhoyMessage *self = g_object_new (AHOY_TYPE_MESSAGE, NULL);

  self->kind = kind;
  self->text = g_strdup (text);
  self->time = time;
  return self;
}

AhoyMessage *
ahoy_message_new_chat (const char      *from,
                       AhoyTarget       target,
                       const char      *text,
                       gint64           time,
                       guint            tint,
                       AhoyMessageFlags flags)
{
  AhoyMessage *self = message_new (AHOY_MESSAGE_CHAT, text, time);

  self->from = g_strdup (from);
  self->target = target;
  self->target.person = g_strdup (target.person);
  self->tint = tint;
  self->flags = flags;
  self->state = flags & AHOY_MESSAGE_OWN ? AHOY_MESSAGE_WAITING : AHOY_MESSAGE_RECEIVED;
  return self;
}

AhoyMessage *
ahoy_message_new_notice (const char *text,
                         gint64      time)
{
  return message_new (AHOY_MESSAGE_NOTICE, text, time);
}

AhoyMessage *
ahoy_message_new_plain (const char *text,
                        gint64      time)
{
  return message_new (AHOY_MESSAGE_PLAIN, text, time);
}

AhoyMessage *
ahoy_message_new_presence (gint64 time)
{
  AhoyMessage *self = message_new (AHOY_MESSAGE_PRESENCE, NULL, time);

  self->joined = g_ptr_array_new_null_terminated (1, g_free, TRUE);
  self->left = g_ptr_array_new_null_terminated (1, g_free, TRUE);
  return self;
}

AhoyMessage *
ahoy_message_new_set_back (gint64           time,
                           const AhoyPlace *place)
{
  AhoyMessage *self = message_new (AHOY_MESSAGE_SET_BACK, NULL, time);

  ahoy_message_set_place (self, place);
  return self;
}

AhoyMessage *
ahoy_message_new_about (AhoyMessageKind kind,
                        const char     *name,
                        gint64          time)
{
  AhoyMessage *self = message_new (kind, NULL, time);

  self->from = g_strdup (name);
  return self;
}

AhoyMessageKind
ahoy_message_get_kind (AhoyMessage *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE (self), AHOY_MESSAGE_PLAIN);

  return self->kind;
}

AhoyMessageState
ahoy_message_get_state (AhoyMessage *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE (self), AHOY_MESSAGE_RECEIVED);

  return self->state;
}

const char *
ahoy_message_get_from (AhoyMessage *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE (self), NULL);

  return self->from;
}

const char *
ahoy_message_get_to (AhoyMessage *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE (self), NULL);

  return self->target.person;
}

const char *
ahoy_message_get_text (AhoyMessage *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE (self), NULL);

  return self->text;
}

gboolean
ahoy_message_is_private (AhoyMessage *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE (self), FALSE);

  return ahoy_target_is_person (self->target);
}

gboolean
ahoy_message_is_own (AhoyMessage *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE (self), FALSE);

  return (self->flags & AHOY_MESSAGE_OWN) != 0;
}

gboolean
ahoy_message_is_mention (AhoyMessage *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE (self), FALSE);

  return (self->flags & AHOY_MESSAGE_MENTION) != 0;
}

gint64
ahoy_message_get_time (AhoyMessage *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE (self), 0);

  return self->time;
}

guint
ahoy_message_get_tint (AhoyMessage *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE (self), 0);

  return self->tint;
}

const char *const *
ahoy_message_get_joined (AhoyMessage *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE (self), NULL);

  return self->joined ? (const char *const *) self->joined->pdata : NULL;
}

const char *const *
ahoy_message_get_left (AhoyMessage *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE (self), NULL);

  return self->left ? (const char *const *) self->left->pdata : NULL;
}

guint64
ahoy_message_get_id (AhoyMessage *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE (self), 0);

  return self->place.path ? 0 : self->place.id;
}

AhoyTarget
ahoy_message_get_target (AhoyMessage *self)
{
  return self->target;
}

const char *
ahoy_message_get_cid (AhoyMessage *self)
{
  return self->cid;
}

void
ahoy_message_set_cid (AhoyMessage *self,
                      const char  *cid)
{
  char *copy = g_strdup (cid);

  g_free (self->cid);
  self->cid = copy;
}

gboolean
ahoy_message_get_stray (AhoyMessage *self)
{
  return self->stray;
}

void
ahoy_message_set_stray (AhoyMessage *self)
{
  self->stray = TRUE;
}

void
ahoy_message_set_id (AhoyMessage *self,
                     guint64      id)
{
  ahoy_message_set_place (self, &(AhoyPlace){ id, NULL });
}

const AhoyPlace *
ahoy_message_get_place (AhoyMessage *self)
{
  return &self->place;
}

void
ahoy_message_set_place (AhoyMessage     *self,
                        const AhoyPlace *place)
{
  const guint64 before = ahoy_message_get_id (self);

  if (ahoy_place_compare (&self->place, place) == 0)
    return;
  ahoy_place_set (&self->place, place->id, place->path);
  if (ahoy_message_get_id (self) != before)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ID]);
}

gboolean
ahoy_message_has_place (AhoyMessage *self)
{
  return self->place.id != 0 || self->place.path;
}

void
ahoy_message_set_state (AhoyMessage     *self,
                        AhoyMessageState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

void
ahoy_message_set_time (AhoyMessage *self,
                       gint64       time)
{
  if (self->time == time)
    return;
  self->time = time;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TIME]);
}

gboolean
ahoy_message_note_presence (AhoyMessage *self,
                            const char  *name,
                            gboolean     joined)
{
  GPtrArray *into = joined ? self->joined : self->left;
  GPtrArray *out_of = joined ? self->left : self->joined;
  guint      at;

  g_return_val_if_fail (self->kind == AHOY_MESSAGE_PRESENCE, TRUE);

  if (g_ptr_array_find_with_equal_func (out_of, name, g_str_equal, &at))
    {
      g_ptr_array_remove_index (out_of, at);
      g_object_notify_by_pspec (G_OBJECT (self), props[joined ? PROP_LEFT : PROP_JOINED]);
    }
  else if (!g_ptr_array_find_with_equal_func (into, name, g_str_equal, NULL))
    {
      g_ptr_array_add (into, g_strdup (name));
      g_object_notify_by_pspec (G_OBJECT (self), props[joined ? PROP_JOINED : PROP_LEFT]);
    }
  return self->joined->len > 0 || self->left->len > 0;
}

char *
ahoy_message_clean_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return g_strchomp (ahoy_text_clean (valid));
}
