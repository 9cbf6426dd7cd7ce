/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-database.h"
#include "store/ahoyd-log-reader.h"
#include "store/ahoyd-store.h"

G_BEGIN_DECLS

typedef struct {
  const char     *path;
  AhoydDurability durability;
  guint           keep_days; /* 0: for ever */
  guint           keep_mb;   /* 0: any size. Megabytes of 1,000,000 bytes */
  AhoydReadOptions reading;
} AhoydStoreSqliteOptions;

/* The log in an SQLite file, on a thread of its own, and read on another. Messages that queue up while one commit runs go into the next one together. What was
 * announced survives this process however it ends.
 *
 * Blocks while the file is opened. Retention runs at start and every hour, a little at a time, between commits.
 * Returns: (transfer full): NULL with an error of ahoyd-database.h that names the file. */
AhoydStore *ahoyd_store_sqlite_new (const AhoydStoreSqliteOptions  *options,
                                    GMainContext                   *context,
                                    GError                        **error);

G_END_DECLS
