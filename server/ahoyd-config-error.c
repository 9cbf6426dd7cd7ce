/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The operator's mistakes in the settings. */

#include "ahoyd-config-error.h"

G_DEFINE_QUARK (ahoyd_config_error_quark, ahoyd_config_error)
