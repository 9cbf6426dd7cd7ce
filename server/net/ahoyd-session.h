/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "control/ahoyd-stats.h"
#include "net/ahoyd-patience.h"
#include "net/ahoyd-spending.h"
#include "state/ahoyd-encoded-packet.h"
#include "state/ahoyd-person.h"
#include "wire/ahoy-deadlines.h"
#include "wire/ahoy-poll.h"
#include "wire/ahoy-tls.h"

G_BEGIN_DECLS

/* One connection, from accept() to its end: its link, its charset and dialect, what it may use up, and whether it is read. It knows bytes and its own state; what
 * a packet does, who the peer becomes and what they are handed is others' matter, see AhoydSessionEvents. */

typedef struct _AhoydSession AhoydSession;

/* Values of the dispatch table's `states`. */
typedef enum {
  AHOYD_STATE_LOBBY = 1 << 0,  /* connected, not logged in */
  AHOYD_STATE_ONLINE = 1 << 1, /* logged in */
} AhoydState;

/* What the owner of a session is told. */
typedef struct {
  /* @packet has come. May close the session. */
  void (*packet) (AhoydSession     *session,
                  const AhoyPacket *packet,
                  gpointer          data);
  /* It is catching up, and its peer has taken most of what was queued. May close the session. */
  void (*drained) (AhoydSession *session,
                   gpointer      data);
  /* @link is about to be closed in good order. Returns: TRUE: it was, by ahoy_link_close_then(). */
  gboolean (*closing) (AhoydSession *session,
                       AhoyLink     *link,
                       gpointer      data);
  /* It has ended, and is freed when this returns. A person that it still has leaves now: ahoyd_session_take_person(). */
  void (*ended) (AhoydSession *session,
                 gpointer      data);
} AhoydSessionEvents;

/* What every session of one server works with, all borrowed. */
typedef struct {
  const AhoydConfig        *config;
  AhoydStats               *stats;
  AhoyPoll                 *poll;
  AhoyTls                  *tls;
  AhoydAddressLimits       *address_limits;
  AhoydPurses              *purses;
  AhoyDeadlines            *deadlines; /* for those who are to log in; of AhoydSession */
  const AhoydSessionEvents *events;
  gpointer                  events_data;
} AhoydSessionHost;

/* A session may have this part of a processor for what it looks up. */
#define AHOYD_WORK_TIME_SHARE 10
/* Messages that a log-in counts as: everybody hears of the coming and of the going. */
#define AHOYD_LOG_IN_MESSAGES 2

/* @host (borrowed): outlives the session. @fd (transfer full): a connected socket. @address_limit (transfer full): where it comes from. @serial: never 0, never used
 * twice. Returns: (transfer none) (nullable): lives until it has ended or ahoyd_session_close(); NULL when the kernel refuses the socket. */
AhoydSession *ahoyd_session_new (const AhoydSessionHost *host,
                                 int                     fd,
                                 AhoydAddressLimit      *address_limit,
                                 guint64                 serial,
                                 GError                **error);
/* Like ahoyd_session_new() for a connection that came when there was no place: it can only take the place of somebody who is here, unless one is free by then.
 * @link (transfer full): open and secure. */
AhoydSession *ahoyd_session_new_extra (const AhoydSessionHost *host,
                                       AhoyLink               *link,
                                       AhoydAddressLimit      *address_limit,
                                       guint64                 serial);

/* Returns: (transfer none): the session's link in its owner's list. */
GList *ahoyd_session_get_node (AhoydSession *session);
/* Says @why as a notice, when it is not NULL, and ends the session in good order. It must not be used any more. */
void ahoyd_session_close (AhoydSession *session,
                          const char   *why);
/* Whatever the peer says from now on is not heard. */
void ahoyd_session_stop_reading (AhoydSession *session);
/* Says something to this peer alone. */
void ahoyd_session_send (AhoydSession     *session,
                         const AhoyPacket *packet);
void ahoyd_session_notice (AhoydSession *session,
                           const char   *format,
                           ...) G_GNUC_PRINTF (2, 3);

/* Says what is wrong: with @code and, when it is about a message that has one, its @cid to an extended peer; as a notice to a classic one. */
void ahoyd_session_error (AhoydSession *session,
                          const char   *code,
                          const char   *cid,
                          const char   *format,
                          ...) G_GNUC_PRINTF (4, 5);
/* They leave on purpose; @reason may be NULL. The session must not be used any more. */
void ahoyd_session_leave (AhoydSession *session,
                          const char   *reason);

/* From now on this peer is spoken to in the extended dialect. Before it is logged in. */
void     ahoyd_session_speak_extended (AhoydSession *session);
gboolean ahoyd_session_is_extended (AhoydSession *session);
/* It is @person's (borrowed, until ahoyd_session_take_person()) from now on: it need not hurry to log in any more, and uses up what is theirs. */
void ahoyd_session_log_in (AhoydSession *session,
                           AhoydPerson  *person);
/* It is nobody's any more, because it has ended or another session goes on in its place. Returns: (transfer none) (nullable): whose it was. */
AhoydPerson *ahoyd_session_take_person (AhoydSession *session);
/* Returns: (transfer none) (nullable): the session that is @person's at the moment. */
AhoydSession *ahoyd_session_find (AhoydPerson *person);
/* Whether there was no place for it when it came. */
gboolean ahoyd_session_is_extra (AhoydSession *session);
/* Whether there is a place for each connection that is here from where it comes from. */
gboolean ahoyd_session_has_place_there (AhoydSession *session);
/* A log-in was refused, and the peer knows. With too many of them the session is closed: it must not be used any more. */
void ahoyd_session_log_in_failed (AhoydSession *session);

/* What somebody else keeps about this connection, under a key of its own (as G_DEFINE_QUARK() makes them); freed with @destroy (nullable) when it is set anew and when
 * the session ends. Returns: (transfer none) (nullable). */
gpointer ahoyd_session_get_slot (AhoydSession *session,
                                 GQuark        key);
/* Sets what ahoyd_session_get_slot() returns. @data (transfer full) (nullable). */
void ahoyd_session_set_slot (AhoydSession  *session,
                             GQuark         key,
                             gpointer       data,
                             GDestroyNotify destroy);
/* Takes back what ahoyd_session_set_slot() was given: it is not freed. Returns: (transfer full) (nullable). */
gpointer ahoyd_session_steal_slot (AhoydSession *session,
                                   GQuark        key);
/* Nothing more is read from this peer until ahoyd_session_resume() was called as often: it has asked for more than can be done at once. */
void ahoyd_session_pause (AhoydSession *session);
void ahoyd_session_resume (AhoydSession *session);
/* Whether others wait with what they have to say, because this peer is behind and takes what it can. @now: g_get_monotonic_time(). */
AhoydPatienceVerdict ahoyd_session_holds_up (AhoydSession *session,
                                             gint64        now);
/* Looks whether the peer is still there, and asks it when it was silent for long. Returns: FALSE when it is gone; see ahoyd-life.h.
 * @now: g_get_monotonic_time(). */
gboolean ahoyd_session_keep_alive (AhoydSession *session,
                                   gint64        now);

AhoydState ahoyd_session_get_state (AhoydSession *session);
/* Returns: (transfer none) (nullable): NULL until it is logged in. */
AhoydPerson *ahoyd_session_get_person (AhoydSession *session);
guint64      ahoyd_session_get_serial (AhoydSession *session);
/* Returns: (transfer none): where its peer is reached. */
AhoydPeerOutput *ahoyd_session_get_output (AhoydSession *session);
/* Returns: (nullable): what they said about leaving, or what happened. */
const char *ahoyd_session_get_reason (AhoydSession *session);
/* What the peer has proved to hold the key of: its fingerprint, or NULL. */
const char *ahoyd_session_get_key (AhoydSession *session);
void        ahoyd_session_set_key (AhoydSession *session,
                                   const char   *key);

/* Counts work this session made. The unit is one frame handed to one peer, so that talking to two people costs little and flooding a thousand costs
 * much. Generous: no person and no bench at the server's own pace ever meets it. */
void ahoyd_session_charge (AhoydSession *session,
                           guint         cost);
/* Counts a processor that was used for @us microseconds as work: so much that it is paid for when AHOYD_WORK_TIME_SHARE times that have passed. */
void ahoyd_session_charge_time (AhoydSession *session,
                                gint64        us);
/* Counts messages that its peer sent. */
void ahoyd_session_count_messages (AhoydSession *session,
                                   guint         n);

G_END_DECLS
