/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Frames: the shape ASCII has always had (start of heading, start of text, end of text), cut out of a stream that arrives as it likes. */

#include "wire/ahoy-frame.h"

#include <string.h>

#include "wire/ahoy-limits.h"

/* What the scanner expects next; AhoyFrameScanner.state. */
enum {
  BETWEEN, /* a byte that starts a frame, or one that is skipped */
  HEADING,
  TYPE,
  BODY,
};

static gboolean
is_heading_byte (guint8 byte)
{
  return byte >= 0x20 || byte == AHOY_US;
}

static gboolean
is_type_byte (guint8 byte)
{
  return byte >= 0x20 && byte <= 0x7e;
}

static gboolean
is_body_byte (guint8 byte)
{
  return byte >= 0x20 || byte == '\t' || byte == '\n';
}

static gsize
skip_between (const guint8 *data,
              gsize         len)
{
  gsize n = 0;

  while (n < len && (data[n] == '\0' || data[n] == '\r' || data[n] == '\n'))
    n++;
  return n;
}

static AhoyFrameResult
faulty (AhoyFrameFault *fault,
        AhoyFrameFault  what)
{
  *fault = what;
  return AHOY_FRAME_FAULTY;
}

/* Scans the frame at @data on from where the scanner stands. Leaves it on the byte that decided: ETX, or the faulty one. */
static AhoyFrameResult
scan (AhoyFrameScanner *scanner,
      const guint8     *data,
      gsize             len,
      AhoyFrameFault   *fault)
{
  while (scanner->scanned < len)
    {
      guint8 byte = data[scanner->scanned];

      switch (scanner->state)
        {
        case BETWEEN:
          if (byte == AHOY_SOH)
            {
              scanner->state = HEADING;
            }
          else if (byte == AHOY_STX)
            {
              scanner->state = TYPE;
              scanner->type_at = scanner->scanned + 1;
            }
          else
            {
              return faulty (fault, AHOY_FRAME_FAULT_START);
            }
          break;

        case HEADING:
          if (byte == AHOY_STX)
            {
              scanner->state = TYPE;
              scanner->type_at = scanner->scanned + 1;
            }
          else if (!is_heading_byte (byte))
            {
              return faulty (fault, AHOY_FRAME_FAULT_HEADING);
            }
          else if (scanner->scanned > AHOY_HEADING_MAX)
            {
              return faulty (fault, AHOY_FRAME_FAULT_HEADING_SIZE);
            }
          break;

        case TYPE:
          if (!is_type_byte (byte))
            return faulty (fault, AHOY_FRAME_FAULT_TYPE);
          scanner->state = BODY;
          break;

        default:
          if (byte == AHOY_ETX)
            return AHOY_FRAME_TAKEN;
          if (!is_body_byte (byte))
            return faulty (fault, AHOY_FRAME_FAULT_CONTROL);
          if (scanner->scanned - scanner->type_at > AHOY_BODY_MAX)
            return faulty (fault, AHOY_FRAME_FAULT_BODY_SIZE);
          break;
        }

      scanner->scanned++;
    }

  return AHOY_FRAME_NEED_MORE;
}

AhoyFrameResult
ahoy_frame_take (AhoyFrameScanner *scanner,
                 const guint8     *data,
                 gsize             len,
                 gsize            *used,
                 AhoyFrame        *frame,
                 AhoyFrameFault   *fault)
{
  AhoyFrameResult result;
  gsize           skipped;

  g_return_val_if_fail (scanner != NULL && used != NULL && frame != NULL && fault != NULL, AHOY_FRAME_FAULTY);
  g_return_val_if_fail (data != NULL || len == 0, AHOY_FRAME_FAULTY);

  /* In the middle of a frame the caller's buffer begins with it: nothing is skipped there. */
  skipped = scanner->state == BETWEEN ? skip_between (data, len) : 0;
  *used = skipped;
  *fault = AHOY_FRAME_FAULT_NONE;
  *frame = (AhoyFrame){ 0 };

  if (skipped == len)
    return AHOY_FRAME_NEED_MORE;
  data += skipped;
  len -= skipped;

  result = scan (scanner, data, len, fault);
  if (result == AHOY_FRAME_TAKEN)
    {
      gsize type_at = scanner->type_at;

      if (data[0] == AHOY_SOH)
        {
          frame->heading = (const char *) data + 1;
          frame->heading_len = type_at - 2;
        }
      frame->type = (char) data[type_at];
      frame->body = (const char *) data + type_at + 1;
      frame->body_len = scanner->scanned - type_at - 1;

      *used = skipped + scanner->scanned + 1;
      *scanner = (AhoyFrameScanner){ 0 };
    }
  return result;
}

const char *
ahoy_frame_fault_code (AhoyFrameFault fault)
{
  switch (fault)
    {
    case AHOY_FRAME_FAULT_START:
      return "start";
    case AHOY_FRAME_FAULT_HEADING_SIZE:
      return "heading-size";
    case AHOY_FRAME_FAULT_BODY_SIZE:
      return "body-size";
    case AHOY_FRAME_FAULT_HEADING:
      return "heading";
    case AHOY_FRAME_FAULT_TYPE:
      return "type";
    case AHOY_FRAME_FAULT_CONTROL:
      return "control";
    case AHOY_FRAME_FAULT_NONE:
    default:
      return "none";
    }
}

static gboolean
is_plain_heading (const char *heading,
                  gsize       len)
{
  for (gsize i = 0; i < len; i++)
    if (!is_heading_byte ((guint8) heading[i]))
      return FALSE;
  return TRUE;
}

GBytes *
ahoy_frame_encode (const char *heading,
                   gssize      heading_len,
                   char        type,
                   const char *body,
                   gssize      body_len)
{
  gsize   n_heading = 0;
  gsize   n_body;
  gsize   size;
  guint8 *bytes;
  guint8 *at;

  g_return_val_if_fail (body != NULL, NULL);
  g_return_val_if_fail (is_type_byte ((guint8) type), NULL);

  if (heading != NULL)
    n_heading = heading_len < 0 ? strlen (heading) : (gsize) heading_len;
  n_body = body_len < 0 ? strlen (body) : (gsize) body_len;

  g_return_val_if_fail (n_heading <= AHOY_HEADING_MAX && is_plain_heading (heading, n_heading), NULL);
  g_return_val_if_fail (n_body <= AHOY_BODY_MAX && ahoy_text_is_plain (body, (gssize) n_body), NULL);

  size = (heading != NULL ? 1 + n_heading : 0) + 1 + 1 + n_body + 1;
  bytes = at = g_malloc (size);
  if (heading != NULL)
    {
      *at++ = AHOY_SOH;
      memcpy (at, heading, n_heading);
      at += n_heading;
    }
  *at++ = AHOY_STX;
  *at++ = (guint8) type;
  memcpy (at, body, n_body);
  at += n_body;
  *at = AHOY_ETX;

  return g_bytes_new_take (bytes, size);
}

gboolean
ahoy_text_is_plain (const char *text,
                    gssize      len)
{
  gsize n;

  g_return_val_if_fail (text != NULL, FALSE);

  n = len < 0 ? strlen (text) : (gsize) len;
  for (gsize i = 0; i < n; i++)
    if (!is_body_byte ((guint8) text[i]))
      return FALSE;
  return TRUE;
}

char *
ahoy_text_clean (const char *text)
{
  char *clean;
  char *out;

  g_return_val_if_fail (text != NULL, NULL);

  clean = out = g_malloc (strlen (text) + 1);
  for (const char *in = text; *in != '\0'; in++)
    {
      if (*in == '\r')
        {
          if (in[1] != '\n')
            *out++ = '\n';
        }
      else if (is_body_byte ((guint8) *in))
        {
          *out++ = *in;
        }
    }
  *out = '\0';
  return clean;
}
