/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* So many answers a second to one source. */

#include "net/ahoyd-throttle.h"

#define SLOT_BITS 10
#define N_SLOTS (1u << SLOT_BITS)

struct _AhoydThrottle {
  /* Owned */
  gint64 *times; /* N_SLOTS rings of per_second times; 0: never */
  guint16 next[N_SLOTS];
  guint   per_second;
  guint64 secret;
};

/* The finalizer of MurmurHash3, for 64 bits. */
static guint64
mix (guint64 hash)
{
  hash = (hash ^ (hash >> 33)) * G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
  hash = (hash ^ (hash >> 33)) * G_GUINT64_CONSTANT (0xc4ceb9fe1a85ec53);
  return hash ^ (hash >> 33);
}

static guint
slot_of (AhoydThrottle *self,
         guint64        first,
         guint64        second)
{
  return mix (mix (first ^ self->secret) ^ second) >> (64 - SLOT_BITS);
}

AhoydThrottle *
ahoyd_throttle_new (guint   per_second,
                    guint64 secret)
{
  AhoydThrottle *self;

  g_return_val_if_fail (per_second > 0 && per_second <= G_MAXUINT16, NULL);

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
                      guint64        first,
                      guint64        second,
                      gint64         now)
{
  guint   slot = slot_of (throttle, first, second);
  gint64 *oldest = &throttle->times[slot * throttle->per_second + throttle->next[slot]];

  if (*oldest != 0 && now - *oldest < G_USEC_PER_SEC)
    return FALSE;
  *oldest = now;
  throttle->next[slot] = (throttle->next[slot] + 1) % throttle->per_second;
  return TRUE;
}
