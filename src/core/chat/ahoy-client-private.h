/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the two files of the client share: ahoy-client.c is the object, and writes it; ahoy-client-session.c is what it makes of what happens on the network. */

#pragma once

#include "core/chat/ahoy-chat-parts.h"
#include "core/chat/ahoy-client.h"
#include "core/chat/ahoy-past.h"
#include "core/dialect/ahoy-classic-dialect.h"
#include "core/dialect/ahoy-extended-dialect.h"
#include "core/features/ahoy-feature-set.h"

G_BEGIN_DECLS

/* Every time the client waits for something; milliseconds. */
typedef struct {
  AhoySessionTiming    session;
  guint                echo;        /* for our own words to come back, until we know whether this server does that */
  guint                traffic;     /* the same once others were heard since */
  guint                undelivered; /* after a whisper, a notice may be about it */
  AhoySendWindowTiming window;
} AhoyClientTimings;

struct _AhoyClient {
  GObject parent_instance;

  /* Template */
  AhoyClientTimings         timings;
  const AhoyFeature *const *features;

  /* Owned */
  AhoySession         *session;
  AhoyRoster          *roster;
  AhoyTurn            *turn;
  AhoySender          *sender;
  AhoyPace            *pace;
  AhoyPlacer          *placer;
  AhoyClassicDialect  *classic;
  AhoyExtendedDialect *extended;
  AhoyPast            *past;
  const AhoyTable    **tables; /* of an archive */
  AhoyServerTrust     *trust;  /* until the session has it */
  AhoyChatParts        parts;  /* the same, for those who work with it; but for the features, which are owned here */

  /* Borrowed */
  AhoyDatabase *history; /* NULL: none */
};

/* Like ahoy_client_new_full(), for tests. */
AhoyClient *ahoy_client_new_with_timings (const AhoyClientTimings *timings,
                                          AhoyDatabase            *history,
                                          AhoyKeyring             *keyring,
                                          AhoyKnownServers        *known_servers);

/* The times that ahoy_client_new_full() uses. */
extern const AhoyClientTimings ahoy_client_timings;

/* ---- ahoy-client-session.c ---- */

extern const AhoySessionEvents ahoy_client_session_events;

/* Asks for the name on the connection that is there, as soon as the archive is. */
void ahoy_client_log_in (AhoyClient *self);

G_END_DECLS
