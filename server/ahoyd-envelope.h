/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "wire/ahoy-charset.h"
#include "wire/ahoy-link.h"
#include "wire/ahoy-packet.h"

G_BEGIN_DECLS

/* One thing to be said to any number of peers, encoded at most once for each way a peer may want it written. */

typedef enum {
  AHOYD_WRITING_CLASSIC,        /* UTF-8 */
  AHOYD_WRITING_CLASSIC_LEGACY, /* the server's --classic-charset */
  AHOYD_WRITING_EXTENDED,
  AHOYD_N_WRITINGS,
} AhoydWriting;

/* Where one peer is reached: its link and what it has shown to understand. */
typedef struct {
  AhoyLink       *link;
  AhoyCharsetUse  charset_use; /* classic */
  AhoyDialect     dialect;
  gboolean        catching_up; /* does not get what is said now: it will come in its turn, see ahoyd-catch-up.h */
} AhoydOutlet;

AhoydWriting ahoyd_outlet_writing (const AhoydOutlet *outlet);

/* On the stack, for the length of one fan-out: @packet and @charset are borrowed. */
typedef struct {
  const AhoyPacket *packet;
  AhoyCharset      *charset;
  GBytes           *frames[AHOYD_N_WRITINGS];
} AhoydEnvelope;

/* @packet: any that goes to clients; what each dialect makes of it is ahoy-packet's matter. */
void    ahoyd_envelope_init  (AhoydEnvelope    *envelope,
                              const AhoyPacket *packet,
                              AhoyCharset      *charset);
void    ahoyd_envelope_clear (AhoydEnvelope    *envelope);

/* Returns: (transfer none) (nullable): the frame; NULL when that writing has no way to say it. */
GBytes *ahoyd_envelope_frame (AhoydEnvelope    *envelope,
                              AhoydWriting      writing);
/* Queues it for that peer. */
void    ahoyd_envelope_send  (AhoydEnvelope     *envelope,
                              const AhoydOutlet *outlet);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AhoydEnvelope, ahoyd_envelope_clear)

G_END_DECLS
