/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-table.h"

G_BEGIN_DECLS

/* The table of archives: one person on one server, each with a number that the other tables know it by. Its rows in memory are one AhoyAccount. */

typedef struct {
  char *secret;   /* what the archive shows that server to be known again without a key: 32 hex digits, made once, by chance; NULL: the disk took none */
  guint partings; /* how often the server's log was set back */
} AhoyAccount;

extern const AhoyTable ahoy_account_table;

/* The number of the person with @skeleton on @server, made when it is new. Blocks on the disk; errors of ahoy-sqlite.h. */
gboolean ahoy_account_table_find (AhoySqlite *file,
                                  const char *server,
                                  const char *skeleton,
                                  gint64     *archive,
                                  GError    **error);

G_END_DECLS
