/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Addresses as people type them: ahoy_server_parse_address(). */

#include "core/connection/ahoy-server.h"

#include <string.h>

/* What a Chinese or Japanese input method writes when it is left on (full-width letters, digits and colon, the
 * ideographic full stop) means the same. */
static char *
tidy (const char *text)
{
  g_autofree char *plain = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
  g_auto (GStrv)   parts = NULL;

  if (plain == NULL) /* not UTF-8 */
    return NULL;

  parts = g_strsplit (g_strstrip (plain), "\u3002", -1);
  return g_strjoinv (".", parts);
}

static gboolean
parse_port (const char *text,
            guint16    *port)
{
  guint64 value;

  /* g_ascii_string_to_unsigned() takes no sign and no white space. */
  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &value, NULL))
    return FALSE;

  *port = value;
  return TRUE;
}

static gboolean
is_ipv6 (const char *host)
{
  const char              *scope = strchr (host, '%');
  g_autofree char         *bare = scope != NULL ? g_strndup (host, scope - host) : g_strdup (host);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (bare);

  if (address == NULL || g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
    return FALSE;
  if (scope == NULL)
    return TRUE;

  /* The zone is an interface's name or number. */
  for (const char *p = scope + 1; *p != '\0'; p++)
    if (!g_ascii_isgraph (*p) || *p == '/' || *p == '%')
      return FALSE;
  return scope[1] != '\0';
}

/* A host name, or an IPv4 address in full: "192.168.1" or "10" is somebody not ready typing, not a name. */
static gboolean
is_name (const char *host)
{
  g_autofree char *ascii = g_hostname_to_ascii (host);
  g_auto (GStrv)   labels = NULL;
  guint            n;

  if (ascii == NULL || strlen (ascii) > 254)
    return FALSE;

  labels = g_strsplit (ascii, ".", -1);
  n = g_strv_length (labels);
  if (n > 1 && *labels[n - 1] == '\0') /* the dot of the root */
    n--;

  for (guint i = 0; i < n; i++)
    {
      gsize len = strlen (labels[i]);

      if (len == 0 || len > 63 || labels[i][0] == '-' || labels[i][len - 1] == '-')
        return FALSE;
      for (const char *p = labels[i]; *p != '\0'; p++)
        if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_')
          return FALSE;
    }

  return n > 0 && strspn (labels[n - 1], "0123456789") < strlen (labels[n - 1]);
}

static gboolean
is_ipv4 (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return address != NULL && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4;
}

static gboolean
split (const char *text,
       char      **host,
       guint16    *port)
{
  const char *colon = strchr (text, ':');
  const char *end;

  if (*text == '[')
    {
      end = strchr (text, ']');
      if (end == NULL || (end[1] != '\0' && (end[1] != ':' || !parse_port (end + 2, port))))
        return FALSE;
      *host = g_strndup (text + 1, end - text - 1);
      return is_ipv6 (*host);
    }

  if (colon != NULL && strchr (colon + 1, ':') != NULL)
    {
      *host = g_strdup (text);
      return is_ipv6 (*host);
    }

  if (colon != NULL && !parse_port (colon + 1, port))
    return FALSE;
  *host = colon != NULL ? g_strndup (text, colon - text) : g_strdup (text);
  return is_ipv4 (*host) || is_name (*host);
}

gboolean
ahoy_server_parse_address (const char *text,
                           guint16     default_port,
                           char      **host,
                           guint16    *port,
                           GError    **error)
{
  g_autofree char *plain = NULL;
  g_autofree char *found = NULL;
  guint16          number = default_port;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (host != NULL && port != NULL, FALSE);

  plain = tidy (text);
  if (plain == NULL || !split (plain, &found, &number))
    {
      g_autofree char *shown = g_utf8_make_valid (text, -1);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not an address", shown);
      return FALSE;
    }

  *host = g_steal_pointer (&found);
  *port = number;
  return TRUE;
}
