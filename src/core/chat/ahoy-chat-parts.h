/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-archive.h"
#include "core/chat/ahoy-roster.h"
#include "core/chat/ahoy-turn.h"
#include "core/connection/ahoy-session.h"
#include "core/dialect/ahoy-outbox.h"

G_BEGIN_DECLS

typedef struct _AhoyFeatureSet AhoyFeatureSet; /* core/features/ahoy-feature-set.h */

/* AhoyChatParts is what a chat is made of, for whoever works with it: its features, its dialects, and what shows and keeps what is said. All are
 * borrowed, and there as long as whoever was given the parts. The chat alone writes this; everybody else reads it. Main thread; core only. */
typedef struct {
  GObject        *chat; /* whose properties tell of all that: notify it by their names, and hold it while it may be let go of */
  AhoySession    *session;
  AhoyConnection *connection; /* the session's */
  AhoyRoster     *roster;
  AhoyTurn       *turn;
  AhoyOutbox     *outbox;
  AhoyFeatureSet *features;
  AhoyArchive    *archive; /* NULL: the server is not known to be extended */
  gboolean        loaded;  /* the archive, and its end is shown */
} AhoyChatParts;

/* Whether we are logged in to a server that speaks the extended dialect. */
gboolean ahoy_chat_parts_is_extended (const AhoyChatParts *self);

G_END_DECLS
