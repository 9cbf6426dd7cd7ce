/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* find-servers PORT GIVE-UP WINDOW [at ADDRESS | last HOST TCP-PORT [ID] | until N]: one search, printed as lines of key=value for tests to read.
 *
 * GIVE-UP: milliseconds to wait for a first reply; WINDOW: how many to wait for others after it. 0: as people do. N: of servers, when the search may be
 * stopped. */

#include <stdlib.h>

#include "core/ahoy-core-enum-types.h"
#include "core/discovery/ahoy-finder-private.h"

static void
on_state (AhoyFinder *finder,
          GParamSpec *pspec,
          GMainLoop  *loop)
{
  if (ahoy_finder_get_state (finder) != AHOY_FINDER_LOOKING)
    g_main_loop_quit (loop);
}

static void
on_servers (GListModel *servers,
            guint       position,
            guint       removed,
            guint       added,
            AhoyFinder *finder)
{
  if (g_list_model_get_n_items (servers) >= GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (finder), "until")))
    ahoy_finder_stop (finder);
}

static const char *
nick (GType type,
      int   value)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (type);

  return g_enum_get_value (klass, value)->value_nick; /* static */
}

static const char *
or_none (const char *text)
{
  return text != NULL ? text : "-";
}

static void
print_result (AhoyFinder *finder)
{
  GListModel *servers = ahoy_finder_get_servers (finder);
  GListModel *probes = ahoy_finder_get_probes (finder);

  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (AhoyServer) server = g_list_model_get_item (servers, i);

      g_print ("server host=%s port=%u id=%s extended=%d users=%d last-used=%d name=%s\n", ahoy_server_get_host (server),
               ahoy_server_get_port (server), or_none (ahoy_server_get_id (server)), ahoy_server_get_extended (server),
               ahoy_server_get_users (server), ahoy_server_get_last_used (server), or_none (ahoy_server_get_name (server)));
    }
  for (guint i = 0; i < g_list_model_get_n_items (probes); i++)
    {
      g_autoptr (AhoyProbe) probe = g_list_model_get_item (probes, i);

      g_print ("probe kind=%s interface=%s address=%s target=%s sent=%u error=%d echo=%d replies=%u trial=%s\n",
               nick (AHOY_TYPE_PROBE_KIND, ahoy_probe_get_kind (probe)), or_none (ahoy_probe_get_interface (probe)),
               or_none (ahoy_probe_get_address (probe)), or_none (ahoy_probe_get_target (probe)), ahoy_probe_get_sent (probe),
               ahoy_probe_get_error (probe), ahoy_probe_get_echo_heard (probe), ahoy_probe_get_replies (probe),
               nick (AHOY_TYPE_TRIAL, ahoy_probe_get_trial (probe)));
    }
  g_print ("state=%s diagnosis=%s\n", nick (AHOY_TYPE_FINDER_STATE, ahoy_finder_get_state (finder)),
           nick (AHOY_TYPE_DIAGNOSIS, ahoy_finder_get_diagnosis (finder)));
}

static void
be_patient (AhoyFinder *finder,
            guint       give_up,
            guint       window)
{
  const AhoyFinderTiming timing = {
    .attempts = { 0, 300, 900, 2100 },
    .give_up = give_up,
    .give_up_typed = give_up,
    .window = window,
    .sweep = 1500,
    .sweep_turn = 100,
    .sweep_settle = 500,
  };

  if (give_up > 0)
    ahoy_finder_set_timing (finder, &timing);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (AhoyFinder) finder = NULL;
  g_autoptr (GMainLoop)  loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError)     error = NULL;
  const char           **how = (const char **) argv + 4;

  if (argc < 4 || atoi (argv[1]) <= 0)
    {
      g_printerr ("usage: find-servers PORT GIVE-UP WINDOW [at ADDRESS | last HOST TCP-PORT [ID] | until N]\n");
      return 2;
    }

  finder = ahoy_finder_new (atoi (argv[1]));
  be_patient (finder, atoi (argv[2]), atoi (argv[3]));
  g_signal_connect (finder, "notify::state", G_CALLBACK (on_state), loop);
  if (argc > 6 && g_str_equal (how[0], "last"))
    ahoy_finder_set_last_used (finder, how[1], atoi (how[2]), argc > 7 ? how[3] : NULL);

  if (argc > 5 && g_str_equal (how[0], "until"))
    {
      g_object_set_data (G_OBJECT (finder), "until", GUINT_TO_POINTER (atoi (how[1])));
      g_signal_connect (ahoy_finder_get_servers (finder), "items-changed", G_CALLBACK (on_servers), finder);
    }
  if (argc > 5 && g_str_equal (how[0], "at"))
    {
      if (!ahoy_finder_start_at (finder, how[1], &error))
        {
          g_printerr ("%s\n", error->message);
          return 2;
        }
    }
  else
    {
      ahoy_finder_start (finder);
    }

  g_main_loop_run (loop);
  print_result (finder);
  return 0;
}
