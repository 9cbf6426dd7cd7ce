/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Gives a fuzz target every file of the folders named on the command line, once: what fuzzing found stays found. */

#include <stdio.h>

#include "fuzz.h"

static guint
run_folder (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir)   dir = g_dir_open (path, 0, &error);
  const char        *name;
  guint              n = 0;

  if (dir == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      return 0;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char    *file = g_build_filename (path, name, NULL);
      g_autofree char    *contents = NULL;
      g_autofree uint8_t *exact = NULL;
      gsize               len;

      if (!g_file_get_contents (file, &contents, &len, &error))
        {
          fprintf (stderr, "%s\n", error->message);
          return 0;
        }
      /* Without the NUL that GLib adds, so that reading past the end is seen. */
      exact = g_memdup2 (contents, len);
      printf ("%s (%zu bytes)\n", file, len);
      fflush (stdout);
      LLVMFuzzerTestOneInput (exact, len);
      n++;
    }
  return n;
}

int
main (int    argc,
      char **argv)
{
  if (argc < 2)
    {
      fprintf (stderr, "Usage: %s FOLDER...\n", argv[0]);
      return 2;
    }
  for (int i = 1; i < argc; i++)
    if (run_folder (argv[i]) == 0)
      {
        fprintf (stderr, "%s: nothing was tried\n", argv[i]);
        return 1;
      }
  return 0;
}
