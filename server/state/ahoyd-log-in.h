/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "state/ahoyd-delivery.h"
#include "state/ahoyd-tenure.h"

G_BEGIN_DECLS

/* Who may come in, under which name, and in whose place; and what is left to do when they leave. PROTOCOL.md, "Names", "Owning a name", "Tenures".
 *
 * A log-in waits, unread, while a claim of its name is being written. Somebody who is here under that name with the same key, or secret, is the same person (a ghost):
 * their session ends, and the new one goes on in its place. */

typedef struct _AhoydLogIn AhoydLogIn;

/* What its owner is asked and told. */
typedef struct {
  /* Whether there is a place in all for one who is not here yet. */
  gboolean (*has_place) (gpointer data);
  /* @person, who is here, has logged in once more: their session ends without `offline`. Closes no session. */
  void (*replaced) (AhoydPerson *person,
                    gpointer     data);
  /* @session has logged in. Returns: FALSE: it was closed. */
  gboolean (*online) (AhoydSession *session,
                      gpointer      data);
  /* Its person leaves. Closes no session. */
  void (*offline) (AhoydSession *session,
                   gpointer      data);
} AhoydLogInEvents;

/* All borrowed, and outlive it. */
typedef struct {
  const AhoydConfig *config;
  AhoydStats        *stats;
  AhoydHub          *hub;
  AhoydStore        *store;
  AhoydTenures      *tenures;
  AhoydDelivery     *delivery;
  const char        *server_id;
} AhoydLogInParts;

/* @events: static. */
AhoydLogIn *ahoyd_log_in_new (const AhoydLogInParts  *parts,
                              const AhoydLogInEvents *events,
                              gpointer                data);
/* There is no session any more. */
void ahoyd_log_in_free (AhoydLogIn *log_in);

/* @packet, a log-in, has come over @session. The session may be gone afterwards. */
void ahoyd_log_in_ask (AhoydLogIn       *log_in,
                       AhoydSession     *session,
                       const AhoyPacket *packet);
/* @session has ended: the person that it still has leaves. */
void ahoyd_log_in_leave (AhoydLogIn   *log_in,
                         AhoydSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydLogIn, ahoyd_log_in_free)

G_END_DECLS
