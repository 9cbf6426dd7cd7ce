/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ui/ahoy-page.h"

G_BEGIN_DECLS

/* State 4: nobody answered; what happened on each network, why that probably is, and what to do. */

#define AHOY_TYPE_NONE_FOUND_PAGE (ahoy_none_found_page_get_type ())
G_DECLARE_FINAL_TYPE (AhoyNoneFoundPage, ahoy_none_found_page, AHOY, NONE_FOUND_PAGE, AhoyPage)

G_END_DECLS
