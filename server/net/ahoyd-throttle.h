/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* So many answers a second to one source, and no more, in a table that never grows: a source's answers are counted in the slot its hash
 * gives, and sources that share a slot share what it allows. The hash has a secret, so that nobody can choose who that is. Pure. */

typedef struct _AhoydThrottle AhoydThrottle;

/* @per_second: at most G_MAXUINT16. Returns: (transfer full). */
AhoydThrottle *ahoyd_throttle_new (guint   per_second,
                                   guint64 secret);
void           ahoyd_throttle_free (AhoydThrottle *throttle);

/* Whether the source of these two halves (an IPv4 address and 0, or what there is of an IPv6 address) may have another answer at @now
 * (monotonic µs): then it counts. In no second are there more than @per_second. */
gboolean ahoyd_throttle_allow (AhoydThrottle *throttle,
                               guint64        first,
                               guint64        second,
                               gint64         now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydThrottle, ahoyd_throttle_free)

G_END_DECLS
