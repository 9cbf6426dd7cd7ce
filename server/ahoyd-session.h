/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-config.h"
#include "ahoyd-hub.h"
#include "ahoyd-lobby.h"
#include "ahoyd-stats.h"
#include "store/ahoyd-store.h"
#include "wire/ahoy-poll.h"

G_BEGIN_DECLS

/* One connection, from accept() to its end: its state, its charset, its quota. What a packet does is in the handlers, see ahoyd-dispatch.h. */

typedef struct _AhoydSession AhoydSession;

/* Values of the dispatch table's `states`. */
typedef enum {
  AHOYD_STATE_LOBBY = 1 << 0,  /* connected, not logged in */
  AHOYD_STATE_ONLINE = 1 << 1, /* logged in */
} AhoydState;

/* What every session works with: the server's parts, all borrowed. */
typedef struct {
  const AhoydConfig *config;
  GMainContext      *context;
  AhoyPoll          *poll;
  AhoydLobby        *lobby;
  AhoydHub          *hub;
  AhoydStore        *store;
  AhoydStats        *stats;
} AhoydHouse;

/* @session has ended; it is freed when this returns. */
typedef void (*AhoydSessionEnded) (AhoydSession *session,
                                   gpointer      data);

/* @fd (transfer full): a connected socket. @serial: never 0, never used twice.
 * Returns: (transfer none) (nullable): lives until it has @ended or ahoyd_session_close(); NULL when the kernel refuses the socket. */
AhoydSession *ahoyd_session_new (const AhoydHouse   *house,
                                 int                 fd,
                                 guint64             serial,
                                 AhoydSessionEnded   ended,
                                 gpointer            data,
                                 GError            **error);

/* The link in the owner's list of sessions. */
GList        *ahoyd_session_get_node (AhoydSession *session);
/* In ahoyd_lobby_new()'s callback. */
AhoydSession *ahoyd_session_from_seat (AhoydLobbySeat *seat);

/* Says @why as a notice, when it is not NULL, and ends the session in good order. It must not be used any more. */
void ahoyd_session_close  (AhoydSession *session,
                           const char   *why);
/* Whatever the peer says from now on is not heard. */
void ahoyd_session_stop_reading (AhoydSession *session);
/* Says something to this peer alone. */
void ahoyd_session_send   (AhoydSession     *session,
                           const AhoyPacket *packet);
void ahoyd_session_notice (AhoydSession *session,
                           const char   *format,
                           ...) G_GNUC_PRINTF (2, 3);

/* Logs in. Returns: FALSE when the name is taken. */
gboolean ahoyd_session_enter (AhoydSession *session,
                              const char   *name,
                              const char   *skeleton);

AhoydState        ahoyd_session_get_state  (AhoydSession *session);
/* NULL until they are logged in. */
AhoydPerson      *ahoyd_session_get_person (AhoydSession *session);
guint64           ahoyd_session_get_serial (AhoydSession *session);
const AhoydHouse *ahoyd_session_get_house  (AhoydSession *session);

/* Counts work this session made; see ahoyd-quota.h. */
void ahoyd_session_charge (AhoydSession *session,
                           guint         cost);

G_END_DECLS
