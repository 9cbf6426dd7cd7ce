/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>
#include <sys/uio.h>

G_BEGIN_DECLS

/* What waits for one peer: references to encoded frames, which other peers' queues share, and how much of the first one is already
 * gone. Empty it owns no memory. All zero is empty. */

typedef struct {
  GBytes **ring;
  guint    head; /* index of the first */
  guint    len;
  guint    size;  /* of the ring; a power of two, or 0 */
  gsize    sent;  /* bytes of the first that are gone */
  gsize    bytes; /* that wait */
} AhoyOutQueue;

/* Takes a reference. @frame is not empty. */
void ahoy_out_queue_push (AhoyOutQueue *self,
                          GBytes       *frame);
/* Fills at most @max vectors from the front; valid until the queue changes.
 * Returns: how many were filled. */
guint ahoy_out_queue_gather (AhoyOutQueue *self,
                             struct iovec *vectors,
                             guint         max);
/* Drops @bytes from the front. */
void ahoy_out_queue_drop (AhoyOutQueue *self,
                          gsize         bytes);
void ahoy_out_queue_clear (AhoyOutQueue *self);

G_END_DECLS
