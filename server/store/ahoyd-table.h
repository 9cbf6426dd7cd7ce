/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "disk/ahoy-sqlite.h"

G_BEGIN_DECLS

/* A table of the log's file whose rows the thread that has the store keeps in RAM, and the thread that writes the log writes. Another one is a file with an
 * AhoydTableClass, and a line in ahoyd-tables.c; a store that has no file keeps the same rows in RAM alone.
 *
 * Rows are read and changed in RAM; whoever changes one hands a copy of it to ahoyd_table_write(), which is written after what was appended before. What
 * could not be written is written as it is by then as soon as anything can be. What keeps the rows in RAM from growing is up to the class: its header says so.
 *
 * The thread that has the store, but for the functions of a class that say otherwise. */

typedef struct _AhoydTable AhoydTable;

/* A row is as safe as a message that was committed. @error: it is remembered until this process ends, and written as soon as anything can be. */
typedef void (*AhoydRowKept) (const GError *error,
                              gpointer      data);

/* A row that somebody waits for. */
typedef struct {
  AhoydRowKept kept; /* NULL: nobody does (any more) */
  gpointer     data;
} AhoydKeeping;

typedef struct {
  const char *name;       /* in SQL */
  const char *create_sql; /* run whenever a file is opened to be written; NULL: a step of the schema has made it */
  const char *tidy_sql;   /* makes right what a crash may have left behind, before anything is read; NULL: it leaves nothing */

  /* All rows, in RAM. */
  gpointer (*rows_new) (AhoydTable *table);
  void (*rows_free) (gpointer rows);
  gboolean (*load) (gpointer    rows,
                    AhoySqlite *file,
                    GError    **error);
  /* Returns: (transfer full): the row with the key of @key, a row, as it is now, or as one that is to be deleted. */
  gpointer (*current) (gpointer      rows,
                       gconstpointer key);
  /* A whisper has left the log; skeletons. NULL: that changes nothing. */
  void (*forget) (gpointer    rows,
                  const char *from,
                  const char *to,
                  guint64     id);

  /* One row, on any thread. The first two go by its key. */
  guint (*row_hash) (gconstpointer row);
  gboolean (*row_equal) (gconstpointer a,
                         gconstpointer b);
  void (*row_free) (gpointer row);
  /* Within a transaction, on the thread that writes the log: @row takes the place of the one with its key; or deletes that, if it says so. */
  gboolean (*row_write) (gconstpointer row,
                         AhoySqlite   *file,
                         GError      **error);
} AhoydTableClass;

/* @row (transfer full): is to be written. @kept: nullable. Returns: (transfer none): what ahoyd_table_keep() does; NULL where @kept is. */
typedef AhoydKeeping *(*AhoydTableWrite) (AhoydTable  *table,
                                          gpointer     row,
                                          AhoydRowKept kept,
                                          gpointer     kept_data,
                                          gpointer     data);

/* @klass: static. */
AhoydTable *ahoyd_table_new (const AhoydTableClass *klass,
                             AhoydTableWrite        write,
                             gpointer               data);
void        ahoyd_table_free (AhoydTable *table);

const AhoydTableClass *ahoyd_table_get_class (AhoydTable *table);
/* Returns: (transfer none): what the class has made. */
gpointer ahoyd_table_get_rows (AhoydTable *table);

/* Runs what the class has for it, within a transaction. Errors are those of ahoy-sqlite.h. */
gboolean ahoyd_table_tidy (AhoydTable *table,
                           AhoySqlite *file,
                           GError    **error);
/* Reads what is in @file. Errors are those of ahoy-sqlite.h. */
gboolean ahoyd_table_load (AhoydTable *table,
                           AhoySqlite *file,
                           GError    **error);
void     ahoyd_table_forget (AhoydTable *table,
                             const char *from,
                             const char *to,
                             guint64     id);

/* @row (transfer full): as it is from now on. */
void ahoyd_table_write (AhoydTable *table,
                        gpointer    row);
/* Like ahoyd_table_write(), and @kept comes when that is done, later, once. What was written earlier is kept by then, too.
 * Returns: (transfer none): to cancel with, until @kept. */
AhoydKeeping *ahoyd_table_keep (AhoydTable  *table,
                                gpointer     row,
                                AhoydRowKept kept,
                                gpointer     data);
/* @kept will not come; the row stays. */
void ahoyd_keeping_cancel (AhoydKeeping *keeping);
/* @row (transfer full) could not be written. */
void ahoyd_table_note_unwritten (AhoydTable *table,
                                 gpointer    row);
/* Something could be written again. */
void ahoyd_table_write_again (AhoydTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydTable, ahoyd_table_free)

G_END_DECLS
