/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "net/ahoyd-life.h"
#include "net/ahoyd-patience.h"
#include "net/ahoyd-quota.h"
#include "net/ahoyd-session.h"
#include "state/ahoyd-ack-tracker.h"
#include "state/ahoyd-catch-up.h"

G_BEGIN_DECLS

/* One connection, as its own files see it: ahoyd-session.c is its life, ahoyd-session-log-in.c how it becomes somebody's, ahoyd-session-reading.c
 * whether it is read. */

struct _AhoydSession {
  /* Owned */
  AhoydPeerOutput    output;
  AhoydLobbySeat     seat;
  AhoydAddressLimit *address_limit;
  GList              node; /* in the owner's list */
  guint64            serial;
  AhoydQuota         work;
  AhoydAllowance     own;         /* until it is somebody's */
  AhoydPurse        *purse;       /* NULL: not logged in */
  GSource           *debt;        /* runs out when all debts are paid */
  AhoydCatchUp      *catch_up;    /* NULL: not logged in, or caught up */
  AhoydAckTracker    ack_tracker; /* classic: whispers that may not have arrived */
  char              *handed_to;   /* skeleton of the one who is to have them */
  AhoydPatience      patience;
  guint              paused;     /* so many want it not to be read */
  GData             *slots;      /* what others keep about it */
  gint64             heard;      /* monotonic time of the last frame */
  gint64             slow_until; /* monotonic time until which the peer knows that it is too fast */
  guint64            counted;    /* bytes that came, and were counted */
  guint64            arrived;    /* bytes that had arrived there at the last look */
  AhoydLife          life;
  char              *reason; /* why they leave */
  char              *key;    /* fingerprint; NULL: none was shown */
  gpointer           waits;  /* what its log-in waits for */
  GDestroyNotify     give_up;
  gboolean           deaf;      /* nothing is read any more */
  gboolean           backed_up; /* too much of what it said waits for the log */
  gboolean           extra;     /* there was no place for it when it came */
  /* Borrowed */
  const AhoydServerContext *server_context;
  AhoydPerson              *person; /* NULL until logged in */
  AhoydSessionEnded         ended;
  gpointer                  data;
};

/* Returns: (transfer none): @person is here: over this. */
AhoydSession *ahoyd_session_of (AhoydPerson *person);
/* Reads from the peer unless there is a reason not to. */
void ahoyd_session_update_reading (AhoydSession *self);
/* It is new: reads from it, or when too much came from there lately, soon. */
void ahoyd_session_begin_reading (AhoydSession *self);
/* Nothing is owed any more. */
void ahoyd_session_clear_debt (AhoydSession *self);
/* It has logged in. */
void ahoyd_session_count_log_in (AhoydSession *self);
/* @frame has come. */
void ahoyd_session_count_frame (AhoydSession    *self,
                                const AhoyFrame *frame);
/* It is gone: its place is free. */
void ahoyd_session_leave_address (AhoydSession *self);
/* Whoever is logged in is here; writes that down when they own the name and do not only use it. */
void ahoyd_session_note_seen (AhoydSession *self);
/* Writes down which whispers have arrived at a classic peer that is logged in. */
void ahoyd_session_note_taken (AhoydSession *self);

G_END_DECLS
