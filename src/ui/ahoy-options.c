/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Reads the command line. Values are checked here, so that a wrong one is told on the terminal it was typed in. */

#include "ahoy-config.h"

#include "ui/ahoy-options.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "core/chat/ahoy-check.h"
#include "core/connection/ahoy-server.h"

/* From the terminal's charset; what is UTF-8 already is taken as it is, whatever the locale says. */
static void
make_utf8 (char **text)
{
  char *converted;

  if (*text == NULL || g_utf8_validate (*text, -1, NULL))
    return;

  converted = g_locale_to_utf8 (*text, -1, NULL, NULL, NULL);
  if (converted == NULL)
    converted = g_utf8_make_valid (*text, -1);
  g_free (*text);
  *text = converted;
}

static gboolean
check_name (const char *name,
            GError    **error)
{
  if (ahoy_check_name (name) == AHOY_NAME_PROBLEM_NONE)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("“%s” cannot be a name (option --name)"), name);
  return FALSE;
}

static gboolean
check_server (const char *server,
              GError    **error)
{
  g_autofree char *host = NULL;
  guint16          port;

  /* Only whether it parses matters: the port that is not said is found out later. */
  if (ahoy_server_parse_address (server, 1, &host, &port, NULL))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("“%s” is no server address (option --server)"), server);
  return FALSE;
}

static gboolean
parse_port (const char *text,
            guint16    *port,
            GError    **error)
{
  guint64 number;

  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &number, NULL))
    {
      *port = number;
      return TRUE;
    }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("“%s” is no port number (option --discovery-port)"), text);
  return FALSE;
}

AhoyOptions *
ahoy_options_parse (const char *const *argv,
                    const char        *cwd,
                    GError           **error)
{
  g_autoptr (AhoyOptions)    options = g_new0 (AhoyOptions, 1);
  g_autofree char           *port = NULL;
  g_autofree char           *profile = NULL;
  gboolean                   service = FALSE;
  gboolean                   debug = FALSE; /* main() has seen to it */
  g_autoptr (GOptionContext) context = NULL;
  g_auto (GStrv)             args = g_strdupv ((char **) argv);
  const GOptionEntry         entries[] = {
            { "name", 'n', 0, G_OPTION_ARG_FILENAME, &options->name, N_ ("Your name in the chat"), N_ ("NAME") },
            { "server", 's', 0, G_OPTION_ARG_FILENAME, &options->server, N_ ("Ask this server instead of looking for one"), N_ ("HOST[:PORT]") },
            { "discovery-port", 0, 0, G_OPTION_ARG_FILENAME, &port, N_ ("UDP port on which servers are looked for"), N_ ("PORT") },
            { "connect", 'c', 0, G_OPTION_ARG_NONE, &options->connect, N_ ("Connect at once"), NULL },
            { "background", 'b', 0, G_OPTION_ARG_NONE, &options->background, N_ ("Connect without opening the window"), NULL },
            { "profile", 'p', 0, G_OPTION_ARG_FILENAME, &profile, N_ ("Keep settings and data in this folder"), N_ ("FOLDER") },
            { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, N_ ("Print the version and exit"), NULL },
            { "debug", 0, 0, G_OPTION_ARG_NONE, &debug, N_ ("Tell on the terminal what happens, in detail"), NULL },
            { "gapplication-service", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &service, NULL, NULL },
            G_OPTION_ENTRY_NULL,
  };

  context = g_option_context_new (NULL);
  g_option_context_set_summary (context, _ ("Chat with the people on this network."));
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse_strv (context, &args, error))
    return NULL;

  make_utf8 (&options->name);
  make_utf8 (&options->server);
  make_utf8 (&port);
  if (args[0] != NULL && args[1] != NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("“%s” was not expected"), args[1]);
      return NULL;
    }
  if (options->name != NULL && !check_name (options->name, error))
    return NULL;
  if (options->server != NULL && !check_server (options->server, error))
    return NULL;
  if (port != NULL && !parse_port (port, &options->discovery_port, error))
    return NULL;
  if (profile != NULL)
    options->profile = g_canonicalize_filename (profile, cwd);

  return g_steal_pointer (&options);
}

void
ahoy_options_free (AhoyOptions *options)
{
  g_clear_pointer (&options->name, g_free);
  g_clear_pointer (&options->server, g_free);
  g_clear_pointer (&options->profile, g_free);
  g_free (options);
}
