/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The domains of this computer: GIO knows of none, so they are read where the C library reads them. */

#include "core/discovery/ahoy-domains-private.h"

#include <gio/gio.h>
#include <string.h>

#define RESOLV_CONF "/etc/resolv.conf"
#define SPACES " \t\r"

/* Name servers know nothing of these (RFC 6761, 6762): mDNS and this computer do. */
static gboolean
is_special (const char *domain)
{
  static const char *const special[] = { "local", "localhost", "localdomain", "invalid", NULL };
  const char              *dot = strrchr (domain, '.');

  return g_strv_contains (special, dot != NULL ? dot + 1 : domain);
}

/* Returns: (transfer full) (nullable): NULL: it is none. */
static char *
tidy (const char *text)
{
  g_autofree char *domain = g_hostname_to_ascii (text);
  gsize            len = domain != NULL ? strlen (domain) : 0;

  if (len > 0 && domain[len - 1] == '.')
    domain[--len] = '\0';
  if (len == 0 || len > 253 || strstr (domain, "..") != NULL || *domain == '.')
    return NULL;
  for (char *c = domain; *c != '\0'; c++)
    {
      if (!g_ascii_isalnum (*c) && *c != '-' && *c != '_' && *c != '.')
        return NULL;
      *c = g_ascii_tolower (*c);
    }
  if (is_special (domain) || g_hostname_is_ip_address (domain))
    return NULL;

  return g_steal_pointer (&domain);
}

static void
add (GPtrArray  *domains,
     const char *text)
{
  g_autofree char *domain = tidy (text);

  if (domain != NULL && domains->len < AHOY_DOMAINS_MAX && !g_ptr_array_find_with_equal_func (domains, domain, g_str_equal, NULL))
    g_ptr_array_add (domains, g_steal_pointer (&domain));
}

static void
add_words (GPtrArray  *domains,
           const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, SPACES, -1);

  for (guint i = 0; words[i] != NULL; i++)
    add (domains, words[i]);
}

/* Returns: (transfer full) (nullable): what the last line of the two kinds says. */
static char *
find_search (const char *resolv_conf)
{
  g_auto (GStrv) lines = g_strsplit (resolv_conf, "\n", -1);
  const char    *found = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      gsize len = strcspn (lines[i], SPACES);

      if (lines[i][len] != '\0' && (strncmp (lines[i], "search", MAX (len, 6)) == 0 || strncmp (lines[i], "domain", MAX (len, 6)) == 0))
        found = lines[i] + len;
    }

  return g_strdup (found);
}

GStrv
ahoy_domains_parse (const char *host_name,
                    const char *localdomain,
                    const char *resolv_conf)
{
  g_autoptr (GPtrArray) domains = g_ptr_array_new_with_free_func (g_free);
  g_autofree char      *search = NULL;
  const char           *dot;

  g_return_val_if_fail (host_name != NULL, NULL);

  dot = strchr (host_name, '.');
  if (dot != NULL)
    add (domains, dot + 1);
  if (localdomain == NULL && resolv_conf != NULL)
    search = find_search (resolv_conf);
  if (localdomain != NULL || search != NULL)
    add_words (domains, localdomain != NULL ? localdomain : search);
  g_ptr_array_add (domains, NULL);

  return (GStrv) g_ptr_array_free (g_steal_pointer (&domains), FALSE);
}

GStrv
ahoy_domains_list (void)
{
  g_autofree char *resolv_conf = NULL;

  g_file_get_contents (RESOLV_CONF, &resolv_conf, NULL, NULL);
  return ahoy_domains_parse (g_get_host_name (), g_getenv ("LOCALDOMAIN"), resolv_conf);
}

gboolean
ahoy_domains_may_be (const char *host)
{
  g_autofree char *domain = tidy (host);

  return domain != NULL && strchr (domain, '.') != NULL;
}
