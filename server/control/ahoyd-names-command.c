/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `ahoyd names`. */

#include "control/ahoyd-names-command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ahoyd-data-dir.h"
#include "control/ahoyd-asked.h"
#include "control/ahoyd-control.h"
#include "control/ahoyd-log-file.h"
#include "control/ahoyd-names.h"
#include "store/ahoyd-store-sqlite.h"
#include "wire/ahoy-verification-words.h"

/* A server that starts or stops has the folder and does not answer: it is given this long. */
#define TRIES 50
#define TRY_INTERVAL_US (G_TIME_SPAN_SECOND / 10)

typedef struct {
  gboolean done;
  GError  *error;
} Release;

static void
on_released (const GError *error,
             gpointer      data)
{
  Release *release = data;

  release->done = TRUE;
  release->error = error != NULL ? g_error_copy (error) : NULL;
}

static gboolean
release_offline (AhoydStore  *store,
                 AhoydOwners *owners,
                 const char  *name,
                 GError     **error)
{
  g_autofree char *refusal = NULL;
  Release          release = { 0 };

  if (ahoyd_names_release (owners, name, on_released, &release, &refusal) == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, refusal);
      return FALSE;
    }
  ahoyd_store_flush (store);
  g_assert (release.done);
  if (release.error != NULL)
    g_propagate_prefixed_error (error, release.error, "The name cannot be released: ");
  return release.error == NULL;
}

/* No server has the folder: it is ours for a moment.
 * @name: to release; NULL: list. Returns: (transfer full): the rows. */
static char *
ask_folder (const AhoydConfig *config,
            const char        *folder,
            const char        *name,
            GError           **error)
{
  g_autoptr (GMainContext)      context = g_main_context_new ();
  g_autofree char              *path = g_build_filename (folder, AHOYD_DATA_LOG, NULL);
  const AhoydStoreSqliteOptions options = { .path = path, .durability = config->durability };
  g_autoptr (AhoydStore)        store = NULL;
  g_autoptr (AhoydOwners)       owners = NULL;

  if (!config->store_on_disk)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "With store=memory names have owners only while the server runs, and it does not");
      return NULL;
    }
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no log in the folder '%s', so no name has an owner", folder);
      return NULL;
    }
  if (!ahoyd_log_file_check (folder, TRUE, error))
    return NULL;
  store = ahoyd_store_sqlite_new (&options, context, error);
  if (store == NULL)
    return NULL;
  owners = ahoyd_owners_new (store);
  if (name == NULL)
    return ahoyd_names_list (owners, NULL);
  return release_offline (store, owners, name, error) ? g_strdup ("") : NULL;
}

static gboolean
is_nobody_there (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

/* Of whoever has the folder. */
static char *
ask (const AhoydConfig *config,
     const char        *name,
     GError           **error)
{
  g_autofree char *folder = ahoyd_asked_folder (config, error);
  g_autofree char *question = name != NULL ? g_strconcat ("release ", name, NULL) : g_strdup ("list");

  if (folder == NULL)
    return NULL;
  for (guint i = 0; i < TRIES; i++)
    {
      g_autoptr (GError)       busy = NULL;
      g_autoptr (GError)       unanswered = NULL;
      g_autoptr (AhoydDataDir) dir = ahoyd_data_dir_open_used (folder, &busy);
      char                    *rows;

      if (dir != NULL)
        {
          rows = ahoyd_data_dir_act_as_owner (folder, error) ? ask_folder (config, folder, name, error) : NULL;
          ahoyd_data_dir_act_as_self ();
          return rows;
        }
      if (!g_error_matches (busy, G_IO_ERROR, G_IO_ERROR_BUSY))
        {
          g_propagate_error (error, g_steal_pointer (&busy));
          return NULL;
        }
      rows = ahoyd_control_ask (folder, question, &unanswered);
      if (rows != NULL)
        return rows;
      if (!is_nobody_there (unanswered))
        {
          g_propagate_error (error, g_steal_pointer (&unanswered));
          return NULL;
        }
      g_usleep (TRY_INTERVAL_US);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The folder '%s' is in use, but nobody there answers", folder);
  return NULL;
}

/* @seconds: as in a row. */
static char *
format_time (const char *seconds)
{
  gint64                number = g_ascii_strtoll (seconds, NULL, 10);
  g_autoptr (GDateTime) time = number > 0 ? g_date_time_new_from_unix_utc (number) : NULL;

  if (g_str_equal (seconds, "now"))
    return g_strdup (seconds);
  return time != NULL ? g_date_time_format_iso8601 (time) : g_strdup ("-");
}

/* What a script reads must not end early without a word. */
static gboolean
check_printed (GError **error)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Cannot write the answer: %s", g_strerror (errno));
  return FALSE;
}

static gboolean
print_rows (const char *rows,
            GError    **error)
{
  g_auto (GStrv) lines = g_strsplit (rows, "\n", -1);

  /* stdout as it is, not g_print(): a script gets UTF-8 whatever its locale. */
  puts ("NAME\tWORDS\tKEY\tSINCE\tLAST SEEN");
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv)   columns = g_strsplit (lines[i], "\t", -1);
      g_autofree char *words = NULL;
      g_autofree char *since = NULL;
      g_autofree char *seen = NULL;

      if (g_strv_length (columns) < 4)
        continue;
      words = ahoy_verification_words_join (columns[1]);
      since = format_time (columns[2]);
      seen = format_time (columns[3]);
      printf ("%s\t%s\t%s\t%s\t%s\n", columns[0], words != NULL ? words : "-", columns[1], since, seen);
      if (!check_printed (error)) /* and the next row's words take a moment */
        return FALSE;
    }
  return check_printed (error);
}

static gboolean
usage (GError **error)
{
  g_set_error_literal (error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE,
                       "It is 'ahoyd names', 'ahoyd names list', or 'ahoyd names release NAME'");
  return FALSE;
}

gboolean
ahoyd_names_command (const AhoydConfig *config,
                     GError           **error)
{
  g_autofree char *rows = NULL;
  const char      *verb, *name;
  guint            n;

  g_return_val_if_fail (config != NULL && config->words != NULL, FALSE);

  n = g_strv_length (config->words);
  verb = n > 1 ? config->words[1] : "list";
  name = n > 2 ? config->words[2] : NULL;
  if (!(g_str_equal (verb, "list") && n <= 2) && !(g_str_equal (verb, "release") && n == 3))
    return usage (error);
  if (name != NULL && (!g_utf8_validate (name, -1, NULL) || strchr (name, '\n') != NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "That is not a name that anybody can have");
      return FALSE;
    }
  rows = ask (config, name, error);
  if (rows == NULL)
    return FALSE;
  if (name == NULL)
    return print_rows (rows, error);
  printf ("Nobody owns the name '%s' now.\n", name);
  return check_printed (error);
}
