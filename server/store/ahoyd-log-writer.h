/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "disk/ahoy-worker.h"
#include "store/ahoyd-log-reader.h"
#include "store/ahoyd-retention.h"
#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* The log's file, as the thread sees that writes it: takes what is to be written, as one transaction, makes room, and opens the file when there was none for
 * it at first. Its functions are for the worker's thread, or for any while there is no such thread; ahoyd_log_writer_hurry() is for any at any time. */

typedef struct _AhoydLogWriter AhoydLogWriter;

typedef enum {
  AHOYD_WRITE_APPEND,
  AHOYD_WRITE_ROW,
  AHOYD_WRITE_RUN,
  AHOYD_WRITE_FORGET,
  AHOYD_WRITE_KEEP,
  AHOYD_WRITE_OPEN,
} AhoydWriteKind;

/* One thing to do, and what came of it. All of it is owned. */
typedef struct {
  AhoyJob        job; /* first */
  AhoydWriteKind kind;
  GError        *error;

  /* AHOYD_WRITE_APPEND */
  AhoydEvent *event;
  gboolean    repeated;

  /* AHOYD_WRITE_ROW */
  const AhoydTableClass *table;
  gpointer               row;
  AhoydKeeping           keeping;

  AhoydKeep keep; /* AHOYD_WRITE_KEEP */

  gboolean look; /* AHOYD_WRITE_FORGET: at the clock, first */

  /* What retention did beside it */
  AhoydRetentionNews news;
  gboolean           more;
  GError            *forget_error;
} AhoydWrite;

void ahoyd_write_free (AhoydWrite *write);

/* @clock (borrowed): must outlive it. */
AhoydLogWriter *ahoyd_log_writer_new (const char       *path,
                                      AhoydDurability   durability,
                                      const AhoydClock *clock,
                                      const AhoydKeep  *keep);
/* Tells the next start what the clock says now; what is left to be told to the operator is logged. */
void ahoyd_log_writer_free (AhoydLogWriter *writer);

/* Opens the file, and tidies @tables (element-type AhoydTable) in it. Returns: (transfer none): it; NULL with an error of ahoyd-database.h, G_IO_ERROR_NO_SPACE among them: then it is opened when there is room. */
AhoydDatabase *ahoyd_log_writer_open (AhoydLogWriter  *writer,
                                      const GPtrArray *tables,
                                      GError         **error);
gboolean       ahoyd_log_writer_is_open (AhoydLogWriter *writer);
/* Before the thread: @run is the name of this run, @reader (borrowed) reads the file and lets go of it when it must. */
void ahoyd_log_writer_begin (AhoydLogWriter *writer,
                             const char     *run,
                             AhoydLogReader *reader);
/* @writes: links to AhoydWrite, one or more. */
void ahoyd_log_writer_work (AhoydLogWriter *writer,
                            const GList    *writes);
/* This process is about to end: nothing is waited for, nor tried again. */
void ahoyd_log_writer_hurry (AhoydLogWriter *writer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydLogWriter, ahoyd_log_writer_free)

G_END_DECLS
