/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoy: the window. */

#include "ahoy-config.h"

#include <locale.h>
#include <signal.h>

#include <glib/gi18n.h>

#include "ui/ahoy-application.h"

int
main (int    argc,
      char **argv)
{
  g_autoptr (AhoyApplication) app = NULL;
  /* The environment is for runs from the build directory. */
  const char *localedir = g_getenv ("AHOY_LOCALEDIR");

  signal (SIGXFSZ, SIG_IGN); /* a limit on the size of files is a full disk */
  setlocale (LC_ALL, "");
  signal (SIGXFSZ, SIG_IGN); /* a limit on the size of files is a full disk */
  bindtextdomain (GETTEXT_PACKAGE, localedir != NULL ? localedir : AHOY_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Ahoy");

  app = ahoy_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
