/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "client-fixture.h"
#include "core/features/ahoy-features.h"
#include "core/features/ahoy-typing.h"
#include "support/fake-extended.h"

/* A client called alice, a history in a file of its own, and a fake extended server. */
typedef struct {
  FakeExtended     *server;
  AhoyServer       *address;
  AhoyDatabase     *history; /* NULL: the next client has none */
  AhoyKeyring      *keyring; /* of the next client; NULL, as the known_servers: it has none */
  AhoyKnownServers *known_servers;
  AhoyClient       *client;
  AhoyClientTimings timings;        /* of the next client */
  AhoyTypingTiming  typing;         /* likewise */
  AhoyFeature       typing_feature; /* which minds that */
  GPtrArray        *features;       /* AhoyFeature, NULL-terminated: the usual ones, and that one */
  char             *dir;
  char             *path;
  guint             n_failed;
  GString          *messages; /* of "message": "bob: hi | " */
} Extended;

int extended_setup (void **state);
/* Like extended_setup(), for clients that can do one thing more. */
int extended_setup_with (void             **state,
                         const AhoyFeature *more);
int extended_teardown (void **state);

/* Connects, and waits until online and caught up. */
void extended_online (Extended *e);
void extended_connect (Extended *e);
/* Ends the client and its history as an orderly end does, and starts both again. @name: as ahoy_client_connect(). */
void extended_restart (Extended *e);
/* Only ends them. */
void extended_end (Extended *e);
/* Another client without a history. */
void extended_renew_without_history (Extended *e);
/* Cuts the connection, and waits until the client is online again. */
void extended_cut (Extended *e);

AhoyConversation *extended_with (Extended   *e,
                                 const char *name);
AhoyMessage      *extended_send (Extended   *e,
                                 const char *to,
                                 const char *text);
/* Iterates until the conversation with @name (NULL: everyone) reads so; fails past the deadline. */
void extended_await_log (Extended   *e,
                         const char *name,
                         const char *expected);
/* Iterates until the server has got a frame that holds @part. */
void extended_await_frame (Extended   *e,
                           const char *part);
/* What the client has sent and received so far is done with. */
void extended_sync (Extended *e);

#define EXTENDED_TEST(test) cmocka_unit_test_setup_teardown (test, extended_setup, extended_teardown)
