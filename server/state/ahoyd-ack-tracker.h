/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whispers that were handed to a peer which cannot say that it has them: each has arrived when its last byte has. Pure. */

/* Zero it. */
typedef struct {
  /*< private >*/
  GArray *marks; /* Mark, in order; NULL: none */
} AhoydAckTracker;

/* More are not told apart: what came before the newest has arrived when that has. */
#define AHOYD_ACK_TRACKER_MAX 1024

/* Everything up to the whisper @id will have arrived when so many bytes have; neither is less than the last one's. */
void ahoyd_ack_tracker_add (AhoydAckTracker *ack_tracker,
                            guint64          id,
                            guint64          bytes);
/* So many bytes have arrived. Returns: the newest whisper of which that is news; 0: none. */
guint64 ahoyd_ack_tracker_take (AhoydAckTracker *ack_tracker,
                                guint64          bytes);
/* Whether anything is under way. */
gboolean ahoyd_ack_tracker_waits (const AhoydAckTracker *ack_tracker);
void     ahoyd_ack_tracker_clear (AhoydAckTracker *ack_tracker);

G_END_DECLS
