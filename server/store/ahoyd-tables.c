/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The tables that every store has. */

#include "store/ahoyd-tables.h"

#include "store/ahoyd-owner-table.h"
#include "store/ahoyd-people-table.h"
#include "store/ahoyd-taken-table.h"
#include "store/ahoyd-tenure-table.h"

const AhoydTableClass *const ahoyd_tables[] = {
  &ahoyd_tenure_table,
  &ahoyd_taken_table,
  &ahoyd_owner_table,
  &ahoyd_people_table,
  NULL,
};
