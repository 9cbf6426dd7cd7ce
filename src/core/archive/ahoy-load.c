/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* All that the database has of one person on one server. */

#include "core/archive/ahoy-load.h"

#include "core/archive/ahoy-account-table.h"

typedef struct {
  AhoyRead  read;
  char     *server;
  char     *skeleton;
  guint     newest;
  gint64    archive;
  AhoyRows *rows;
} Load;

static gboolean
load_run (AhoyRead         *read,
          AhoyDatabaseFile *file,
          GError          **error)
{
  Load *load = (Load *) read;

  load->rows = ahoy_rows_new (file->tables);
  if (ahoy_account_table_find (file->sqlite, load->server, load->skeleton, &load->archive, error) &&
      ahoy_rows_load (load->rows, file->sqlite, load->archive, load->newest, error))
    return TRUE;
  load->archive = 0;
  ahoy_rows_free (load->rows);
  load->rows = ahoy_rows_new (file->tables);
  return FALSE;
}

static void
load_clear (AhoyRead *read)
{
  Load *load = (Load *) read;

  g_clear_pointer (&load->rows, ahoy_rows_free);
  g_free (load->server);
  g_free (load->skeleton);
}

static const AhoyReadType load_type = { .flush = TRUE, .run = load_run, .clear = load_clear };

AhoyRead *
ahoy_load_new (const char *server,
               const char *skeleton,
               guint       newest)
{
  Load *load = g_new0 (Load, 1);

  load->read.type = &load_type;
  load->server = g_strdup (server);
  load->skeleton = g_strdup (skeleton);
  load->newest = newest;
  return &load->read;
}

gint64
ahoy_load_get_archive (AhoyRead *load)
{
  g_return_val_if_fail (load->type == &load_type, 0);

  return ((Load *) load)->archive;
}

AhoyRows *
ahoy_load_take_rows (AhoyRead *load)
{
  g_return_val_if_fail (load->type == &load_type, NULL);

  return g_steal_pointer (&((Load *) load)->rows);
}
