/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* AhoyDatabase is a profile's database: everything that one person has seen and still owes on all servers they were on, in one file, kept by a thread of
 * its own. (What they hold on one server is an AhoyArchive, which asks the database. What is asked of one table, and how, is in that table's file.)
 *
 * All calls return at once and are carried out in order; what queued up together is committed together. Answers come to the context that the database was
 * opened for, in the order of the calls.
 *
 * A database whose disk fails says so once ("failed") and goes on answering as well as it can: chatting does not end because a disk is full. What
 * cannot be written waits, and all that comes after it waits behind it (ahoy-database-writer.h); it is tried again with whatever comes next, every few
 * seconds, and at the end. So the disk never holds a position, a mark or a message that is beyond one that is missing. Whoever asked is
 * answered with the error of the first attempt. */

typedef struct _AhoyDatabase AhoyDatabase;

typedef struct _AhoyTable AhoyTable; /* core/archive/ahoy-table.h */
typedef struct _AhoyRead  AhoyRead;
typedef struct _AhoyWrite AhoyWrite;

/* @write (transfer none) is on the disk, or @error. */
typedef void (*AhoyDatabaseWrote) (AhoyWrite    *write,
                                   const GError *error,
                                   gpointer      data);
/* @read (transfer none) has its answer, or @error. */
typedef void (*AhoyDatabaseRead) (AhoyRead     *read,
                                  const GError *error,
                                  gpointer      data);
/* The first of a row of failures; @error NULL: it is over, and nothing waits to be written. */
typedef void (*AhoyDatabaseFailed) (const GError *error,
                                    gpointer      data);
/* More is on the disk; see ahoy_database_get_written(). */
typedef void (*AhoyDatabaseWritten) (gpointer data);

/* Opens or makes @path; blocks while it does. @more (nullable): NULL-terminated; tables that it has besides those that every one has, each static. @context:
 * NULL for the thread's default. @failed may be NULL.
 * Returns: (transfer full): NULL with an error of ahoy-sqlite.h. */
AhoyDatabase *ahoy_database_open (const char             *path,
                                  const AhoyTable *const *more,
                                  GMainContext           *context,
                                  AhoyDatabaseFailed      failed,
                                  gpointer                data,
                                  GError                **error);
/* Waits (blocks) until everything is written. No callback comes any more. */
void ahoy_database_close (AhoyDatabase *self);
/* What was asked with @data will not be answered: its callbacks are dropped, watches too. Writing goes on. */
void ahoy_database_forget_asker (AhoyDatabase *self,
                                 gpointer      data);

/* Milliseconds between two attempts to write what waits. For tests. */
void ahoy_database_set_retry (AhoyDatabase *self,
                              guint         ms);

/* @write (transfer full), of @archive, whose number an AhoyLoad tells. @done may be NULL. */
void ahoy_database_write (AhoyDatabase     *self,
                          gint64            archive,
                          AhoyWrite        *write,
                          AhoyDatabaseWrote done,
                          gpointer          data);
/* @read (transfer full). It sees all that was written before, as far as the disk took it. */
void ahoy_database_read (AhoyDatabase    *self,
                         AhoyRead        *read,
                         AhoyDatabaseRead done,
                         gpointer         data);

/* Everything that is to be written has a number, one more than the last; written is the number up to which all of it is on the disk. */
guint64 ahoy_database_get_pushed (AhoyDatabase *self);
guint64 ahoy_database_get_written (AhoyDatabase *self);
void    ahoy_database_watch (AhoyDatabase       *self,
                             AhoyDatabaseWritten written,
                             gpointer            data);

/* Brings the search index up to date, a little at a time between other things. Searching works without it, slowly. */
void ahoy_database_index (AhoyDatabase *self);

/* Calls not carried out yet: who writes much waits when there are many. */
guint ahoy_database_get_n_pending (AhoyDatabase *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyDatabase, ahoy_database_close)

G_END_DECLS
