/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <netinet/in.h>

#include "wire/ahoy-deadlines.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-link.h"
#include "wire/ahoy-out-queue.h"
#include "wire/ahoy-transport.h"

G_BEGIN_DECLS

/* The inside of a link, for its own files: ahoy-link.c is its door and says how it works, ahoy-link-turn.c what it does when the poll
 * calls, ahoy-link-shake.c the start of TLS, ahoy-link-life.c how it ends. */

/* What the links on one poll have in common. */
typedef struct {
  AhoyDeadlines closing;
  AhoyDeadlines shaking;      /* open links in a handshake */
  gint64        shake_budget; /* microseconds of one turn that handshakes may take */
  gint64        silence;      /* microseconds after which nobody who has said nothing is a TLS client */
  guint64       shaken_turn;
  gint64        shaken_for;                                      /* microseconds that handshakes took in that turn */
  guint         n_waiting;                                       /* links that wait for a turn in which there is time for their handshake */
  guint8        scratch[AHOY_FRAME_MAX + AHOY_LINK_READ_BUDGET]; /* an unfinished frame and what is read behind it */
} AhoyLinkShared;

typedef enum {
  AHOY_LINK_STATE_OPEN,
  AHOY_LINK_STATE_DRAINING,
  AHOY_LINK_STATE_LINGERING,
  AHOY_LINK_STATE_DOWN,
} AhoyLinkState;

struct _AhoyLink {
  AhoyPollWatch watch; /* first: on_ready and on_flush get this */

  /* Owned */
  AhoyTransport    transport;
  AhoyTls         *tls; /* for the case that the peer begins with it; NULL when that is decided */
  AhoyOutQueue     out;
  guint8          *rest; /* received, not taken yet */
  guint            rest_len;
  guint            rest_size;
  AhoyFrameScanner scanner;
  GError          *write_error;
  GSocketAddress  *peer; /* made when asked for */
  char            *peer_fingerprint;
  union {
    struct sockaddr     any;
    struct sockaddr_in  v4;
    struct sockaddr_in6 v6;
  } peer_name; /* AF_UNSPEC: no IP socket */

  /* Borrowed */
  const AhoyLinkEvents *events;
  gpointer              data;
  AhoyLinkClosed        closed; /* when it is closing; NULL: nobody wants to know */
  AhoyLinkShared       *shared;

  AhoyDeadline deadline; /* of the handshake, or of closing */

  gint64        last_heard;
  guint64       bytes_in;
  guint64       bytes_out;
  guint         ref_count;
  guint         guards;
  guint         outstanding; /* bytes that had not arrived there when it went down */
  AhoyLinkState state : 8;
  guint         shaking : 1;    /* in a TLS handshake */
  guint         waits : 1;      /* for its turn in it: the poll's flush queue is the queue */
  guint         secure : 1;     /* it is done */
  guint         reading : 1;    /* the owner wants frames */
  guint         faulty : 1;     /* the peer broke the grammar */
  guint         rest_whole : 1; /* rest may hold whole frames: the owner stopped reading in the middle */
  guint         peer_done : 1;  /* the peer closed its side */
  guint         blocked : 1;    /* the kernel is full */
  guint         overflow : 1;
  guint         tell_drained : 1; /* the owner waits for on_drained */
};

/* A server keeps thousands of idle ones. */
G_STATIC_ASSERT (sizeof (AhoyLink) <= 416);

/* ---- ahoy-link-life.c ---- */

AhoyLinkShared *ahoy_link_shared_of (AhoyPoll *poll);

/* Callbacks may do anything to their link: its memory stays until the last of these is left. */
void ahoy_link_guard (AhoyLink *self);
void ahoy_link_unguard (AhoyLink *self);

/* The first tells whether the peer's bytes are wanted now, the second asks the poll for what is wanted. */
gboolean ahoy_link_wants_input (AhoyLink *self);
void     ahoy_link_update_interest (AhoyLink *self);

/* Bytes that were written, and that the peer's computer has not acknowledged. */
guint ahoy_link_count_outstanding (AhoyLink *self);

void ahoy_link_drop_rest (AhoyLink *self);
/* Closes the descriptor. Nothing is called back, and nothing happens to the link any more. */
void ahoy_link_go_down (AhoyLink *self);
/* Like ahoy_link_go_down(), for one that is closing: it no longer belongs to itself, and who wanted to know is told. */
void ahoy_link_finish_closing (AhoyLink *self);
/* The connection is over by itself: tells the owner, or nobody when it was closing. */
void ahoy_link_end (AhoyLink     *self,
                    AhoyLinkEnd   how,
                    const GError *error);

/* ---- ahoy-link-shake.c ---- */

/* Looks at the first byte of the peer of an accepted link, which tells whether it speaks TLS. */
void ahoy_link_decide (AhoyLink *self);
void ahoy_link_start_shaking (AhoyLink *self);
/* Takes the next steps of the handshake, or where others wait or no time is left in this turn, joins the end of the queue. */
void ahoy_link_shake (AhoyLink *self);
/* Is called when the link has got to the front of the queue, or round it. */
void ahoy_link_shake_after_waiting (AhoyLink *self);
void ahoy_link_stop_waiting (AhoyLink *self);
void ahoy_link_on_shaking_passed (gpointer owner);

/* ---- ahoy-link-turn.c ---- */

void ahoy_link_on_ready (AhoyPollWatch *watch,
                         guint          events);
void ahoy_link_on_flush (AhoyPollWatch *watch);
void ahoy_link_write_some (AhoyLink *self);

G_END_DECLS
