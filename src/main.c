/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoy: the window. */

#include "ahoy-config.h"

#include <locale.h>
#include <signal.h>

#include <glib/gi18n.h>

#include "ui/ahoy-application.h"

/* Before there are threads, because the environment is no place for two: so the option is looked for here, and ahoy-options.c says what it is for. */
static void
tell_in_detail (const char *const *args)
{
  const char      *asked = g_getenv ("G_MESSAGES_DEBUG");
  g_autofree char *domains = g_strjoin (" ", AHOY_LOG_DOMAINS, asked, NULL);

  if (g_strv_contains (args, "--debug"))
    g_setenv ("G_MESSAGES_DEBUG", domains, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (AhoyApplication) app = NULL;
  /* The environment is for runs from the build directory. */
  const char *localedir = g_getenv ("AHOY_LOCALEDIR");

  tell_in_detail ((const char *const *) argv);
  setlocale (LC_ALL, "");
  signal (SIGXFSZ, SIG_IGN); /* a limit on the size of files is a full disk */
  bindtextdomain (GETTEXT_PACKAGE, localedir != NULL ? localedir : AHOY_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Ahoy");

  app = ahoy_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
