/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What somebody, or some place, may send. */

#include "net/ahoyd-allowance.h"

AhoydAllowanceTerms
ahoyd_allowance_terms (guint rate,
                       guint burst,
                       guint rate_bytes)
{
  return (AhoydAllowanceTerms){
    .messages = { rate, burst },
    .bytes = { rate_bytes, (guint64) rate_bytes * AHOYD_ALLOWANCE_BURST_S },
  };
}

AhoydAllowanceTerms
ahoyd_allowance_times (const AhoydAllowanceTerms *terms,
                       guint                      n)
{
  return (AhoydAllowanceTerms){
    .messages = { terms->messages.rate * n, terms->messages.burst * n },
    .bytes = { terms->bytes.rate * n, terms->bytes.burst * n },
  };
}

gint64
ahoyd_allowance_take (AhoydAllowance            *allowance,
                      const AhoydAllowanceTerms *terms,
                      guint64                    messages,
                      guint64                    bytes,
                      gint64                     now)
{
  gint64 for_messages = ahoyd_quota_take (&allowance->messages, &terms->messages, messages, now);
  gint64 for_bytes = ahoyd_quota_take (&allowance->bytes, &terms->bytes, bytes, now);

  return MAX (for_messages, for_bytes);
}

gboolean
ahoyd_allowance_is_full (AhoydAllowance            *allowance,
                         const AhoydAllowanceTerms *terms,
                         gint64                     now)
{
  return ahoyd_quota_is_full (&allowance->messages, &terms->messages, now) && ahoyd_quota_is_full (&allowance->bytes, &terms->bytes, now);
}
