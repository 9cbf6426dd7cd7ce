/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <sys/uio.h>

#include "wire/ahoy-chunk.h"

G_BEGIN_DECLS

/* An out queue is what waits for one peer: ranges of encoded frames, each with a reference to the bytes, which other peers' queues share. A
 * range that follows the last one makes that longer and takes no place of its own. Empty it owns no memory. All zero is empty. */

typedef struct {
  AhoyRange *ring;
  guint      head; /* index of the first */
  guint      len;
  guint      size;  /* of the ring; a power of two, or 0 */
  gsize      bytes; /* that wait */
} AhoyOutQueue;

/* Takes a reference. @range is not empty. */
void ahoy_out_queue_push (AhoyOutQueue    *self,
                          const AhoyRange *range);
/* Fills at most @max vectors from the front; valid until the queue changes.
 * Returns: how many were filled. */
guint ahoy_out_queue_gather (AhoyOutQueue *self,
                             struct iovec *vectors,
                             guint         max);
/* Drops @bytes from the front, at most those that wait. */
void ahoy_out_queue_drop (AhoyOutQueue *self,
                          gsize         bytes);
void ahoy_out_queue_clear (AhoyOutQueue *self);

G_END_DECLS
