/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "net/ahoyd-dispatch.h"
#include "state/ahoyd-log-in.h"
#include "store/ahoyd-table.h"

G_BEGIN_DECLS

/* A feature is something that this server can do, as a struct of functions that the server calls. The house knows a list of these and none of their names;
 * CONTRIBUTING.md, "Adding a capability", shows by example how one is written.
 *
 * Each function may be NULL: then the feature does not care. All are called on the server's main context, in this order:
 *
 *   start
 *   for each log-in:      replaced (when it goes on as somebody who is here), online, replayed ..., caught_up
 *   for each event:       committed, in the order of ids, once in the life of the log
 *   when somebody leaves: offline
 *   stop
 *
 * When something happens all features hear of it, one after the other, in the order of the list; of `offline` and `stop` in the opposite order.
 *
 * A function cannot fail: what goes wrong is the feature's own matter, which it says to the peer (ahoyd_session_error()) or logs. Nothing that it does can
 * keep the others from hearing, with one exception: it may close any session, also the one that it is told of, and must not touch that one afterwards. The features after
 * it are then not told what that session did, and for a session that was online `offline` comes at once, from inside: to those that were told `online`.
 * In `offline` itself the session is closed already.
 *
 * What a feature knows of a person or a session it keeps in a slot of theirs (ahoyd_person_set_slot(), ahoyd_session_set_slot()), under a quark of its own: it is
 * freed with them. */

/* What features work with, all borrowed, and there until they have stopped. */
typedef struct {
  AhoydHub     *hub;
  AhoydStore   *store;
  AhoydKnown   *known;
  AhoydTenures *tenures;
  AhoydLogIn   *log_in;
} AhoydFeatureHost;

typedef struct {
  const char *name; /* for logs: one word that no other feature has */

  /* What it takes from peers: rows of the dispatch table. No other feature takes the same. */
  const AhoydVerb *verbs;
  gsize            n_verbs;

  /* What it keeps for good: a table of the log's file, its rows in RAM (store/ahoyd-table.h); ahoyd_store_get_rows() has them from `start` on. What is written to it is written
   * after what was appended before. NULL: nothing, or a table that every store has. */
  const AhoydTableClass *table;

  /* The server has all its parts, and nobody can come yet.
   * Returns: (transfer full): what the feature knows of this server. Every other function gets it as @self; without `start` that is NULL. */
  gpointer (*start) (const AhoydFeatureHost *host);
  /* Nobody is here any more, and nothing is called afterwards. The hub and the store are still there. */
  void (*stop) (gpointer self);

  /* @person, who is here, has logged in once more. The session that they have ends without `offline`, and the next goes on with `online`; neither is to be told
   * anything now. Closes no session. */
  void (*replaced) (AhoydPerson *person,
                    gpointer     self);
  /* @session has logged in, and was told who is here. What its person missed is still to come. */
  void (*online) (AhoydSession *session,
                  gpointer      self);
  /* All that @session missed was handed over; that it was all is still to be said. */
  void (*caught_up) (AhoydSession *session,
                     gpointer      self);
  /* The person of @session leaves. They are still in the hub, but nothing reaches them. Closes no session. */
  void (*offline) (AhoydSession *session,
                   gpointer      self);

  /* Adds what there is to say of @person, who is here, to @packet, which tells others so. The strings are borrowed until something else is said of them
   * (ahoyd_hub_presence_changed()). Closes no session. */
  void (*describe) (AhoydPerson *person,
                    AhoyPacket  *packet,
                    gpointer     self);

  /* @event is in the log, and was handed to everybody whom it is for. */
  void (*committed) (const AhoydEvent *event,
                     gpointer          self);
  /* @event, which was committed before, was handed to @person now: because they missed it, in the order of ids, or because they asked for it, in the order of ids within
   * one answer. Closes no session. */
  void (*replayed) (AhoydPerson      *person,
                    const AhoydEvent *event,
                    gpointer          self);
  /* The name with that skeleton is nobody's, or somebody else's from now on: what is known of the one who had it goes. Closes no session. */
  void (*forgotten) (const char *skeleton,
                     gpointer    self);
} AhoydFeature;

G_END_DECLS
