/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "wire/ahoy-charset.h"
#include "wire/ahoy-chunk.h"
#include "wire/ahoy-link.h"
#include "wire/ahoy-packet.h"

G_BEGIN_DECLS

/* One thing to be said to any number of peers, encoded at most once for each way a peer may want it written. */

typedef enum {
  AHOYD_ENCODING_CLASSIC,        /* UTF-8 */
  AHOYD_ENCODING_CLASSIC_LEGACY, /* the server's --classic-charset */
  AHOYD_ENCODING_EXTENDED,
  AHOYD_N_ENCODINGS,
} AhoydEncoding;

/* Where one peer is reached: its link and what it has shown to understand. */
typedef struct {
  AhoyLink      *link;
  AhoyCharsetUse charset_use; /* classic */
  AhoyDialect    dialect;
  gboolean       catching_up; /* does not get what is said now: it will come in its turn, see ahoyd-catch-up.h */
} AhoydPeerOutput;

AhoydEncoding ahoyd_peer_output_encoding (const AhoydPeerOutput *output);

/* On the stack, for the length of one fan-out: @packet and @charset are borrowed. */
typedef struct {
  const AhoyPacket *packet;
  AhoyCharset      *charset;
  AhoyChunk        *chunks; /* AHOYD_N_ENCODINGS of them; NULL: the frames stay alone */
  GBytes           *frames[AHOYD_N_ENCODINGS];
  AhoyRange         ranges[AHOYD_N_ENCODINGS];
} AhoydEncodedPacket;

/* @packet: any that goes to clients; what each dialect makes of it is ahoy-packet's matter. */
void ahoyd_encoded_packet_init (AhoydEncodedPacket *encoded,
                                const AhoyPacket   *packet,
                                AhoyCharset        *charset);
/* What is sent from now on is sent as a range of @chunks, AHOYD_N_ENCODINGS of them, borrowed: those of the audience that hears it. Nothing else is appended
 * to them before the fan-out is over. */
void ahoyd_encoded_packet_share (AhoydEncodedPacket *encoded,
                                 AhoyChunk          *chunks);
void ahoyd_encoded_packet_clear (AhoydEncodedPacket *encoded);

/* Returns: (transfer none) (nullable): the frame; NULL when that encoding has no way to say it. */
GBytes *ahoyd_encoded_packet_frame (AhoydEncodedPacket *encoded,
                                    AhoydEncoding       encoding);
/* Queues it for that peer. */
void ahoyd_encoded_packet_send (AhoydEncodedPacket    *encoded,
                                const AhoydPeerOutput *output);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AhoydEncodedPacket, ahoyd_encoded_packet_clear)

G_END_DECLS
