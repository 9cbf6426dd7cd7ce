/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One thing to be said to any number of peers, encoded once per way of writing it. */

#include "ahoyd-envelope.h"

AhoydWriting
ahoyd_outlet_writing (const AhoydOutlet *outlet)
{
  if (outlet->dialect == AHOY_DIALECT_EXTENDED)
    return AHOYD_WRITING_EXTENDED;
  return outlet->charset_use == AHOY_CHARSET_USE_LEGACY ? AHOYD_WRITING_CLASSIC_LEGACY : AHOYD_WRITING_CLASSIC;
}

void
ahoyd_envelope_init (AhoydEnvelope    *envelope,
                     const AhoyPacket *packet,
                     AhoyCharset      *charset)
{
  g_return_if_fail (envelope != NULL && packet != NULL && charset != NULL);

  *envelope = (AhoydEnvelope) { .packet = packet, .charset = charset };
}

void
ahoyd_envelope_clear (AhoydEnvelope *envelope)
{
  for (guint i = 0; i < AHOYD_N_WRITINGS; i++)
    g_clear_pointer (&envelope->frames[i], g_bytes_unref);
}

GBytes *
ahoyd_envelope_frame (AhoydEnvelope *envelope,
                      AhoydWriting   writing)
{
  g_return_val_if_fail (writing < AHOYD_N_WRITINGS, NULL);

  if (envelope->frames[writing] != NULL)
    return envelope->frames[writing];
  if (writing == AHOYD_WRITING_CLASSIC_LEGACY)
    envelope->frames[writing] = ahoy_packet_encode_legacy (envelope->packet, AHOY_TO_CLIENT, envelope->charset);
  else
    envelope->frames[writing] = ahoy_packet_encode (envelope->packet, AHOY_TO_CLIENT,
                                                    writing == AHOYD_WRITING_EXTENDED ? AHOY_DIALECT_EXTENDED : AHOY_DIALECT_CLASSIC);
  return envelope->frames[writing];
}

void
ahoyd_envelope_send (AhoydEnvelope     *envelope,
                     const AhoydOutlet *outlet)
{
  GBytes *frame = ahoyd_envelope_frame (envelope, ahoyd_outlet_writing (outlet));

  if (frame != NULL)
    ahoy_link_send (outlet->link, frame);
}
