/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Where people see an address in what they write.
 *
 * A host is read strictly: letters, digits and hyphens of any script, but of one (or of those that are written beside each other) in each label, and only
 * what stays the same when it is looked up. One that goes on with something else is none at all, as its part is another one. Behind it a path may hold
 * what RFC 3986 allows, and letters, digits, marks and symbols of any script; full-width punctuation, spaces, and whatever nobody sees end it. */

#include "ui/ahoy-hyperlink.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#include "core/chat/ahoy-check.h"

/* No name is longer; bytes of UTF-8. */
#define HOST_MAX 1024
/* Before the @ of a mail address. */
#define LOCAL_MAX 64
/* How far an @ is looked for that would make what is before it no host. */
#define USER_MAX 256

static const char *const schemes[] = { "https://", "http://", "mailto:" };

#define N_WEB_SCHEMES 2

static gboolean
begins (const char *text,
        const char *with)
{
  return g_ascii_strncasecmp (text, with, strlen (with)) == 0;
}

gboolean
ahoy_hyperlink_has_scheme (const char *uri)
{
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (begins (uri, schemes[i]))
      return TRUE;

  return FALSE;
}

/* ---- Characters ---- */

/* Scripts that put no spaces between words: an address may follow a word at once, and a word an address. */
static gboolean
is_unspaced (gunichar c)
{
  switch (g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_HANGUL:
    case G_UNICODE_SCRIPT_BOPOMOFO:
    case G_UNICODE_SCRIPT_THAI:
    case G_UNICODE_SCRIPT_LAO:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_MYANMAR:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Letters, marks, symbols and tags that nobody sees. Other format characters are none of them, and an emoji shows U+FE0F. */
static gboolean
is_unseen (gunichar c)
{
  if (c == 0x180e || c == 0x16fe4) /* MONGOLIAN VOWEL SEPARATOR, KHITAN SMALL SCRIPT FILLER */
    return TRUE;
  return c >= 0x80 && c != 0xfe0f && (c >= 0xe0000 || g_unichar_type (c) != G_UNICODE_FORMAT) && ahoy_check_is_unseen (c);
}

static gboolean
is_label_char (gunichar c)
{
  if (c < 0x80)
    return g_ascii_isalnum (c) || c == '-' || c == '_';

  return (g_unichar_isalnum (c) || g_unichar_ismark (c)) && !is_unseen (c) && c != 0xfe0f;
}

/* Punctuation that stands within words, in headlines that became addresses. */
static gboolean
is_inner_punctuation (gunichar c)
{
  return c == 0xb7 || c == 0x2019 || c == 0x30fb || (c >= 0x2010 && c <= 0x2014);
}

/* Of a path, a query or a fragment. */
static gboolean
is_tail_char (gunichar c)
{
  if (c < 0x80)
    return c != '\0' && (g_ascii_isalnum (c) || strchr ("-._~:/?#[]@!$&'()*+,;=%", (int) c) != NULL);
  if (is_unseen (c))
    return FALSE;
  if (g_unichar_isalnum (c) || is_inner_punctuation (c))
    return TRUE;

  switch (g_unichar_type (c))
    {
    case G_UNICODE_NON_SPACING_MARK:
    case G_UNICODE_SPACING_MARK:
      return TRUE;
    case G_UNICODE_OTHER_SYMBOL:
    case G_UNICODE_MATH_SYMBOL:
    case G_UNICODE_CURRENCY_SYMBOL:
      return !(c >= 0xff01 && c <= 0xff5e);
    default:
      return FALSE;
    }
}

static gsize
tail_length (const char *text)
{
  const char *at = text;
  gunichar    before = 0;

  for (gunichar c = g_utf8_get_char (at); is_tail_char (c); c = g_utf8_get_char (at))
    {
      if (c == 0xfe0f && g_unichar_type (before) != G_UNICODE_OTHER_SYMBOL) /* only an emoji shows it */
        break;
      before = c;
      at = g_utf8_next_char (at);
    }

  return at - text;
}

/* ---- Hosts ---- */

/* Whether a label is in one script, or in Latin and what is written beside it in East Asia. */
static gboolean
is_of_one_script (const char *label,
                  gsize       length)
{
  gboolean       latin = FALSE;
  gboolean       east = FALSE;
  GUnicodeScript other = G_UNICODE_SCRIPT_COMMON;

  for (const char *at = label; at < label + length; at = g_utf8_next_char (at))
    {
      GUnicodeScript script = g_unichar_get_script (g_utf8_get_char (at));

      if (script == G_UNICODE_SCRIPT_COMMON || script == G_UNICODE_SCRIPT_INHERITED)
        continue;
      if (script == G_UNICODE_SCRIPT_LATIN)
        latin = TRUE;
      else if (script == G_UNICODE_SCRIPT_HAN || script == G_UNICODE_SCRIPT_HIRAGANA || script == G_UNICODE_SCRIPT_KATAKANA ||
               script == G_UNICODE_SCRIPT_HANGUL || script == G_UNICODE_SCRIPT_BOPOMOFO)
        east = TRUE;
      else if (other == G_UNICODE_SCRIPT_COMMON || other == script)
        other = script;
      else
        return FALSE;
    }

  return other == G_UNICODE_SCRIPT_COMMON || (!latin && !east);
}

/* Whether there is something in it that is drawn like the stroke or the colon behind a name, and is none of a word in its own script. */
static gboolean
has_false_end (const char *label,
               gsize       length)
{
  for (const char *at = g_utf8_next_char (label); at < label + length; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gunichar next = g_utf8_get_char (g_utf8_next_char (at));

      if ((c == 0x2d0 || c == 0x337 || c == 0x338 || (c >= 0x3031 && c <= 0x3035) || c == 0x30ce || c == 0x4e3f) && (guchar) at[-1] < 0x80 &&
          (next < 0x80 || g_unichar_get_script (next) == G_UNICODE_SCRIPT_LATIN))
        return TRUE;
    }

  return FALSE;
}

/* Whether a name goes on behind what is in none, or nobody sees: "b%C3%BCcher.example", "col·legi.example", "i❤.example". Then what was read
 * is the name of somebody else. */
static gboolean
is_cut (const char *end)
{
  const char *at = *end == '.' ? end + 1 : end;
  gunichar    c = g_utf8_get_char (at);
  gboolean    symbol = g_unichar_type (c) == G_UNICODE_OTHER_SYMBOL;

  if (!symbol && !is_unseen (c) && c != '%' && c != '{' && c != '$' && c != 0xad && c != 0xb7 && c != 0x5f3 && c != 0x5f4 && c != 0x200c &&
      c != 0x200d && c != 0x30fb)
    return FALSE;
  at = g_utf8_next_char (at);
  if (g_utf8_get_char (at) == 0xfe0f)
    at = g_utf8_next_char (at);
  if (*at == '.')
    at++;
  else if (symbol) /* a smile is no part of it */
    return FALSE;

  return is_label_char (g_utf8_get_char (at));
}

/* Where a label in ASCII goes on in a script without spaces: "com谢谢". */
static gsize
ascii_length (const char *label,
              gsize       length)
{
  const char *at = label;

  if (!g_ascii_isalnum (*label))
    return length;
  while (at < label + length && !is_unspaced (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);

  return at - label;
}

static gsize
label_length (const char *text)
{
  const char *at = text;

  while (at - text < HOST_MAX && is_label_char (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  while (at > text && (at[-1] == '-' || at[-1] == '_'))
    at--;

  return *text == '-' ? 0 : at - text;
}

typedef struct {
  gsize    length;
  guint    dots;
  gboolean named; /* the last label is no number, and long enough */
} Host;

/* Whether no character of it stands for another one. */
static gboolean
is_plain (const char *text,
          gsize       length)
{
  g_autofree char *composed = g_utf8_normalize (text, length, G_NORMALIZE_NFC);
  g_autofree char *folded = g_utf8_normalize (text, length, G_NORMALIZE_NFKC);

  return g_strcmp0 (composed, folded) == 0;
}

/* Whether looking it up finds what is shown. */
static gboolean
is_as_shown (const char *text,
             gsize       length)
{
  g_autofree char *host = g_strndup (text, length);
  g_autofree char *ascii = g_hostname_to_ascii (host);

  return ascii != NULL && strlen (ascii) <= 253 && is_plain (text, length);
}

static Host
read_host (const char *text)
{
  Host  host = { 0 };
  gsize last = 0;

  for (;;)
    {
      gsize label = label_length (text + host.length);

      if (label == 0)
        break;
      last = host.length;
      host.length += label;
      if (host.length > HOST_MAX || !is_of_one_script (text + last, label) || has_false_end (text + last, label))
        return (Host){ 0 };
      if (text[host.length] != '.' || label_length (text + host.length + 1) == 0)
        break;
      host.length++;
      host.dots++;
    }
  if (host.length == 0)
    return host;

  host.length = last + ascii_length (text + last, host.length - last);
  host.named = g_unichar_isalpha (g_utf8_get_char (text + last)) && g_utf8_strlen (text + last, host.length - last) > 1;
  if (is_cut (text + host.length) || !is_as_shown (text, host.length))
    return (Host){ 0 };

  return host;
}

/* "[::1]". */
static gsize
literal_length (const char *text)
{
  gsize            length = 1 + strspn (text + 1, "0123456789abcdefABCDEF:.");
  g_autofree char *number = g_strndup (text + 1, MIN (length - 1, 64));

  return text[length] == ']' && strchr (number, ':') != NULL && g_hostname_is_ip_address (number) ? length + 1 : 0;
}

/* ---- Links ---- */

/* Of @length bytes, of which @least stay, what is left when the end of the sentence round the address is taken off. */
static gsize
trim (const char *uri,
      gsize       least,
      gsize       length)
{
  int round = 0;
  int square = 0;

  for (gsize i = 0; i < length; i++)
    {
      round += (uri[i] == '(') - (uri[i] == ')');
      square += (uri[i] == '[') - (uri[i] == ']');
    }
  while (length > least)
    {
      const char *last = g_utf8_prev_char (uri + length);

      if (*last == ')' && round < 0)
        round++;
      else if (*last == '(')
        round--;
      else if (*last == ']' && square < 0)
        square++;
      else if (*last == '[')
        square--;
      else if (strchr (".,;:!?'*", *last) == NULL && !is_inner_punctuation (g_utf8_get_char (last)))
        break;
      length = last - uri;
    }

  return length;
}

/* Whether what looks like a host is the name of a user, as in "https://bank.example@evil.example". */
static gboolean
is_user (const char *authority)
{
  for (gsize i = 0; i < USER_MAX && authority[i] != '\0'; i++)
    {
      if (authority[i] == '@')
        return TRUE;
      if (g_ascii_isspace (authority[i]) || strchr ("/?#<>\"", authority[i]) != NULL)
        return FALSE;
    }

  return FALSE;
}

/* From the host on; @bare: without a scheme, so that it must look like a name. */
static gsize
web_length (const char *text,
            gboolean    bare)
{
  Host  host = { 0 };
  gsize length;

  if (is_user (text))
    return 0;
  if (*text == '[')
    length = literal_length (text);
  else
    length = (host = read_host (text)).length;
  if (length == 0 || (bare && (host.dots < 2 || !host.named)))
    return 0;

  if (text[length] == ':' && g_ascii_isdigit (text[length + 1]))
    {
      gsize digits = strspn (text + length + 1, "0123456789");

      if (digits > 5 || strtoul (text + length + 1, NULL, 10) > G_MAXUINT16)
        return 0;
      length += 1 + digits;
    }
  if (text[length] != '\0' && strchr ("/?#", text[length]) != NULL)
    length = trim (text, length, length + tail_length (text + length));

  return length;
}

/* Of a mail address before the @. A script without spaces may have put a word there. */
static gboolean
is_local_char (gunichar c)
{
  if (c < 0x80)
    return c != '\0' && (g_ascii_isalnum (c) || strchr ("._%+-", (int) c) != NULL);

  return is_label_char (c) && !is_unspaced (c);
}

static gsize
local_length (const char *text,
              gsize       max)
{
  const char *at = text;

  while ((gsize) (at - text) <= max && is_local_char (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);

  return at - text;
}

static gsize
mail_length (const char *text)
{
  gsize local = local_length (text, LOCAL_MAX);
  Host  host;

  /* A host is read only behind what may be before one. */
  if (local == 0 || local > LOCAL_MAX || text[local] != '@' || strchr (".-+%", text[0]) != NULL || text[local - 1] == '.' ||
      g_unichar_ismark (g_utf8_get_char (text)) || !is_of_one_script (text, local) || !is_plain (text, local))
    return 0;
  host = read_host (text + local + 1);

  return host.dots > 0 && host.named && text[local + 1 + host.length] != '@' ? local + 1 + host.length : 0;
}

/* "git@host:path" and "user@host/path" are addresses of other things. */
static gboolean
goes_on (const char *end)
{
  return *end == '/' || (*end == ':' && is_tail_char (g_utf8_get_char (end + 1)));
}

/* With its scheme. */
static gsize
mailto_length (const char *text)
{
  gsize scheme = strlen ("mailto:");
  gsize mail = mail_length (text + scheme);

  if (mail == 0)
    return 0;
  if (text[scheme + mail] == '?')
    return trim (text, scheme + mail, scheme + mail + tail_length (text + scheme + mail));

  return scheme + mail;
}

/* Whether a word may begin behind @before. */
static gboolean
is_boundary (gunichar before)
{
  return !g_unichar_isalnum (before) && !g_unichar_ismark (before);
}

/* "o'brien@example.org" is no address of "brien". */
static gboolean
is_behind_apostrophe (const char *text,
                      const char *at)
{
  const char *mark = at > text ? g_utf8_prev_char (at) : at;

  return mark > text && (*mark == '\'' || g_utf8_get_char (mark) == 0x2019) && !is_boundary (g_utf8_get_char (g_utf8_prev_char (mark)));
}

static gsize
length_of (const char  *text,
           const char  *at,
           const char **prefix)
{
  gunichar before = at > text ? g_utf8_get_char (g_utf8_prev_char (at)) : 0;
  gsize    length;

  *prefix = "";
  if (!is_boundary (before) && !is_unspaced (before))
    return 0;
  for (gsize i = 0; i < N_WEB_SCHEMES; i++)
    {
      if (begins (at, schemes[i]))
        {
          length = web_length (at + strlen (schemes[i]), FALSE);
          return length > 0 ? strlen (schemes[i]) + length : 0;
        }
    }
  if (begins (at, "mailto:"))
    return mailto_length (at);

  /* Without a scheme they are more easily parts of something else. */
  if (before < 0x80 && before != 0 && strchr ("-._%+@/=&#?~\\", (int) before) != NULL)
    return 0;
  if (begins (at, "www."))
    {
      *prefix = "http://";
      return web_length (at, TRUE);
    }
  *prefix = "mailto:";
  length = is_behind_apostrophe (text, at) ? 0 : mail_length (at);

  return length > 0 && !goes_on (at + length) ? length : 0;
}

/* What was not taken for a link is not looked at again in parts. */
static gsize
skip_length (const char *at)
{
  gsize length;

  if (begins (at, "://") || ahoy_hyperlink_has_scheme (at) || begins (at, "www."))
    return MAX (tail_length (at), 1);
  length = local_length (at, G_MAXSIZE);
  if (length > 0 && at[length] == '@')
    return length + 1;

  return length > LOCAL_MAX ? length : (gsize) (g_utf8_next_char (at) - at);
}

gsize
ahoy_hyperlink_length (const char  *text,
                       const char  *at,
                       const char **prefix,
                       gsize       *skip)
{
  gsize length = length_of (text, at, prefix);

  *skip = length > 0 ? 0 : skip_length (at);

  return length;
}
