/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "disk/ahoy-sqlite.h"
#include "store/ahoyd-database.h"
#include "store/ahoyd-shares.h"
#include "store/ahoyd-tally.h"

G_BEGIN_DECLS

/* The log's file, as its own files see it: ahoyd-database.c adds to it, ahoyd-database-forget.c takes away. */

/* The newest message from when the name was somebody else's. */
#define AHOYD_RELEASED(skeleton) "coalesce ((SELECT CAST (l.value AS INTEGER) FROM facts l WHERE l.kind = 'released' AND l.key = " skeleton "), 0)"
/* Rows of facts that are missing, since a crash or a full disk came between the message and the fact: who somebody is that a message is from or for. */
#define AHOYD_UNNOTED_AUTHORS                                                                                                    \
  "SELECT 'person', a.skeleton, (SELECT m.sender FROM events m WHERE m.sender_skeleton = a.skeleton ORDER BY m.id DESC LIMIT 1)" \
  " FROM authors a WHERE NOT EXISTS (SELECT 1 FROM facts p WHERE p.kind = 'person' AND p.key = a.skeleton)"                      \
  " AND EXISTS (SELECT 1 FROM events m WHERE m.sender_skeleton = a.skeleton AND m.id > " AHOYD_RELEASED ("a.skeleton") ")"
#define AHOYD_UNNOTED_RECIPIENTS                                                                                                        \
  "SELECT 'person', r.recipient_skeleton,"                                                                                              \
  "  (SELECT m.recipient FROM events m WHERE m.recipient_skeleton = r.recipient_skeleton ORDER BY m.id DESC LIMIT 1)"                   \
  " FROM (SELECT recipient_skeleton, max(id) AS newest FROM events WHERE recipient_skeleton IS NOT NULL GROUP BY recipient_skeleton) r" \
  " WHERE NOT EXISTS (SELECT 1 FROM facts p WHERE p.kind = 'person' AND p.key = r.recipient_skeleton)"                                  \
  " AND r.newest > " AHOYD_RELEASED ("r.recipient_skeleton")

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
