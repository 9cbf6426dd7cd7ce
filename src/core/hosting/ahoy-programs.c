/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Where ahoyd is. */

#include "ahoy-config.h"

#include "core/hosting/ahoy-programs.h"

static char *
find_beside_us (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  const char      *places[] = { "ahoyd", "../server/ahoyd" };

  for (gsize i = 0; folder != NULL && i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_canonicalize_filename (places[i], folder);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR) && g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }

  return NULL;
}

char *
ahoy_programs_find_server (void)
{
  const char *told = g_getenv ("AHOY_AHOYD");
  char       *beside;

  if (told != NULL && *told != '\0')
    return g_strdup (told);

  beside = find_beside_us ();
  return beside != NULL ? beside : g_build_filename (AHOY_BINDIR, "ahoyd", NULL);
}
