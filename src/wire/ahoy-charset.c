/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The text of classic peers: UTF-8, or the one legacy charset of this network. */

#include "wire/ahoy-charset.h"

#include <errno.h>
#include <string.h>

#include "wire/ahoy-frame.h"

struct _AhoyCharset {
  /* Owned */
  char  *name;
  GMutex lock; /* a converter has state while it converts */
  GIConv to_utf8;
  GIConv from_utf8;
};

static void
reset (GIConv conv)
{
  g_iconv (conv, NULL, NULL, NULL, NULL);
}

/* Converts all of @len bytes or nothing. NULL: they are not in that charset. */
static char *
convert_strictly (GIConv      conv,
                  const char *bytes,
                  gsize       len)
{
  g_autofree char *text = NULL;
  gsize            read;

  reset (conv);
  text = g_convert_with_iconv (bytes, (gssize) len, conv, &read, NULL, NULL);
  /* Half a character at the end counts as success there. */
  return text != NULL && read == len ? g_steal_pointer (&text) : NULL;
}

static gboolean
is_ascii (const char *bytes,
          gsize       len)
{
  for (gsize i = 0; i < len; i++)
    if ((guint8) bytes[i] >= 0x80)
      return FALSE;
  return TRUE;
}

/* Room for the character that some charsets hold back until they know whether a mark follows. */
#define HELD_BACK 4

static void
put_held_back (GIConv conv,
               char **out,
               char  *end)
{
  gsize room = (gsize) (end - *out);

  g_iconv (conv, NULL, NULL, out, &room);
}

/* Converts the UTF-8 at @text, as much as fits in @max bytes of @to; '?' for what the charset lacks. Stops between characters.
 * A character at a time: iconv goes over a whole buffer again for each one it cannot convert, and peers choose what we convert. */
static gsize
convert_leniently (GIConv       conv,
                   const char **text,
                   char        *to,
                   gsize        max)
{
  const char *in = *text;
  const char *in_end = in + strlen (in);
  char       *out = to;
  char       *end = to + max;

  reset (conv);
  while (in < in_end && end - out > HELD_BACK)
    {
      const char *next = MIN (g_utf8_next_char (in), in_end);
      char       *from = (char *) in;
      gsize       size = (gsize) (next - in);
      gsize       room = (gsize) (end - out) - HELD_BACK;

      if (g_iconv (conv, &from, &size, &out, &room) == (gsize) -1)
        {
          if (errno == E2BIG)
            break;
          /* What is held back comes before the '?'. */
          put_held_back (conv, &out, end);
          if (end - out <= HELD_BACK)
            break;
          *out++ = '?';
        }
      in = next;
    }
  put_held_back (conv, &out, end);

  *text = in;
  return (gsize) (out - to);
}

/* Whether frames and lines survive: ASCII means itself both ways, and nothing else is ever made of control characters (as the
 * shifting charsets do) or of letters (as UTF-7 does). */
static gboolean
keeps_frames (AhoyCharset *charset)
{
  static const char *const samples[] = { "é", "ß", "Я", "Ω", "中", "文", "あ", "ア", "ｱ", "한", "글", "ا", "ש", "ไ", "€", "、", "🚢" };
  gboolean                 kept = TRUE;

  for (int c = 1; c < 0x80 && kept; c++)
    {
      const char       ascii[] = { (char) c, '\0' };
      g_autofree char *there = NULL;
      g_autofree char *back = NULL;
      gsize            there_len = 0;

      /* What yen and overline replace in the Japanese and Korean sets has no part in the protocol. */
      if (c == '\\' || c == '~')
        continue;
      there = ahoy_charset_encode (charset, ascii, 16, NULL, &there_len);
      back = convert_strictly (charset->to_utf8, ascii, 1);
      kept = there_len == 1 && there[0] == (char) c && back != NULL && strcmp (back, ascii) == 0;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (samples) && kept; i++)
    {
      gsize            len = 0;
      g_autofree char *there = ahoy_charset_encode (charset, samples[i], 32, NULL, &len);

      kept = ahoy_text_is_plain (there, (gssize) len) && ((len == 1 && there[0] == '?') || (len > 0 && !is_ascii (there, 1)));
    }
  return kept;
}

AhoyCharset *
ahoy_charset_new (const char *name,
                  GError    **error)
{
  g_autoptr (AhoyCharset) charset = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  charset = g_new0 (AhoyCharset, 1);
  g_mutex_init (&charset->lock);
  charset->name = g_strdup (name);
  charset->to_utf8 = g_iconv_open ("UTF-8", name);
  charset->from_utf8 = g_iconv_open (name, "UTF-8");

  /* The empty name is iconv's word for the locale's charset. */
  if (name[0] == '\0' || charset->to_utf8 == (GIConv) -1 || charset->from_utf8 == (GIConv) -1)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Character set “%s” is not known here", name);
      return NULL;
    }
  if (!keeps_frames (charset))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Character set “%s” cannot be used: it does not keep ASCII as it is", name);
      return NULL;
    }
  return g_steal_pointer (&charset);
}

void
ahoy_charset_free (AhoyCharset *charset)
{
  g_return_if_fail (charset != NULL);

  if (charset->to_utf8 != (GIConv) -1)
    g_iconv_close (charset->to_utf8);
  if (charset->from_utf8 != (GIConv) -1)
    g_iconv_close (charset->from_utf8);
  g_mutex_clear (&charset->lock);
  g_free (charset->name);
  g_free (charset);
}

const char *
ahoy_charset_name (AhoyCharset *charset)
{
  g_return_val_if_fail (charset != NULL, NULL);

  return charset->name;
}

static char *
decode_legacy (AhoyCharset *charset,
               const char  *bytes,
               gsize        len)
{
  char *text;

  g_mutex_lock (&charset->lock);
  text = convert_strictly (charset->to_utf8, bytes, len);
  g_mutex_unlock (&charset->lock);
  return text;
}

char *
ahoy_charset_decode (AhoyCharset    *charset,
                     AhoyCharsetUse *use,
                     const char     *bytes,
                     gsize           len)
{
  char *text = NULL;

  g_return_val_if_fail (charset != NULL && use != NULL, NULL);
  g_return_val_if_fail (bytes != NULL || len == 0, NULL);

  /* NUL is in no body, and would hide what follows it. */
  if (len == 0)
    return g_strdup ("");
  if (memchr (bytes, '\0', len) != NULL)
    return NULL;
  if (is_ascii (bytes, len))
    return g_strndup (bytes, len);

  /* Short legacy text can be UTF-8 by accident; a peer that has proved its charset is not asked again. */
  if (*use == AHOY_CHARSET_USE_LEGACY)
    text = decode_legacy (charset, bytes, len);
  if (text == NULL && g_utf8_validate (bytes, (gssize) len, NULL))
    {
      *use = AHOY_CHARSET_USE_UTF8;
      return g_strndup (bytes, len);
    }
  if (text == NULL)
    text = decode_legacy (charset, bytes, len);
  if (text != NULL)
    *use = AHOY_CHARSET_USE_LEGACY;
  return text;
}

char *
ahoy_charset_encode (AhoyCharset *charset,
                     const char  *text,
                     gsize        max,
                     const char **rest,
                     gsize       *len)
{
  gsize size;
  gsize used;
  char *bytes;

  g_return_val_if_fail (charset != NULL && text != NULL && len != NULL, NULL);

  /* No charset that keeps ASCII needs more than four bytes a character. */
  size = MIN (max, 4 * strlen (text) + HELD_BACK);
  bytes = g_malloc (size + 1);

  g_mutex_lock (&charset->lock);
  used = convert_leniently (charset->from_utf8, &text, bytes, size);
  g_mutex_unlock (&charset->lock);

  bytes[used] = '\0';
  *len = used;
  if (rest != NULL)
    *rest = text;
  return bytes;
}
