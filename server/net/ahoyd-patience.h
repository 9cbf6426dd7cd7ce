/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long the others wait for one receiver when much is announced at once: nobody who takes what comes as fast as a wire brings it is to be cut off for
 * being behind, and nobody is to stop the talk. Pure.
 *
 * Whoever is more than AHOYD_PATIENCE_BEHIND behind is waited for, for AHOYD_PATIENCE_US in all and besides as long as they take AHOYD_PATIENCE_RATE: a wait
 * that is used up comes back only with bytes that are taken. A portion waits for AHOYD_PACE_FREE_US as long as somebody takes so much. Any other wait, for who
 * takes nothing at the moment or for longer, is on credit: there is one for all receivers, since they may be as many as somebody likes, and always new ones.
 * It is AHOYD_PACE_CREDIT_US and comes back in AHOYD_PACE_BACK times that. And no portion waits longer than AHOYD_PACE_PORTION_US, whoever is behind. */

/* Bytes. */
#define AHOYD_PATIENCE_BEHIND (1024 * 1024)
/* Bytes a second: a wire of ten megabits brings more. */
#define AHOYD_PATIENCE_RATE (1024 * 1024)
#define AHOYD_PATIENCE_US (G_GINT64_CONSTANT (250) * 1000)
#define AHOYD_PACE_FREE_US (G_GINT64_CONSTANT (10) * 1000)
#define AHOYD_PACE_PORTION_US (G_GINT64_CONSTANT (100) * 1000)
#define AHOYD_PACE_CREDIT_US (G_GINT64_CONSTANT (1000) * 1000)
#define AHOYD_PACE_BACK 8
/* Until it is looked again. */
#define AHOYD_PACE_LOOK_US (G_GINT64_CONSTANT (5) * 1000)

/* With one receiver. Zero it. */
typedef struct {
  gint64  used;   /* microseconds that the others have waited, less what was taken for it */
  gint64  waited; /* monotonic time of the last look, when the others are waiting; 0: they are not */
  guint64 taken;  /* bytes, at the last look at which they were behind */
} AhoydPatience;

typedef enum {
  AHOYD_PATIENCE_NONE,  /* nobody waits for them */
  AHOYD_PATIENCE_STILL, /* they take too little at the moment, and are waited for all the same */
  AHOYD_PATIENCE_TAKES, /* they take so much since the last look */
} AhoydPatienceVerdict;

/* Whether the others wait (on) for a receiver who is behind by so much, and has @taken so many bytes in all, at @now (monotonic µs). */
AhoydPatienceVerdict ahoyd_patience_look (AhoydPatience *patience,
                                          guint64        taken,
                                          gint64         now);
/* They are not behind. */
void ahoyd_patience_rest (AhoydPatience *patience);

/* With all of them. Zero it. */
typedef struct {
  gint64   since;     /* monotonic time when the wait for this portion began; 0: not yet */
  gint64   looked;    /* and of the last look */
  gint64   owed;      /* microseconds that were waited on credit, less what has come back */
  gboolean on_credit; /* since the last look */
} AhoydPace;

/* @most: the highest verdict of all who are behind. Returns: microseconds until the next look; 0: the portion comes now. */
gint64 ahoyd_pace_look (AhoydPace           *pace,
                        AhoydPatienceVerdict most,
                        gint64               now);

G_END_DECLS
