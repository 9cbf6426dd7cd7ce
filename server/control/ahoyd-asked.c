/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which server an operator's command is about. */

#include "control/ahoyd-asked.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ahoyd-data-dir.h"

static int
compare (gconstpointer one,
         gconstpointer other)
{
  return strcmp (*(const char *const *) one, *(const char *const *) other);
}

/* @folder and those beside it that further servers have: ahoyd-2, which took the first free one, or ahoyd-NAME, an instance of ahoyd@.service. */
static GPtrArray *
find_candidates (const char *folder)
{
  GPtrArray       *found = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autofree char *base = g_path_get_basename (folder);
  g_autofree char *prefix = g_strconcat (base, "-", NULL);
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      g_ptr_array_add (found, g_build_filename (parent, name, NULL));
  g_ptr_array_sort (found, compare);
  g_ptr_array_insert (found, 0, g_strdup (folder));
  return found;
}

/* Whether a server has it now. */
static gboolean
is_served (const char *folder)
{
  g_autoptr (GError)       error = NULL;
  g_autoptr (AhoydDataDir) dir = ahoyd_data_dir_open_used (folder, &error);

  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

/* The folders whose last server was started with @file; only those that are served now, where there are any: somebody may have tried the file by hand,
 * in another folder. */
static GPtrArray *
find_by_file (const char *folder,
              const char *file)
{
  g_autoptr (GPtrArray) candidates = find_candidates (folder);
  g_autoptr (GPtrArray) served = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < candidates->len; i++)
    {
      g_autofree char *config = NULL;
      g_autofree char *name = NULL;

      if (!ahoyd_data_dir_read_record (candidates->pdata[i], &config, &name) || g_strcmp0 (config, file) != 0)
        continue;
      g_ptr_array_add (found, g_strdup (candidates->pdata[i]));
      if (is_served (candidates->pdata[i]))
        g_ptr_array_add (served, g_strdup (candidates->pdata[i]));
    }
  return served->len > 0 ? g_steal_pointer (&served) : g_steal_pointer (&found);
}

/* Returns: (transfer full) (nullable): the only one; NULL without an error when there is none. */
static char *
find_the_one (const char *folder,
              const char *file,
              GError    **error)
{
  g_autoptr (GPtrArray) found = find_by_file (folder, file);

  if (found->len <= 1)
    return found->len == 1 ? g_strdup (found->pdata[0]) : NULL;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "More than one server was started with '%s', one in '%s' and one in '%s': say which folder is meant with --data-dir",
               file, (char *) found->pdata[0], (char *) found->pdata[1]);
  return NULL;
}

/* No folder tells of @file. */
static gboolean
is_default_meant (const char *folder,
                  const char *file,
                  GError    **error)
{
  g_autofree char *config = NULL;
  g_autofree char *name = NULL;

  if (ahoyd_data_dir_read_record (folder, &config, &name))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The server '%s' in '%s' was started with %s%s%s, not with '%s': say which folder is meant with --data-dir",
                   name, folder, config != NULL ? "'" : "", config != NULL ? config : "no configuration file", config != NULL ? "'" : "", file);
      return FALSE;
    }
  /* A server of an older version wrote nothing down; root's default folder is that of the service. */
  if (geteuid () == 0 || g_getenv ("STATE_DIRECTORY") != NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "'%s' names no data-dir, and no server whose folder you may read was started with it: say which folder is meant with --data-dir, or ask as root", file);
  return FALSE;
}

static void
tell (const char *folder)
{
  g_autofree char *config = NULL;
  g_autofree char *name = NULL;

  if (ahoyd_data_dir_read_record (folder, &config, &name))
    g_printerr ("ahoyd: the server is '%s' in '%s'\n", name, folder);
  else
    g_printerr ("ahoyd: the folder is '%s'\n", folder);
}

char *
ahoyd_asked_folder (const AhoydConfig *config,
                    GError           **error)
{
  g_autofree char   *folder = NULL;
  g_autofree char   *file = NULL;
  g_autoptr (GError) inner = NULL;
  char              *found = NULL;

  g_return_val_if_fail (config != NULL, NULL);

  folder = ahoyd_data_dir_choose (config->data_dir);
  if (config->data_dir != NULL)
    return g_steal_pointer (&folder);
  if (config->file != NULL)
    {
      file = realpath (config->file, NULL);
      if (file == NULL)
        file = g_canonicalize_filename (config->file, NULL);
      found = find_the_one (folder, file, &inner);
      if (inner != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&inner));
          return NULL;
        }
      if (found == NULL && !is_default_meant (folder, file, error))
        return NULL;
    }
  if (found == NULL)
    found = g_steal_pointer (&folder);
  tell (found);
  return found;
}
