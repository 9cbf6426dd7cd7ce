/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-database-file.h"

G_BEGIN_DECLS

/* AhoyWrite is one thing to be written to the profile's database. A table makes its own kinds: a struct that begins with an AhoyWrite, and a type that says
 * how it is written.
 *
 * It is counted, and crosses threads: what it holds is not changed any more once the database has it. What comes of writing it, where a kind keeps that,
 * is to be read by whoever is told that it is on the disk, and by nobody else. */
typedef struct _AhoyWrite AhoyWrite;

typedef struct {
  /* In the open transaction, on the database's thread. A transaction that fails is taken back, and this is called again: on the next try. */
  gboolean (*run) (AhoyWrite        *write,
                   AhoyDatabaseFile *file,
                   GError          **error);
  /* Frees what the kind added. May be NULL. */
  void (*clear) (AhoyWrite *write);
} AhoyWriteType;

struct _AhoyWrite {
  const AhoyWriteType *type;
  gsize                size;    /* bytes in memory, roughly */
  gint64               archive; /* the database sets it, and the number: of all writes, in order, from 1 on */
  guint64              number;

  /*< private >*/
  int refs;
};

/* Returns: (transfer full): zeroed, of @size bytes. */
gpointer   ahoy_write_new (const AhoyWriteType *type,
                           gsize                size);
AhoyWrite *ahoy_write_ref (AhoyWrite *write);
void       ahoy_write_unref (AhoyWrite *write);

/* Makes the write that tells every table that the server's log was set back: see ahoy_database_file_part(). Returns: (transfer full). */
AhoyWrite *ahoy_write_new_part (guint64 first,
                                guint   parting);

G_END_DECLS
