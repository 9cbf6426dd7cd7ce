/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What people call this computer. */

#include "ahoyd-host-name.h"

#include <string.h>

#define MACHINE_INFO "/etc/machine-info"
#define PRETTY_KEY "PRETTY_HOSTNAME="

char *
ahoyd_host_name_from_machine_info (const char *contents)
{
  g_auto (GStrv) lines = NULL;

  g_return_val_if_fail (contents != NULL, NULL);

  lines = g_strsplit (contents, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char      *line = g_strstrip (lines[i]);
      g_autofree char *value = NULL;

      if (!g_str_has_prefix (line, PRETTY_KEY))
        continue;
      value = g_shell_unquote (line + strlen (PRETTY_KEY), NULL);
      if (value != NULL && *g_strstrip (value) != '\0' && g_utf8_validate (value, -1, NULL))
        return g_steal_pointer (&value);
    }
  return NULL;
}

char *
ahoyd_host_name_dup (void)
{
  g_autofree char *contents = NULL;
  g_autofree char *pretty = NULL;
  g_autofree char *host = NULL;

  if (g_file_get_contents (MACHINE_INFO, &contents, NULL, NULL))
    pretty = ahoyd_host_name_from_machine_info (contents);
  if (pretty != NULL)
    return g_steal_pointer (&pretty);

  host = g_strdelimit (g_utf8_make_valid (g_get_host_name (), -1), ".", '\0');
  return *host != '\0' ? g_steal_pointer (&host) : g_strdup ("ahoyd");
}
