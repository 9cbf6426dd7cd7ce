/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-read.h"
#include "core/archive/ahoy-stored-message.h"
#include "core/archive/ahoy-table.h"
#include "core/archive/ahoy-write.h"

G_BEGIN_DECLS

/* The table of messages: all that an archive has of its server's log, and what that log has lost. Its rows in memory are one AhoyNewest. */

typedef struct {
  GPtrArray *messages; /* AhoyStoredMessage in order: the newest of all conversations */
  gboolean   more;     /* there are older ones */
  guint64    last;     /* the newest id held; 0: none */
} AhoyNewest;

extern const AhoyTable ahoy_message_table;

void ahoy_newest_free (AhoyNewest *newest);

/* ---- To keep a message ---- */

/* Writes @stored (transfer full), a message of the server; one that is there already is left as it is. What it answers in the outbox leaves the outbox.
 * When the archive has it as a copy, the same in all, the copy is the server's again, in every table. Returns: (transfer full). */
AhoyWrite *ahoy_message_table_keep (AhoyStoredMessage *stored);
/* What a write of ahoy_message_table_keep() is about. */
const AhoyStoredMessage *ahoy_message_table_get_kept (AhoyWrite *keep);
/* Once it is on the disk: where the copy stood. Returns: (transfer none) (nullable): NULL: there was none. */
const AhoyPlace *ahoy_message_table_get_copy (AhoyWrite *keep);

/* ---- To read a page ---- */

/* Which messages. */
typedef struct {
  gboolean    everywhere; /* those of every conversation; else: */
  AhoyTarget  target;     /* those of one, whose person is a skeleton. Everyone's has what was said to single people as well */
  const char *text;       /* only those that hold this, whatever the case of ASCII letters; NULL: all */
  AhoyPlace   before;     /* what stands before this; empty: no bound */
  guint       limit;
} AhoyPageQuery;

/* The read of the newest messages that match. Returns: (transfer full). */
AhoyRead *ahoy_message_table_read (gint64               archive,
                                   const AhoyPageQuery *query);
/* Once it was read: AhoyStoredMessage in order, and whether there are older ones. Returns: (transfer none): empty when it failed. */
GPtrArray *ahoy_message_table_get_page (AhoyRead *page,
                                        gboolean *more);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyNewest, ahoy_newest_free)

G_END_DECLS
