/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The settings are read anew while the server serves. */

#include "control/ahoyd-reload.h"

#include "ahoyd-ready.h"

/* "a", "a and b", "a, b and c". */
static char *
join (GPtrArray *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "" : i + 1 < names->len ? ", "
                                                                           : " and ",
                            (const char *) names->pdata[i]);
  return g_string_free (text, FALSE);
}

static void
tell (const AhoydConfig        *config,
      const AhoydConfigChanges *changes)
{
  const char      *source = config->file != NULL ? config->file : "The command line";
  g_autofree char *now = join (changes->now);
  g_autofree char *later = join (changes->later);

  if (changes->now->len > 0)
    g_message ("%s was read again, and changed while serving: %s", source, now);
  else
    g_message ("%s was read again: nothing is different for those who are served", source);
  if (changes->later->len > 0)
    g_message ("%s %s changed, and %s effect at the next start", later, changes->later->len == 1 ? "has" : "have",
               changes->later->len == 1 ? "takes" : "take");
}

void
ahoyd_reload (AhoydServer       *server,
              AhoydConfig       *config,
              const char *const *args)
{
  g_autoptr (GPtrArray) now = g_ptr_array_new ();
  g_autoptr (GPtrArray) later = g_ptr_array_new ();
  AhoydConfigChanges    changes = { now, later };
  g_autoptr (GError)    error = NULL;

  g_return_if_fail (server != NULL && config != NULL && args != NULL);

  ahoyd_ready_reloading ();
  if (ahoyd_config_reload (config, args, &changes, &error))
    {
      if (now->len > 0)
        ahoyd_server_reload (server);
      tell (config, &changes);
    }
  else
    {
      g_warning ("The settings stay as they are: %s", error->message);
    }
  ahoyd_ready_reloaded ();
}
