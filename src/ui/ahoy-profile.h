/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-database.h"
#include "core/connection/ahoy-known-servers.h"
#include "core/identity/ahoy-keyring.h"
#include "ui/ahoy-settings.h"

G_BEGIN_DECLS

/* What is kept of a person on this disk: who they are, which servers they know, what was said. Main thread.
 *
 * Property "history-problem": a sentence why what is said is not kept; NULL: it is (notify). */

typedef enum {
  AHOY_PROFILE_FINE,
  AHOY_PROFILE_NO_IDENTITY, /* there is none, or a broken one, where one was used */
  AHOY_PROFILE_NO_PINS,     /* the known servers cannot be read */
} AhoyProfileState;

#define AHOY_TYPE_PROFILE (ahoy_profile_get_type ())
G_DECLARE_FINAL_TYPE (AhoyProfile, ahoy_profile, AHOY, PROFILE, GObject)

AhoyProfile *ahoy_profile_new (AhoySettings *settings);

/* Opens what is not open yet. A first start makes an identity; later nothing takes the place of one that is gone. Without the history people can talk all
 * the same.
 * Returns: what stands in the way, with the @path (out) (transfer full) of the file and an @error. */
AhoyProfileState ahoy_profile_open (AhoyProfile *self,
                                    char       **path,
                                    GError     **error);
/* What waits for the disk is written. Whoever uses the history must have ended. */
void ahoy_profile_close (AhoyProfile *self);

/* Returns: (transfer none) (nullable). */
AhoyDatabase     *ahoy_profile_get_history (AhoyProfile *self);
AhoyKeyring      *ahoy_profile_get_keyring (AhoyProfile *self);
AhoyKnownServers *ahoy_profile_get_pins (AhoyProfile *self);
const char       *ahoy_profile_get_history_problem (AhoyProfile *self);

G_END_DECLS
