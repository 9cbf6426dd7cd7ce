/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the clock can be believed when it says that something is old. A computer without a battery starts in 1970, somebody types the wrong
 * year, a time server is wrong for an hour: whoever deletes by such a clock deletes everything.
 *
 * It is told now and then what the clock says, and finds jumps: while the server runs, by comparison with a clock that cannot jump; at the
 * start, with what it said last. After a jump the clock is not believed until it has held for AHOYD_CLOCK_HOLD_MS while a server ran,
 * however often that was started meanwhile. All times are in milliseconds. Pure: it knows no clock. */

/* More than this in either direction is a jump, less is somebody who sets it right. */
#define AHOYD_CLOCK_TOLERANCE_MS (G_GINT64_CONSTANT (60) * 60 * 1000)
/* A server that was not running for longer may as well have a clock that jumped. */
#define AHOYD_CLOCK_GAP_MS (G_GINT64_CONSTANT (7) * 24 * 60 * 60 * 1000)
#define AHOYD_CLOCK_HOLD_MS (G_GINT64_CONSTANT (7) * 24 * 60 * 60 * 1000)

typedef struct {
  gint64 real;    /* what the clock says: since 1970 UTC */
  gint64 elapsed; /* since whatever, without jumps */
} AhoydClockSample;

/* What is known from before this start. */
typedef struct {
  gboolean is_known; /* else: nothing was ever kept that could be deleted, so any clock will do */
  gint64   real;     /* what the clock said last */
  gint64   held;     /* for how long it had held by then */
} AhoydClockPast;

typedef struct {
  AhoydClockSample last;
  gint64           held; /* for how long the clock has held; at most AHOYD_CLOCK_HOLD_MS */
} AhoydClockWatch;

/* Both return: whether the clock has jumped. */
gboolean ahoyd_clock_watch_start (AhoydClockWatch        *watch,
                                  const AhoydClockPast   *past,
                                  const AhoydClockSample *now);
gboolean ahoyd_clock_watch_feed (AhoydClockWatch        *watch,
                                 const AhoydClockSample *now);

gboolean ahoyd_clock_watch_is_trusted (const AhoydClockWatch *watch);

G_END_DECLS
