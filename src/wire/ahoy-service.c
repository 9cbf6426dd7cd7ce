/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* DNS-SD records: what a server's tell of it. RFC 6763, 6.4: a string is "key=value", keys are ASCII in either case, of two that are the same the first
 * counts, and strings that are none of this are overlooked. */

#include "wire/ahoy-service.h"

#include <string.h>

#include "wire/ahoy-packet.h"

/* Bytes of one string of a TXT record. */
#define STRING_MAX 255
/* Strings that are looked at; ours are five. */
#define STRINGS_MAX 64
/* Bytes of an id: more than the longest that a discovery reply has room for. */
#define ID_MAX 200

/* Cuts @text to at most @max bytes, between characters and not before a mark that belongs to the one it stands on. */
static void
cut (char *text,
     gsize max)
{
  const char *end;

  if (strlen (text) <= max)
    return;

  end = g_utf8_find_prev_char (text, text + max + 1);
  while (end != NULL && end > text && (g_unichar_ismark (g_utf8_get_char (end)) || g_unichar_iszerowidth (g_utf8_get_char (end))))
    end = g_utf8_find_prev_char (text, end);
  text[end != NULL ? end - text : 0] = '\0';
}

static char *
one_line (const char *text,
          gsize       max)
{
  char *line = g_utf8_make_valid (text, -1);

  for (char *c = line; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  cut (line, max);
  return line;
}

char *
ahoy_service_name (const char *name)
{
  char *text;

  g_return_val_if_fail (name != NULL, NULL);

  text = g_strstrip (one_line (name, AHOY_SERVICE_NAME_MAX));
  if (*text != '\0')
    return text;

  g_free (text);
  return g_strdup ("Ahoy");
}

static void
add_string (GVariantBuilder *strings,
            const char      *key,
            const char      *value)
{
  g_autofree char *string = g_strdup_printf ("%s=%s", key, value);

  g_variant_builder_add_value (strings, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, string, strlen (string), 1));
}

GVariant *
ahoy_service_txt_new (const AhoyDiscoveryReply *reply)
{
  GVariantBuilder  strings = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aay"));
  g_autofree char *version = g_strdup_printf ("%d", AHOY_EXTENDED_VERSION);
  g_autofree char *name = NULL;

  g_return_val_if_fail (reply != NULL && reply->id != NULL, NULL);

  name = one_line (reply->name != NULL ? reply->name : "", STRING_MAX - strlen ("name="));
  add_string (&strings, "txtvers", "1");
  add_string (&strings, "v", version);
  add_string (&strings, "id", reply->id);
  add_string (&strings, "tls", reply->tls ? "1" : "0");
  add_string (&strings, "name", name);
  return g_variant_builder_end (&strings);
}

/* Returns: (transfer full) (nullable): the value of @key in @txt. */
static char *
find_value (GVariant   *txt,
            const char *key)
{
  const gsize n = strlen (key);
  const gsize count = MIN (g_variant_n_children (txt), STRINGS_MAX);

  for (gsize i = 0; i < count; i++)
    {
      g_autoptr (GVariant) string = g_variant_get_child_value (txt, i);
      gsize                len;
      const char          *bytes = g_variant_get_fixed_array (string, &len, 1);

      if (len > n && len <= STRING_MAX && g_ascii_strncasecmp (bytes, key, n) == 0 && bytes[n] == '=' && memchr (bytes, '\0', len) == NULL)
        return g_strndup (bytes + n + 1, len - n - 1);
    }

  return NULL;
}

static gboolean
is_id (const char *id)
{
  const gsize len = strlen (id);

  for (const char *c = id; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return FALSE;

  return len > 0 && len <= ID_MAX;
}

static gboolean
is_version (const char *version)
{
  guint64 number;

  return g_ascii_string_to_unsigned (version, 10, AHOY_EXTENDED_VERSION, G_MAXUINT, &number, NULL);
}

gboolean
ahoy_service_txt_parse (AhoyDiscoveryReply *reply,
                        const char         *name,
                        guint               port,
                        GVariant           *txt)
{
  g_autofree char *version = NULL;
  g_autofree char *id = NULL;
  g_autofree char *tls = NULL;
  g_autofree char *full_name = NULL;

  g_return_val_if_fail (reply != NULL && name != NULL, FALSE);
  g_return_val_if_fail (g_variant_is_of_type (txt, G_VARIANT_TYPE ("aay")), FALSE);

  *reply = (AhoyDiscoveryReply){ 0 };
  version = find_value (txt, "v");
  id = find_value (txt, "id");
  tls = find_value (txt, "tls");
  full_name = find_value (txt, "name");
  if (port == 0 || port > G_MAXUINT16 || (id != NULL && !is_id (id)) || (version != NULL && !is_version (version)))
    return FALSE;

  reply->port = (guint16) port;
  /* Somebody wrote the record by hand, or for a classic server: it is one to try. */
  if (id == NULL || version == NULL)
    return TRUE;

  reply->extended = TRUE;
  reply->id = g_steal_pointer (&id);
  reply->name = one_line (full_name != NULL && *full_name != '\0' ? full_name : name, STRING_MAX);
  reply->users = AHOY_USERS_UNKNOWN;
  reply->tls = g_strcmp0 (tls, "1") == 0;
  return TRUE;
}
