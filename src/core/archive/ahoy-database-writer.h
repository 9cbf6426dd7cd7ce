/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-write.h"

G_BEGIN_DECLS

/* AhoyDatabaseWriter writes to the profile's database, in order. No write passes one that failed: what cannot be written waits here, and what comes after
 * it waits behind it, until the disk has room again or the program ends. So what is on the disk is always what was true at one time: no position and
 * no mark in it is beyond a message that is missing. Used by one thread at a time; blocks on the disk. */

typedef struct _AhoyDatabaseWriter AhoyDatabaseWriter;

/* @file (borrowed). @max: bytes that wait at most. More is refused, and so is all that comes later: what is on the disk stays true, and
 * the server has the rest. */
AhoyDatabaseWriter *ahoy_database_writer_new (AhoyDatabaseFile *file,
                                              gsize             max);
void                ahoy_database_writer_free (AhoyDatabaseWriter *self);

/* Writes @writes (AhoyWrite), behind all that was given before; in one transaction, where all goes well. Returns: how many of them are on the disk.
 * When that is not all, @error says why the others wait. */
guint ahoy_database_writer_write (AhoyDatabaseWriter *self,
                                  GPtrArray          *writes,
                                  GError            **error);
/* Tries again what waits. Returns: FALSE with @error when some still does. */
gboolean ahoy_database_writer_flush (AhoyDatabaseWriter *self,
                                     GError            **error);
guint    ahoy_database_writer_get_waiting (AhoyDatabaseWriter *self);
/* The number of the last write that is on the disk, as all before it are; 0: none. */
guint64 ahoy_database_writer_get_written (AhoyDatabaseWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyDatabaseWriter, ahoy_database_writer_free)

G_END_DECLS
