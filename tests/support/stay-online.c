/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* stay-online PORT ADDRESS NAME [silent]: somebody who is online on the server at ADDRESS, and helps neighbours (who ask on the UDP port PORT)
 * unless silent. Says "online" when the log-in is done, and ends with its standard input. */

#include <stdlib.h>
#include <glib-unix.h>
#include <unistd.h>

#include "core/chat/ahoy-client.h"
#include "core/discovery/ahoy-finder.h"
#include "core/discovery/ahoy-neighbour.h"

static void
on_finder_state (AhoyFinder *finder,
                 GParamSpec *pspec,
                 AhoyClient *client)
{
  g_autoptr (AhoyServer) server = g_list_model_get_item (ahoy_finder_get_servers (finder), 0);

  if (ahoy_finder_get_state (finder) == AHOY_FINDER_FOUND)
    ahoy_client_connect (client, server, g_object_get_data (G_OBJECT (finder), "name"));
}

static void
on_client_state (AhoyClient    *client,
                 GParamSpec    *pspec,
                 AhoyNeighbour *neighbour)
{
  if (ahoy_client_get_state (client) == AHOY_CLIENT_ONLINE)
    g_print ("online secure=%d listens=%d\n", ahoy_client_get_secure (client), ahoy_neighbour_listens (neighbour));
}

static gboolean
on_input (gint         fd,
          GIOCondition condition,
          gpointer     loop)
{
  char byte;

  if (read (fd, &byte, 1) > 0)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GMainLoop)     loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (AhoyFinder)    finder = NULL;
  g_autoptr (AhoyClient)    client = NULL;
  g_autoptr (AhoyNeighbour) neighbour = NULL;
  g_autoptr (GError)        error = NULL;
  /* Somebody is there: a busy machine is waited for. */
  const AhoyFinderTiming patient = { .attempts = { 0, 300, 900, 2100 }, .give_up = 30000, .give_up_typed = 30000, .window = 250 };

  if (argc < 4)
    {
      g_printerr ("usage: stay-online PORT ADDRESS NAME [silent]\n");
      return 2;
    }

  finder = ahoy_finder_new ((guint16) atoi (argv[1]));
  ahoy_finder_set_timing (finder, &patient);
  client = ahoy_client_new_full (NULL, NULL, NULL);
  neighbour = ahoy_neighbour_new (client);
  ahoy_neighbour_set_discovery_port (neighbour, (guint16) atoi (argv[1]));
  ahoy_neighbour_set_enabled (neighbour, argc == 4);
  g_object_set_data (G_OBJECT (finder), "name", argv[3]);
  g_signal_connect (finder, "notify::state", G_CALLBACK (on_finder_state), client);
  g_signal_connect (client, "notify::state", G_CALLBACK (on_client_state), neighbour);
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input, loop);
  if (!ahoy_finder_start_at (finder, argv[2], &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }

  g_main_loop_run (loop);
  return 0;
}
