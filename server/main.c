/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd: reads its options, serves until it is told to stop. */

#include <glib-unix.h>
#include <locale.h>
#include <signal.h>

#include "ahoy-config.h"
#include "ahoyd-ready.h"
#include "ahoyd-server-identity.h"
#include "ahoyd-server.h"
#include "control/ahoyd-check.h"
#include "control/ahoyd-log-commands.h"
#include "control/ahoyd-log-file.h"
#include "control/ahoyd-names-command.h"
#include "control/ahoyd-reload.h"
#include "features/ahoyd-features.h"

enum {
  EXIT_FAULT = 1,
  EXIT_USAGE = 2,
  EXIT_LOG_LOST = 3,
};

typedef struct {
  GMainLoop         *loop;
  AhoydServer       *server; /* NULL: not yet, or not any more */
  AhoydConfig       *config;
  const char *const *args;
} Life;

static void
on_stopped (gpointer data)
{
  g_main_loop_quit (data);
}

static gboolean
on_signal (gpointer data)
{
  Life        *life = data;
  AhoydServer *server = g_steal_pointer (&life->server);

  /* A second signal finds nothing more to stop. */
  if (server == NULL)
    return G_SOURCE_CONTINUE;
  ahoyd_ready_stopping ();
  ahoyd_server_stop (server, on_stopped, life->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_hangup (gpointer data)
{
  Life *life = data;

  if (life->server != NULL)
    ahoyd_reload (life->server, life->config, life->args);
  return G_SOURCE_CONTINUE;
}

/* What the sandbox of a unit forbids looks like a mistake in the file system. */
static gboolean
is_forbidden (const GError *error)
{
  static const int io[] = { G_IO_ERROR_PERMISSION_DENIED, G_IO_ERROR_READ_ONLY };
  static const int file[] = { G_FILE_ERROR_ACCES, G_FILE_ERROR_PERM, G_FILE_ERROR_ROFS };
  gboolean         forbidden = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (io); i++)
    forbidden |= g_error_matches (error, G_IO_ERROR, io[i]);
  for (guint i = 0; i < G_N_ELEMENTS (file); i++)
    forbidden |= g_error_matches (error, G_FILE_ERROR, file[i]);
  return forbidden && (g_getenv ("INVOCATION_ID") != NULL || g_getenv ("NOTIFY_SOCKET") != NULL);
}

static int
give_up (const GError *error)
{
  /* GLib's messages are sentences without a full stop, others' may have one. */
  g_printerr ("ahoyd: %s%s%s\n", error->message, g_str_has_suffix (error->message, ".") ? "" : ".",
              is_forbidden (error) ? " If it is the unit's sandbox that forbids it, ahoyd(8), \"SYSTEMD\", has the drop-in that allows it." : "");
  if (error->domain == AHOYD_LOG_LOST_ERROR)
    return EXIT_LOG_LOST;
  return error->domain == AHOYD_CONFIG_ERROR ? EXIT_USAGE : EXIT_FAULT;
}

static gboolean
run_command (const AhoydConfig *config,
             GError           **error)
{
  static const struct {
    const char *word;
    gboolean (*run) (const AhoydConfig *config,
                     GError           **error);
  } commands[] = {
    { AHOYD_CONFIG_COMMAND_NAMES, ahoyd_names_command },
    { AHOYD_CONFIG_COMMAND_BACKUP, ahoyd_backup_command },
    { AHOYD_CONFIG_COMMAND_RESTORE, ahoyd_restore_command },
  };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (config->words[0], commands[i].word))
      return commands[i].run (config, error);
  g_assert_not_reached ();
}

/* GLib reads it with each message. What the environment asks for already stays. */
static void
tell_in_detail (void)
{
  const char      *asked = g_getenv ("G_MESSAGES_DEBUG");
  g_autofree char *domains = g_strjoin (" ", AHOYD_LOG_DOMAINS, asked, NULL);

  g_setenv ("G_MESSAGES_DEBUG", domains, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (AhoydConfig) config = ahoyd_config_new ();
  g_autoptr (AhoydServer) server = NULL;
  g_autoptr (GMainLoop)   loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError)      error = NULL;
  Life                    life = { loop, NULL, config, (const char *const *) argv };

  setlocale (LC_CTYPE, "");
  g_log_writer_default_set_use_stderr (TRUE);
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN); /* a limit on the size of files is a full disk */
  if (!ahoyd_config_parse (config, (const char *const *) argv, &error))
    return config->check ? (give_up (error), EXIT_USAGE) : give_up (error);
  if (config->version)
    {
      g_print ("ahoyd %s\n", AHOY_VERSION);
      return 0;
    }

  if (config->debug)
    tell_in_detail ();

  if (config->check)
    return ahoyd_check_config (config, &error) ? 0 : give_up (error);

  if (config->show_id)
    return ahoyd_server_identity_show (config, &error) ? 0 : give_up (error);

  if (config->words != NULL)
    return run_command (config, &error) ? 0 : give_up (error);

  if (ahoyd_new_log_is_for_another (config))
    return ahoyd_new_log_command (config, &error) ? 0 : give_up (error);

  /* From now on: somebody who changes the settings cannot know how far a start has come. */
  g_unix_signal_add (SIGHUP, on_hangup, &life);
  server = ahoyd_server_new (config, ahoyd_features (), NULL, &error);
  if (server == NULL)
    return give_up (error);
  /* Whoever is told that it serves may want it to stop. */
  life.server = server;
  g_unix_signal_add (SIGTERM, on_signal, &life);
  g_unix_signal_add (SIGINT, on_signal, &life);
  if (!ahoyd_ready_serving (config->ready_fd, ahoyd_server_get_port (server), ahoyd_server_get_discovery_port (server),
                            ahoyd_server_get_id (server), &error))
    return give_up (error);
  config->ready_fd = -1;

  g_main_loop_run (loop);
  return 0;
}
