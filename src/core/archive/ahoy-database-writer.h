/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-database-file.h"

G_BEGIN_DECLS

/* What is written to the history's file, in order. No write passes one that failed: what cannot be written waits here, and what comes after it waits
 * behind it, until the disk has room again or the program ends. So what is on the disk is always what was true at one time: no position and no mark
 * in it is beyond a message that is missing. Used by one thread at a time; blocks on the disk. */

typedef struct _AhoyHistoryWriter AhoyDatabaseWriter;

typedef enum {
  AHOY_DATABASE_KEEP,
  AHOY_DATABASE_OWE,
  AHOY_DATABASE_DROP,
  AHOY_DATABASE_MARK,
  AHOY_DATABASE_KNOW,
  AHOY_DATABASE_PART,
  AHOY_DATABASE_RUNS,
} AhoyDatabaseWriteKind;

/* One thing to be written; see ahoy-database-file.h. Not changed any more once the writer has it, so that any thread may read it. */
typedef struct {
  /* Owned */
  AhoyStoredMessage *stored;    /* KEEP, OWE */
  AhoyKnownKey      *known_key; /* KNOW */
  AhoyRunMarks      *runs;      /* RUNS */
  char              *first;     /* DROP: cid; MARK: kind */
  char              *second;    /* MARK: key */
  AhoyPlace          place;     /* MARK: value; PART: the first id */
  guint              parting;   /* PART */

  AhoyDatabaseWriteKind kind;
  gint64                archive;
  guint64               number; /* of all, in order, from 1 on */

  /*< private >*/
  int refs;
} AhoyDatabaseWrite;

/* Zeroed but for these; counted. */
AhoyDatabaseWrite *ahoy_database_write_new (AhoyDatabaseWriteKind kind,
                                            gint64                archive);
AhoyDatabaseWrite *ahoy_database_write_ref (AhoyDatabaseWrite *write);
void               ahoy_database_write_unref (AhoyDatabaseWrite *write);

/* An attempt, and what came of it. */
typedef struct {
  /* Owned */
  AhoyDatabaseWrite *write;
  AhoyPlace          copy;  /* KEEP: see ahoy_database_file_keep() */
  GError            *error; /* why it is not on the disk yet; NULL: it is */
} AhoyDatabaseAttempt;

/* @file (borrowed). @max: bytes that wait at most. More is refused, and so is all that comes later: what is on the disk stays true, and
 * the server has the rest. */
AhoyDatabaseWriter *ahoy_database_writer_new (AhoyDatabaseFile *file,
                                              gsize             max);
void                ahoy_database_writer_free (AhoyDatabaseWriter *self);

/* @attempts: AhoyDatabaseAttempt, behind all that was given before. What fails waits. One transaction, where all goes well. */
void ahoy_database_writer_write (AhoyDatabaseWriter *self,
                                 GPtrArray          *attempts);
/* Tries again what waits. Returns: FALSE with @error when some still does. */
gboolean ahoy_database_writer_flush (AhoyDatabaseWriter *self,
                                     GError            **error);
guint    ahoy_database_writer_get_waiting (AhoyDatabaseWriter *self);
/* The number of the last write that is on the disk, as all before it are; 0: none. */
guint64 ahoy_database_writer_get_written (AhoyDatabaseWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyDatabaseWriter, ahoy_database_writer_free)

G_END_DECLS
