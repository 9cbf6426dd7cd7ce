/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Where nothing worked: Try Again, Connect to an Address…, Host a Chat Here. */

#define AHOY_TYPE_WAYS_FORWARD (ahoy_ways_forward_get_type ())
G_DECLARE_FINAL_TYPE (AhoyWaysForward, ahoy_ways_forward, AHOY, WAYS_FORWARD, AdwBin)

G_END_DECLS
