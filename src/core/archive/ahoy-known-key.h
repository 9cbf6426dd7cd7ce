/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* AhoyKnownKey says by which key somebody is known on one server. Keys are fingerprints. Plain data, one thread at a time. */
typedef struct {
  char    *person;   /* skeleton of the name */
  char    *known;    /* the first one, or the one that was accepted; NULL: nothing is known any more */
  gint64   since;    /* when that was: seconds since 1970 UTC */
  char    *key;      /* they came with last; NULL: without one */
  gboolean verified; /* somebody has compared @known */
} AhoyKnownKey;

/* Returns: (transfer full): a copy. */
AhoyKnownKey *ahoy_known_key_new (const AhoyKnownKey *from);
void          ahoy_known_key_free (AhoyKnownKey *self);

/* Returns: (transfer full): somebody whom we know from now on. */
AhoyKnownKey *ahoy_known_key_meet (const char *person,
                                   const char *key,
                                   gint64      now);
/* Notes that they came with @key (NULL: without). Returns: whether anything is different now. */
gboolean ahoy_known_key_note (AhoyKnownKey *self,
                              const char   *key);
/* Makes the key that they came with the known one. @now: seconds since 1970 UTC. */
void ahoy_known_key_accept (AhoyKnownKey *self,
                            gint64        now);
/* Whether they came with another key than the known one, or without. */
gboolean ahoy_known_key_changed (const AhoyKnownKey *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyKnownKey, ahoy_known_key_free)

G_END_DECLS
