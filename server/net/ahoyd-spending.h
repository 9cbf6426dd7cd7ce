/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-config.h"
#include "net/ahoyd-address-limits.h"
#include "state/ahoyd-purses.h"

G_BEGIN_DECLS

/* What one connection uses up: the allowance of its person (its own, until it is somebody's), that of where it comes from, and its share of the server's work.
 * PROTOCOL.md, "Connections". It says how long whoever used too much has to wait; the waiting is the owner's. Pure but for what it borrows. */

/* Work a second that one connection may make, and at once after a pause. The unit is one frame handed to one peer. */
#define AHOYD_WORK_RATE 500000
#define AHOYD_WORK_BURST 1000000

/* Embedded in its owner. */
typedef struct {
  /*< private >*/
  const AhoydConfig  *config;         /* Borrowed */
  AhoydAddressLimits *address_limits; /* Borrowed */
  AhoydPurses        *purses;         /* Borrowed */
  AhoydAddressLimit  *address_limit;  /* Owned */
  AhoydPurse         *purse;          /* Owned; NULL: it is nobody's yet */
  AhoydAllowance      own;
  AhoydQuota          work;
} AhoydSpending;

/* @config, @address_limits, @purses (borrowed): outlive it. @address_limit (transfer full): where the connection comes from. */
void ahoyd_spending_init (AhoydSpending      *spending,
                          const AhoydConfig  *config,
                          AhoydAddressLimits *address_limits,
                          AhoydPurses        *purses,
                          AhoydAddressLimit  *address_limit);
/* The connection is gone: its place at its address is free. @now: monotonic µs, as everywhere here. */
void ahoyd_spending_clear (AhoydSpending *spending,
                           gint64         now);

/* It is the person's with that @skeleton from now on. */
void ahoyd_spending_settle (AhoydSpending *spending,
                            const char    *skeleton);
/* Returns: µs until so much more is paid for, a minute at most. */
gint64 ahoyd_spending_take (AhoydSpending *spending,
                            guint64        messages,
                            guint64        bytes,
                            gint64         now);
/* What has been sent from the same place may not be paid for yet. Returns: µs until it is. */
gint64 ahoyd_spending_get_debt_of_place (AhoydSpending *spending,
                                         gint64         now);
/* Returns: µs until @cost more work is paid for. */
gint64 ahoyd_spending_work (AhoydSpending *spending,
                            guint          cost,
                            gint64         now);
/* A log-in was refused. Returns: FALSE when that was one too many from there. */
gboolean ahoyd_spending_fail (AhoydSpending *spending,
                              gint64         now);
/* Whether there is a place for each connection that is here from there. */
gboolean ahoyd_spending_has_place (AhoydSpending *spending);

G_END_DECLS
