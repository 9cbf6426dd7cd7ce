/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "disk/ahoy-sqlite.h"
#include "store/ahoyd-taken-table.h"
#include "store/ahoyd-tally.h"

G_BEGIN_DECLS

/* Whose messages go when there are too many: the oldest of all those whose author has more than a share, which is half of what there may be, divided by
 * the authors. So whoever says a lot pushes out what they said themselves and what others have beyond their share, and nobody's last words.
 *
 * Who has more than a share is found out once and good for as long as messages are only taken away by what this says; who has more by then is
 * met the next time. Whispers that nobody has got are left out, unless there is nothing else. */

/* A message, as whoever takes it away must know it. */
typedef struct {
  gint64  id;
  gint64  time;
  guint64 size;      /* ahoyd_tally_size() */
  char   *author;    /* skeletons */
  char   *recipient; /* NULL: everyone */
} AhoydLot;

void ahoyd_lot_clear (AhoydLot *lot);
/* Of a row of AHOYD_LOT_COLUMNS. */
void ahoyd_lot_read (AhoydLot     *lot,
                     sqlite3_stmt *row);

/* Of messages m. */
#define AHOYD_LOT_COLUMNS "m.id, m.time, message_size (m.sender, m.sender_skeleton, m.recipient, m.recipient_skeleton, m.cid, m.text)," \
                          " m.sender_skeleton, m.recipient_skeleton"
/* Nobody waits for m: it was for everyone, or has reached whom it was for. */
#define AHOYD_LOT_WAS_GOT "(m.recipient_skeleton IS NULL OR m.id <= " AHOYD_TAKEN ("m.recipient_skeleton") ")"

typedef struct _AhoydShares AhoydShares;

/* @max_bytes: what there may be. @with_held: also whispers that nobody has got. */
AhoydShares *ahoyd_shares_new (AhoySqlite *file,
                               AhoydTally *tally,
                               guint64     max_bytes,
                               gboolean    with_held,
                               GError    **error);
void         ahoyd_shares_free (AhoydShares *shares);

/* The next to go. @found (out): whether there is one, in @lot (out) (transfer full). It must then be taken away. */
gboolean ahoyd_shares_next (AhoydShares *shares,
                            AhoydLot    *lot,
                            gboolean    *found,
                            GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydShares, ahoyd_shares_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AhoydLot, ahoyd_lot_clear)

G_END_DECLS
