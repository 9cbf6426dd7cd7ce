/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How much work one session may make. */

#include "ahoyd-quota.h"

gint64
ahoyd_quota_take (AhoydQuota *quota,
                  guint       cost,
                  gint64      now)
{
  const gint64 burst = (gint64) AHOYD_QUOTA_BURST * G_USEC_PER_SEC / AHOYD_QUOTA_RATE;

  quota->full_at = MAX (quota->full_at, now) + (gint64) cost * G_USEC_PER_SEC / AHOYD_QUOTA_RATE;
  return MAX (quota->full_at - now - burst, 0);
}

guint
ahoyd_quota_of_time (gint64 us)
{
  return (guint) CLAMP (us * AHOYD_QUOTA_TIME_SHARE * AHOYD_QUOTA_RATE / G_USEC_PER_SEC, 0, G_MAXINT);
}
