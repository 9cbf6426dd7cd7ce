/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Medians and percentiles. */

#include "bench-series.h"

#include <stdlib.h>

static int
compare_doubles (const void *a,
                 const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

double
bench_percentile (GArray *values,
                  double  part)
{
  g_assert (values->len > 0);

  qsort (values->data, values->len, sizeof (double), compare_doubles);
  return g_array_index (values, double, (guint) (part * (values->len - 1) + 0.5));
}

void
bench_series_add (BenchSeries *series,
                  double       value)
{
  if (series->values == NULL)
    series->values = g_array_new (FALSE, FALSE, sizeof (double));
  g_array_append_val (series->values, value);
}

double
bench_series_close (BenchSeries *series)
{
  double median = bench_percentile (series->values, 0.5);

  g_clear_pointer (&series->values, g_array_unref);
  return median;
}

double
bench_seconds_since (gint64 begin)
{
  return (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
}
