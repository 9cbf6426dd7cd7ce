/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* So many answers a second to one source. */

#include "ahoyd-throttle.h"

#define SLOT_BITS 10
#define N_SLOTS (1u << SLOT_BITS)

struct _AhoydThrottle {
  /* Owned */
  gint64 *times; /* N_SLOTS rings of per_second times; 0: never */
  guint8  next[N_SLOTS];
  guint   per_second;
  guint32 secret;
};

/* The finalizer of MurmurHash3. */
static guint
slot_of (AhoydThrottle *self,
         guint32        source)
{
  guint32 hash = source ^ self->secret;

  hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
  return (hash ^ (hash >> 16)) >> (32 - SLOT_BITS);
}

AhoydThrottle *
ahoyd_throttle_new (guint   per_second,
                    guint32 secret)
{
  AhoydThrottle *self;

  g_return_val_if_fail (per_second > 0 && per_second <= G_MAXUINT8, NULL);

  self = g_new0 (AhoydThrottle, 1);
  self->times = g_new0 (gint64, N_SLOTS * per_second);
  self->per_second = per_second;
  self->secret = secret;
  return self;
}

void
ahoyd_throttle_free (AhoydThrottle *throttle)
{
  g_return_if_fail (throttle != NULL);

  g_free (throttle->times);
  g_free (throttle);
}

gboolean
ahoyd_throttle_allow (AhoydThrottle *throttle,
                      guint32        source,
                      gint64         now)
{
  guint slot = slot_of (throttle, source);
  gint64 *oldest = &throttle->times[slot * throttle->per_second + throttle->next[slot]];

  if (*oldest != 0 && now - *oldest < G_USEC_PER_SEC)
    return FALSE;
  *oldest = now;
  throttle->next[slot] = (throttle->next[slot] + 1) % throttle->per_second;
  return TRUE;
}
