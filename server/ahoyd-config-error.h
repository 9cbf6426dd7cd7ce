/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The operator's mistake: an unknown option or key, a bad value. Everything else that can go wrong has its own domain. */
#define AHOYD_CONFIG_ERROR (ahoyd_config_error_quark ())
GQuark ahoyd_config_error_quark (void);

typedef enum {
  AHOYD_CONFIG_ERROR_USAGE,
} AhoydConfigError;

G_END_DECLS
