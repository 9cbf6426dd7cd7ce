/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

#include "core/chat/ahoy-client.h"

G_BEGIN_DECLS

/* What the widgets that show something of a client have in common. Property "client" (AhoyClient or NULL; read-write; notify). */

#define AHOY_TYPE_CLIENT_BIN (ahoy_client_bin_get_type ())
G_DECLARE_DERIVABLE_TYPE (AhoyClientBin, ahoy_client_bin, AHOY, CLIENT_BIN, AdwBin)

struct _AhoyClientBinClass {
  AdwBinClass parent_class;

  /* Another client is there, or none any more. Nullable. */
  void (*client_changed) (AhoyClientBin *self);
};

/* Returns: (transfer none) (nullable). */
AhoyClient *ahoy_client_bin_get_client (AhoyClientBin *self);

/* For init: @callback is called with @self first, and then with what the client's @signal ("notify::state") brings; whichever client there
 * is, and none once @self is disposed of. */
void ahoy_client_bin_follow (AhoyClientBin *self,
                             const char    *signal,
                             GCallback      callback);

G_END_DECLS
