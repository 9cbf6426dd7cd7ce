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
  GPtrArray    *peers; /* freed with the house */
} TestHouse;

/* As cmocka's setup and teardown: *state is the house. Not serving yet, so that a test can change the config. */
int test_house_setup    (void **state);
int test_house_teardown (void **state);

void test_house_serve (TestHouse *house);

/* Returns: (transfer none): a connection that said nothing yet. */
TestPeer *test_house_connect (TestHouse *house);
/* Returns: (transfer none): logged in, after @others (in that order, NULL-terminated): those have seen it too. */
TestPeer *test_house_log_in  (TestHouse   *house,
                              const char  *name,
                              ...) G_GNUC_NULL_TERMINATED;
