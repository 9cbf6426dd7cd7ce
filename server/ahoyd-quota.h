/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much work one session may make for the server: a token bucket. The unit is one frame handed to one peer, so that talking to two people
 * costs little and flooding a thousand costs much. Nothing is refused for it: whoever is in debt is not read from until it is
 * paid, and the kernel pushes back on them. Generous: no person and no bench at the server's own pace ever meets it. Pure. */

/* Frames a second that one session may cause, and how many at once after a pause. */
#define AHOYD_QUOTA_RATE 500000
#define AHOYD_QUOTA_BURST 1000000

/* A session may have this part of a processor for what it looks up. */
#define AHOYD_QUOTA_TIME_SHARE 10
/* What it costs to look up one message. */
#define AHOYD_QUOTA_LOOKUP 25

typedef struct {
  gint64 full_at; /* monotonic µs at which the bucket is full again; in the past: it is */
} AhoydQuota;

/* Takes @cost at @now (monotonic µs), also on credit. Returns: µs until the debt is paid; 0: there is none. */
gint64 ahoyd_quota_take (AhoydQuota *quota,
                         guint       cost,
                         gint64      now);

/* What it costs that a processor was used for @us microseconds: so long that it is paid for when AHOYD_QUOTA_TIME_SHARE times that have passed. */
guint  ahoyd_quota_of_time (gint64 us);

G_END_DECLS
