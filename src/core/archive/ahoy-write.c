/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One thing to be written to the profile's database. */

#include "core/archive/ahoy-write.h"

gpointer
ahoy_write_new (const AhoyWriteType *type,
                gsize                size)
{
  AhoyWrite *write;

  g_return_val_if_fail (size >= sizeof *write, NULL);

  write = g_malloc0 (size);
  write->type = type;
  write->size = size;
  write->refs = 1;
  return write;
}

AhoyWrite *
ahoy_write_ref (AhoyWrite *write)
{
  g_atomic_int_inc (&write->refs);
  return write;
}

void
ahoy_write_unref (AhoyWrite *write)
{
  if (!g_atomic_int_dec_and_test (&write->refs)) /* inline, so that ThreadSanitizer sees it */
    return;
  if (write->type->clear != NULL)
    write->type->clear (write);
  g_free (write);
}

/* ---- A parting ---- */

typedef struct {
  AhoyWrite write;
  guint64   first;
  guint     parting;
} Part;

static gboolean
part_run (AhoyWrite        *write,
          AhoyDatabaseFile *file,
          GError          **error)
{
  Part *part = (Part *) write;

  return ahoy_database_file_part (file, write->archive, part->first, part->parting, error);
}

static const AhoyWriteType part_type = { .run = part_run };

AhoyWrite *
ahoy_write_new_part (guint64 first,
                     guint   parting)
{
  Part *part = ahoy_write_new (&part_type, sizeof *part);

  part->first = first;
  part->parting = parting;
  return &part->write;
}
