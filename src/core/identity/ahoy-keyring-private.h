/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/identity/ahoy-keyring.h"
#include "wire/ahoy-identity.h"

G_BEGIN_DECLS

/* Returns: (transfer none): what to show in a handshake. Another one after "notify::key". */
AhoyIdentity *ahoy_keyring_get_identity (AhoyKeyring *self);

G_END_DECLS
