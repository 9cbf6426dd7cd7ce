/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Opens the files of a profile. */

#include "ahoy-config.h"

#include "ui/ahoy-profile.h"

#include "core/chat/ahoy-client.h"
#include "ui/ahoy-error-text.h"

/* In the certificate, where everybody on the network may read it: nobody's name. */
#define COMMON_NAME "ahoy"

struct _AhoyProfile {
  GObject parent_instance;

  /* Owned */
  AhoySettings     *settings;
  AhoyDatabase     *history; /* NULL: it could not be opened */
  AhoyKeyring      *keyring;
  AhoyKnownServers *known_servers;
  char             *history_problem;
};

enum {
  PROP_0,
  PROP_HISTORY_PROBLEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyProfile, ahoy_profile, G_TYPE_OBJECT)

static void
ahoy_profile_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_HISTORY_PROBLEM:
      g_value_set_string (value, AHOY_PROFILE (object)->history_problem);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_profile_dispose (GObject *object)
{
  AhoyProfile *self = AHOY_PROFILE (object);

  ahoy_profile_close (self);
  g_clear_object (&self->known_servers);
  g_clear_object (&self->keyring);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (ahoy_profile_parent_class)->dispose (object);
}

static void
ahoy_profile_class_init (AhoyProfileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ahoy_profile_dispose;
  object_class->get_property = ahoy_profile_get_property;

  properties[PROP_HISTORY_PROBLEM] = g_param_spec_string ("history-problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ahoy_profile_init (AhoyProfile *self)
{
}

AhoyProfile *
ahoy_profile_new (AhoySettings *settings)
{
  AhoyProfile *self;

  g_return_val_if_fail (AHOY_IS_SETTINGS (settings), NULL);

  self = g_object_new (AHOY_TYPE_PROFILE, NULL);
  self->settings = g_object_ref (settings);

  return self;
}

/* @error: NULL: there is none any more. */
static void
set_history_problem (AhoyProfile  *self,
                     const GError *error)
{
  g_autofree char *path = ahoy_settings_dup_history_path (self->settings);

  g_free (self->history_problem);
  self->history_problem = error != NULL ? ahoy_error_text_history_problem (error, path, self->history != NULL) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HISTORY_PROBLEM]);
}

static void
on_history_failed (const GError *error,
                   gpointer      data)
{
  set_history_problem (data, error);
}

static void
open_history (AhoyProfile *self)
{
  g_autofree char   *path = ahoy_settings_dup_history_path (self->settings);
  g_autoptr (GError) error = NULL;

  self->history = ahoy_client_open_history (path, on_history_failed, self, &error);
  if (self->history == NULL)
    set_history_problem (self, error);
}

AhoyProfileState
ahoy_profile_open (AhoyProfile *self,
                   char       **path,
                   GError     **error)
{
  g_autofree char *identity_path = NULL;
  g_autofree char *pins_path = NULL;

  g_return_val_if_fail (AHOY_IS_PROFILE (self), AHOY_PROFILE_NO_IDENTITY);

  identity_path = ahoy_settings_dup_identity_path (self->settings);
  pins_path = ahoy_settings_dup_pins_path (self->settings);
  if (self->keyring == NULL)
    self->keyring = ahoy_keyring_open (identity_path, COMMON_NAME, error);
  if (self->keyring == NULL)
    {
      *path = g_steal_pointer (&identity_path);
      return AHOY_PROFILE_NO_IDENTITY;
    }

  if (self->known_servers == NULL)
    self->known_servers = ahoy_known_servers_open (pins_path, error);
  if (self->known_servers == NULL)
    {
      *path = g_steal_pointer (&pins_path);
      return AHOY_PROFILE_NO_PINS;
    }

  if (self->history == NULL)
    open_history (self);

  return AHOY_PROFILE_FINE;
}

void
ahoy_profile_close (AhoyProfile *self)
{
  g_return_if_fail (AHOY_IS_PROFILE (self));

  g_clear_pointer (&self->history, ahoy_database_close);
  g_clear_pointer (&self->history_problem, g_free);
}

AhoyDatabase *
ahoy_profile_get_history (AhoyProfile *self)
{
  g_return_val_if_fail (AHOY_IS_PROFILE (self), NULL);

  return self->history;
}

AhoyKeyring *
ahoy_profile_get_keyring (AhoyProfile *self)
{
  g_return_val_if_fail (AHOY_IS_PROFILE (self), NULL);

  return self->keyring;
}

AhoyKnownServers *
ahoy_profile_get_pins (AhoyProfile *self)
{
  g_return_val_if_fail (AHOY_IS_PROFILE (self), NULL);

  return self->known_servers;
}

const char *
ahoy_profile_get_history_problem (AhoyProfile *self)
{
  g_return_val_if_fail (AHOY_IS_PROFILE (self), NULL);

  return self->history_problem;
}
