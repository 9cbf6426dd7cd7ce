/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whether a link is read. */

#include "net/ahoyd-reading-gate.h"

static void
update (AhoydReadingGate *self)
{
  ahoy_link_set_reading (self->link, ahoyd_reading_gate_is_open (self));
}

static void
clear_debt (AhoydReadingGate *self)
{
  if (self->debt != NULL)
    g_source_destroy (self->debt);
  g_clear_pointer (&self->debt, g_source_unref);
}

void
ahoyd_reading_gate_init (AhoydReadingGate *gate,
                         AhoyLink         *link,
                         GMainContext     *context)
{
  g_return_if_fail (gate != NULL && link != NULL);

  *gate = (AhoydReadingGate){ .link = link, .context = context };
}

void
ahoyd_reading_gate_clear (AhoydReadingGate *gate)
{
  g_return_if_fail (gate != NULL);

  clear_debt (gate);
}

void
ahoyd_reading_gate_pause (AhoydReadingGate *gate)
{
  g_return_if_fail (gate != NULL);

  gate->paused++;
  update (gate);
}

void
ahoyd_reading_gate_resume (AhoydReadingGate *gate)
{
  g_return_if_fail (gate != NULL && gate->paused > 0);

  gate->paused--;
  update (gate);
}

static gboolean
on_debt_paid (gpointer data)
{
  AhoydReadingGate *self = data;

  g_clear_pointer (&self->debt, g_source_unref);
  update (self);
  return G_SOURCE_REMOVE;
}

void
ahoyd_reading_gate_owe (AhoydReadingGate *gate,
                        gint64            us,
                        gint64            now)
{
  gint64 until;

  g_return_if_fail (gate != NULL && us >= 0);

  if (us == 0 || gate->shut)
    return;
  until = us < G_MAXINT64 - now ? now + us : G_MAXINT64;
  if (gate->debt != NULL)
    {
      g_source_set_ready_time (gate->debt, MAX (until, g_source_get_ready_time (gate->debt)));
      return;
    }
  gate->debt = g_timeout_source_new (0);
  g_source_set_ready_time (gate->debt, until);
  g_source_set_callback (gate->debt, on_debt_paid, gate, NULL);
  g_source_attach (gate->debt, gate->context);
  update (gate);
}

gboolean
ahoyd_reading_gate_is_in_debt (const AhoydReadingGate *gate)
{
  return gate->debt != NULL;
}

void
ahoyd_reading_gate_shut (AhoydReadingGate *gate)
{
  g_return_if_fail (gate != NULL);

  clear_debt (gate);
  gate->shut = TRUE;
  update (gate);
}

gboolean
ahoyd_reading_gate_is_shut (const AhoydReadingGate *gate)
{
  return gate->shut;
}

gboolean
ahoyd_reading_gate_is_open (const AhoydReadingGate *gate)
{
  return !gate->shut && gate->debt == NULL && gate->paused == 0;
}
