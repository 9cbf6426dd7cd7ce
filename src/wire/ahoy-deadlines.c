/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One timer for any number of deadlines of one length. */

#include "wire/ahoy-deadlines.h"

typedef struct {
  GSource        source;
  AhoyDeadlines *deadlines; /* Borrowed: it owns this */
} TimerSource;

static AhoyDeadline *
first (AhoyDeadlines *self)
{
  GList *link = g_queue_peek_head_link (&self->queue);

  return link != NULL ? (AhoyDeadline *) link : NULL;
}

static gboolean
on_timer (GSource    *source,
          GSourceFunc callback,
          gpointer    data)
{
  AhoyDeadlines *self = ((TimerSource *) source)->deadlines;
  AhoyPoll      *poll = ahoy_poll_ref (self->poll);
  gint64         now = g_get_monotonic_time ();
  AhoyDeadline  *next;

  while ((next = first (self)) != NULL && next->at <= now)
    {
      gpointer owner = next->link.data;

      ahoy_deadline_unset (next);
      self->passed (owner);
    }
  g_source_set_ready_time (source, next != NULL ? next->at : -1);
  ahoy_poll_unref (poll);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs timer_funcs = { .dispatch = on_timer };

void
ahoy_deadlines_init (AhoyDeadlines *self,
                     AhoyPoll      *poll,
                     guint          span_ms,
                     void (*passed) (gpointer owner))
{
  *self = (AhoyDeadlines){ .passed = passed, .poll = poll, .span_ms = span_ms };
  self->timer = g_source_new (&timer_funcs, sizeof (TimerSource));
  ((TimerSource *) self->timer)->deadlines = self;
  g_source_set_static_name (self->timer, "AhoyDeadlines");
  g_source_attach (self->timer, ahoy_poll_get_context (poll));
}

void
ahoy_deadlines_clear (AhoyDeadlines *self)
{
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

guint
ahoy_deadlines_count (AhoyDeadlines *self)
{
  return self->queue.length;
}

void
ahoy_deadline_set (AhoyDeadline  *self,
                   AhoyDeadlines *in,
                   gpointer       owner)
{
  g_assert (self->in == NULL);

  self->in = in;
  self->at = g_get_monotonic_time () + in->span_ms * G_TIME_SPAN_MILLISECOND;
  self->link = (GList){ .data = owner };
  if (g_queue_is_empty (&in->queue))
    g_source_set_ready_time (in->timer, self->at);
  g_queue_push_tail_link (&in->queue, &self->link);
}

void
ahoy_deadline_unset (AhoyDeadline *self)
{
  if (self->in != NULL)
    g_queue_unlink (&g_steal_pointer (&self->in)->queue, &self->link);
}
