/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-client.h"

G_BEGIN_DECLS

/* Tells others on our networks of the server we are on, when it did not hear them ask. DISCOVERY.md, "Neighbours". Main thread.
 *
 * It does while the client is ONLINE on a server that has proved its id and does not want to stay unknown, and while "enabled" (boolean, TRUE
 * at first; notifies). What it tells is a claim as any reply is: who asked has the server prove it. */

#define AHOY_TYPE_NEIGHBOUR (ahoy_neighbour_get_type ())
G_DECLARE_FINAL_TYPE (AhoyNeighbour, ahoy_neighbour, AHOY, NEIGHBOUR, GObject)

AhoyNeighbour *ahoy_neighbour_new (AhoyClient *client);
/* UDP port on which others ask. 0, as at first: nobody is heard. */
void ahoy_neighbour_set_discovery_port (AhoyNeighbour *self,
                                        guint16        port);
void ahoy_neighbour_set_enabled (AhoyNeighbour *self,
                                 gboolean       enabled);
/* Whether it listens at all just now. */
gboolean ahoy_neighbour_listens (AhoyNeighbour *self);

G_END_DECLS
