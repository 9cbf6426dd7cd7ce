/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-run-marks.h"
#include "core/archive/ahoy-table.h"
#include "core/archive/ahoy-write.h"

G_BEGIN_DECLS

/* The table of how far an archive came in each run of its server's log. PROTOCOL.md, "Runs". Its rows in memory are an AhoyRunMarks. */

extern const AhoyTable ahoy_run_table;

/* Writes all of @runs (transfer full) in place of those before. Returns: (transfer full). */
AhoyWrite *ahoy_run_table_set (AhoyRunMarks *runs);

G_END_DECLS
