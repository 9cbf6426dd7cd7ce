/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-history-file.h"

G_BEGIN_DECLS

/* What is written to the history's file, in order. No write passes one that failed: what cannot be written waits here, and what comes after it waits
 * behind it, until the disk has room again or the program ends. So what is on the disk is always what was true at one time: no position and no mark
 * in it is beyond a message that is missing. Used by one thread at a time; blocks on the disk. */

typedef struct _AhoyHistoryWriter AhoyHistoryWriter;

typedef enum {
  AHOY_HISTORY_KEEP,
  AHOY_HISTORY_OWE,
  AHOY_HISTORY_DROP,
  AHOY_HISTORY_MARK,
  AHOY_HISTORY_KNOW,
  AHOY_HISTORY_PART,
  AHOY_HISTORY_RUNS,
} AhoyHistoryWriteKind;

/* One thing to be written; see ahoy-history-file.h. Not changed any more once the writer has it, so that any thread may read it. */
typedef struct {
  /* Owned */
  AhoyStoredMessage *stored;    /* KEEP, OWE */
  AhoyKnownKey      *known_key; /* KNOW */
  AhoyRunMarks      *runs;      /* RUNS */
  char              *first;     /* DROP: cid; MARK: kind */
  char              *second;    /* MARK: key */
  AhoyPlace          place;     /* MARK: value; PART: the first id */
  guint              parting;   /* PART */

  AhoyHistoryWriteKind kind;
  gint64               archive;
  guint64              number; /* of all, in order, from 1 on */

  /*< private >*/
  int refs;
} AhoyHistoryWrite;

/* Zeroed but for these; counted. */
AhoyHistoryWrite *ahoy_history_write_new (AhoyHistoryWriteKind kind,
                                          gint64               archive);
AhoyHistoryWrite *ahoy_history_write_ref (AhoyHistoryWrite *write);
void              ahoy_history_write_unref (AhoyHistoryWrite *write);

/* An attempt, and what came of it. */
typedef struct {
  /* Owned */
  AhoyHistoryWrite *write;
  AhoyPlace         copy;  /* KEEP: see ahoy_history_file_keep() */
  GError           *error; /* why it is not on the disk yet; NULL: it is */
} AhoyHistoryAttempt;

/* @file (borrowed). @max: bytes that wait at most. More is refused, and so is all that comes later: what is on the disk stays true, and
 * the server has the rest. */
AhoyHistoryWriter *ahoy_history_writer_new (AhoyHistoryFile *file,
                                            gsize            max);
void               ahoy_history_writer_free (AhoyHistoryWriter *self);

/* @attempts: AhoyHistoryAttempt, behind all that was given before. What fails waits. One transaction, where all goes well. */
void ahoy_history_writer_write (AhoyHistoryWriter *self,
                                GPtrArray         *attempts);
/* Tries again what waits. Returns: FALSE with @error when some still does. */
gboolean ahoy_history_writer_flush (AhoyHistoryWriter *self,
                                    GError           **error);
guint    ahoy_history_writer_get_waiting (AhoyHistoryWriter *self);
/* The number of the last write that is on the disk, as all before it are; 0: none. */
guint64 ahoy_history_writer_get_written (AhoyHistoryWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyHistoryWriter, ahoy_history_writer_free)

G_END_DECLS
