/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "disk/ahoy-sqlite.h"
#include "store/ahoyd-database.h"
#include "store/ahoyd-shares.h"
#include "store/ahoyd-tally.h"

G_BEGIN_DECLS

/* The log's file, as its own files see it: ahoyd-database.c adds to it, ahoyd-database-forget.c takes away. */

struct _AhoydDatabase {
  /* Owned */
  AhoySqlite  *file;
  AhoydTally  *tally;
  AhoydShares *shares;                 /* NULL: to be found out */
  char         run[AHOYD_RUN_LEN + 1]; /* "": none was set */
  gboolean     run_written;            /* in this transaction or before it */
  gboolean     run_kept;               /* before it */
};

G_END_DECLS
