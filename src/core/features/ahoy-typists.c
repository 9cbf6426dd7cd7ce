/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who is writing just now. */

#include "core/features/ahoy-typists.h"

struct _AhoyTypists {
  GObject parent_instance;

  /* Owned */
  GPtrArray *names; /* char *, NULL-terminated */
  GArray    *until; /* gint64 of each: g_get_monotonic_time() */
  guint      expire_id;
};

G_DEFINE_FINAL_TYPE (AhoyTypists, ahoy_typists, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_NAMES,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static G_DEFINE_QUARK (ahoy_typists, typists);

static void
ahoy_typists_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  if (id == PROP_NAMES)
    g_value_set_boxed (value, ahoy_typists_get_names (AHOY_TYPISTS (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ahoy_typists_finalize (GObject *object)
{
  AhoyTypists *self = AHOY_TYPISTS (object);

  g_clear_handle_id (&self->expire_id, g_source_remove);
  g_ptr_array_unref (self->names);
  g_array_unref (self->until);

  G_OBJECT_CLASS (ahoy_typists_parent_class)->finalize (object);
}

static void
ahoy_typists_class_init (AhoyTypistsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ahoy_typists_get_property;
  object_class->finalize = ahoy_typists_finalize;

  props[PROP_NAMES] = g_param_spec_boxed ("names", NULL, NULL, G_TYPE_STRV, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ahoy_typists_init (AhoyTypists *self)
{
  self->names = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  self->until = g_array_new (FALSE, FALSE, sizeof (gint64));
}

AhoyTypists *
ahoy_typists_of (AhoyConversation *conversation)
{
  AhoyTypists *self = g_object_get_qdata (G_OBJECT (conversation), typists_quark ());

  if (!self)
    {
      self = g_object_new (AHOY_TYPE_TYPISTS, NULL);
      g_object_set_qdata_full (G_OBJECT (conversation), typists_quark (), self, g_object_unref);
    }
  return self;
}

static void
notify (AhoyTypists *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAMES]);
}

static void
remove_at (AhoyTypists *self,
           guint        at)
{
  g_ptr_array_remove_index (self->names, at);
  g_array_remove_index (self->until, at);
}

static gboolean on_expire (gpointer data);

/* One timer, for whoever stops first. */
static void
plan (AhoyTypists *self)
{
  gint64 first = G_MAXINT64;

  g_clear_handle_id (&self->expire_id, g_source_remove);
  for (guint i = 0; i < self->until->len; i++)
    first = MIN (first, g_array_index (self->until, gint64, i));
  if (first != G_MAXINT64)
    self->expire_id = g_timeout_add (MAX (first - g_get_monotonic_time (), 0) / 1000 + 1, on_expire, self);
}

static gboolean
on_expire (gpointer data)
{
  AhoyTypists *self = data;
  const gint64 now = g_get_monotonic_time ();

  self->expire_id = 0;
  for (guint i = self->until->len; i > 0; i--)
    {
      if (g_array_index (self->until, gint64, i - 1) <= now)
        remove_at (self, i - 1);
    }
  plan (self);
  notify (self);
  return G_SOURCE_REMOVE;
}

void
ahoy_typists_note (AhoyTypists *self,
                   const char  *name,
                   guint        ms)
{
  const gint64 until = g_get_monotonic_time () + ms * G_GINT64_CONSTANT (1000);
  guint        at;

  if (g_ptr_array_find_with_equal_func (self->names, name, g_str_equal, &at))
    {
      g_array_index (self->until, gint64, at) = until;
      plan (self);
      return;
    }
  g_ptr_array_add (self->names, g_strdup (name));
  g_array_append_val (self->until, until);
  plan (self);
  notify (self);
}

void
ahoy_typists_drop (AhoyTypists *self,
                   const char  *name)
{
  guint at;

  if (!g_ptr_array_find_with_equal_func (self->names, name, g_str_equal, &at))
    return;
  remove_at (self, at);
  plan (self);
  notify (self);
}

void
ahoy_typists_clear (AhoyTypists *self)
{
  if (self->names->len == 0)
    return;
  g_ptr_array_set_size (self->names, 0);
  g_array_set_size (self->until, 0);
  plan (self);
  notify (self);
}

const char *const *
ahoy_typists_get_names (AhoyTypists *self)
{
  static const char *const nobody[] = { NULL };

  return self->names->len > 0 ? (const char *const *) self->names->pdata : nobody;
}
