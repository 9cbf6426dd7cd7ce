/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whether a configuration can be served with, as far as can be seen without serving. */

#define _GNU_SOURCE /* AT_EACCESS */

#include "control/ahoyd-check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "ahoyd-data-dir.h"
#include "wire/ahoy-identity.h"

/* Where the option stands goes before what is wrong with it. */
static gboolean
fail (const AhoydConfig *config,
      const char        *option,
      const char        *what,
      GError           **error)
{
  g_autofree char *place = ahoyd_config_dup_place (config, option);

  g_set_error (error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE, "%s: %s", place, what);
  return FALSE;
}

static gboolean
check_pair (const AhoydConfig *config,
            GError           **error)
{
  g_autoptr (GError)       inner = NULL;
  g_autoptr (AhoyIdentity) identity = NULL;

  if (config->tls_key == NULL)
    return TRUE;
  identity = ahoy_identity_load_pair (config->tls_key, config->tls_certificate, &inner);
  return identity != NULL || fail (config, "tls-key", inner->message, error);
}

/* A folder that is not there yet is made below one that is. */
static gboolean
check_folder (const AhoydConfig *config,
              GError           **error)
{
  g_autofree char *folder = ahoyd_data_dir_choose (config->data_dir);
  g_autofree char *there = g_canonicalize_filename (folder, NULL);
  g_autofree char *what = NULL;
  int              code;

  while (!g_file_test (there, G_FILE_TEST_EXISTS) && errno == ENOENT)
    {
      char *parent = g_path_get_dirname (there);

      g_free (there);
      there = parent;
    }
  code = faccessat (AT_FDCWD, there, W_OK | X_OK, AT_EACCESS) < 0 ? errno : 0;
  if (code == 0 && !g_file_test (there, G_FILE_TEST_IS_DIR))
    code = ENOTDIR;
  if (code == 0)
    return TRUE;
  what = g_strdup_printf ("the folder '%s' cannot be used: '%s': %s", folder, there, g_strerror (code));
  return fail (config, "data-dir", what, error);
}

static gboolean
check_addresses (const AhoydConfig *config,
                 GError           **error)
{
  for (guint i = 0; i < config->bind->len; i++)
    {
      GSocketAddress     *address = config->bind->pdata[i];
      g_autofree char    *text = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
      g_autoptr (GError)  inner = NULL;
      g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &inner);
      g_autofree char    *what = NULL;

      /* With any port: whether its own is free, only a start can tell. */
      if (socket != NULL && g_socket_bind (socket, address, FALSE, &inner))
        continue;
      what = g_strdup_printf ("'%s' cannot be served on here: %s", text, inner->message);
      return fail (config, "bind", what, error);
    }
  return TRUE;
}

gboolean
ahoyd_check_config (const AhoydConfig *config,
                    GError           **error)
{
  g_return_val_if_fail (config != NULL, FALSE);

  if (!check_pair (config, error) || !check_folder (config, error) || !check_addresses (config, error))
    return FALSE;
  if (config->file != NULL)
    printf ("'%s' is fine.\n", config->file);
  else
    printf ("The options are fine.\n");
  return TRUE;
}
