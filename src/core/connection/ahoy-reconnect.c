/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* When a server that was lost is tried again. */

#include "core/connection/ahoy-reconnect.h"

void
ahoy_reconnect_init (AhoyReconnect             *self,
                     const AhoyReconnectTiming *timing)
{
  *self = (AhoyReconnect){ .timing = timing };
}

void
ahoy_reconnect_reset (AhoyReconnect *self)
{
  ahoy_reconnect_init (self, self->timing);
}

static void
plan (AhoyReconnect *self,
      AhoyMoment     at,
      double         lot)
{
  guint delay = self->timing->first;

  for (guint i = 0; i < self->attempts && delay < self->timing->max; i++)
    delay *= 2;
  delay = MIN (delay, self->timing->max);
  delay = MIN ((guint) (delay * (0.75 + 0.5 * lot)), self->timing->max);
  self->attempts++;
  self->due = at.now + ahoy_moment_us (delay);
  self->planned = at;
}

void
ahoy_reconnect_on_online (AhoyReconnect *self,
                          gint64         now)
{
  self->due = 0;
  self->refused_since = 0;
  self->online_since = now;
}

void
ahoy_reconnect_on_lost (AhoyReconnect *self,
                        AhoyMoment     at,
                        double         lot,
                        gboolean       whole)
{
  if (whole && at.now - self->online_since >= ahoy_moment_us (self->timing->stable))
    self->attempts = 0;
  plan (self, at, lot);
}

void
ahoy_reconnect_on_failed (AhoyReconnect *self,
                          AhoyMoment     at,
                          double         lot)
{
  if (self->due == 0)
    plan (self, at, lot);
}

gboolean
ahoy_reconnect_on_refused (AhoyReconnect *self,
                           AhoyMoment     at,
                           double         lot)
{
  if (self->refused_since == 0)
    self->refused_since = at.now;
  if (at.now - self->refused_since >= ahoy_moment_us (self->timing->ghost))
    {
      ahoy_reconnect_give_up (self);
      return FALSE;
    }
  plan (self, at, lot);
  return TRUE;
}

void
ahoy_reconnect_on_changed (AhoyReconnect *self)
{
  self->attempts = 0;
}

void
ahoy_reconnect_on_attempt (AhoyReconnect *self)
{
  self->due = 0;
}

void
ahoy_reconnect_give_up (AhoyReconnect *self)
{
  self->due = 0;
  self->refused_since = 0;
}

AhoyReconnectLook
ahoy_reconnect_look (AhoyReconnect *self,
                     AhoyMoment     at)
{
  if (self->due == 0)
    return AHOY_RECONNECT_WAIT;
  if (ahoy_moment_slept_since (at, self->planned))
    {
      self->attempts = 0;
      return AHOY_RECONNECT_GO_AWAKE;
    }
  return at.now < self->due ? AHOY_RECONNECT_WAIT : AHOY_RECONNECT_GO;
}

guint
ahoy_reconnect_get_seconds (const AhoyReconnect *self,
                            gint64               now)
{
  const gint64 left = self->due == 0 ? 0 : MAX (self->due - now, 0);

  return (left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
}

gint64
ahoy_reconnect_get_deadline (const AhoyReconnect *self,
                             gint64               now)
{
  const guint seconds = ahoy_reconnect_get_seconds (self, now);

  return seconds > 1 ? self->due - (seconds - 1) * G_USEC_PER_SEC : self->due;
}
