/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-store-sqlite.h"

G_BEGIN_DECLS

/* The log as a file in the data folder: whether there must be one, and what becomes of one that cannot be used. A log that is lost must not
 * be taken for one that never was: all names would be free, and ids would be given twice. So the folder has a mark, `log.mark`: "none yet" before
 * its first log is made, "kept" from then on. In a folder without a mark, from before there were marks, a key shows that there was a log.
 *
 * Everything blocks on the disk. The caller has the folder. Errors: G_IO_ERROR or G_FILE_ERROR, sentences for the operator. */

/* Of ahoyd_log_file_open(): there is no log that is of use, and no newer version would read it either: `restore` and --new-log are the ways out. */
#define AHOYD_LOG_LOST_ERROR (ahoyd_log_lost_error_quark ())
GQuark ahoyd_log_lost_error_quark (void);

typedef enum {
  AHOYD_LOG_LOST_ERROR_LOST,
} AhoydLogLostError;

/* Whether there must be a log in @folder. To be asked before a key is made there; a folder that nobody ever used gets its mark.
 * @due (out). */
gboolean ahoyd_log_file_is_due (const char *folder,
                                gboolean   *due,
                                GError    **error);

/* Looks at what lies there. @due: as above.
 * Returns: FALSE with G_IO_ERROR_NOT_FOUND when there must be a log, and there is none or nothing is in it. */
gboolean ahoyd_log_file_check (const char *folder,
                               gboolean    due,
                               GError    **error);

/* Whether @error, of the above or of a store that was to be opened, says that this log will never be of use to this program. */
gboolean ahoyd_log_file_is_lost (const GError *error);

/* There is one now; or, after it was set aside, there is none yet. */
gboolean ahoyd_log_file_set_mark (const char *folder,
                                  gboolean    kept,
                                  GError    **error);

/* Renames the log and what belongs to it: "log.sqlite.old-YYYYMMDD-HHMMSS", or with a number behind that when there is one already.
 * @aside (out) (transfer full) (nullable): its new path; NULL: there was nothing. */
gboolean ahoyd_log_file_set_aside (const char *folder,
                                   char      **aside,
                                   GError    **error);

/* Opens the log at @options->path for a server. One that is lost is an error that names the ways out, or, with @anew, set aside, with a line in the
 * log that says so; with @anew it is also read from end to end, and one that is damaged anywhere is lost. The folder's mark is as it should be afterwards.
 * Returns: (transfer full). */
AhoydStore *ahoyd_log_file_open (const char                    *folder,
                                 const AhoydStoreSqliteOptions *options,
                                 GMainContext                  *context,
                                 gboolean                       due,
                                 gboolean                       anew,
                                 GError                       **error);

G_END_DECLS
