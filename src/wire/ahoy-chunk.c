/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Encoded frames, one behind the other in memory that queues share. */

#include "wire/ahoy-chunk.h"

#include <string.h>

G_STATIC_ASSERT (AHOY_CHUNK_FRAME_MAX <= AHOY_CHUNK_SIZE);

static void
begin (AhoyChunk *self)
{
  ahoy_chunk_clear (self);
  self->data = g_malloc (AHOY_CHUNK_SIZE);
  self->bytes = g_bytes_new_take (self->data, AHOY_CHUNK_SIZE);
}

AhoyRange
ahoy_chunk_append (AhoyChunk *self,
                   GBytes    *frame)
{
  gsize         size;
  gconstpointer data = g_bytes_get_data (frame, &size);
  AhoyRange     range;

  g_assert (size > 0);

  if (size > AHOY_CHUNK_FRAME_MAX)
    return ahoy_range_all (frame);
  if (self->bytes == NULL || size > AHOY_CHUNK_SIZE - self->used)
    begin (self);

  /* Nobody has been handed a range of what lies behind @used, so to others the bytes are as good as constant. */
  memcpy (self->data + self->used, data, size);
  range = (AhoyRange){ .bytes = self->bytes, .start = self->used, .size = (guint32) size };
  self->used += range.size;
  return range;
}

void
ahoy_chunk_clear (AhoyChunk *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  *self = (AhoyChunk){ 0 };
}
