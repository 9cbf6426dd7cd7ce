/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-server.h"

G_BEGIN_DECLS

/* SIGHUP, as ahoyd(8) describes it: reads @args and the file they name anew into @config, which is the server's, and has @server live by it.
 * What came of it is logged, and the service manager is told. A mistake changes nothing. Blocks while the file is read. */
void ahoyd_reload (AhoydServer       *server,
                   AhoydConfig       *config,
                   const char *const *args);

G_END_DECLS
