/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-stored-message.h"
#include "core/archive/ahoy-table.h"
#include "core/archive/ahoy-write.h"

G_BEGIN_DECLS

/* The table of what was said by us and not yet shown by the server. Its rows in memory are a GPtrArray of AhoyStoredMessage as it was loaded, in the order
 * they were said. */

extern const AhoyTable ahoy_outbox_table;

/* Writes @stored (transfer full), which has a cid, at the end. Returns: (transfer full). */
AhoyWrite *ahoy_outbox_table_owe (AhoyStoredMessage *stored);
/* Takes it out. Returns: (transfer full). */
AhoyWrite *ahoy_outbox_table_drop (const char *cid);

/* Takes it out, in the open transaction, on the database's thread. */
gboolean ahoy_outbox_table_drop_now (AhoySqlite *file,
                                     gint64      archive,
                                     const char *cid,
                                     GError    **error);

G_END_DECLS
