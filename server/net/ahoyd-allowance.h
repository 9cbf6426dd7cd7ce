/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "net/ahoyd-quota.h"

G_BEGIN_DECLS

/* What somebody, or some place, may send: messages, and bytes of whatever kind. PROTOCOL.md, "Connections". Pure. */

/* Seconds' worth of bytes that may come at once: a few long messages, or a client's outbox. */
#define AHOYD_ALLOWANCE_BURST_S 4

typedef struct {
  AhoydQuotaTerms messages;
  AhoydQuotaTerms bytes;
} AhoydAllowanceTerms;

/* Nothing was sent yet: all zero. */
typedef struct {
  /*< private >*/
  AhoydQuota messages;
  AhoydQuota bytes;
} AhoydAllowance;

/* @rate, @burst: messages a second (0: any number) and at once. @rate_bytes: a second; 0: any number. */
AhoydAllowanceTerms ahoyd_allowance_terms (guint rate,
                                           guint burst,
                                           guint rate_bytes);
/* Returns: terms that allow @n times as much. */
AhoydAllowanceTerms ahoyd_allowance_times (const AhoydAllowanceTerms *terms,
                                           guint                      n);
/* Takes both, like ahoyd_quota_take(). Returns: the longer of the two times. */
gint64   ahoyd_allowance_take (AhoydAllowance            *allowance,
                               const AhoydAllowanceTerms *terms,
                               guint64                    messages,
                               guint64                    bytes,
                               gint64                     now);
gboolean ahoyd_allowance_is_full (AhoydAllowance            *allowance,
                                  const AhoydAllowanceTerms *terms,
                                  gint64                     now);

G_END_DECLS
