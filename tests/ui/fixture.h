/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the tests of the window share: settings in a folder of their own, a classic server on loopback, waiting. */

#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/connector/ahoy-connector.h"
#include "ui/ahoy-settings.h"

typedef struct _FakeServer FakeServer;

/* A new profile in a new folder; removed by fixture_drop_settings(). */
AhoySettings *fixture_make_settings (char **folder);
void          fixture_drop_settings (AhoySettings *settings,
                                     char         *folder);

/* Over a client with a network. The last two are nullable. */
AhoyConnector *fixture_make_connector (AhoySettings     *settings,
                                       AhoyKeyring      *keyring,
                                       AhoyKnownServers *known_servers);

/* Speaks just enough of the classic protocol: takes every name but "taken". Answers discovery on @discovery_port (0: any free, not shared;
 * else shared with others on it). */
FakeServer *fake_server_new (guint16 discovery_port);
void        fake_server_free (FakeServer *self);
guint16     fake_server_get_port (FakeServer *self);
guint16     fake_server_get_discovery_port (FakeServer *self);

/* Ends the connections that there are; new ones are taken. */
void fake_server_hang_up (FakeServer *self);

/* The search that has just begun hears everybody out, also where the loop is busy drawing. */
void fixture_be_patient (AhoyConnector *connector);

/* Iterates the default context until the connector is at @step; fails the test when that takes too long. */
void fixture_wait_for_step (AhoyConnector *connector,
                            AhoyStep       step);

/* Returns: FALSE when the chat does not get there in time. */
gboolean fixture_wait_for_client (AhoyConnector  *connector,
                                  AhoyClientState state);
