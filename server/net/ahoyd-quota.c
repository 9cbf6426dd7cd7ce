/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How much of something one may have. */

#include "net/ahoyd-quota.h"

static guint64
times (guint64 a,
       guint64 b)
{
  guint64 product;

  return g_uint64_checked_mul (&product, a, b) ? product : G_MAXUINT64;
}

static guint64
plus (guint64 a,
      guint64 b)
{
  guint64 sum;

  return g_uint64_checked_add (&sum, a, b) ? sum : G_MAXUINT64;
}

/* What time has given back by @now. A time before the last one changes nothing. */
static void
refill (AhoydQuota            *quota,
        const AhoydQuotaTerms *terms,
        gint64                 now)
{
  if (now <= quota->at)
    return;
  quota->used -= MIN (quota->used, times ((guint64) now - (guint64) quota->at, terms->rate));
  quota->at = now;
}

gint64
ahoyd_quota_take (AhoydQuota            *quota,
                  const AhoydQuotaTerms *terms,
                  guint64                cost,
                  gint64                 now)
{
  guint64 free_of_debt;
  guint64 debt;

  g_return_val_if_fail (quota != NULL && terms != NULL, 0);

  if (terms->rate == 0)
    return 0;
  refill (quota, terms, now);
  quota->used = plus (quota->used, times (cost, G_USEC_PER_SEC));
  free_of_debt = times (terms->burst, G_USEC_PER_SEC);
  if (quota->used <= free_of_debt)
    return 0;
  debt = quota->used - free_of_debt;
  debt = debt / terms->rate + (debt % terms->rate > 0);
  return (gint64) MIN (debt, (guint64) G_MAXINT64);
}

gboolean
ahoyd_quota_is_full (AhoydQuota            *quota,
                     const AhoydQuotaTerms *terms,
                     gint64                 now)
{
  g_return_val_if_fail (quota != NULL && terms != NULL, TRUE);

  if (terms->rate == 0)
    return TRUE;
  refill (quota, terms, now);
  return quota->used == 0;
}
