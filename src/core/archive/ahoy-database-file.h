/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-table.h"

G_BEGIN_DECLS

/* AhoyDatabaseFile is the profile's database as its thread sees it: the SQLite file, its schema up to date, and the tables in it. What is asked of a table
 * is in the table's own file. Every call blocks on the disk; used by one thread at a time; errors are those of ahoy-sqlite.h. */
typedef struct {
  /* Owned */
  AhoySqlite *sqlite;

  /* Borrowed */
  const AhoyTable *const *tables;
} AhoyDatabaseFile;

/* Opens @path, or makes it. @tables: static, NULL-terminated. It opens on a full disk too: what was said is there to be read. */
AhoyDatabaseFile *ahoy_database_file_open (const char             *path,
                                           const AhoyTable *const *tables,
                                           GError                **error);
void              ahoy_database_file_close (AhoyDatabaseFile *self);

/* Tells every table, in the open transaction. See ahoy-table.h. */
gboolean ahoy_database_file_part (AhoyDatabaseFile *self,
                                  gint64            archive,
                                  guint64           first,
                                  guint             parting,
                                  GError          **error);
gboolean ahoy_database_file_rejoin (AhoyDatabaseFile *self,
                                    gint64            archive,
                                    const AhoyPlace  *copy,
                                    guint64           id,
                                    GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyDatabaseFile, ahoy_database_file_close)

G_END_DECLS
