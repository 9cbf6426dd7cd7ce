/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Lines for people: how our servers write them, and how those of others are understood. */

#include "wire/ahoy-classic.h"

#include <string.h>

#include "wire/ahoy-classic-text.h"
#include "wire/ahoy-limits.h"

#define NOTICE_MARK "* "
#define WHISPER_MARK "[whisper] "
#define WHISPER_TO " to "
#define COLON ": "

/* A name on a server that is not ours may be longer than ours allow, but it stays something that is read at a glance. */
#define NAME_MAX_BYTES (4 * AHOY_NAME_MAX_CHARS)

char *
ahoy_classic_line_prefix (AhoyClassicLineKind kind,
                          const char         *from,
                          const char         *to)
{
  switch (kind)
    {
    case AHOY_CLASSIC_LINE_SAY:
      g_return_val_if_fail (from != NULL, NULL);
      return g_strconcat (from, COLON, NULL);
    case AHOY_CLASSIC_LINE_WHISPER:
      g_return_val_if_fail (from != NULL && to != NULL, NULL);
      return g_strconcat (WHISPER_MARK, from, WHISPER_TO, to, COLON, NULL);
    case AHOY_CLASSIC_LINE_NOTICE:
      return g_strdup (NOTICE_MARK);
    case AHOY_CLASSIC_LINE_PLAIN:
    default:
      return g_strdup ("");
    }
}

/* Who may be speaking. */
typedef struct {
  AhoyClassicKnows knows;
  gpointer         data;
} Room;

static gboolean
is_known (const Room *room,
          const char *name,
          gsize       len)
{
  char copy[NAME_MAX_BYTES + 1];

  if (len == 0 || len > NAME_MAX_BYTES)
    return FALSE;
  memcpy (copy, name, len);
  copy[len] = '\0';
  return room->knows (copy, room->data);
}

/* What may stand between a speaker and the words. Returns: what follows it at @at, or NULL when it is not there. */
static const char *
after_separator (const char *at)
{
  static const char *const verbs[] = { " says", " said" };
  static const char *const separators[] = { ":", "：", ">", "＞", "»" };

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_has_prefix (at, verbs[i]))
      {
        at += strlen (verbs[i]);
        break;
      }
  if (*at == ' ')
    at++;
  for (gsize i = 0; i < G_N_ELEMENTS (separators); i++)
    if (g_str_has_prefix (at, separators[i]))
      {
        at += strlen (separators[i]);
        return *at == ' ' ? at + 1 : at;
      }
  return NULL;
}

/* `<alice> hello` and its relatives: after the bracket a separator may follow, or a space, or nothing. */
static const char *
after_bracket (const char *at,
               const char *bracket)
{
  const char *text;

  if (!g_str_has_prefix (at, bracket))
    return NULL;
  at += strlen (bracket);
  text = after_separator (at);
  if (text != NULL)
    return text;
  return *at == ' ' ? at + 1 : at;
}

static gboolean
is_boundary (const char *at)
{
  return ((guint8) *at & 0xc0) != 0x80;
}

/* The longest known name that @start begins with and that is followed as @close wants (NULL: by a separator). */
static gboolean
read_speaker (AhoyClassicLine *line,
              const char      *start,
              const char      *close,
              const Room      *room)
{
  for (gsize len = strnlen (start, NAME_MAX_BYTES); len > 0; len--)
    {
      const char *end = start + len;
      const char *text;

      if (!is_boundary (end))
        continue;
      text = close != NULL ? after_bracket (end, close) : after_separator (end);
      if (text == NULL || !is_known (room, start, len))
        continue;
      line->kind = AHOY_CLASSIC_LINE_SAY;
      line->from = g_strndup (start, len);
      line->text = ahoy_classic_text_unmark (text);
      return TRUE;
    }
  return FALSE;
}

/* The longest known recipient at @start that our own separator follows; 0 when there is none. */
static gsize
recipient_len (const char *start,
               const Room *room)
{
  for (gsize len = strnlen (start, NAME_MAX_BYTES); len > 0; len--)
    if (g_str_has_prefix (start + len, COLON) && is_known (room, start, len))
      return len;
  return 0;
}

static gboolean
read_whisper (AhoyClassicLine *line,
              const char      *body,
              const Room      *room)
{
  const char *from = body + strlen (WHISPER_MARK);

  for (gsize from_len = strnlen (from, NAME_MAX_BYTES); from_len > 0; from_len--)
    {
      const char *to = from + from_len + strlen (WHISPER_TO);
      gsize       to_len;

      if (!g_str_has_prefix (from + from_len, WHISPER_TO) || !is_known (room, from, from_len))
        continue;
      to_len = recipient_len (to, room);
      if (to_len == 0)
        continue;
      line->kind = AHOY_CLASSIC_LINE_WHISPER;
      line->from = g_strndup (from, from_len);
      line->to = g_strndup (to, to_len);
      line->text = ahoy_classic_text_unmark (to + to_len + strlen (COLON));
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_say (AhoyClassicLine *line,
          const char      *body,
          const Room      *room)
{
  static const char *const brackets[][2] = {
    { "<", ">" },
    { "[", "]" },
    { "(", ")" },
    { "＜", "＞" },
    { "【", "】" },
    { "（", "）" },
    { "「", "」" },
  };

  if (read_speaker (line, body, NULL, room))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (brackets); i++)
    if (g_str_has_prefix (body, brackets[i][0]))
      return read_speaker (line, body + strlen (brackets[i][0]), brackets[i][1], room);
  return FALSE;
}

void
ahoy_classic_line_parse (AhoyClassicLine *line,
                         const char      *body,
                         AhoyClassicKnows knows,
                         gpointer         data)
{
  const Room room = { knows, data };

  g_return_if_fail (line != NULL && body != NULL && knows != NULL);

  *line = (AhoyClassicLine){ .kind = AHOY_CLASSIC_LINE_PLAIN };
  if (g_str_has_prefix (body, NOTICE_MARK))
    {
      line->kind = AHOY_CLASSIC_LINE_NOTICE;
      line->text = ahoy_classic_text_unmark (body + strlen (NOTICE_MARK));
      return;
    }
  /* A whisper between strangers is not something that somebody called "whisper" said. */
  if (g_str_has_prefix (body, WHISPER_MARK) ? read_whisper (line, body, &room) : read_say (line, body, &room))
    return;
  line->text = g_strdup (body);
}

void
ahoy_classic_line_clear (AhoyClassicLine *line)
{
  g_return_if_fail (line != NULL);

  g_free (line->from);
  g_free (line->to);
  g_free (line->text);
  *line = (AhoyClassicLine){ .kind = AHOY_CLASSIC_LINE_PLAIN };
}
