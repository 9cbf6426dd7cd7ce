/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What one connection uses up. */

#include "net/ahoyd-spending.h"

/* Microseconds after which a peer is read again, whatever it owes, if only to see whether it has left. */
#define DEBT_MAX_US G_TIME_SPAN_MINUTE

static AhoydAllowanceTerms
person_terms (const AhoydSpending *self)
{
  return ahoyd_allowance_terms (self->config->rate, self->config->burst, self->config->rate_bytes);
}

void
ahoyd_spending_init (AhoydSpending      *spending,
                     const AhoydConfig  *config,
                     AhoydAddressLimits *address_limits,
                     AhoydPurses        *purses,
                     AhoydAddressLimit  *address_limit)
{
  g_return_if_fail (spending != NULL && config != NULL && address_limits != NULL && purses != NULL && address_limit != NULL);

  *spending = (AhoydSpending){
    .config = config,
    .address_limits = address_limits,
    .purses = purses,
    .address_limit = address_limit,
  };
}

void
ahoyd_spending_clear (AhoydSpending *spending,
                      gint64         now)
{
  const AhoydAllowanceTerms terms = person_terms (spending);

  ahoyd_address_limits_leave (spending->address_limits, g_steal_pointer (&spending->address_limit), spending->purse == NULL);
  if (spending->purse != NULL)
    ahoyd_purses_release (spending->purses, g_steal_pointer (&spending->purse), &terms, now);
}

void
ahoyd_spending_settle (AhoydSpending *spending,
                       const char    *skeleton)
{
  g_return_if_fail (spending != NULL && spending->purse == NULL && skeleton != NULL);

  ahoyd_address_limits_settle (spending->address_limits, spending->address_limit);
  spending->purse = ahoyd_purses_hold (spending->purses, skeleton);
}

gint64
ahoyd_spending_take (AhoydSpending *spending,
                     guint64        messages,
                     guint64        bytes,
                     gint64         now)
{
  const AhoydAllowanceTerms terms = person_terms (spending);
  AhoydAllowance           *allowance = spending->purse != NULL ? ahoyd_purse_open (spending->purse) : &spending->own;
  gint64                    theirs = ahoyd_allowance_take (allowance, &terms, messages, bytes, now);
  gint64                    all = ahoyd_address_limits_spend (spending->address_limits, spending->address_limit, messages, bytes, now);

  return MIN (MAX (theirs, all), DEBT_MAX_US);
}

gint64
ahoyd_spending_get_debt_of_place (AhoydSpending *spending,
                                  gint64         now)
{
  return ahoyd_address_limits_spend (spending->address_limits, spending->address_limit, 0, 0, now);
}

gint64
ahoyd_spending_work (AhoydSpending *spending,
                     guint          cost,
                     gint64         now)
{
  static const AhoydQuotaTerms terms = { AHOYD_WORK_RATE, AHOYD_WORK_BURST };

  return ahoyd_quota_take (&spending->work, &terms, cost, now);
}

gboolean
ahoyd_spending_fail (AhoydSpending *spending,
                     gint64         now)
{
  return ahoyd_address_limits_fail (spending->address_limits, spending->address_limit, now);
}

gboolean
ahoyd_spending_has_place (AhoydSpending *spending)
{
  return ahoyd_address_limits_have_place (spending->address_limits, spending->address_limit);
}
