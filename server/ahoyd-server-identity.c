/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whose server this is. */

#include "ahoyd-server-identity.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "ahoyd-data-dir.h"
#include "control/ahoyd-asked.h"
#include "wire/ahoy-verification-words.h"

#define KEY_NAME "server.pem"
/* Beside it, see ahoy-identity.h. */
#define ID_NAME "server.id"

static gboolean
is_missing (const char *folder,
            const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_access (path, F_OK) < 0 && errno == ENOENT;
}

gboolean
ahoyd_server_identity_was_made (const char *folder)
{
  g_return_val_if_fail (folder != NULL, FALSE);

  return !is_missing (folder, KEY_NAME) || !is_missing (folder, ID_NAME);
}

AhoyIdentity *
ahoyd_server_identity_open (const AhoydConfig *config,
                            const char        *folder,
                            gboolean           make,
                            GError           **error)
{
  g_autofree char *path = g_build_filename (folder, KEY_NAME, NULL);

  g_return_val_if_fail (config != NULL, NULL);

  if (config->tls_key != NULL)
    return ahoy_identity_load_pair (config->tls_key, config->tls_certificate, error);
  if (!make && !ahoyd_server_identity_was_made (folder))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no key in '%s' yet: it is made when a server first starts there",
                   folder);
      return NULL;
    }
  return ahoy_identity_load_or_create (path, config->name, error);
}

gboolean
ahoyd_server_identity_show (const AhoydConfig *config,
                            GError           **error)
{
  /* With a key of the operator's own it is no matter which folder that would be. */
  g_autofree char         *folder = config->tls_key != NULL ? ahoyd_data_dir_choose (config->data_dir) : ahoyd_asked_folder (config, error);
  g_autoptr (AhoyIdentity) identity = NULL;
  g_autofree char         *path = NULL;
  g_autofree char         *words = NULL;

  if (folder == NULL)
    return FALSE;
  path = config->tls_key != NULL ? g_strdup (config->tls_key) : g_build_filename (folder, KEY_NAME, NULL);
  identity = ahoyd_server_identity_open (config, folder, FALSE, error);
  if (identity == NULL)
    return FALSE;
  words = ahoy_verification_words_join (ahoy_identity_get_id (identity));
  g_print ("id     %s\nwords  %s\nkey    %s\n", ahoy_identity_get_id (identity), words, path);
  return TRUE;
}
