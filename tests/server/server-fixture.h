/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-server.h"
#include "server/test-peer.h"

/* A whole server inside the test's process: on 127.0.0.1, any free ports, a data folder of its own. */

typedef struct {
  GMainContext *context;
  AhoydConfig  *config;
  AhoydServer  *server;
  char         *folder;
  GPtrArray    *peers;    /* freed with the house */
  GPtrArray    *features; /* AhoydFeature (borrowed), NULL-terminated: all that there are, and what the test adds */
} ServerFixture;

/* As cmocka's setup and teardown: *state is the fixture. Not serving yet, so that a test can change the config. */
int server_fixture_setup (void **state);
int server_fixture_teardown (void **state);

/* Before it serves: it will have @feature (borrowed) as well. */
void server_fixture_add_feature (ServerFixture      *fixture,
                                 const AhoydFeature *feature);

void server_fixture_serve (ServerFixture *fixture);
/* All that was said is in the log by then. It may serve again; the connections are gone, and forgotten. */
void server_fixture_stop (ServerFixture *fixture);

/* Returns: (transfer none): a connection that said nothing yet. */
TestPeer *server_fixture_connect (ServerFixture *fixture);
/* Returns: (transfer none): logged in, after @others (in that order, NULL-terminated): those have seen it too. */
TestPeer *server_fixture_log_in (ServerFixture *fixture,
                                 const char    *name,
                                 ...) G_GNUC_NULL_TERMINATED;

/* Returns: (transfer none): logged in, in the extended dialect; has heard all until it was caught up, and all connections before it that it came. */
TestPeer *server_fixture_enter (ServerFixture *fixture,
                                const char    *name);
