/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): path of the ahoyd that belongs to this client: $AHOY_AHOYD, else the one beside the running program (installed, or
 * in the build directory), else the one in the installation's folder for programs, which may not be there. */
char *ahoy_programs_find_server (void);

G_END_DECLS
