/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-config.h"

G_BEGIN_DECLS

/* `ahoyd names`, as ahoyd(8) describes it: of the server that runs on the data folder @config names, or, when none does, of what is
 * kept there. @config: parsed; its words begin with "names". Prints what was asked for. Blocks.
 * Returns: FALSE with an AHOYD_CONFIG_ERROR when the words make no sense, or a G_IO_ERROR whose message is a sentence for the operator. */
gboolean ahoyd_names_command (const AhoydConfig *config,
                              GError           **error);

G_END_DECLS
