/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

/* One thing measured in several rounds. All zero: none yet. */
typedef struct {
  GArray *values; /* (element-type double) */
} BenchSeries;

/* How many rounds. */
#define BENCH_ROUNDS 5

void bench_series_add (BenchSeries *series,
                       double       value);
/* The median; the series is empty again afterwards. */
double bench_series_close (BenchSeries *series);

/* The value that @part of the @values (element-type double) do not exceed; sorts them. */
double bench_percentile (GArray *values,
                         double  part);
double bench_seconds_since (gint64 begin);
