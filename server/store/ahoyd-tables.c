/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The tables that every store has. */

#include "store/ahoyd-tables.h"

#include "store/ahoyd-mark-table.h"

const AhoydTableClass *const ahoyd_tables[] = {
  &ahoyd_mark_table,
  NULL,
};
