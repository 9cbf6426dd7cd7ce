/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-place.h"
#include "disk/ahoy-sqlite.h"
#include "wire/ahoy-target.h"

G_BEGIN_DECLS

/* AhoyTable says what the database has to know of one of its tables: how the rows of one archive come into memory, and what happens to them, on the disk
 * and in memory alike, when the server's log is set back. PROTOCOL.md, "Runs".
 *
 * A new table is one file that holds an AhoyTable and makes its own writes (ahoy-write.h), and one line in ahoy-tables.c. Where the schema of today's
 * profiles has to change for it, a step in core/schema does that; a table that is only added brings its own statement.
 *
 * An AhoyTable is static. Functions that take the file run on the database's thread, block on the disk, and fail with errors of ahoy-sqlite.h. Functions
 * that take the rows alone run on the thread that has the rows. Every function may be NULL. */
typedef struct _AhoyTable AhoyTable;

struct _AhoyTable {
  const char *name;   /* as in SQL */
  const char *create; /* makes the table where there is none; NULL: a step of the schema makes it */

  /* Returns: (transfer full): no rows, in the table's own type. */
  gpointer (*rows_new) (void);
  void (*rows_free) (gpointer rows);
  /* Adds what the disk has of @archive; of what grows for ever the @newest alone. */
  gboolean (*load) (AhoySqlite *file,
                    gint64      archive,
                    guint       newest,
                    gpointer    rows,
                    GError    **error);

  /* From id @first on the server's log is not what @archive holds, for the @parting-th time. See ahoy_place_part(). */
  gboolean (*part) (AhoySqlite *file,
                    gint64      archive,
                    guint64     first,
                    guint       parting,
                    GError    **error);
  void (*part_rows) (gpointer rows,
                     guint64  first,
                     guint    parting);
  /* The server has @copy after all, as @id. See ahoy_place_rejoin(). */
  gboolean (*rejoin) (AhoySqlite      *file,
                      gint64           archive,
                      const AhoyPlace *copy,
                      guint64          id,
                      GError         **error);
  void (*rejoin_rows) (gpointer         rows,
                       const AhoyPlace *copy,
                       guint64          id);
};

/* Returns: (transfer none) (nullable): @sql (static) prepared, with ?1 bound to @archive. */
sqlite3_stmt *ahoy_table_prepare (AhoySqlite *file,
                                  const char *sql,
                                  gint64      archive,
                                  GError    **error);
/* Like ahoy_table_prepare(), at the first row, which there must be; to be reset. */
sqlite3_stmt *ahoy_table_row (AhoySqlite *file,
                              const char *sql,
                              gint64      archive,
                              GError    **error);
/* Binds the number of the room to @room, and the person to @person, without a copy; the other one of the two is NULL. */
void ahoy_table_bind_target (sqlite3_stmt *stmt,
                             int           room,
                             int           person,
                             AhoyTarget    target);
/* The target of two columns of a row, that borrows from the row. */
AhoyTarget ahoy_table_get_target (sqlite3_stmt *stmt,
                                  int           room,
                                  int           person);
/* Ends stepping through rows, where the last step returned @code. Returns: whether that was the end of the rows. */
gboolean ahoy_table_end (AhoySqlite   *file,
                         sqlite3_stmt *stmt,
                         int           code,
                         GError      **error);

G_END_DECLS
