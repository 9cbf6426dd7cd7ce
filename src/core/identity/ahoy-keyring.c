/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Our own identity in a profile. */

#include "core/identity/ahoy-keyring-private.h"

enum {
  PROP_0,
  PROP_KEY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

struct _AhoyKeyring {
  GObject parent_instance;

  /* Owned */
  char         *path;
  AhoyIdentity *identity;
};

G_DEFINE_FINAL_TYPE (AhoyKeyring, ahoy_keyring, G_TYPE_OBJECT)

static void
ahoy_keyring_get_property (GObject    *object,
                           guint       property,
                           GValue     *value,
                           GParamSpec *spec)
{
  AhoyKeyring *self = AHOY_KEYRING (object);

  switch (property)
    {
    case PROP_KEY:
      g_value_set_string (value, ahoy_keyring_get_key (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
}

static void
ahoy_keyring_finalize (GObject *object)
{
  AhoyKeyring *self = AHOY_KEYRING (object);

  g_clear_pointer (&self->path, g_free);
  g_clear_object (&self->identity);

  G_OBJECT_CLASS (ahoy_keyring_parent_class)->finalize (object);
}

static void
ahoy_keyring_class_init (AhoyKeyringClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ahoy_keyring_get_property;
  object_class->finalize = ahoy_keyring_finalize;

  properties[PROP_KEY] = g_param_spec_string ("key", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ahoy_keyring_init (AhoyKeyring *self)
{
}

/* @identity: (transfer full) (nullable). */
static AhoyKeyring *
keyring_new (const char   *path,
             AhoyIdentity *identity)
{
  AhoyKeyring *self;

  if (identity == NULL)
    return NULL;
  self = g_object_new (AHOY_TYPE_KEYRING, NULL);
  self->path = g_strdup (path);
  self->identity = identity;
  return self;
}

AhoyKeyring *
ahoy_keyring_open (const char *path,
                   const char *common_name,
                   GError    **error)
{
  g_return_val_if_fail (path != NULL && common_name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return keyring_new (path, ahoy_identity_load_or_create (path, common_name, error));
}

AhoyKeyring *
ahoy_keyring_restore (const char *path,
                      const char *file,
                      const char *passphrase,
                      GError    **error)
{
  g_return_val_if_fail (path != NULL && file != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return keyring_new (path, ahoy_identity_import (file, passphrase, path, error));
}

const char *
ahoy_keyring_get_key (AhoyKeyring *self)
{
  g_return_val_if_fail (AHOY_IS_KEYRING (self), NULL);

  return ahoy_identity_get_fingerprint (self->identity);
}

AhoyIdentity *
ahoy_keyring_get_identity (AhoyKeyring *self)
{
  g_return_val_if_fail (AHOY_IS_KEYRING (self), NULL);

  return self->identity;
}

gboolean
ahoy_keyring_export (AhoyKeyring *self,
                     const char  *path,
                     const char  *passphrase,
                     GError     **error)
{
  g_return_val_if_fail (AHOY_IS_KEYRING (self), FALSE);
  g_return_val_if_fail (path != NULL && passphrase != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return ahoy_identity_export (self->identity, path, passphrase, error);
}

gboolean
ahoy_keyring_import (AhoyKeyring *self,
                     const char  *file,
                     const char  *passphrase,
                     GError     **error)
{
  g_autoptr (AhoyIdentity) identity = NULL;

  g_return_val_if_fail (AHOY_IS_KEYRING (self), FALSE);
  g_return_val_if_fail (file != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  identity = ahoy_identity_import (file, passphrase, self->path, error);
  if (identity == NULL)
    return FALSE;
  if (g_set_object (&self->identity, identity))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEY]);
  return TRUE;
}
