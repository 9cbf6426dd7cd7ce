/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Tells whether this machine has a system bus. It is asked before GDBus is, which makes a thread to learn that there is none. */

#include "wire/ahoy-bus.h"

#include <string.h>

#define PATH_PREFIX "unix:path="

/* One that is no path may well be there. */
static gboolean
may_be_there (const char *address)
{
  g_auto (GStrv)   keys = NULL;
  g_autofree char *path = NULL;

  if (!g_str_has_prefix (address, PATH_PREFIX))
    return TRUE;

  keys = g_strsplit (address + strlen (PATH_PREFIX), ",", 2);
  path = g_uri_unescape_string (keys[0], NULL);
  return path != NULL && g_file_test (path, G_FILE_TEST_EXISTS);
}

char *
ahoy_bus_find_system (void)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  g_auto (GStrv)   addresses = address != NULL ? g_strsplit (address, ";", -1) : NULL;

  for (guint i = 0; addresses != NULL && addresses[i] != NULL; i++)
    if (may_be_there (addresses[i]))
      return g_steal_pointer (&address);

  return NULL;
}
