/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A range is some bytes of a larger whole. It borrows @bytes: whoever keeps a range takes a reference to them. */
typedef struct {
  GBytes *bytes;
  guint32 start;
  guint32 size;
} AhoyRange;

/* Returns: the range of all @bytes, which are fewer than 4 GiB. */
static inline AhoyRange
ahoy_range_all (GBytes *bytes)
{
  return (AhoyRange){ .bytes = bytes, .size = (guint32) g_bytes_get_size (bytes) };
}

/* Returns: whether @range begins where @before ends. */
static inline gboolean
ahoy_range_follows (const AhoyRange *range,
                    const AhoyRange *before)
{
  return range->bytes == before->bytes && range->start == before->start + before->size;
}

/* A chunk is a stretch of memory to which encoded frames for one and the same audience are appended, so that what waits for a receiver is
 * one range and not a reference to each frame. What was appended never changes or moves. Whoever is in the audience gets nearly all of a
 * chunk, so a range that somebody keeps does not keep much that nobody waits for.
 *
 * All zero is empty and owns no memory. Not thread-safe. */
typedef struct {
  /*< private >*/
  GBytes *bytes; /* AHOY_CHUNK_SIZE */
  guint8 *data;
  guint32 used;
} AhoyChunk;

#define AHOY_CHUNK_SIZE 32768u
/* A larger frame stays alone, so little is left over at the end of a chunk. */
#define AHOY_CHUNK_FRAME_MAX 4096u

/* Appends a copy of @frame, which is not empty; to fresh memory when it does not fit into what is left. Frames larger than AHOY_CHUNK_FRAME_MAX
 * are not copied.
 * Returns: where it is now; valid until the next is appended, or for as long as @frame. */
AhoyRange ahoy_chunk_append (AhoyChunk *self,
                             GBytes    *frame);
/* Ranges that others keep stay as they are. */
void ahoy_chunk_clear (AhoyChunk *self);

G_END_DECLS
