/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

/* Says what went wrong and ends the program as a failure: half a benchmark has nothing to say. */
G_NORETURN void bench_fail (const char *format,
                            ...) G_GNUC_PRINTF (1, 2);
