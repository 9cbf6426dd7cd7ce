/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much of something one may have: a token bucket, of whatever unit. Nothing is refused for it: whoever takes more than there is takes it on
 * credit and is in debt, which time pays off; what that means is the user's matter. Exact: no part of a unit is lost however often one takes,
 * and nothing overflows. Pure. */

typedef struct {
  guint64 rate;  /* units a second; 0: any number, nobody is ever in debt */
  guint64 burst; /* units at once, after a pause */
} AhoydQuotaTerms;

/* All zero: nothing was taken yet. */
typedef struct {
  /*< private >*/
  guint64 used; /* units × µs (so a second's rate is rate × 1000000 of these) that time has not given back, at @at */
  gint64  at;
} AhoydQuota;

/* Takes @cost (0: only looks) at @now (monotonic µs), also on credit. Returns: µs until the debt is paid; 0: there is none. */
gint64 ahoyd_quota_take (AhoydQuota            *quota,
                         const AhoydQuotaTerms *terms,
                         guint64                cost,
                         gint64                 now);
/* Whether at @now all is as if nothing had ever been taken. */
gboolean ahoyd_quota_is_full (AhoydQuota            *quota,
                              const AhoydQuotaTerms *terms,
                              gint64                 now);

G_END_DECLS
