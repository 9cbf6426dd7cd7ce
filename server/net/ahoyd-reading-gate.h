/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "wire/ahoy-link.h"

G_BEGIN_DECLS

/* Whether a link is read. It is, unless somebody has paused it, its peer is in debt, or it was shut for good. What a peer sends meanwhile stays in the kernel,
 * and in the end the peer's own writing waits. On the poll's context. */

/* Embedded in its owner. */
typedef struct {
  /*< private >*/
  AhoyLink     *link;    /* Borrowed */
  GMainContext *context; /* Borrowed */
  GSource      *debt;    /* runs out when all debts are paid; NULL: there are none */
  guint         paused;
  gboolean      shut;
} AhoydReadingGate;

/* @link, @context (borrowed): outlive the gate, which is open. */
void ahoyd_reading_gate_init (AhoydReadingGate *gate,
                              AhoyLink         *link,
                              GMainContext     *context);
/* The link is left as it is. */
void ahoyd_reading_gate_clear (AhoydReadingGate *gate);

/* Nothing is read until ahoyd_reading_gate_resume() was called as often. */
void ahoyd_reading_gate_pause (AhoydReadingGate *gate);
void ahoyd_reading_gate_resume (AhoydReadingGate *gate);
/* Nothing is read until @us microseconds from @now (monotonic µs) have passed; a longer debt stays. 0: nothing happens. */
void     ahoyd_reading_gate_owe (AhoydReadingGate *gate,
                                 gint64            us,
                                 gint64            now);
gboolean ahoyd_reading_gate_is_in_debt (const AhoydReadingGate *gate);
/* Nothing is read any more. */
void     ahoyd_reading_gate_shut (AhoydReadingGate *gate);
gboolean ahoyd_reading_gate_is_shut (const AhoydReadingGate *gate);
gboolean ahoyd_reading_gate_is_open (const AhoydReadingGate *gate);

G_END_DECLS
