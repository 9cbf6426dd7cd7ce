/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ui/ahoy-page.h"

G_BEGIN_DECLS

/* A full stop: the server is not the one that is known, or is less than it was. Says both sets of words, and lets a person accept it deliberately. */

#define AHOY_TYPE_CHANGED_PAGE (ahoy_changed_page_get_type ())
G_DECLARE_FINAL_TYPE (AhoyChangedPage, ahoy_changed_page, AHOY, CHANGED_PAGE, AhoyPage)

G_END_DECLS
