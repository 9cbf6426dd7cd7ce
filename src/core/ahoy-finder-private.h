/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* For tests: the same search, faster or slower. */

#pragma once

#include "core/ahoy-finder.h"

G_BEGIN_DECLS

#define AHOY_FINDER_ATTEMPTS 4
/* The first attempt (from 0) in which people who are online are asked too: no server has answered for 600 ms then. */
#define AHOY_FINDER_HELP_FROM 2

/* Milliseconds from the start of the search. */
typedef struct {
  guint attempts[AHOY_FINDER_ATTEMPTS];
  guint give_up;
  guint give_up_typed; /* when one address was typed: it can be tried directly */
  guint window;        /* after the first reply */
  guint sweep;         /* when the addresses of small subnets are asked one by one, if nobody answered until then; 0: never */
  guint sweep_turn;    /* between two of its batches */
  guint sweep_settle;  /* after its last one */
} AhoyFinderTiming;

/* From the next search on; of one that is under way, what has not begun yet. */
void ahoy_finder_set_timing (AhoyFinder             *self,
                             const AhoyFinderTiming *timing);

/* The domains whose name servers are asked, instead of this computer's. NULL: those. From the next search on. */
void ahoy_finder_set_domains (AhoyFinder        *self,
                              const char *const *domains);

G_END_DECLS
