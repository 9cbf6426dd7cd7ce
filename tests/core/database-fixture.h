/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/archive/ahoy-database.h"
#include "core/archive/ahoy-message-table.h"

G_BEGIN_DECLS

/* A profile's database in a directory of its own, opened for alice on server-a, and what it told last. */
typedef struct {
  GMainContext *context;
  AhoyDatabase *database;
  char         *dir;
  char         *path;
  gint64        archive;

  /* Of the last load: texts with spaces between, marks by their ids (-1: none). */
  guint    n_loaded;
  guint64  last;
  char    *newest;
  char    *outbox;
  gboolean more;
  gint64   read_mark;  /* of bob */
  gint64   told_mark;  /* of bob */
  gint64   floor_mark; /* of everyone */
  char    *people;     /* "bob key/known since+ ", + for verified, by name */
  char    *runs;
  guint    partings;
  char     secret[33];

  guint n_pages;
  char *page;

  guint    n_kept;
  guint    n_errors;
  GString *placed;
} DatabaseFixture;

int database_setup (void **state);
int database_teardown (void **state);

#define DATABASE_TEST(function) cmocka_unit_test_setup_teardown (function, database_setup, database_teardown)

/* Closes it, and opens it again as alice on server-a. */
void database_reopen (DatabaseFixture *f);
void database_load_as (DatabaseFixture *f,
                       const char      *server,
                       const char      *self);

/* Writes it, and nobody waits. */
void database_put (DatabaseFixture *f,
                   AhoyWrite       *write);
/* @to: NULL for everyone. */
void database_keep (DatabaseFixture *f,
                    guint64          id,
                    const char      *from,
                    const char      *to,
                    const char      *text,
                    const char      *cid);
/* AhoyDatabaseWrote: counts. */
void database_on_kept (AhoyWrite    *write,
                       const GError *error,
                       gpointer      data);
void database_owe (DatabaseFixture *f,
                   const char      *text,
                   const char      *cid);
void database_mark (DatabaseFixture *f,
                    const char      *kind,
                    AhoyTarget       target,
                    guint64          id);
void database_know (DatabaseFixture *f,
                    const char      *person,
                    const char      *key,
                    const char      *known,
                    gboolean         verified);
void database_part (DatabaseFixture *f,
                    guint64          first,
                    guint            parting);

/* The texts of a page. Of no limit, all. */
const char *database_page (DatabaseFixture *f,
                           AhoyPageQuery    query);
/* GSourceFunc-like: whether all was done. @data: AhoyDatabase. */
gboolean database_nothing_pending (gpointer data);

/* As somebody else who has the file open. */
void  database_exec (DatabaseFixture *f,
                     const char      *sql);
char *database_query (DatabaseFixture *f,
                      const char      *sql);
/* Runs a golden file on the database at @path. */
void database_run_golden (const char *path,
                          const char *file);

G_END_DECLS
