/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One thing to be said to any number of peers, encoded once per way of writing it. */

#include "state/ahoyd-encoded-packet.h"

AhoydEncoding
ahoyd_peer_output_encoding (const AhoydPeerOutput *output)
{
  if (output->dialect == AHOY_DIALECT_EXTENDED)
    return AHOYD_ENCODING_EXTENDED;
  return output->charset_use == AHOY_CHARSET_USE_LEGACY ? AHOYD_ENCODING_CLASSIC_LEGACY : AHOYD_ENCODING_CLASSIC;
}

void
ahoyd_encoded_packet_init (AhoydEncodedPacket *encoded,
                           const AhoyPacket   *packet,
                           AhoyCharset        *charset)
{
  g_return_if_fail (encoded != NULL && packet != NULL && charset != NULL);

  *encoded = (AhoydEncodedPacket){ .packet = packet, .charset = charset };
}

void
ahoyd_encoded_packet_share (AhoydEncodedPacket *encoded,
                            AhoyChunk          *chunks)
{
  g_return_if_fail (encoded != NULL && chunks != NULL);

  encoded->chunks = chunks;
}

void
ahoyd_encoded_packet_clear (AhoydEncodedPacket *encoded)
{
  for (guint i = 0; i < AHOYD_N_ENCODINGS; i++)
    g_clear_pointer (&encoded->frames[i], g_bytes_unref);
}

GBytes *
ahoyd_encoded_packet_frame (AhoydEncodedPacket *encoded,
                            AhoydEncoding       encoding)
{
  const AhoyTarget target = encoded->packet->target;

  g_return_val_if_fail (encoding < AHOYD_N_ENCODINGS, NULL);

  /* The classic dialect knows of one room. */
  if (encoding != AHOYD_ENCODING_EXTENDED && !ahoy_target_is_person (target) && !ahoy_target_is_everyone (target))
    return NULL;

  if (encoded->frames[encoding] != NULL)
    return encoded->frames[encoding];
  if (encoding == AHOYD_ENCODING_CLASSIC_LEGACY)
    encoded->frames[encoding] = ahoy_packet_encode_legacy (encoded->packet, AHOY_TO_CLIENT, encoded->charset);
  else
    encoded->frames[encoding] = ahoy_packet_encode (encoded->packet, AHOY_TO_CLIENT,
                                                    encoding == AHOYD_ENCODING_EXTENDED ? AHOY_DIALECT_EXTENDED : AHOY_DIALECT_CLASSIC);
  return encoded->frames[encoding];
}

void
ahoyd_encoded_packet_send (AhoydEncodedPacket    *encoded,
                           const AhoydPeerOutput *output)
{
  AhoydEncoding encoding = ahoyd_peer_output_encoding (output);
  AhoyRange    *range = &encoded->ranges[encoding];

  if (range->bytes == NULL)
    {
      GBytes *frame = ahoyd_encoded_packet_frame (encoded, encoding);

      if (frame == NULL)
        return;
      *range = encoded->chunks != NULL ? ahoy_chunk_append (&encoded->chunks[encoding], frame) : ahoy_range_all (frame);
    }
  ahoy_link_send_range (output->link, range);
}
