/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Somebody on the server. */

#include "core/chat/ahoy-person-private.h"

struct _AhoyPerson {
  GObject parent_instance;

  /* Owned */
  char    *name;
  char    *skeleton;
  char    *away;
  char    *key;
  char    *known_key;
  gint64   known_since;
  guint    tint;
  gboolean online;
  gboolean is_self;
  gboolean verified;
  gboolean held; /* without a key, and yet nobody else's while they are away */
};

G_DEFINE_FINAL_TYPE (AhoyPerson, ahoy_person, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_NAME,
  PROP_ONLINE,
  PROP_SELF,
  PROP_AWAY,
  PROP_TINT,
  PROP_KEY,
  PROP_KNOWN_KEY,
  PROP_KNOWN_SINCE,
  PROP_CHANGED,
  PROP_VERIFIED,
  PROP_KEPT,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void
ahoy_person_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  AhoyPerson *self = AHOY_PERSON (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_ONLINE:
      g_value_set_boolean (value, self->online);
      break;
    case PROP_SELF:
      g_value_set_boolean (value, self->is_self);
      break;
    case PROP_AWAY:
      g_value_set_string (value, self->away);
      break;
    case PROP_TINT:
      g_value_set_uint (value, self->tint);
      break;
    case PROP_KEY:
      g_value_set_string (value, self->key);
      break;
    case PROP_KNOWN_KEY:
      g_value_set_string (value, self->known_key);
      break;
    case PROP_KNOWN_SINCE:
      g_value_set_int64 (value, self->known_since);
      break;
    case PROP_CHANGED:
      g_value_set_boolean (value, ahoy_person_get_changed (self));
      break;
    case PROP_VERIFIED:
      g_value_set_boolean (value, self->verified);
      break;
    case PROP_KEPT:
      g_value_set_boolean (value, ahoy_person_get_kept (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_person_finalize (GObject *object)
{
  AhoyPerson *self = AHOY_PERSON (object);

  g_free (self->name);
  g_free (self->skeleton);
  g_free (self->away);
  g_free (self->key);
  g_free (self->known_key);

  G_OBJECT_CLASS (ahoy_person_parent_class)->finalize (object);
}

static void
ahoy_person_class_init (AhoyPersonClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = ahoy_person_get_property;
  object_class->finalize = ahoy_person_finalize;

  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_ONLINE] = g_param_spec_boolean ("online", NULL, NULL, FALSE, flags);
  props[PROP_SELF] = g_param_spec_boolean ("self", NULL, NULL, FALSE, flags);
  props[PROP_AWAY] = g_param_spec_string ("away", NULL, NULL, NULL, flags);
  props[PROP_TINT] = g_param_spec_uint ("tint", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_KEY] = g_param_spec_string ("key", NULL, NULL, NULL, flags);
  props[PROP_KNOWN_KEY] = g_param_spec_string ("known-key", NULL, NULL, NULL, flags);
  props[PROP_KNOWN_SINCE] = g_param_spec_int64 ("known-since", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_CHANGED] = g_param_spec_boolean ("changed", NULL, NULL, FALSE, flags);
  props[PROP_VERIFIED] = g_param_spec_boolean ("verified", NULL, NULL, FALSE, flags);
  props[PROP_KEPT] = g_param_spec_boolean ("kept", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ahoy_person_init (AhoyPerson *self)
{
}

AhoyPerson *
ahoy_person_new (const char *name,
                 const char *skeleton)
{
  AhoyPerson *self = g_object_new (AHOY_TYPE_PERSON, NULL);

  self->name = g_strdup (name);
  self->skeleton = g_strdup (skeleton);
  self->tint = ahoy_tint_of (skeleton);
  return self;
}

/* FNV-1a: g_str_hash() promises nothing about the next GLib, and a colour that changes with an update is not steady. */
guint
ahoy_tint_of (const char *key_or_skeleton)
{
  guint32 hash = 2166136261u;

  for (const char *p = key_or_skeleton; *p; p++)
    hash = (hash ^ (guint8) *p) * 16777619u;
  return hash;
}

const char *
ahoy_person_get_name (AhoyPerson *self)
{
  g_return_val_if_fail (AHOY_IS_PERSON (self), NULL);

  return self->name;
}

gboolean
ahoy_person_get_online (AhoyPerson *self)
{
  g_return_val_if_fail (AHOY_IS_PERSON (self), FALSE);

  return self->online;
}

const char *
ahoy_person_get_away (AhoyPerson *self)
{
  g_return_val_if_fail (AHOY_IS_PERSON (self), NULL);

  return self->away;
}

guint
ahoy_person_get_tint (AhoyPerson *self)
{
  g_return_val_if_fail (AHOY_IS_PERSON (self), 0);

  return self->tint;
}

const char *
ahoy_person_get_key (AhoyPerson *self)
{
  g_return_val_if_fail (AHOY_IS_PERSON (self), NULL);

  return self->key;
}

const char *
ahoy_person_get_known_key (AhoyPerson *self)
{
  g_return_val_if_fail (AHOY_IS_PERSON (self), NULL);

  return self->known_key;
}

gint64
ahoy_person_get_known_since (AhoyPerson *self)
{
  g_return_val_if_fail (AHOY_IS_PERSON (self), 0);

  return self->known_since;
}

gboolean
ahoy_person_get_changed (AhoyPerson *self)
{
  g_return_val_if_fail (AHOY_IS_PERSON (self), FALSE);

  return self->known_key && g_strcmp0 (self->key, self->known_key) != 0;
}

gboolean
ahoy_person_get_verified (AhoyPerson *self)
{
  g_return_val_if_fail (AHOY_IS_PERSON (self), FALSE);

  return self->verified;
}

gboolean
ahoy_person_get_kept (AhoyPerson *self)
{
  g_return_val_if_fail (AHOY_IS_PERSON (self), FALSE);

  return self->key != NULL || self->held;
}

const char *
ahoy_person_get_skeleton (AhoyPerson *self)
{
  return self->skeleton;
}

void
ahoy_person_set_name (AhoyPerson *self,
                      const char *name)
{
  if (g_strcmp0 (self->name, name) == 0)
    return;
  g_free (self->name);
  self->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
}

void
ahoy_person_set_online (AhoyPerson *self,
                        gboolean    online)
{
  if (self->online == !!online)
    return;
  self->online = !!online;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ONLINE]);
}

void
ahoy_person_set_self (AhoyPerson *self,
                      gboolean    is_self)
{
  if (self->is_self == !!is_self)
    return;
  self->is_self = !!is_self;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELF]);
}

void
ahoy_person_set_away (AhoyPerson *self,
                      const char *away)
{
  if (g_strcmp0 (self->away, away) == 0)
    return;
  g_free (self->away);
  self->away = g_strdup (away);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AWAY]);
}

/* Returns: whether that changed anything. */
static gboolean
replace (char      **field,
         const char *value)
{
  char *copy;

  if (g_strcmp0 (*field, value) == 0)
    return FALSE;
  copy = g_strdup (value);
  g_free (*field);
  *field = copy;
  return TRUE;
}

void
ahoy_person_set_key (AhoyPerson *self,
                     const char *key,
                     const char *known,
                     gint64      known_since,
                     gboolean    verified)
{
  const gboolean changed = ahoy_person_get_changed (self);
  const gboolean kept = ahoy_person_get_kept (self);
  guint          tint;

  g_object_freeze_notify (G_OBJECT (self));
  if (replace (&self->key, key))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KEY]);
  if (replace (&self->known_key, known))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KNOWN_KEY]);
  if (self->known_since != known_since)
    {
      self->known_since = known_since;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KNOWN_SINCE]);
    }
  if (changed != ahoy_person_get_changed (self))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CHANGED]);
  if (self->verified != !!verified)
    {
      self->verified = !!verified;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VERIFIED]);
    }
  if (kept != ahoy_person_get_kept (self))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KEPT]);
  tint = ahoy_tint_of (self->key ? self->key : self->skeleton);
  if (self->tint != tint)
    {
      self->tint = tint;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TINT]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

void
ahoy_person_set_held (AhoyPerson *self,
                      gboolean    held)
{
  const gboolean kept = ahoy_person_get_kept (self);

  self->held = held;
  if (kept != ahoy_person_get_kept (self))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KEPT]);
}
