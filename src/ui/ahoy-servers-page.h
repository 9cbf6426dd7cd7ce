/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ui/ahoy-page.h"

G_BEGIN_DECLS

/* State 3: several servers answered, one is chosen. */

#define AHOY_TYPE_SERVERS_PAGE (ahoy_servers_page_get_type ())
G_DECLARE_FINAL_TYPE (AhoyServersPage, ahoy_servers_page, AHOY, SERVERS_PAGE, AhoyPage)

G_END_DECLS
