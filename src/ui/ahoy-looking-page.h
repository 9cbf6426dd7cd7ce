/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ui/ahoy-page.h"

G_BEGIN_DECLS

/* State 2: looking; also while connecting and while the own server starts. Cancel. */

#define AHOY_TYPE_LOOKING_PAGE (ahoy_looking_page_get_type ())
G_DECLARE_FINAL_TYPE (AhoyLookingPage, ahoy_looking_page, AHOY, LOOKING_PAGE, AhoyPage)

G_END_DECLS
