/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-table.h"

G_BEGIN_DECLS

/* All rows of a table, in RAM, where each is about a name: what the tables of names have in common. A row is a struct of its table's that begins with the name's
 * skeleton (char *, owned); it is there while the table's file says so. Only that file changes it. */

typedef struct _AhoydNameRows AhoydNameRows;

typedef struct {
  gsize       size;     /* of a row; all zero besides the skeleton, it says nothing */
  const char *load_sql; /* gives the skeleton first; more than one row of a name add to each other */

  /* Makes what @row, a shallow copy, borrows besides the skeleton its own. NULL: it borrows nothing. */
  void (*own) (gpointer row);
  /* Whether @row says anything: else it need not be there. */
  gboolean (*says) (gconstpointer row);
  /* Adds what @stmt gives to @row. */
  void (*read) (gpointer      row,
                sqlite3_stmt *stmt);
} AhoydNameRowClass;

/* @klass: static. */
AhoydNameRows *ahoyd_name_rows_new (AhoydTable              *table,
                                    const AhoydNameRowClass *klass);

/* These are what an AhoydTableClass has them for. @rows: AhoydNameRows. */
void     ahoyd_name_rows_free (gpointer rows);
gboolean ahoyd_name_rows_load (gpointer    rows,
                               AhoySqlite *file,
                               GError    **error);
gpointer ahoyd_name_rows_current (gpointer      rows,
                                  gconstpointer key);
guint    ahoyd_name_row_hash (gconstpointer row);
gboolean ahoyd_name_row_equal (gconstpointer a,
                               gconstpointer b);

/* Returns: (transfer none) (nullable): the row of the name, until it is changed. */
gconstpointer ahoyd_name_rows_find (AhoydNameRows *rows,
                                    const char    *skeleton);
/* Returns: (transfer none): the row of the name, to be changed and then settled, or written; one that says nothing where there was none. */
gpointer ahoyd_name_rows_edit (AhoydNameRows *rows,
                               const char    *skeleton);
/* @row was changed in what is in RAM alone. It is gone if it says nothing. */
void ahoyd_name_rows_settle (AhoydNameRows *rows,
                             gpointer       row);
/* Like ahoyd_name_rows_settle(), and the change is to be written. @kept: nullable. Returns: (transfer none): as ahoyd_table_keep(); NULL where @kept is. */
AhoydKeeping *ahoyd_name_rows_write (AhoydNameRows *rows,
                                     gpointer       row,
                                     AhoydRowKept   kept,
                                     gpointer       data);

typedef void (*AhoydNameRowFound) (gconstpointer row,
                                   gpointer      data);
/* Calls @found for each row; it must change none. */
void ahoyd_name_rows_each (AhoydNameRows    *rows,
                           AhoydNameRowFound found,
                           gpointer          data);

G_END_DECLS
