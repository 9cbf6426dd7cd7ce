/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "core/ahoy-core-enums.h"

G_BEGIN_DECLS

/* What is tried again with nobody asking for it: because some time has passed, or because the network is another one now. Main thread.
 *
 * Where nobody was found it goes on looking, rarer and rarer. A network that has just come up is seldom whole at once (addresses, then names), so what
 * came to nothing in spite of a change is tried a few times more. It knows no server: it is told the step, and says what to do.
 *
 * Signals:
 *   "retry" (): what was tried last is to be tried again;
 *   "look-quietly" (gboolean sweeps): is to be looked beside what is shown; ahoy_try_again_go_on() when that has found nobody. */

/* Milliseconds. */
typedef struct {
  guint settle;   /* after a sign that the network changed */
  guint least;    /* between two searches where nobody was found; it grows with the time that nobody is … */
  guint most;     /* … but no longer than this */
  guint patience; /* unattended, after another trouble */
} AhoyTryAgainTiming;

#define AHOY_TRY_AGAIN_PATIENCE_S 30

#define AHOY_TYPE_TRY_AGAIN (ahoy_try_again_get_type ())
G_DECLARE_FINAL_TYPE (AhoyTryAgain, ahoy_try_again, AHOY, TRY_AGAIN, GObject)

AhoyTryAgain *ahoy_try_again_new (void);

/* Each call is a change: whatever was planned is not any more. */
void ahoy_try_again_set_step (AhoyTryAgain *self,
                              AhoyStep      step,
                              AhoyTrouble   trouble);
/* Nobody looks: trouble is tried again by itself, and a list is no reason to wait. */
void     ahoy_try_again_set_unattended (AhoyTryAgain *self,
                                        gboolean      unattended);
gboolean ahoy_try_again_get_unattended (AhoyTryAgain *self);
/* A quiet search has found nobody: the next one is planned. */
void ahoy_try_again_go_on (AhoyTryAgain *self);

/* For tests. @timing: copied. */
void ahoy_try_again_set_timing (AhoyTryAgain             *self,
                                const AhoyTryAgainTiming *timing);
/* Whether it will do something by itself, the network staying as it is. */
gboolean ahoy_try_again_is_planned (AhoyTryAgain *self);
/* Whether the network has changed just now, and may change more. */
gboolean ahoy_try_again_is_settling (AhoyTryAgain *self);

G_END_DECLS
