/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a store knows the time from. Both functions: any thread; milliseconds. */
typedef struct {
  gint64 (*real) (gpointer data);    /* since 1970 UTC, as far as the computer knows; it may jump */
  gint64 (*elapsed) (gpointer data); /* since whatever; it never jumps, and goes on while the computer sleeps */
  gpointer data;
} AhoydClock;

/* The computer's clock. */
extern const AhoydClock ahoyd_clock_of_computer;

G_END_DECLS
