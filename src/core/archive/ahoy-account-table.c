/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The table of archives: one person on one server. */

#include "core/archive/ahoy-account-table.h"

#include "wire/ahoy-discovery.h"

static const char find_sql[] = "SELECT account FROM accounts WHERE server = ?1 AND self = ?2";
static const char add_sql[] = "INSERT OR IGNORE INTO accounts (server, self) VALUES (?1, ?2)";
static const char make_secret_sql[] = "UPDATE accounts SET secret = ?2 WHERE account = ?1 AND secret IS NULL";
static const char load_sql[] = "SELECT secret, partings FROM accounts WHERE account = ?1";
static const char part_sql[] = "UPDATE accounts SET partings = ?2 WHERE account = ?1";

gboolean
ahoy_account_table_find (AhoySqlite *file,
                         const char *server,
                         const char *skeleton,
                         gint64     *archive,
                         GError    **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (file, add_sql, error);
  int           code;

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, server);
  ahoy_sqlite_bind_text (stmt, 2, skeleton);
  if (!ahoy_sqlite_run (file, stmt, error))
    return FALSE;

  stmt = ahoy_sqlite_statement (file, find_sql, error);
  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, server);
  ahoy_sqlite_bind_text (stmt, 2, skeleton);
  code = sqlite3_step (stmt);
  *archive = sqlite3_column_int64 (stmt, 0);
  if (code != SQLITE_ROW)
    ahoy_sqlite_fail (file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_ROW;
}

/* Nobody must be able to guess it. */
static char *
new_secret (void)
{
  AhoyNonce halves[2];

  for (gsize i = 0; i < G_N_ELEMENTS (halves); i++)
    ahoy_nonce_fill (halves[i]);
  return g_strconcat (halves[0], halves[1], NULL);
}

static gboolean
write_secret (AhoySqlite *file,
              gint64      archive,
              const char *secret,
              GError    **error)
{
  sqlite3_stmt *stmt = ahoy_table_prepare (file, make_secret_sql, archive, error);

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 2, secret);
  return ahoy_sqlite_run (file, stmt, error);
}

/* A secret that is not on the disk is none: whoever showed it once must be able to show it again. */
static void
make_secret (AhoySqlite  *file,
             gint64       archive,
             AhoyAccount *account)
{
  g_autofree char   *secret = new_secret ();
  g_autoptr (GError) error = NULL;

  if (write_secret (file, archive, secret, &error))
    account->secret = g_steal_pointer (&secret);
  else
    g_debug ("There is no secret for the server: %s", error->message);
}

static gboolean
load (AhoySqlite *file,
      gint64      archive,
      guint       newest,
      gpointer    rows,
      GError    **error)
{
  AhoyAccount  *account = rows;
  sqlite3_stmt *stmt = ahoy_table_row (file, load_sql, archive, error);

  if (stmt == NULL)
    return FALSE;
  account->secret = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  account->partings = (guint) sqlite3_column_int64 (stmt, 1);
  ahoy_sqlite_reset (stmt);
  if (account->secret == NULL)
    make_secret (file, archive, account);
  return TRUE;
}

static gboolean
part (AhoySqlite *file,
      gint64      archive,
      guint64     first,
      guint       parting,
      GError    **error)
{
  sqlite3_stmt *stmt = ahoy_table_prepare (file, part_sql, archive, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 2, parting);
  return ahoy_sqlite_run (file, stmt, error);
}

static gpointer
rows_new (void)
{
  return g_new0 (AhoyAccount, 1);
}

static void
rows_free (gpointer rows)
{
  AhoyAccount *account = rows;

  g_free (account->secret);
  g_free (account);
}

static void
part_rows (gpointer rows,
           guint64  first,
           guint    parting)
{
  ((AhoyAccount *) rows)->partings = parting;
}

const AhoyTable ahoy_account_table = {
  .name = "accounts",
  .rows_new = rows_new,
  .rows_free = rows_free,
  .load = load,
  .part = part,
  .part_rows = part_rows,
};
