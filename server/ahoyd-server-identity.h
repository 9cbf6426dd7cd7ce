/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-config.h"
#include "wire/ahoy-identity.h"

G_BEGIN_DECLS

/* Whose server this is: the operator's pair of key and certificate, or the key in the data folder. */

/* Of the server in @folder; with @make a folder that was never used gets its key.
 * Returns: (transfer full): NULL with a GError whose message is a sentence for the operator. */
AhoyIdentity *ahoyd_server_identity_open (const AhoydConfig *config,
                                          const char        *folder,
                                          gboolean           make,
                                          GError           **error);

/* Whether a key was ever made in @folder. */
gboolean ahoyd_server_identity_was_made (const char *folder);

/* --show-id: prints the id, the four words and the file with the key of the server that @config means, running or not. */
gboolean ahoyd_server_identity_show (const AhoydConfig *config,
                                     GError           **error);

G_END_DECLS
