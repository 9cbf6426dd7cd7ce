/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Any frames as packets, in both dialects and directions, and back: through the same steps as what a session reads and a hub sends. */

#include <string.h>

#include "fuzz.h"
#include "wire/ahoy-charset.h"
#include "wire/ahoy-classic-text.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-packet.h"

/* Every byte of it must be frames that a peer takes. Returns: how many. */
static guint
count_frames (GBytes *bytes)
{
  gsize         len;
  const guint8 *data = g_bytes_get_data (bytes, &len);
  guint         n = 0;

  for (gsize used = 0; len > 0; data += used, len -= used, n++)
    {
      AhoyFrameScanner scanner = { 0 };
      AhoyFrameFault   fault;
      AhoyFrame        frame;

      g_assert (ahoy_frame_take (&scanner, data, len, &used, &frame, &fault) == AHOY_FRAME_TAKEN);
    }
  return n;
}

static void
check_same_dialect (const AhoyPacket *packet,
                    AhoyDirection     direction,
                    AhoyDialect       dialect)
{
  g_autoptr (GBytes)  bytes = ahoy_packet_encode (packet, direction, dialect);
  g_auto (AhoyPacket) again = AHOY_PACKET_INIT;
  /* A classic peer is sent a text that cannot hide or pass for another line. */
  gboolean         is_line = packet->kind == AHOY_PACKET_CHAT && dialect == AHOY_DIALECT_CLASSIC;
  g_autofree char *said = is_line ? ahoy_classic_text (packet->text) : g_strdup (packet->text);
  g_autofree char *text = NULL;
  AhoyFrameScanner scanner = { 0 };
  AhoyFrameFault   fault;
  AhoyFrame        frame;
  gsize            used;

  g_assert (bytes != NULL);
  /* An address may have been longer than what is left for a text; then there are several. */
  if (count_frames (bytes) != 1)
    return;
  ahoy_frame_take (&scanner, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &used, &frame, &fault);
  text = g_strndup (frame.body, frame.body_len);
  g_assert (ahoy_packet_decode (&again, &frame, text, direction, dialect, NULL));
  g_assert (again.kind == packet->kind);
  g_assert (g_strcmp0 (again.text, said) == 0);
  g_assert (g_strcmp0 (again.name, packet->name) == 0);
  g_assert (again.id == packet->id && again.time == packet->time && again.re == packet->re && again.last == packet->last);
  g_assert (g_strcmp0 (again.cid, packet->cid) == 0);
  if (dialect == AHOY_DIALECT_EXTENDED) /* the heading of a log-in is read in both */
    g_assert (g_strcmp0 (again.secret, packet->secret) == 0 && again.kept == packet->kept);
  g_assert (again.replay == packet->replay && again.more == packet->more && again.n == packet->n);
}

/* What an extended session says to classic ones. */
static void
check_classic (const AhoyPacket *packet,
               AhoyDirection     direction,
               AhoyCharset      *charset)
{
  g_autoptr (GBytes) classic = ahoy_packet_encode (packet, direction, AHOY_DIALECT_CLASSIC);
  g_autoptr (GBytes) legacy = ahoy_packet_encode_legacy (packet, direction, charset);

  g_assert ((classic == NULL) == (legacy == NULL));
  if (classic != NULL)
    {
      g_assert (count_frames (classic) > 0);
      g_assert (count_frames (legacy) > 0);
      g_assert (memchr (g_bytes_get_data (classic, NULL), AHOY_SOH, g_bytes_get_size (classic)) == NULL);
    }
}

/* What is in no table comes back as it was. */
static void
check_unknown (const AhoyPacket *packet,
               const AhoyFrame  *frame,
               AhoyDirection     direction,
               AhoyDialect       dialect)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char   *value = ahoy_packet_dup_field (packet, "key");
  gsize              len = 1 + frame->body_len;
  const guint8      *data;

  if (packet->type == '\0')
    return;
  g_assert (dialect == AHOY_DIALECT_EXTENDED && packet->type == frame->type);
  g_assert (ahoy_packet_encode (packet, direction, AHOY_DIALECT_CLASSIC) == NULL);
  g_assert (value == NULL || strstr (packet->heading, value) != NULL);
  if (strlen (packet->text) != frame->body_len || memcmp (packet->text, frame->body, frame->body_len) != 0) /* it was in another charset */
    return;
  bytes = ahoy_packet_encode (packet, direction, dialect);
  data = g_bytes_get_data (bytes, NULL);
  if (frame->heading_len > 0)
    {
      g_assert (memcmp (data + 1, frame->heading, frame->heading_len) == 0);
      data += 1 + frame->heading_len;
    }
  g_assert (memcmp (data + 1, &frame->type, 1) == 0 && memcmp (data + 2, frame->body, len - 1) == 0);
}

static void
try_frame (const AhoyFrame *frame,
           AhoyDirection    direction,
           AhoyDialect      dialect,
           AhoyCharset     *charset,
           AhoyCharsetUse  *use)
{
  g_auto (AhoyPacket) packet = AHOY_PACKET_INIT;
  g_autoptr (GError)  error = NULL;
  g_autofree char    *text = ahoy_charset_decode (charset, use, frame->body, frame->body_len);

  /* The text in UTF-8 may be longer than what was read, and then it is the server's to refuse. */
  if (text == NULL || strlen (text) > AHOY_BODY_MAX)
    return;
  if (!ahoy_packet_decode (&packet, frame, text, direction, dialect, &error))
    {
      g_assert (error != NULL && packet.storage == NULL && packet.kind == AHOY_PACKET_UNKNOWN);
      return;
    }
  g_assert (error == NULL);
  if (packet.kind == AHOY_PACKET_UNKNOWN)
    {
      check_unknown (&packet, frame, direction, dialect);
      return;
    }
  check_same_dialect (&packet, direction, dialect);
  check_classic (&packet, direction, charset);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static AhoyCharset *charset;

  fuzz_make_criticals_fatal ();
  if (charset == NULL)
    charset = ahoy_charset_new ("GB18030", NULL);

  for (int direction = AHOY_TO_SERVER; direction <= AHOY_TO_CLIENT; direction++)
    for (int dialect = AHOY_DIALECT_CLASSIC; dialect <= AHOY_DIALECT_EXTENDED; dialect++)
      {
        AhoyCharsetUse   use = AHOY_CHARSET_USE_UNKNOWN;
        AhoyFrameScanner scanner = { 0 };
        AhoyFrameFault   fault;
        AhoyFrame        frame;
        gsize            used = 0;

        for (gsize at = 0; at < size; at += used)
          {
            if (ahoy_frame_take (&scanner, data + at, size - at, &used, &frame, &fault) != AHOY_FRAME_TAKEN)
              break;
            try_frame (&frame, (AhoyDirection) direction, (AhoyDialect) dialect, charset, &use);
          }
      }
  return 0;
}
