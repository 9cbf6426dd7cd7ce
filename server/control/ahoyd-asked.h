/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-config.h"

G_BEGIN_DECLS

/* Which server an operator's command is about: the one that was started with the same key file. Where the folder comes from the environment of
 * the server, which a command does not have, what servers wrote down in their folders tells (ahoyd_data_dir_record()). Where nothing tells, or more than one
 * could be meant, the command is refused: an answer for another server is worse than none. */

/* Where @config does not name the folder, a line on standard error says which server it is; standard output is the answer's.
 * Returns: (transfer full): the data folder; NULL with a G_IO_ERROR whose message is a sentence for the operator. */
char *ahoyd_asked_folder (const AhoydConfig *config,
                          GError           **error);

G_END_DECLS
