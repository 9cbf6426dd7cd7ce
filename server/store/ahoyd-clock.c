/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The computer's clock. */

#include "store/ahoyd-clock.h"

#include <time.h>

static gint64
get_real (gpointer data)
{
  return g_get_real_time () / 1000;
}

static gint64
get_elapsed (gpointer data)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const AhoydClock ahoyd_clock_of_computer = { get_real, get_elapsed, NULL };
