/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-catch-up.h"
#include "ahoyd-handed.h"
#include "ahoyd-patience.h"
#include "ahoyd-quota.h"
#include "ahoyd-session.h"

G_BEGIN_DECLS

/* One connection, as its own files see it: ahoyd-session.c is its life, ahoyd-session-log-in.c how it becomes somebody's. */

struct _AhoydSession {
  /* Owned */
  AhoydOutlet    outlet;
  AhoydLobbySeat seat;
  AhoydOrigin   *origin; /* NULL: logged in */
  GList          node; /* in the owner's list */
  guint64        serial;
  AhoydQuota     quota;
  GSource       *debt; /* runs out when the quota's debt is paid */
  AhoydCatchUp  *catch_up; /* NULL: not logged in, or caught up */
  AhoydHanded    handed; /* classic: whispers that may not have arrived */
  AhoydPage     *asked; /* a question to the store, on behalf of this peer */
  AhoydPatience  patience;
  guint          n_questions; /* receipts that the store is asked about */
  gint64         relayed; /* monotonic time of the last thing that is not stored */
  gint64         pinged; /* monotonic time; 0: not since something was heard */
  guint64        taken;  /* bytes that had arrived there at the last look */
  char          *reason; /* why they leave */
  char          *key; /* fingerprint; NULL: none was shown */
  gpointer       waits; /* what its log-in waits for */
  GDestroyNotify give_up;
  gboolean       deaf; /* nothing is read any more */
  gboolean       extra; /* there was no place for it when it came */
  /* Borrowed */
  const AhoydHouse *house;
  AhoydPerson      *person; /* NULL until logged in */
  AhoydSessionEnded ended;
  gpointer          data;
};

/* Reads from the peer unless there is a reason not to. */
void ahoyd_session_update_reading (AhoydSession *self);
/* Logged in, or gone. */
void ahoyd_session_leave_lobby    (AhoydSession *self);
/* Whoever is logged in is here; writes that down when they own the name and do not only use it. */
void ahoyd_session_note_seen      (AhoydSession *self);
/* Writes down which whispers have arrived at a classic peer that is logged in. */
void ahoyd_session_note_taken     (AhoydSession *self);

G_END_DECLS
