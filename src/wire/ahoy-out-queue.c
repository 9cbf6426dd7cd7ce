/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A ring of ranges of shared encoded frames. */

#include "wire/ahoy-out-queue.h"

#include <string.h>

#define SIZE_MIN 4u

static AhoyRange *
nth (AhoyOutQueue *self,
     guint         n)
{
  return &self->ring[(self->head + n) & (self->size - 1)];
}

static void
grow (AhoyOutQueue *self)
{
  guint size = MAX (SIZE_MIN, self->size * 2);

  self->ring = g_renew (AhoyRange, self->ring, size);
  /* What had wrapped round to the start now follows the old end. */
  if (self->head > 0)
    memcpy (self->ring + self->size, self->ring, self->head * sizeof *self->ring);
  self->size = size;
}

void
ahoy_out_queue_push (AhoyOutQueue    *self,
                     const AhoyRange *range)
{
  self->bytes += range->size;
  if (self->len > 0 && ahoy_range_follows (range, nth (self, self->len - 1)))
    {
      nth (self, self->len - 1)->size += range->size;
      return;
    }

  if (self->len == self->size)
    grow (self);
  g_bytes_ref (range->bytes);
  *nth (self, self->len++) = *range;
}

guint
ahoy_out_queue_gather (AhoyOutQueue *self,
                       struct iovec *vectors,
                       guint         max)
{
  guint n = MIN (self->len, max);

  for (guint i = 0; i < n; i++)
    {
      const AhoyRange *range = nth (self, i);
      const guint8    *data = g_bytes_get_data (range->bytes, NULL);

      vectors[i] = (struct iovec){ .iov_base = (guint8 *) data + range->start, .iov_len = range->size };
    }

  return n;
}

void
ahoy_out_queue_drop (AhoyOutQueue *self,
                     gsize         bytes)
{
  AhoyRange *first;

  g_assert (bytes <= self->bytes);

  if (bytes == self->bytes)
    {
      ahoy_out_queue_clear (self);
      return;
    }

  self->bytes -= bytes;
  for (first = nth (self, 0); bytes >= first->size; first = nth (self, 0))
    {
      bytes -= first->size;
      g_bytes_unref (first->bytes);
      self->head = (self->head + 1) & (self->size - 1);
      self->len--;
    }
  first->start += (guint32) bytes;
  first->size -= (guint32) bytes;
}

void
ahoy_out_queue_clear (AhoyOutQueue *self)
{
  for (guint i = 0; i < self->len; i++)
    g_bytes_unref (nth (self, i)->bytes);
  g_free (self->ring);
  *self = (AhoyOutQueue){ 0 };
}
