/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What tests see of a connector. */

#pragma once

#include "core/connector/ahoy-connector.h"
#include "core/connector/ahoy-server-search.h"
#include "core/connector/ahoy-try-again.h"

G_BEGIN_DECLS

/* Returns: (transfer none): of this connector, as long as it is. */
AhoyServerSearch *ahoy_connector_get_search (AhoyConnector *self);
AhoyTryAgain     *ahoy_connector_get_try_again (AhoyConnector *self);

G_END_DECLS
