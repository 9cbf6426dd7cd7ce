/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

#include "core/connector/ahoy-connector.h"

G_BEGIN_DECLS

/* What the pages on the way to a chat have in common. Property "connector" (AhoyConnector; set once). */

#define AHOY_TYPE_PAGE (ahoy_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (AhoyPage, ahoy_page, AHOY, PAGE, AdwBin)

struct _AhoyPageClass {
  AdwBinClass parent_class;

  /* The connector is there. */
  void (*attached) (AhoyPage      *self,
                    AhoyConnector *connector);
  /* The connector entered @step. */
  void (*stepped) (AhoyPage *self,
                   AhoyStep  step);
};

/* Returns: (transfer none) (nullable): NULL only before it is attached. */
AhoyConnector *ahoy_page_get_connector (AhoyPage *self);
/* To be called in init. From then on @callback is called with @self, and what the signal brings, when the connector emits @signal ("notify::finder"); no more
 * once @self is disposed of. */
void ahoy_page_follow (AhoyPage   *self,
                       const char *signal,
                       GCallback   callback);

G_END_DECLS
