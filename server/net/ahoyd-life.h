/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

#include "wire/ahoy-limits.h"

G_BEGIN_DECLS

/* Whether a peer is still there. PROTOCOL.md, "Keep-alive". Two things show it: what it takes, and, when there is nothing for it to take, what it
 * says. One that says much and takes nothing is not there. Pure. */

/* Microseconds in which a peer for which something waits must have taken it, or as many bytes of it as these. */
#define AHOYD_LIFE_TAKE_US (AHOY_TAKE_MS * G_TIME_SPAN_MILLISECOND)
#define AHOYD_LIFE_TAKE_BYTES AHOY_TAKE_BYTES
/* Microseconds without a word from a peer that is not read, after which it hears from us: it may be asking whether we are there. */
#define AHOYD_LIFE_GREET_US (5 * G_TIME_SPAN_SECOND)

/* All zero: not looked at yet. */
typedef struct {
  /*< private >*/
  gint64  since;  /* when the time began in which it must take something; 0: nothing waits */
  guint64 before; /* bytes that it had taken then */
  guint64 wanted; /* bytes that it must take */
  guint64 taken;  /* at the last look */
  gint64  asked;  /* 0: not yet */
} AhoydLife;

/* What there is to see of it. Times are monotonic µs, never 0. */
typedef struct {
  gint64   heard;       /* when it said something last */
  guint64  taken;       /* bytes that have arrived there, in all */
  guint64  outstanding; /* and that have not */
  gboolean can_answer;  /* it would answer a question */
  gboolean is_read;     /* and be heard */
} AhoydLifeSigns;

typedef enum {
  AHOYD_LIFE_THERE,
  AHOYD_LIFE_ASK, /* it must be asked whether it is */
  AHOYD_LIFE_LOST,
} AhoydLifeVerdict;

/* Looks whether the peer is there; to be called every few seconds. */
AhoydLifeVerdict ahoyd_life_look (AhoydLife            *life,
                                  const AhoydLifeSigns *signs,
                                  gint64                now);

G_END_DECLS
