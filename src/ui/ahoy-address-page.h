/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ui/ahoy-page.h"

G_BEGIN_DECLS

/* An address is typed. Page of step ADDRESS. */

#define AHOY_TYPE_ADDRESS_PAGE (ahoy_address_page_get_type ())
G_DECLARE_FINAL_TYPE (AhoyAddressPage, ahoy_address_page, AHOY, ADDRESS_PAGE, AhoyPage)

G_END_DECLS
