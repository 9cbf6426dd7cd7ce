/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

#include "core/connection/ahoy-server.h"

G_BEGIN_DECLS

/* One server in the list to choose from. Property "server" (AhoyServer or NULL; read-write; notifies also when something about it changes). */

#define AHOY_TYPE_SERVER_ROW (ahoy_server_row_get_type ())
G_DECLARE_FINAL_TYPE (AhoyServerRow, ahoy_server_row, AHOY, SERVER_ROW, AdwActionRow)

AhoyServer *ahoy_server_row_get_server (AhoyServerRow *self);

G_END_DECLS
