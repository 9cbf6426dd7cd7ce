/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): what people call this computer: the pretty host name where one is set, else the host name without its domain. */
char *ahoyd_host_name_dup (void);

/* Returns: (transfer full) (nullable): PRETTY_HOSTNAME of a machine-info file's @contents, see machine-info(5). */
char *ahoyd_host_name_from_machine_info (const char *contents);

G_END_DECLS
