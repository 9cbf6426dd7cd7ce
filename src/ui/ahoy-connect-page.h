/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ui/ahoy-page.h"

G_BEGIN_DECLS

/* States 1 and 5: one's name, Connect, and quieter ways. Property "problem" (string, read-only; notify): what is wrong with the name; NULL: nothing. */

#define AHOY_TYPE_CONNECT_PAGE (ahoy_connect_page_get_type ())
G_DECLARE_FINAL_TYPE (AhoyConnectPage, ahoy_connect_page, AHOY, CONNECT_PAGE, AhoyPage)

G_END_DECLS
