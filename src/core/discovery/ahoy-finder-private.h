/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the finder shares with its rungs and with tests. */

#pragma once

#include "core/discovery/ahoy-finder.h"

G_BEGIN_DECLS

/* The first attempt (from 0) in which people who are online are asked too: no server has answered for 600 ms then. */
#define AHOY_FINDER_HELP_FROM 2

/* The domains whose name servers are asked, instead of this computer's. NULL: those. From the next search on. */
void ahoy_finder_set_domains (AhoyFinder        *self,
                              const char *const *domains);

G_END_DECLS
