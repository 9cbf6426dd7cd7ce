/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whether the server at the other end is still there. */

#include "core/connection/ahoy-keepalive.h"

void
ahoy_keepalive_init (AhoyKeepalive             *self,
                     const AhoyKeepaliveTiming *timing)
{
  *self = (AhoyKeepalive){ .timing = timing };
}

void
ahoy_keepalive_start (AhoyKeepalive *self,
                      AhoyMoment     at)
{
  ahoy_keepalive_init (self, self->timing);
  self->looked = at;
}

void
ahoy_keepalive_on_written (AhoyKeepalive *self,
                           gint64         now)
{
  self->written = now;
}

void
ahoy_keepalive_excuse (AhoyKeepalive *self,
                       gint64         until)
{
  self->excused_until = until;
}

gboolean
ahoy_keepalive_ask (AhoyKeepalive *self,
                    gint64         now)
{
  if (self->asked != 0)
    return FALSE;
  self->asked = now;
  return TRUE;
}

gboolean
ahoy_keepalive_is_silent (const AhoyKeepalive *self,
                          gint64               heard)
{
  return self->asked != 0 && heard <= self->asked;
}

/* Whether there is a reason to ask a server that has not been asked. */
static gboolean
is_suspect (const AhoyKeepalive *self,
            gint64               now,
            gint64               heard,
            gboolean             waits)
{
  if (now - heard >= ahoy_moment_us (self->timing->idle))
    return TRUE;
  return waits && self->written > heard && now - self->written >= ahoy_moment_us (self->timing->impatient);
}

AhoyKeepaliveLook
ahoy_keepalive_look (AhoyKeepalive *self,
                     AhoyMoment     at,
                     gint64         heard,
                     gboolean       waits,
                     gboolean       deaf)
{
  const gboolean slept = ahoy_moment_slept_since (at, self->looked);

  self->looked = at;
  if (deaf || at.now < self->excused_until || !ahoy_keepalive_is_silent (self, heard))
    self->asked = 0;
  if (deaf)
    return AHOY_KEEPALIVE_DEAF;
  if (self->asked == 0)
    {
      if (!slept && !is_suspect (self, at.now, heard, waits))
        return AHOY_KEEPALIVE_FINE;
      self->asked = at.now;
      return AHOY_KEEPALIVE_ASK;
    }
  if (at.now - self->asked >= ahoy_moment_us (self->timing->pong))
    return AHOY_KEEPALIVE_GONE;
  return at.now - self->asked >= ahoy_moment_us (self->timing->impatient) / 2 ? AHOY_KEEPALIVE_DOUBTFUL : AHOY_KEEPALIVE_ASKED;
}
