/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

#include "core/connector/ahoy-connector.h"

G_BEGIN_DECLS

/* "Your Identity" in the preferences: one's own four words; taking the identity to another computer and getting it from there. Property "connector"
 * (AhoyConnector, read-write; notify); not there without a keyring. */

#define AHOY_TYPE_IDENTITY_GROUP (ahoy_identity_group_get_type ())
G_DECLARE_FINAL_TYPE (AhoyIdentityGroup, ahoy_identity_group, AHOY, IDENTITY_GROUP, AdwPreferencesGroup)

/* What the choosers lead to. Tells the result in the window it is in. */
void ahoy_identity_group_export (AhoyIdentityGroup *self,
                                 const char        *path,
                                 const char        *passphrase);
/* A wrong passphrase is asked for again; one who was online connects again as who they are now. */
void ahoy_identity_group_import (AhoyIdentityGroup *self,
                                 const char        *path,
                                 const char        *passphrase);

G_END_DECLS
