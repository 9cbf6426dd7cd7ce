/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Frames to packets and back. What a type or a field is, the table says; the reader and the writer below only walk it. */

#include "wire/ahoy-packet.h"

#include <string.h>

#include "wire/ahoy-charset.h"
#include "wire/ahoy-classic-text.h"
#include "wire/ahoy-classic.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-packet-table.h"

/* Reading */

/* Decimal digits and nothing else, at most @max. */
static gboolean
read_number (const char *value,
             guint64     max,
             guint64    *number)
{
  guint64 n = 0;

  if (*value == '\0')
    return FALSE;
  for (; *value != '\0'; value++)
    {
      guint64 digit = (guint64) (*value - '0');

      if (!g_ascii_isdigit (*value) || digit > max || n > (max - digit) / 10)
        return FALSE;
      n = n * 10 + digit;
    }
  *number = n;
  return TRUE;
}

static gboolean
is_cid (const char *value)
{
  gsize len = 0;

  for (; g_ascii_isxdigit (value[len]); len++)
    ;
  return len == 16 && value[len] == '\0';
}

static gboolean
is_secret (const char *value)
{
  gsize len = 0;

  for (; g_ascii_isgraph (value[len]); len++)
    ;
  return len >= AHOY_SECRET_MIN && len <= AHOY_SECRET_MAX && value[len] == '\0';
}

static gboolean
read_value (AhoyPacket            *packet,
            const AhoyPacketField *field,
            const char            *value)
{
  gpointer member = G_STRUCT_MEMBER_P (packet, field->offset);
  guint64  number;

  switch (field->type)
    {
    case FIELD_TEXT:
      *(const char **) member = value;
      return TRUE;
    case FIELD_CID:
      *(const char **) member = value;
      return is_cid (value);
    case FIELD_SECRET:
      *(const char **) member = value;
      return is_secret (value);
    case FIELD_NUMBER:
      return read_number (value, G_MAXUINT64, (guint64 *) member);
    case FIELD_TIME:
      if (!read_number (value, G_MAXINT64, &number))
        return FALSE;
      *(gint64 *) member = (gint64) number;
      return TRUE;
    case FIELD_COUNT:
      if (!read_number (value, G_MAXUINT, &number))
        return FALSE;
      *(guint *) member = (guint) number;
      return TRUE;
    case FIELD_FLAG:
      if (!read_number (value, 1, &number))
        return FALSE;
      *(gboolean *) member = number == 1;
      return TRUE;
    default:
      g_assert_not_reached ();
    }
}

/* Which of the row's fields @part is (`key=value`); AHOY_PACKET_MAX_FIELDS: none of them. */
static guint
find_field (const AhoyPacketRow *row,
            const char          *part,
            gsize                key_len)
{
  for (guint i = 0; row->fields[i].key != NULL; i++)
    if (strlen (row->fields[i].key) == key_len && memcmp (row->fields[i].key, part, key_len) == 0)
      return i;
  return AHOY_PACKET_MAX_FIELDS;
}

/* @heading is the packet's own copy and is cut up here. What is no field of the row is somebody's from the future: ignored. */
static gboolean
read_heading (AhoyPacket          *packet,
              const AhoyPacketRow *row,
              char                *heading,
              GError             **error)
{
  guint seen = 0;

  for (char *part = heading, *next; part != NULL; part = next)
    {
      char *us = strchr (part, AHOY_US);
      char *equals;
      guint i;

      next = us != NULL ? us + 1 : NULL;
      if (us != NULL)
        *us = '\0';
      equals = strchr (part, '=');
      if (equals == NULL)
        continue;
      i = find_field (row, part, (gsize) (equals - part));
      if (i == AHOY_PACKET_MAX_FIELDS || (seen & 1u << i) != 0)
        continue;
      seen |= 1u << i;
      if (!read_value (packet, &row->fields[i], equals + 1))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Frame %c: field %s is malformed", row->extended, row->fields[i].key);
          return FALSE;
        }
    }

  for (guint i = 0; row->fields[i].key != NULL; i++)
    if (row->fields[i].required && (seen & 1u << i) == 0)
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Frame %c: field %s is missing", row->extended, row->fields[i].key);
        return FALSE;
      }
  return TRUE;
}

/* @text is the packet's own copy. */
static gboolean
read_body (AhoyPacket          *packet,
           const AhoyPacketRow *row,
           AhoyPacketBody       body,
           char                *text,
           GError             **error)
{
  char *comma;

  switch (body)
    {
    case BODY_NAME:
      packet->name = text;
      return TRUE;
    case BODY_TEXT:
    case BODY_LINE:
    case BODY_NOTICE:
      packet->text = text;
      return TRUE;
    case BODY_ADDRESS:
      comma = strchr (text, ',');
      if (comma == NULL)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Frame %c: no comma after the name", row->extended);
          return FALSE;
        }
      *comma = '\0';
      packet->target.person = text;
      packet->text = comma + 1;
      return TRUE;
    case BODY_NONE:
    default:
      return TRUE;
    }
}

/* Whom it is for: to both a room and a person nothing can be said. */
static gboolean
read_target (AhoyPacket          *packet,
             const AhoyPacketRow *row,
             GError             **error)
{
  if (packet->target.person == NULL)
    return TRUE;
  packet->target.kind = AHOY_TARGET_PERSON;
  if (packet->target.room == AHOY_ROOM_EVERYONE)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Frame %c: both a room and a person", row->extended);
  return FALSE;
}

/* What the table does not know is kept as it came; a heading that is not UTF-8 is nobody's. */
static void
read_unknown (AhoyPacket      *packet,
              const AhoyFrame *frame,
              const char      *text)
{
  gsize heading_len = frame->heading != NULL ? frame->heading_len : 0;
  gsize text_len = strlen (text);

  if (!g_utf8_validate (frame->heading != NULL ? frame->heading : "", (gssize) heading_len, NULL))
    return;
  packet->storage = g_malloc (heading_len + 1 + text_len + 1);
  if (heading_len > 0)
    memcpy (packet->storage, frame->heading, heading_len);
  packet->storage[heading_len] = '\0';
  memcpy (packet->storage + heading_len + 1, text, text_len + 1);
  packet->type = frame->type;
  packet->heading = heading_len > 0 ? packet->storage : NULL;
  packet->text = packet->storage + heading_len + 1;
}

char *
ahoy_packet_dup_field (const AhoyPacket *packet,
                       const char       *key)
{
  gsize key_len;

  g_return_val_if_fail (packet != NULL && key != NULL, NULL);

  key_len = strlen (key);
  for (const char *part = packet->heading, *us; part != NULL; part = us != NULL ? us + 1 : NULL)
    {
      us = strchr (part, AHOY_US);
      if (strncmp (part, key, key_len) == 0 && part[key_len] == '=')
        {
          const char *value = part + key_len + 1;

          return us != NULL ? g_strndup (value, (gsize) (us - value)) : g_strdup (value);
        }
    }
  return NULL;
}

gboolean
ahoy_packet_decode (AhoyPacket      *packet,
                    const AhoyFrame *frame,
                    const char      *text,
                    AhoyDirection    direction,
                    AhoyDialect      dialect,
                    GError         **error)
{
  const AhoyPacketRow *row;
  gboolean             with_heading;
  gsize                heading_len;
  gsize                text_len;
  char                *heading;
  char                *body;

  g_return_val_if_fail (packet != NULL && frame != NULL && text != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  *packet = (AhoyPacket) AHOY_PACKET_INIT;
  row = ahoy_packet_table_row_of_type (frame->type, direction, dialect);
  if (row == NULL)
    {
      if (dialect == AHOY_DIALECT_EXTENDED)
        read_unknown (packet, frame, text);
      return TRUE;
    }

  /* A log-in may ask for the extended dialect before anybody speaks it. */
  with_heading = dialect == AHOY_DIALECT_EXTENDED || (row->kind == AHOY_PACKET_LOGIN && frame->heading != NULL);
  heading_len = with_heading ? frame->heading_len : 0;
  text_len = strlen (text);

  packet->storage = heading = g_malloc (heading_len + 1 + text_len + 1);
  body = heading + heading_len + 1;
  if (heading_len > 0)
    memcpy (heading, frame->heading, heading_len);
  heading[heading_len] = '\0';
  memcpy (body, text, text_len + 1);

  if (!g_utf8_validate (heading, (gssize) heading_len, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Frame %c: the heading is not UTF-8", frame->type);
      ahoy_packet_clear (packet);
      return FALSE;
    }
  if ((with_heading && !read_heading (packet, row, heading, error)) || !read_body (packet, row, dialect == AHOY_DIALECT_CLASSIC ? row->classic_body : row->body, body, error) || !read_target (packet, row, error))
    {
      ahoy_packet_clear (packet);
      return FALSE;
    }

  packet->kind = row->kind;
  return TRUE;
}

/* Writing */

/* Appends @value fit for a heading: without control characters (line ends and tabs are spaces), at most AHOY_HEADING_VALUE_MAX bytes. */
static void
append_text (GString    *heading,
             const char *value)
{
  gsize start = heading->len;

  for (const char *c = value; *c != '\0'; c = g_utf8_next_char (c))
    {
      gsize size = (gsize) (g_utf8_next_char (c) - c);

      if (heading->len - start + size > AHOY_HEADING_VALUE_MAX)
        break;
      if (*c == '\n' || *c == '\t')
        g_string_append_c (heading, ' ');
      else if ((guint8) *c >= 0x20)
        g_string_append_len (heading, c, (gssize) size);
    }
}

/* Else it is a number, which is there also when it is 0. */
static gboolean
is_text (const AhoyPacketField *field)
{
  return field->type == FIELD_TEXT || field->type == FIELD_CID || field->type == FIELD_SECRET;
}

static gboolean
is_absent (const AhoyPacket      *packet,
           const AhoyPacketField *field)
{
  gconstpointer member = G_STRUCT_MEMBER_P (packet, field->offset);

  switch (field->type)
    {
    case FIELD_TEXT:
    case FIELD_CID:
    case FIELD_SECRET:
      return *(const char *const *) member == NULL;
    case FIELD_NUMBER:
      return *(const guint64 *) member == 0;
    case FIELD_TIME:
      return *(const gint64 *) member == 0;
    case FIELD_COUNT:
      return *(const guint *) member == 0;
    case FIELD_FLAG:
      return !*(const gboolean *) member;
    default:
      g_assert_not_reached ();
    }
}

static void
append_value (GString               *heading,
              const AhoyPacket      *packet,
              const AhoyPacketField *field)
{
  gconstpointer member = G_STRUCT_MEMBER_P (packet, field->offset);

  switch (field->type)
    {
    case FIELD_TEXT:
    case FIELD_CID:
    case FIELD_SECRET:
      append_text (heading, *(const char *const *) member);
      break;
    case FIELD_NUMBER:
      g_string_append_printf (heading, "%" G_GUINT64_FORMAT, *(const guint64 *) member);
      break;
    case FIELD_TIME:
      g_string_append_printf (heading, "%" G_GINT64_FORMAT, *(const gint64 *) member);
      break;
    case FIELD_COUNT:
      g_string_append_printf (heading, "%u", *(const guint *) member);
      break;
    case FIELD_FLAG:
      g_string_append_c (heading, *(const gboolean *) member ? '1' : '0');
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Returns: NULL when the packet has none of the row's fields. Required numbers are written also when they are 0. */
static GString *
write_heading (const AhoyPacket    *packet,
               const AhoyPacketRow *row)
{
  GString *heading = NULL;

  for (const AhoyPacketField *field = row->fields; field->key != NULL; field++)
    {
      if (is_absent (packet, field) && (is_text (field) || !field->required))
        continue;
      if (heading == NULL)
        heading = g_string_new (NULL);
      else
        g_string_append_c (heading, AHOY_US);
      g_string_append_printf (heading, "%s=", field->key);
      append_value (heading, packet, field);
    }
  return heading;
}

/* What the body has in front of the text. Returns: (transfer full) (nullable): NULL when it has no text. */
static char *
write_prefix (const AhoyPacket *packet,
              AhoyPacketBody    body)
{
  switch (body)
    {
    case BODY_TEXT:
      return g_strdup ("");
    case BODY_ADDRESS:
      return g_strconcat (packet->target.person, ",", NULL);
    case BODY_LINE:
      return ahoy_classic_line_prefix (packet->from == NULL                     ? AHOY_CLASSIC_LINE_PLAIN
                                       : ahoy_target_is_person (packet->target) ? AHOY_CLASSIC_LINE_WHISPER
                                                                                : AHOY_CLASSIC_LINE_SAY,
                                       packet->from, packet->target.person);
    case BODY_NOTICE:
      return ahoy_classic_line_prefix (AHOY_CLASSIC_LINE_NOTICE, NULL, NULL);
    case BODY_NONE:
    case BODY_NAME:
    default:
      return NULL;
    }
}

static gboolean
has_all (const AhoyPacket    *packet,
         const AhoyPacketRow *row,
         AhoyPacketBody       body,
         AhoyDialect          dialect)
{
  if ((body == BODY_NAME && packet->name == NULL) || (body == BODY_ADDRESS && !ahoy_target_is_person (packet->target)))
    return FALSE;
  if (dialect == AHOY_DIALECT_EXTENDED)
    for (const AhoyPacketField *field = row->fields; field->key != NULL; field++)
      if (field->required && is_text (field) && is_absent (packet, field))
        return FALSE;
  return TRUE;
}

/* As much of @text as fits in @max bytes, between characters, as the peer reads it. @rest: what is left of it. */
static char *
write_text (AhoyCharset *charset,
            const char  *text,
            gsize        max,
            const char **rest,
            gsize       *len)
{
  if (charset != NULL)
    return ahoy_charset_encode (charset, text, max, rest, len);

  *len = strlen (text);
  if (*len > max)
    {
      *len = max;
      while (*len > 0 && ((guint8) text[*len] & 0xc0) == 0x80)
        (*len)--;
    }
  *rest = text + *len;
  return g_strndup (text, *len);
}

/* What a classic body has behind its prefix. Lines for people are made such that nobody can write one in another's name.
 * Returns: (transfer full): never NULL. */
static char *
write_words (const AhoyPacket *packet,
             AhoyPacketBody    body)
{
  const char *text = body == BODY_NAME ? packet->name : packet->text;

  if (text == NULL)
    return g_strdup ("");
  return body == BODY_LINE || body == BODY_NOTICE ? ahoy_classic_text (text) : g_strdup (text);
}

/* @rest: where a piece of @text ends. Returns: there, or before the mark of a line when it would be cut in two. */
static const char *
before_mark (const char *text,
             const char *rest)
{
  for (const char *at = rest - 1; *rest != '\0' && at > text && rest - at < (gssize) strlen (AHOY_CLASSIC_CONTINUED); at--)
    if (g_str_has_prefix (at, AHOY_CLASSIC_CONTINUED))
      return at;
  return rest;
}

/* As write_text(), for one of several pieces: a mark is in one of them. */
static char *
write_piece (AhoyCharset *charset,
             const char  *text,
             gsize        max,
             const char **rest,
             gsize       *len)
{
  char            *piece = write_text (charset, text, max, rest, len);
  const char      *end = before_mark (text, *rest);
  const char      *unused;
  g_autofree char *shorter = NULL;

  if (end == *rest)
    return piece;
  g_free (piece);
  shorter = g_strndup (text, (gsize) (end - text));
  *rest = end;
  return write_text (charset, shorter, max, &unused, len);
}

/* A classic body has the speaker in front of the text, so a text that just fits in one frame may not fit in the next: it then goes on in
 * another frame of the same shape. A name (that somebody was refused) does not: it is cut. */
static GBytes *
write_classic (const AhoyPacket    *packet,
               const AhoyPacketRow *row,
               AhoyCharset         *charset)
{
  g_autofree char       *prefix = write_prefix (packet, row->classic_body);
  g_autofree char       *words = write_words (packet, row->classic_body);
  g_autofree char       *lead = NULL;
  g_autoptr (GByteArray) frames = g_byte_array_new ();
  const char            *rest;
  gsize                  lead_len;

  /* Names are short: at least half of every body is for the text. */
  lead = write_text (charset, prefix != NULL ? prefix : "", AHOY_BODY_MAX / 2, &rest, &lead_len);
  g_return_val_if_fail (words != NULL, NULL);
  rest = words;

  do
    {
      gsize              len;
      g_autofree char   *text = write_piece (charset, rest, AHOY_BODY_MAX - lead_len, &rest, &len);
      g_autofree char   *body = g_malloc (lead_len + len + 1);
      g_autoptr (GBytes) frame = NULL;

      memcpy (body, lead, lead_len);
      memcpy (body + lead_len, text, len);
      frame = ahoy_frame_encode (NULL, 0, row->classic, body, (gssize) (lead_len + len));
      g_return_val_if_fail (frame != NULL, NULL);
      if (prefix == NULL || (*rest == '\0' && frames->len == 0))
        return g_steal_pointer (&frame);
      g_byte_array_append (frames, g_bytes_get_data (frame, NULL), (guint) g_bytes_get_size (frame));
    }
  while (*rest != '\0');

  return g_byte_array_free_to_bytes (g_steal_pointer (&frames));
}

static GBytes *
write_extended (const AhoyPacket    *packet,
                const AhoyPacketRow *row)
{
  g_autofree char *prefix = write_prefix (packet, row->body);
  g_autofree char *body = NULL;
  GString         *heading = write_heading (packet, row);
  GBytes          *frame;

  if (prefix != NULL)
    body = g_strconcat (prefix, packet->text, NULL);
  else if (row->body == BODY_NAME)
    body = g_strdup (packet->name);

  frame = ahoy_frame_encode (heading != NULL ? heading->str : NULL, heading != NULL ? (gssize) heading->len : 0, row->extended,
                             body != NULL ? body : "", -1);
  if (heading != NULL)
    g_string_free (heading, TRUE);
  return frame;
}

void
ahoy_heading_append (GString    *heading,
                     const char *key,
                     const char *value)
{
  g_return_if_fail (heading != NULL && key != NULL && value != NULL);

  if (heading->len > 0)
    g_string_append_c (heading, AHOY_US);
  g_string_append_printf (heading, "%s=", key);
  append_text (heading, value);
}

static GBytes *
write_unknown (const AhoyPacket *packet,
               AhoyDirection     direction)
{
  g_return_val_if_fail (ahoy_packet_table_row_of_type (packet->type, direction, AHOY_DIALECT_EXTENDED) == NULL, NULL);

  return ahoy_frame_encode (packet->heading, -1, packet->type, packet->text != NULL ? packet->text : "", -1);
}

static GBytes *
encode (const AhoyPacket *packet,
        AhoyDirection     direction,
        AhoyDialect       dialect,
        AhoyCharset      *charset)
{
  gboolean             classic = dialect == AHOY_DIALECT_CLASSIC;
  const AhoyPacketRow *row;

  g_return_val_if_fail (packet != NULL, NULL);

  if (packet->kind == AHOY_PACKET_UNKNOWN && packet->type != '\0' && !classic)
    return write_unknown (packet, direction);
  row = ahoy_packet_table_row_of_kind (packet->kind, direction);
  if (row == NULL || (classic && row->classic == '\0'))
    return NULL;
  g_return_val_if_fail (has_all (packet, row, classic ? row->classic_body : row->body, dialect), NULL);

  return classic ? write_classic (packet, row, charset) : write_extended (packet, row);
}

GBytes *
ahoy_packet_encode (const AhoyPacket *packet,
                    AhoyDirection     direction,
                    AhoyDialect       dialect)
{
  return encode (packet, direction, dialect, NULL);
}

GBytes *
ahoy_packet_encode_legacy (const AhoyPacket *packet,
                           AhoyDirection     direction,
                           AhoyCharset      *charset)
{
  g_return_val_if_fail (charset != NULL, NULL);

  return encode (packet, direction, AHOY_DIALECT_CLASSIC, charset);
}

void
ahoy_packet_clear (AhoyPacket *packet)
{
  g_return_if_fail (packet != NULL);

  g_free (packet->storage);
  *packet = (AhoyPacket) AHOY_PACKET_INIT;
}
