/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-clock.h"
#include "store/ahoyd-database.h"
#include "store/ahoyd-log-reader.h"
#include "store/ahoyd-store.h"

G_BEGIN_DECLS

typedef struct {
  const char                   *path;
  AhoydDurability               durability;
  AhoydKeep                     keep;
  AhoydReadOptions              reading;
  const AhoydTableClass *const *tables; /* (nullable): NULL-terminated: more than every store has */
  const AhoydClock             *clock;  /* (borrowed): must outlive the store; NULL: the computer's */
} AhoydStoreSqliteOptions;

/* The log in an SQLite file, on a thread of its own, and read on another. Messages that queue up while one commit runs go into the next one together. What was
 * announced survives this process however it ends.
 *
 * Blocks while the file is opened. Retention (ahoyd-retention.h) runs at start, every hour, and beside each commit that brings too much; a little at a time.
 * On a disk without any room the log is only read, and what is appended is rejected, until there is some. The operator is told.
 * Returns: (transfer full): NULL with an error of ahoyd-database.h that names the file. */
AhoydStore *ahoyd_store_sqlite_new (const AhoydStoreSqliteOptions *options,
                                    GMainContext                  *context,
                                    GError                       **error);

/* Looks at the clock, and for what is too old by it: for tests, it does so by itself. */
void ahoyd_store_sqlite_look (AhoydStore *store);

G_END_DECLS
