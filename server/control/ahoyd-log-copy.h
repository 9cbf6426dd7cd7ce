/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  guint64 last;       /* the newest id ever given; 0: none */
  guint64 n_messages; /* that are kept */
} AhoydLogSummary;

/* Copies the log at @from, as it is at one moment, whoever writes there meanwhile and without holding them up, to @to: an empty file, made
 * by the caller. The copy is one file, checked from end to end, and on the disk when this returns. Blocks.
 * @from_folder: the data folder with @from, @to_folder: that with @to; NULL: neither. What SQLite makes there belongs to their owners.
 * @summary (out): of the copy.
 * Returns: FALSE with a G_IO_ERROR that names the file and says what it is, if no log that this program can read. */
gboolean ahoyd_log_copy (const char      *from,
                         const char      *from_folder,
                         const char      *to,
                         const char      *to_folder,
                         AhoydLogSummary *summary,
                         GError         **error);

/* Reads the log at @path from end to end, whoever writes there meanwhile, as the user that this process acts as. Blocks.
 * Returns: FALSE with a G_IO_ERROR; INVALID_DATA when it is damaged. */
gboolean ahoyd_log_copy_check (const char *path,
                               GError    **error);

G_END_DECLS
