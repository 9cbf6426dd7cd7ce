/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-table.h"

G_BEGIN_DECLS

/* AhoyRows is what one archive has in memory of every table: each table's rows in the type that the table's own header tells. It is plain data, used by
 * one thread at a time: the database's thread fills it, then it belongs to the archive. */

typedef struct _AhoyRows AhoyRows;

/* Returns: (transfer full): no rows of any table. @tables: static, NULL-terminated. */
AhoyRows *ahoy_rows_new (const AhoyTable *const *tables);
void      ahoy_rows_free (AhoyRows *self);

/* Blocks on the disk. Fails with errors of ahoy-sqlite.h; @self then has an unknown part of the rows. */
gboolean ahoy_rows_load (AhoyRows   *self,
                         AhoySqlite *file,
                         gint64      archive,
                         guint       newest,
                         GError    **error);

/* Returns: (transfer none): @table's rows; it must be one of the tables. */
gpointer ahoy_rows_get (AhoyRows        *self,
                        const AhoyTable *table);

/* Returns: (transfer full): @table's rows; there are none from then on. */
gpointer ahoy_rows_take (AhoyRows        *self,
                         const AhoyTable *table);

/* See ahoy-table.h. */
void ahoy_rows_part (AhoyRows *self,
                     guint64   first,
                     guint     parting);
void ahoy_rows_rejoin (AhoyRows        *self,
                       const AhoyPlace *copy,
                       guint64          id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyRows, ahoy_rows_free)

G_END_DECLS
