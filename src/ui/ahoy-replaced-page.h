/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ui/ahoy-page.h"

G_BEGIN_DECLS

/* The same person connected from somewhere else, which ended this connection; it comes back only when it is told to. */

#define AHOY_TYPE_REPLACED_PAGE (ahoy_replaced_page_get_type ())
G_DECLARE_FINAL_TYPE (AhoyReplacedPage, ahoy_replaced_page, AHOY, REPLACED_PAGE, AhoyPage)

G_END_DECLS
