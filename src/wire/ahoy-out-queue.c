/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A ring of shared encoded frames. */

#include "wire/ahoy-out-queue.h"

#include <string.h>

#define SIZE_MIN 4u

static void
grow (AhoyOutQueue *self)
{
  guint size = MAX (SIZE_MIN, self->size * 2);

  self->ring = g_renew (GBytes *, self->ring, size);
  /* What had wrapped round to the start now follows the old end. */
  if (self->head > 0)
    memcpy (self->ring + self->size, self->ring, self->head * sizeof *self->ring);
  self->size = size;
}

void
ahoy_out_queue_push (AhoyOutQueue *self,
                     GBytes       *frame)
{
  if (self->len == self->size)
    grow (self);
  self->ring[(self->head + self->len) & (self->size - 1)] = g_bytes_ref (frame);
  self->len++;
  self->bytes += g_bytes_get_size (frame);
}

guint
ahoy_out_queue_gather (AhoyOutQueue *self,
                       struct iovec *vectors,
                       guint         max)
{
  guint n = MIN (self->len, max);

  for (guint i = 0; i < n; i++)
    {
      gsize       size;
      const char *data = g_bytes_get_data (self->ring[(self->head + i) & (self->size - 1)], &size);
      gsize       sent = i == 0 ? self->sent : 0;

      vectors[i] = (struct iovec){ .iov_base = (char *) data + sent, .iov_len = size - sent };
    }

  return n;
}

void
ahoy_out_queue_drop (AhoyOutQueue *self,
                     gsize         bytes)
{
  g_assert (bytes <= self->bytes);

  if (bytes == self->bytes)
    {
      ahoy_out_queue_clear (self);
      return;
    }

  self->bytes -= bytes;
  bytes += self->sent;
  for (;;)
    {
      GBytes *first = self->ring[self->head];
      gsize   size = g_bytes_get_size (first);

      if (bytes < size)
        break;
      bytes -= size;
      g_bytes_unref (first);
      self->head = (self->head + 1) & (self->size - 1);
      self->len--;
    }
  self->sent = bytes;
}

void
ahoy_out_queue_clear (AhoyOutQueue *self)
{
  for (guint i = 0; i < self->len; i++)
    g_bytes_unref (self->ring[(self->head + i) & (self->size - 1)]);
  g_free (self->ring);
  *self = (AhoyOutQueue){ 0 };
}
