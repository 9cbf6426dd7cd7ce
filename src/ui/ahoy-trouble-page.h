/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ui/ahoy-page.h"

G_BEGIN_DECLS

/* A server is known, but there is no connection; or the own server did not start. */

#define AHOY_TYPE_TROUBLE_PAGE (ahoy_trouble_page_get_type ())
G_DECLARE_FINAL_TYPE (AhoyTroublePage, ahoy_trouble_page, AHOY, TROUBLE_PAGE, AhoyPage)

G_END_DECLS
