/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-config.h"

G_BEGIN_DECLS

/* What an operator does with the log as a whole, as ahoyd(8) describes it, of the server that @config means (ahoyd-asked.h). Each says on
 * standard output what it has done, and blocks. Returns: FALSE with an AHOYD_CONFIG_ERROR when the words make no sense, or another error
 * whose message is a sentence for the operator; then nothing has changed. */

/* `ahoyd backup FILE`: copies the log, whether or not the server runs. A file that is there is not overwritten. */
gboolean ahoyd_backup_command (const AhoydConfig *config,
                               GError           **error);
/* `ahoyd restore FILE`: puts such a copy in the place of the log of a server that does not run; what was there is set aside. */
gboolean ahoyd_restore_command (const AhoydConfig *config,
                                GError           **error);

/* --new-log of root, in a folder that is somebody else's: a server of root's would leave files there that the owner's may not touch, so a new log is
 * made, if it takes one, and nobody is served. Whether that is so; and the deed. */
gboolean ahoyd_new_log_is_for_another (const AhoydConfig *config);
gboolean ahoyd_new_log_command (const AhoydConfig *config,
                                GError           **error);

G_END_DECLS
