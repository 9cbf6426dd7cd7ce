/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Discovery datagrams: what a client asks of the network and what a server answers, in both dialects. */

#include "wire/ahoy-discovery.h"

#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#include "wire/ahoy-frame.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-packet.h"

#define REQUEST_LEN (sizeof AHOY_DISCOVERY_REQUEST - 1)
#define NONCE_LEN (sizeof (AhoyNonce) - 1)

void
ahoy_nonce_fill (AhoyNonce nonce)
{
  guint8 bits[NONCE_LEN / 2];

  if (getentropy (bits, sizeof bits) != 0)
    g_error ("The kernel gives no random bytes");
  for (gsize i = 0; i < sizeof bits; i++)
    g_snprintf (nonce + 2 * i, 3, "%02x", bits[i]);
}

/* A stretch of the datagram. */
typedef struct {
  const char *at;
  gsize       len;
} Slice;

/* Takes what is left of @rest up to the next US (which is dropped) or its end. FALSE at the end. */
static gboolean
next_part (Slice *rest,
           Slice *part)
{
  const char *us;

  if (rest->at == NULL)
    return FALSE;

  us = memchr (rest->at, AHOY_US, rest->len);
  part->at = rest->at;
  part->len = us != NULL ? (gsize) (us - rest->at) : rest->len;
  rest->at = us != NULL ? us + 1 : NULL;
  rest->len -= us != NULL ? part->len + 1 : part->len;
  return TRUE;
}

/* Whether @part is `key=`…; then @value is what follows. */
static gboolean
has_key (Slice       part,
         const char *key,
         Slice      *value)
{
  gsize n = strlen (key);

  if (part.len <= n || memcmp (part.at, key, n) != 0 || part.at[n] != '=')
    return FALSE;
  *value = (Slice){ part.at + n + 1, part.len - n - 1 };
  return TRUE;
}

/* Decimal digits and nothing else, at most @max. */
static gboolean
read_number (Slice    slice,
             guint64  max,
             guint64 *number)
{
  guint64 n = 0;

  if (slice.len == 0 || slice.len > 19)
    return FALSE;
  for (gsize i = 0; i < slice.len; i++)
    {
      if (!g_ascii_isdigit (slice.at[i]))
        return FALSE;
      n = n * 10 + (guint64) (slice.at[i] - '0');
    }
  if (n > max)
    return FALSE;
  *number = n;
  return TRUE;
}

static gboolean
read_nonce (Slice     slice,
            AhoyNonce nonce)
{
  if (slice.len != NONCE_LEN)
    return FALSE;
  for (gsize i = 0; i < NONCE_LEN; i++)
    if (!g_ascii_isxdigit (slice.at[i]))
      return FALSE;
  memcpy (nonce, slice.at, NONCE_LEN);
  nonce[NONCE_LEN] = '\0';
  return TRUE;
}

/* Visible ASCII: an id is compared and shown, never interpreted. */
static gboolean
read_id (Slice  slice,
         char **id)
{
  if (slice.len == 0)
    return FALSE;
  for (gsize i = 0; i < slice.len; i++)
    if (!g_ascii_isgraph (slice.at[i]))
      return FALSE;
  *id = g_strndup (slice.at, slice.len);
  return TRUE;
}

/* IPv4 addresses in the clothes of IPv6, whose kind is not seen. */
static gboolean
is_disguised (GInetAddress *address)
{
  static const guint8 zeros[10];

  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 && memcmp (g_inet_address_to_bytes (address), zeros, sizeof zeros) == 0;
}

gboolean
ahoy_discovery_is_tellable (const char *address)
{
  g_autoptr (GInetAddress) inet = NULL;

  g_return_val_if_fail (address != NULL, FALSE);

  inet = g_inet_address_new_from_string (address);
  return inet != NULL && !g_inet_address_get_is_loopback (inet) && !g_inet_address_get_is_link_local (inet) &&
         !g_inet_address_get_is_multicast (inet) && !g_inet_address_get_is_any (inet) && !is_disguised (inet) && !g_str_equal (address, "255.255.255.255");
}

static gboolean
read_address (Slice  slice,
              char **address)
{
  g_autofree char *text = NULL;

  if (slice.len == 0 || memchr (slice.at, '\0', slice.len) != NULL)
    return FALSE;
  text = g_strndup (slice.at, slice.len);
  if (!ahoy_discovery_is_tellable (text))
    return FALSE;
  *address = g_steal_pointer (&text);
  return TRUE;
}

static gboolean
read_text (Slice  slice,
           char **text)
{
  if (!g_utf8_validate (slice.at, (gssize) slice.len, NULL))
    return FALSE;
  for (gsize i = 0; i < slice.len; i++)
    if (g_ascii_iscntrl (slice.at[i]))
      return FALSE;
  *text = g_strndup (slice.at, slice.len);
  return TRUE;
}

static gboolean
is_line_end (char byte)
{
  return byte == '\0' || byte == '\r' || byte == '\n';
}

/* What C programs of all ages leave at the end of a line: one NUL (they send strlen + 1), one line end, or both. */
static gboolean
is_line_tail (const char *tail,
              gsize       len)
{
  gboolean nul = FALSE;
  gboolean line = FALSE;

  for (gsize i = 0; i < len; i++)
    {
      if (tail[i] == '\0' && !nul)
        {
          nul = TRUE;
        }
      else if ((tail[i] == '\r' || tail[i] == '\n') && !line)
        {
          line = TRUE;
          if (tail[i] == '\r' && i + 1 < len && tail[i + 1] == '\n')
            i++;
        }
      else
        {
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
ahoy_discovery_request_parse (AhoyDiscoveryRequest *request,
                              const guint8         *data,
                              gsize                 len)
{
  Slice    rest;
  Slice    part;
  guint64  version = 0;
  gboolean has_nonce = FALSE;
  gboolean has_help = FALSE;

  g_return_val_if_fail (request != NULL, FALSE);
  g_return_val_if_fail (data != NULL || len == 0, FALSE);

  *request = (AhoyDiscoveryRequest){ 0 };
  if (len < REQUEST_LEN || len > AHOY_DISCOVERY_MAX || memcmp (data, AHOY_DISCOVERY_REQUEST, REQUEST_LEN) != 0)
    return FALSE;

  rest = (Slice){ (const char *) data + REQUEST_LEN, len - REQUEST_LEN };
  if (rest.len == 0 || rest.at[0] != AHOY_US)
    return is_line_tail (rest.at, rest.len);

  rest = (Slice){ rest.at + 1, rest.len - 1 };
  while (next_part (&rest, &part))
    {
      Slice value;

      if (has_key (part, "v", &value))
        {
          if (version != 0)
            continue;
          if (!read_number (value, G_MAXUINT, &version) || version < AHOY_EXTENDED_VERSION)
            return FALSE;
        }
      else if (has_key (part, "nonce", &value))
        {
          if (has_nonce)
            continue;
          if (!read_nonce (value, request->nonce))
            return FALSE;
          has_nonce = TRUE;
        }
      else if (!has_help && has_key (part, "help", &value))
        {
          guint64 number;

          if (!read_number (value, 1, &number))
            {
              *request = (AhoyDiscoveryRequest){ 0 };
              return FALSE;
            }
          request->help = number == 1;
          has_help = TRUE;
        }
    }
  request->extended = version != 0 && has_nonce;
  if (!request->extended)
    *request = (AhoyDiscoveryRequest){ 0 };
  return request->extended;
}

GBytes *
ahoy_discovery_request_write (const AhoyDiscoveryRequest *request)
{
  GString *out;

  g_return_val_if_fail (request != NULL, NULL);

  out = g_string_new (AHOY_DISCOVERY_REQUEST);
  if (request->extended)
    {
      AhoyNonce nonce;

      g_return_val_if_fail (read_nonce ((Slice){ request->nonce, strnlen (request->nonce, sizeof request->nonce) }, nonce),
                            (g_string_free (out, TRUE), NULL));
      g_string_append_printf (out, "%cv=%d%cnonce=%s", AHOY_US, AHOY_EXTENDED_VERSION, AHOY_US, nonce);
      if (request->help)
        g_string_append_printf (out, "%chelp=1", AHOY_US);
    }
  return g_string_free_to_bytes (out);
}

/* Fills what the fields say. FALSE when one that is known is malformed, or one that must be there is not. */
static gboolean
read_reply_fields (AhoyDiscoveryReply *reply,
                   Slice               fields)
{
  Slice    part;
  gboolean has_version = FALSE;
  gboolean has_nonce = FALSE;
  gboolean has_users = FALSE;
  gboolean has_tls = FALSE;

  while (next_part (&fields, &part))
    {
      Slice   value;
      guint64 number;

      if (!has_version && has_key (part, "v", &value))
        {
          if (!read_number (value, G_MAXUINT, &number) || number < AHOY_EXTENDED_VERSION)
            return FALSE;
          has_version = TRUE;
        }
      else if (!has_nonce && has_key (part, "nonce", &value))
        {
          if (!read_nonce (value, reply->nonce))
            return FALSE;
          has_nonce = TRUE;
        }
      else if (reply->id == NULL && has_key (part, "id", &value))
        {
          if (!read_id (value, &reply->id))
            return FALSE;
        }
      else if (reply->name == NULL && has_key (part, "name", &value))
        {
          if (!read_text (value, &reply->name))
            return FALSE;
        }
      else if (!has_users && has_key (part, "users", &value))
        {
          if (!read_number (value, G_MAXUINT, &number))
            return FALSE;
          reply->users = (guint) number;
          has_users = TRUE;
        }
      else if (!has_tls && has_key (part, "tls", &value))
        {
          if (!read_number (value, 1, &number))
            return FALSE;
          reply->tls = number == 1;
          has_tls = TRUE;
        }
      else if (reply->at == NULL && has_key (part, "at", &value))
        {
          if (!read_address (value, &reply->at))
            return FALSE;
        }
    }

  if (reply->name == NULL)
    reply->name = g_strdup ("");
  return has_version && has_nonce && reply->id != NULL;
}

gboolean
ahoy_discovery_reply_parse (AhoyDiscoveryReply *reply,
                            const guint8       *data,
                            gsize               len)
{
  Slice   rest = { (const char *) data, len };
  Slice   digits;
  guint64 port;

  g_return_val_if_fail (reply != NULL, FALSE);
  g_return_val_if_fail (data != NULL || len == 0, FALSE);

  *reply = (AhoyDiscoveryReply){ 0 };
  if (len == 0 || len > AHOY_DISCOVERY_MAX)
    return FALSE;

  next_part (&rest, &digits);
  reply->extended = rest.at != NULL;
  /* A classic server may send its whole buffer: the digits, and NULs to the end. */
  if (!reply->extended)
    while (digits.len > 0 && is_line_end (digits.at[digits.len - 1]))
      digits.len--;

  if (!read_number (digits, G_MAXUINT16, &port) || port == 0 || (reply->extended && !read_reply_fields (reply, rest)))
    {
      ahoy_discovery_reply_clear (reply);
      return FALSE;
    }
  reply->port = (guint16) port;
  return TRUE;
}

/* Cuts @name to at most @max bytes, between characters and not before a mark that belongs to the one it stands on. */
static gsize
fitting_len (const char *name,
             gsize       max)
{
  const char *end;

  if (strlen (name) <= max)
    return strlen (name);

  end = g_utf8_find_prev_char (name, name + max + 1);
  while (end != NULL && end > name && (g_unichar_ismark (g_utf8_get_char (end)) || g_unichar_iszerowidth (g_utf8_get_char (end))))
    end = g_utf8_find_prev_char (name, end);
  return end != NULL ? (gsize) (end - name) : 0;
}

GBytes *
ahoy_discovery_reply_write (const AhoyDiscoveryReply *reply,
                            gsize                     max)
{
  g_autoptr (GString) out = NULL;

  g_return_val_if_fail (reply != NULL && reply->port != 0, NULL);

  out = g_string_new (NULL);
  g_string_append_printf (out, "%u", reply->port);
  if (reply->extended)
    {
      g_autofree char *name = g_utf8_make_valid (reply->name != NULL ? reply->name : "", -1);
      g_autofree char *at = reply->at != NULL ? g_strdup_printf ("%cat=%s", AHOY_US, reply->at) : g_strdup ("");
      g_autofree char *tail = g_strdup_printf ("%cusers=%u%ctls=%d%s", AHOY_US, reply->users, AHOY_US, reply->tls ? 1 : 0, at);

      g_return_val_if_fail (reply->id != NULL && reply->id[0] != '\0', NULL);

      for (char *c = name; *c != '\0'; c++)
        if (g_ascii_iscntrl (*c))
          *c = ' ';
      g_string_append_printf (out, "%cv=%d%cnonce=%s", AHOY_US, AHOY_EXTENDED_VERSION, AHOY_US, reply->nonce);
      g_string_append_printf (out, "%cid=%s%cname=", AHOY_US, reply->id, AHOY_US);
      if (out->len + strlen (tail) > max)
        return NULL;
      g_string_append_len (out, name, (gssize) fitting_len (name, max - out->len - strlen (tail)));
      g_string_append (out, tail);
    }
  if (out->len > max)
    return NULL;
  return g_string_free_to_bytes (g_steal_pointer (&out));
}

void
ahoy_discovery_reply_clear (AhoyDiscoveryReply *reply)
{
  g_return_if_fail (reply != NULL);

  g_free (reply->id);
  g_free (reply->name);
  g_free (reply->at);
  *reply = (AhoyDiscoveryReply){ 0 };
}
