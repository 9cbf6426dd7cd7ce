/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-name-rows.h"

G_BEGIN_DECLS

/* The table `owners`: which key owns a name. PROTOCOL.md, "Owning a name". It has a row for each name that a key owns; how many that may be is up to who claims them. */

extern const AhoydTableClass ahoyd_owner_table;

/* In SQL, of a row about @skeleton: nobody owns the name, and nothing in the log is from or for it. */
#define AHOYD_NAME_IS_FREE(skeleton)                                                   \
  "NOT EXISTS (SELECT 1 FROM authors x WHERE x.skeleton = " skeleton ")"               \
  " AND NOT EXISTS (SELECT 1 FROM events x WHERE x.recipient_skeleton = " skeleton ")" \
  " AND NOT EXISTS (SELECT 1 FROM owners x WHERE x.skeleton = " skeleton ")"

typedef struct {
  char  *skeleton;
  char  *key;   /* its fingerprint */
  gint64 since; /* seconds since 1970 UTC; 0: nobody knows */
  gint64 seen;  /* when the owner was here last, to about a minute; the same */
} AhoydOwnerRow;

/* Returns: (transfer none) (nullable): until the name's row is changed; NULL: nobody owns it. */
const AhoydOwnerRow *ahoyd_owner_find (AhoydNameRows *owners,
                                       const char    *skeleton);
/* @key: nullable: nobody's. @kept comes when that is done, later, once; also when it was so before.
 * Returns: (transfer none): to cancel with, until @kept. */
AhoydKeeping *ahoyd_owner_set (AhoydNameRows *owners,
                               const char    *skeleton,
                               const char    *key,
                               gint64         since,
                               AhoydRowKept   kept,
                               gpointer       data);
/* Nothing happens when nobody owns the name. */
void ahoyd_owner_set_seen (AhoydNameRows *owners,
                           const char    *skeleton,
                           gint64         seen);

typedef void (*AhoydOwnerFound) (const AhoydOwnerRow *row,
                                 gpointer             data);
/* Calls @found for each name; it must change nothing here. */
void ahoyd_owner_each (AhoydNameRows  *owners,
                       AhoydOwnerFound found,
                       gpointer        data);

G_END_DECLS
