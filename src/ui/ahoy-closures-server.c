/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What .ui files make of a server that was found or that one is on, and of a place where one was looked for. */

#include "ahoy-config.h"

#include "ui/ahoy-closures.h"

#include <errno.h>

#include <glib/gi18n.h>

#include "ui/ahoy-error-text.h"
#include "ui/ahoy-sentences.h"

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

gboolean
ahoy_closure_is_own (gpointer    self,
                     AhoyServer *server)
{
  return server != NULL && ahoy_server_get_own (server);
}

char *
ahoy_closure_server_address (gpointer    self,
                             AhoyServer *server)
{
  return server != NULL ? ahoy_server_dup_address (server) : g_strdup ("");
}

char *
ahoy_closure_server_id (gpointer    self,
                        AhoyServer *server,
                        gboolean    secure)
{
  const char *id = server != NULL && secure ? ahoy_server_get_id (server) : NULL;

  return g_strdup (id != NULL ? id : "");
}

char *
ahoy_closure_server_words (gpointer    self,
                           AhoyServer *server,
                           gboolean    secure)
{
  g_autofree char *id = ahoy_closure_server_id (NULL, server, secure);
  char            *words = *id != '\0' ? ahoy_sentence_four_words (id) : NULL;

  return words != NULL ? words : g_strdup ("");
}

char *
ahoy_closure_server_hint (gpointer    self,
                          AhoyServer *server,
                          const char *words)
{
  if (words == NULL || *words == '\0')
    return g_strdup (_ ("Others on this network can read along, and nobody can check whose chat this is. Do not write secrets here."));
  if (ahoy_closure_is_own (NULL, server))
    return g_strdup (_ ("Tell the address to whoever does not find this chat. Compare these four words with your guests. If they see the same, nobody sits between them and this chat."));
  return g_strdup (_ ("Compare these four words with somebody beside you. If you both see the same, nobody sits between you and this chat."));
}

/* Returns: (transfer full): empty where there are none to tell. */
static GStrv
dup_addresses (AhoyServer       *server,
               AhoyOwnAddresses *addresses)
{
  if (addresses == NULL || !ahoy_closure_is_own (NULL, server))
    return g_new0 (char *, 1);

  return ahoy_own_addresses_dup (addresses, ahoy_server_get_port (server));
}

char *
ahoy_closure_own_addresses (gpointer          self,
                            AhoyServer       *server,
                            AhoyOwnAddresses *addresses)
{
  g_auto (GStrv) lines = dup_addresses (server, addresses);

  if (addresses == NULL || *lines != NULL)
    return g_strjoinv ("\n", lines);
  return g_strdup (ahoy_own_addresses_has_network (addresses)
                     ? _ ("They find this chat by themselves. There is no address to type.")
                     : _ ("This computer is in no network now. Nobody else can come in."));
}

gboolean
ahoy_closure_has_addresses (gpointer          self,
                            AhoyServer       *server,
                            AhoyOwnAddresses *addresses)
{
  g_auto (GStrv) lines = dup_addresses (server, addresses);

  return *lines != NULL;
}

char *
ahoy_closure_invitation (gpointer          self,
                         AhoyServer       *server,
                         AhoyOwnAddresses *addresses,
                         const char       *words)
{
  g_auto (GStrv)   lines = dup_addresses (server, addresses);
  g_autofree char *name = ahoy_closure_server_name (NULL, server);

  return ahoy_sentence_invitation (name, (const char *const *) lines, words != NULL && *words != '\0' ? words : NULL);
}

char *
ahoy_closure_copy_label (gpointer self,
                         gboolean copied)
{
  return g_strdup (copied ? _ ("Copied") : _ ("Copy Address and Words"));
}
