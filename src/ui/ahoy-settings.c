/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Settings and the places of files. */

#include "ahoy-config.h"

#include "ui/ahoy-settings.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "core/chat/ahoy-check.h"

struct _AhoySettings {
  GObject parent_instance;

  /* Owned */
  char      *data_dir;
  GSettings *store;
};

static void ahoy_settings_memory_init (AhoyMemoryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AhoySettings, ahoy_settings, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (AHOY_TYPE_MEMORY, ahoy_settings_memory_init))

static gboolean
may_be_name (const char *name)
{
  return name != NULL && g_utf8_validate (name, -1, NULL) && ahoy_check_name (name) == AHOY_NAME_PROBLEM_NONE;
}

static char *
ahoy_settings_dup_name (AhoyMemory *memory)
{
  AhoySettings    *self = AHOY_SETTINGS (memory);
  g_autofree char *saved = g_settings_get_string (self->store, "name");

  if (may_be_name (saved))
    return g_steal_pointer (&saved);
  /* GLib says "Unknown" where the account has no real name. */
  if (g_strcmp0 (g_get_real_name (), "Unknown") != 0 && may_be_name (g_get_real_name ()))
    return g_strdup (g_get_real_name ());
  if (may_be_name (g_get_user_name ()))
    return g_strdup (g_get_user_name ());

  return g_strdup ("");
}

static void
ahoy_settings_set_name (AhoyMemory *memory,
                        const char *name)
{
  g_settings_set_string (AHOY_SETTINGS (memory)->store, "name", name);
}

static gboolean
ahoy_settings_get_last_server (AhoyMemory *memory,
                               char      **host,
                               guint16    *port,
                               char      **id)
{
  g_autofree char *saved_host = NULL;
  g_autofree char *saved_id = NULL;

  g_settings_get (AHOY_SETTINGS (memory)->store, "last-server", "(sqs)", &saved_host, port, &saved_id);
  if (saved_host[0] == '\0' || *port == 0)
    return FALSE;

  *host = g_steal_pointer (&saved_host);
  *id = saved_id[0] != '\0' ? g_steal_pointer (&saved_id) : NULL;
  return TRUE;
}

static void
ahoy_settings_set_last_server (AhoyMemory *memory,
                               const char *host,
                               guint16     port,
                               const char *id)
{
  g_settings_set (AHOY_SETTINGS (memory)->store, "last-server", "(sqs)", host, port, id != NULL ? id : "");
}

static void
ahoy_settings_set_address (AhoyMemory *memory,
                           const char *address)
{
  g_settings_set_string (AHOY_SETTINGS (memory)->store, "address", address);
}

static guint16
ahoy_settings_get_discovery_port (AhoyMemory *memory)
{
  g_autoptr (GVariant) value = g_settings_get_value (AHOY_SETTINGS (memory)->store, "discovery-port");

  return g_variant_get_uint16 (value);
}

static char *
ahoy_settings_dup_server_dir (AhoyMemory *memory)
{
  return g_build_filename (AHOY_SETTINGS (memory)->data_dir, "server", NULL);
}

static void
ahoy_settings_memory_init (AhoyMemoryInterface *iface)
{
  iface->dup_name = ahoy_settings_dup_name;
  iface->set_name = ahoy_settings_set_name;
  iface->get_last_server = ahoy_settings_get_last_server;
  iface->set_last_server = ahoy_settings_set_last_server;
  iface->set_address = ahoy_settings_set_address;
  iface->get_discovery_port = ahoy_settings_get_discovery_port;
  iface->dup_server_dir = ahoy_settings_dup_server_dir;
}

static void
ahoy_settings_dispose (GObject *object)
{
  AhoySettings *self = AHOY_SETTINGS (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->data_dir, g_free);

  G_OBJECT_CLASS (ahoy_settings_parent_class)->dispose (object);
}

static void
ahoy_settings_class_init (AhoySettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ahoy_settings_dispose;
}

static void
ahoy_settings_init (AhoySettings *self)
{
}

static GSettingsSchema *
lookup_schema (GError **error)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  GSettingsSchema       *schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, AHOY_APP_ID, TRUE);
  if (schema == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("The settings schema %s is not installed (not installed yet? Start it with build-aux/run)"), AHOY_APP_ID);

  return schema;
}

AhoySettings *
ahoy_settings_new (const char *profile,
                   GError    **error)
{
  g_autoptr (AhoySettings)     self = g_object_new (AHOY_TYPE_SETTINGS, NULL);
  g_autoptr (GSettingsSchema)  schema = lookup_schema (error);
  g_autoptr (GSettingsBackend) backend = NULL;

  if (schema == NULL)
    return NULL;

  if (profile != NULL)
    {
      g_autofree char *file = g_build_filename (profile, "settings.ini", NULL);

      if (g_mkdir_with_parents (profile, 0700) < 0)
        {
          int code = errno;

          g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), _ ("The profile folder %s cannot be made: %s"), profile,
                       g_strerror (code));
          return NULL;
        }
      self->data_dir = g_strdup (profile);
      backend = g_keyfile_settings_backend_new (file, g_settings_schema_get_path (schema), "ahoy");
    }
  else
    self->data_dir = g_build_filename (g_get_user_data_dir (), "ahoy", NULL);
  self->store = g_settings_new_full (schema, backend, NULL);

  return g_steal_pointer (&self);
}

GSettings *
ahoy_settings_get_store (AhoySettings *self)
{
  g_return_val_if_fail (AHOY_IS_SETTINGS (self), NULL);

  return self->store;
}

static char *
dup_path (AhoySettings *self,
          const char   *name)
{
  g_mkdir_with_parents (self->data_dir, 0700); /* who opens the file says what is wrong */
  return g_build_filename (self->data_dir, name, NULL);
}

char *
ahoy_settings_dup_history_path (AhoySettings *self)
{
  g_return_val_if_fail (AHOY_IS_SETTINGS (self), NULL);

  return dup_path (self, "history.sqlite");
}

char *
ahoy_settings_dup_identity_path (AhoySettings *self)
{
  g_return_val_if_fail (AHOY_IS_SETTINGS (self), NULL);

  return dup_path (self, "identity.pem");
}

char *
ahoy_settings_dup_pins_path (AhoySettings *self)
{
  g_return_val_if_fail (AHOY_IS_SETTINGS (self), NULL);

  return dup_path (self, "known-servers");
}
