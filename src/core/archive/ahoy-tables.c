/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The tables of a profile's database. A feature's are in the feature. */

#include "core/archive/ahoy-tables.h"

#include "core/archive/ahoy-account-table.h"
#include "core/archive/ahoy-mark-table.h"
#include "core/archive/ahoy-message-table.h"
#include "core/archive/ahoy-outbox-table.h"
#include "core/archive/ahoy-people-table.h"
#include "core/archive/ahoy-run-table.h"

const AhoyTable *const ahoy_tables[] = {
  &ahoy_account_table,
  &ahoy_mark_table,
  &ahoy_message_table,
  &ahoy_outbox_table,
  &ahoy_people_table,
  &ahoy_run_table,
  NULL,
};

const AhoyTable **
ahoy_tables_with (const AhoyTable *const *more)
{
  g_autoptr (GPtrArray) tables = g_ptr_array_new ();

  for (guint i = 0; ahoy_tables[i]; i++)
    g_ptr_array_add (tables, (gpointer) ahoy_tables[i]);
  for (guint i = 0; more && more[i]; i++)
    g_ptr_array_add (tables, (gpointer) more[i]);
  g_ptr_array_add (tables, NULL);
  return (const AhoyTable **) g_ptr_array_steal (tables, NULL);
}
