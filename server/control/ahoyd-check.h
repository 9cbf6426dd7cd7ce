/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-config.h"

G_BEGIN_DECLS

/* --check-config: what can be seen of a parsed @config without serving: its key and certificate, its folder, its addresses. Nothing is made, and a server that
 * runs is not disturbed. Says on standard output that all is fine.
 * Returns: FALSE with an error whose message names the setting, and the file and line that gave it. */
gboolean ahoyd_check_config (const AhoydConfig *config,
                             GError           **error);

G_END_DECLS
