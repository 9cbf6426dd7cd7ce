/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

#include "core/discovery/ahoy-probe.h"

G_BEGIN_DECLS

/* What happened on one network while looking. Property "probe" (AhoyProbe or NULL; read-write; notifies also when something about it changes). */

#define AHOY_TYPE_PROBE_ROW (ahoy_probe_row_get_type ())
G_DECLARE_FINAL_TYPE (AhoyProbeRow, ahoy_probe_row, AHOY, PROBE_ROW, AdwActionRow)

G_END_DECLS
