/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-config.h"
#include "control/ahoyd-stats.h"
#include "net/ahoyd-address-limits.h"
#include "net/ahoyd-lobby.h"
#include "net/ahoyd-patience.h"
#include "state/ahoyd-farewells.h"
#include "state/ahoyd-hub.h"
#include "state/ahoyd-known.h"
#include "state/ahoyd-owners.h"
#include "state/ahoyd-purses.h"
#include "store/ahoyd-store.h"
#include "wire/ahoy-poll.h"
#include "wire/ahoy-tls.h"

G_BEGIN_DECLS

/* One connection, from accept() to its end: its state, its charset, its quota. What a packet does is in the handlers, see ahoyd-dispatch.h. */

typedef struct _AhoydSession AhoydSession;

/* Values of the dispatch table's `states`. */
typedef enum {
  AHOYD_STATE_LOBBY = 1 << 0,  /* connected, not logged in */
  AHOYD_STATE_ONLINE = 1 << 1, /* logged in */
} AhoydState;

/* Who makes something of what a session hears, and of its coming and going: see features/ahoyd-feature-set.h. */
typedef struct {
  /* @packet has come. May close the session. */
  void (*packet) (AhoydSession     *session,
                  const AhoyPacket *packet,
                  gpointer          data);
  /* @person, who is here, has logged in once more: their session ends without `offline`. Closes no session. */
  void (*replaced) (AhoydPerson *person,
                    gpointer     data);
  /* It has logged in; and, later, all that it missed was handed over. Returns: FALSE: it was closed. */
  gboolean (*online) (AhoydSession *session,
                      gpointer      data);
  gboolean (*caught_up) (AhoydSession *session,
                         gpointer      data);
  /* Its person leaves. Closes no session. */
  void (*offline) (AhoydSession *session,
                   gpointer      data);
  /* It is about to be freed, be it logged in or not. */
  void (*ended) (AhoydSession *session,
                 gpointer      data);
} AhoydSessionEvents;

/* What every session works with: the server's parts, all borrowed. */
typedef struct {
  const AhoydConfig        *config;
  GMainContext             *context;
  AhoyPoll                 *poll;
  AhoyTls                  *tls;
  AhoydLobby               *lobby;
  AhoydAddressLimits       *address_limits;
  AhoydHub                 *hub;
  AhoydStore               *store;
  AhoydOwners              *owners;
  AhoydKnown               *known;
  AhoydPurses              *purses;
  AhoydFarewells           *farewells;
  const AhoydSessionEvents *events;
  gpointer                  events_data;
  const GQueue             *sessions;    /* all that there are */
  guint                     max_clients; /* how many of them have a place */
  AhoydStats               *stats;
  const char               *server_id;
} AhoydServerContext;

/* Work a second that one session may make, and at once after a pause. */
#define AHOYD_WORK_RATE 500000
#define AHOYD_WORK_BURST 1000000
/* A session may have this part of a processor for what it looks up. */
#define AHOYD_WORK_TIME_SHARE 10
/* Messages that a log-in counts as: everybody hears of the coming and of the going. */
#define AHOYD_LOG_IN_MESSAGES 2

/* @session has ended; it is freed when this returns. */
typedef void (*AhoydSessionEnded) (AhoydSession *session,
                                   gpointer      data);

/* @fd (transfer full): a connected socket. @address_limit (transfer full): where it comes from. @serial: never 0, never used twice.
 * Returns: (transfer none) (nullable): lives until it has @ended or ahoyd_session_close(); NULL when the kernel refuses the socket. */
AhoydSession *ahoyd_session_new (const AhoydServerContext *server_context,
                                 int                       fd,
                                 AhoydAddressLimit        *address_limit,
                                 guint64                   serial,
                                 AhoydSessionEnded         ended,
                                 gpointer                  data,
                                 GError                  **error);
/* The same beyond the server_context's places: it can only take the place of somebody who is here, unless one is free by then.
 * @link (transfer full): open and secure. */
AhoydSession *ahoyd_session_new_extra (const AhoydServerContext *server_context,
                                       AhoyLink                 *link,
                                       AhoydAddressLimit        *address_limit,
                                       guint64                   serial,
                                       AhoydSessionEnded         ended,
                                       gpointer                  data);

/* The link in the owner's list of sessions. */
GList *ahoyd_session_get_node (AhoydSession *session);
/* In ahoyd_lobby_new()'s callback. */
AhoydSession *ahoyd_session_from_seat (AhoydLobbySeat *seat);

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
/* The peer's log-in cannot be decided yet: nothing more is read from it until ahoyd_session_go_on(). @waits (transfer full) is given back then, or
 * handed to @give_up when the session ends before. */
void     ahoyd_session_wait (AhoydSession  *session,
                             gpointer       waits,
                             GDestroyNotify give_up);
gpointer ahoyd_session_go_on (AhoydSession *session);
/* Logs in, and begins to hand over what was missed: with @resumes what came after @since, or after what is shared with
 * somebody who came so far in @since_runs (nullable; PROTOCOL.md, "Runs"). Somebody who is here under that name is the same person:
 * their session ends, and this one goes on in its place. Unless that one was made later: then this one is the one that ends.
 * @secret (nullable): the hash of what a name that no key owns is held by.
 * Returns: FALSE: it must not be used any more. */
gboolean ahoyd_session_enter (AhoydSession   *session,
                              const AhoydWho *who,
                              const char     *secret,
                              gboolean        resumes,
                              guint64         since,
                              const char     *since_runs);

/* @event is a whisper that was just committed and handed to whoever is here. A peer that cannot say that it has it counts as having it
 * when its computer has acknowledged the bytes. */
void ahoyd_session_note_whisper (const AhoydServerContext *server_context,
                                 const AhoydEvent         *event);

/* Whether it may be somebody who is not here yet. */
gboolean ahoyd_session_has_place (AhoydSession *session);
/* It may not: @name, as it was asked for, is refused, and the session ends. It must not be used any more. */
void ahoyd_session_turn_away (AhoydSession *session,
                              const char   *name);

/* A log-in was refused, and the peer knows. With too many of them the session is closed: it must not be used any more. */
void ahoyd_session_log_in_failed (AhoydSession *session);

/* What somebody else keeps about this connection, under a key of its own (as G_DEFINE_QUARK() makes them); freed with @destroy (nullable) when it is set anew and when
 * the session ends. Returns: (transfer none) (nullable). */
gpointer ahoyd_session_get_slot (AhoydSession *session,
                                 GQuark        key);
/* @data (transfer full) (nullable). */
void ahoyd_session_set_slot (AhoydSession  *session,
                             GQuark         key,
                             gpointer       data,
                             GDestroyNotify destroy);
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

/* Whether this peer speaks TLS. It is known when they have said something. */
gboolean ahoyd_session_is_secure (AhoydSession *session);

AhoydState ahoyd_session_get_state (AhoydSession *session);
/* NULL until they are logged in. */
AhoydPerson              *ahoyd_session_get_person (AhoydSession *session);
guint64                   ahoyd_session_get_serial (AhoydSession *session);
const AhoydServerContext *ahoyd_session_get_context (AhoydSession *session);
/* What the peer has proved to hold the key of: its fingerprint, or NULL. */
const char *ahoyd_session_get_key (AhoydSession *session);
void        ahoyd_session_set_key (AhoydSession *session,
                                   const char   *key);

/* Counts work this session made. The unit is one frame handed to one peer, so that talking to two people costs little and flooding a thousand costs
 * much. Generous: no person and no bench at the server's own pace ever meets it. */
void ahoyd_session_charge (AhoydSession *session,
                           guint         cost);
/* The same for a processor that was used for @us microseconds: so much that it is paid for when AHOYD_WORK_TIME_SHARE times that have passed. */
void ahoyd_session_charge_time (AhoydSession *session,
                                gint64        us);
/* Counts messages that it sent. */
void ahoyd_session_count_messages (AhoydSession *session,
                                   guint         n);

/* It has said something that waits for the log. */
void ahoyd_session_update_backlog (AhoydSession *session);
/* @event waits no more, and the hub knows. */
void ahoyd_session_note_written (const AhoydServerContext *server_context,
                                 const AhoydEvent         *event);

G_END_DECLS
