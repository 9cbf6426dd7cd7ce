/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What .ui files make of a server that was found, and of a place where one was looked for. */

#include "ahoy-config.h"

#include "ui/ahoy-closures.h"

#include <errno.h>

#include <glib/gi18n.h>

#include "ui/ahoy-error-text.h"

char *
ahoy_closure_server_name (gpointer    self,
                          AhoyServer *server)
{
  return server != NULL ? ahoy_error_text_server_name (server) : g_strdup ("");
}

char *
ahoy_closure_server_detail (gpointer    self,
                            AhoyServer *server)
{
  g_autofree char *detail = server != NULL ? ahoy_error_text_server_detail (server) : NULL;

  if (server == NULL)
    return g_strdup ("");
  if (ahoy_server_get_namesake (server) == NULL)
    return g_steal_pointer (&detail);
  /* Translators: in the list of servers, beside one that is called like a server the person has been on, and is not that one. */
  return g_strdup_printf ("%s\n%s", detail, _ ("Another chat of the same name as one you know"));
}

char *
ahoy_closure_server_known (gpointer    self,
                           AhoyServer *server)
{
  /* Translators: in the list of servers, beside one where the person has been before. */
  return g_strdup (server != NULL && ahoy_server_get_last_used (server) ? _ ("Last used") : _ ("Known"));
}

gboolean
ahoy_closure_server_is_known (gpointer    self,
                              AhoyServer *server)
{
  return server != NULL && (ahoy_server_get_last_used (server) || ahoy_server_get_known (server));
}

gboolean
ahoy_closure_server_encrypts (gpointer    self,
                              AhoyServer *server)
{
  return server != NULL && ahoy_server_get_tls (server);
}

/* The icon and the badge are in it as words. */
char *
ahoy_closure_server_spoken (gpointer    self,
                            AhoyServer *server)
{
  g_autofree char *name = ahoy_closure_server_name (NULL, server);
  g_autofree char *detail = ahoy_closure_server_detail (NULL, server);
  GString         *spoken = g_string_new (name);

  g_string_append_printf (spoken, ", %s", detail);
  if (ahoy_closure_server_encrypts (NULL, server))
    g_string_append_printf (spoken, ", %s", _ ("encrypted"));
  if (server != NULL && ahoy_server_get_last_used (server))
    g_string_append_printf (spoken, ", %s", _ ("last used"));
  else if (server != NULL && ahoy_server_get_known (server))
    g_string_append_printf (spoken, ", %s", _ ("known"));

  return g_string_free (spoken, FALSE);
}

char *
ahoy_closure_probe_place (gpointer   self,
                          AhoyProbe *probe)
{
  return probe != NULL ? ahoy_error_text_probe_place (probe) : g_strdup ("");
}

char *
ahoy_closure_probe_outcome (gpointer   self,
                            AhoyProbe *probe)
{
  return probe != NULL ? ahoy_error_text_probe_outcome (probe) : g_strdup ("");
}

static const char *
icon_of_kind (AhoyProbeKind kind)
{
  switch (kind)
    {
    case AHOY_PROBE_THIS_COMPUTER:
      return "computer-symbolic";
    case AHOY_PROBE_ADDRESS:
    case AHOY_PROBE_SWEEP:
      return "network-server-symbolic";
    case AHOY_PROBE_NEIGHBOURS:
      return "system-users-symbolic";
    case AHOY_PROBE_INTERFACE:
    case AHOY_PROBE_MULTICAST:
    case AHOY_PROBE_LIMITED:
    case AHOY_PROBE_MDNS:
    case AHOY_PROBE_SRV:
    default:
      return "network-wired-symbolic";
    }
}

char *
ahoy_closure_probe_icon (gpointer   self,
                         AhoyProbe *probe)
{
  AhoyProbeKind kind = probe != NULL ? ahoy_probe_get_kind (probe) : AHOY_PROBE_INTERFACE;

  if (probe == NULL)
    return NULL;
  if (kind == AHOY_PROBE_SRV && ahoy_probe_get_error (probe) == EADDRNOTAVAIL)
    return g_strdup ("network-error-symbolic");
  if (ahoy_probe_get_replies (probe) > 0)
    return g_strdup ("object-select-symbolic");
  if (kind == AHOY_PROBE_MDNS || kind == AHOY_PROBE_SRV)
    return g_strdup ("network-workgroup-symbolic"); /* that there is none is no error */
  if (ahoy_probe_get_sent (probe) == 0)
    return g_strdup ("network-error-symbolic");

  return g_strdup (icon_of_kind (kind));
}

char *
ahoy_closure_probe_spoken (gpointer   self,
                           AhoyProbe *probe)
{
  g_autofree char *place = ahoy_closure_probe_place (NULL, probe);
  g_autofree char *outcome = ahoy_closure_probe_outcome (NULL, probe);

  /* Translators: where a server was looked for, and what came of it: "Network eth0: 2 replies". */
  return g_strdup_printf (C_ ("probe", "%1$s: %2$s"), place, outcome);
}
