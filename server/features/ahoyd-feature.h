/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "net/ahoyd-dispatch.h"

G_BEGIN_DECLS

/* A feature: something that this server can do, as a struct of functions that the server calls. The house knows a list of these and none of their names;
 * CONTRIBUTING.md, "Adding a capability", shows by example how one is written.
 *
 * Each function may be NULL: then the feature does not care. Everything happens on the server's main context. Where more than one feature hears of the same thing, they
 * hear of it in the order of the list, `offline` and `stop` in the opposite order, and each hears of it when the ones before have done their part.
 *
 * A function cannot fail: what goes wrong is the feature's own matter, which it says to the peer (ahoyd_session_error()) or logs. */

typedef struct {
  const char *name; /* for logs: one word that no other feature has */

  /* What it takes from peers: rows of the dispatch table. No other feature takes the same. */
  const AhoydVerb *verbs;
  gsize            n_verbs;

  /* The server has all its parts, and nobody can come yet.
   * Returns: (transfer full): what the feature knows of this server. Every other function gets it as @self; without `start` that is NULL. */
  gpointer (*start) (const AhoydServerContext *server_context);
  /* Nobody is here any more, and nothing is called afterwards. The hub and the store are still there. */
  void (*stop) (gpointer self);
} AhoydFeature;

G_END_DECLS
