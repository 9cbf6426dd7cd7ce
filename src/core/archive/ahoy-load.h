/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-read.h"
#include "core/archive/ahoy-rows.h"

G_BEGIN_DECLS

/* AhoyLoad is the read of all that the database has of one person on one server, when they come back. Whoever was never there has an archive from then on. */

/* @newest: of what grows for ever, so many at most. Returns: (transfer full). */
AhoyRead *ahoy_load_new (const char *server,
                         const char *skeleton,
                         guint       newest);
/* Once it was read. Returns: the archive's number; 0: the disk failed. */
gint64 ahoy_load_get_archive (AhoyRead *load);
/* Returns: (transfer full): the rows, once; none when the disk failed. */
AhoyRows *ahoy_load_take_rows (AhoyRead *load);

G_END_DECLS
