/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Every size and time limit of the protocol, each with its reason. PROTOCOL.md, "Limits". */

#pragma once

/* One number for everything: UDP for discovery, TCP for chat. */
#define AHOY_DEFAULT_PORT 24690
/* Where IPv6 requests go: link-local scope, transient, and of the group ids that anybody may take (0x80000000 and above) the one of our port. */
#define AHOY_DISCOVERY_GROUP "ff12::8000:6072"

/* Bytes between SOH and STX. Sixteen fields of a couple of hundred bytes are plenty. */
#define AHOY_HEADING_MAX 4096
/* Bytes we write as one heading value: three of them, and all the numbers a frame may have, fit in a heading. What is longer is cut. */
#define AHOY_HEADING_VALUE_MAX 1024
/* Bytes between the type and ETX, as they are on the wire. A long page of text; not a file. */
#define AHOY_BODY_MAX (16 * 1024)
/* SOH heading STX type body ETX: nothing a peer may send is longer, so nothing needs a larger buffer. */
#define AHOY_FRAME_MAX (AHOY_HEADING_MAX + AHOY_BODY_MAX + 4)

/* Characters (not bytes) in a name after trimming and NFC: what a sidebar row can show. */
#define AHOY_NAME_MAX_CHARS 32
/* Characters of a secret that keeps a name: enough that nobody guesses it. */
#define AHOY_SECRET_MIN 22
#define AHOY_SECRET_MAX 64

/* A datagram longer than this is not ours. The longest request is 64 bytes, the longest reply three times a request. */
#define AHOY_DISCOVERY_MAX 512
/* A reply is never longer than this many times its request, so a forged source gains nothing. */
#define AHOY_DISCOVERY_AMPLIFICATION 3
/* Replies a second to one source address. Two requests an attempt, four attempts in two seconds, and some neighbours behind one router. */
#define AHOY_DISCOVERY_REPLIES_PER_SECOND 20

/* Milliseconds from the TCP connection to a log-in that was accepted. */
#define AHOY_LOGIN_TIMEOUT_MS 15000

/* Bytes that may wait for one peer. Frames are shared between receivers, so this bounds how far behind a peer may be,
 * not what it costs: some 20,000 messages of 200 bytes. */
#define AHOY_LINK_QUEUE_MAX (4 * 1024 * 1024)
/* Bytes queued for one peer at which more of something long (replayed messages) is sent. */
#define AHOY_LINK_LOW_WATER (64 * 1024)
/* Bytes read from one peer in one loop turn before the others get theirs. */
#define AHOY_LINK_READ_BUDGET (64 * 1024)
/* Milliseconds that an orderly close waits for the peer to take what is queued and to close its side. */
#define AHOY_LINK_LINGER_MS 2000
/* Seconds without a byte before TCP itself asks whether the peer is there; then every so many seconds, so many times. */
#define AHOY_TCP_KEEPALIVE_IDLE_S 30
#define AHOY_TCP_KEEPALIVE_INTERVAL_S 5
#define AHOY_TCP_KEEPALIVE_COUNT 3
/* Milliseconds in which a peer must have taken what a server has for it, or as many bytes of it as these: a few lines of text a second. */
#define AHOY_TAKE_MS 40000
#define AHOY_TAKE_BYTES (64 * 1024)
/* Milliseconds that sent bytes may stay unacknowledged before TCP itself takes the connection for dead. A peer that reads slowly has no window for
 * so long, too; so this is longer than AHOY_TAKE_MS. */
#define AHOY_TCP_USER_TIMEOUT_MS 50000

/* Extended peers ask each other: milliseconds without a byte before a ping, and then for the answer. */
#define AHOY_KEEPALIVE_IDLE_MS 30000
#define AHOY_KEEPALIVE_DEADLINE_MS 10000

/* How a TLS connection begins, and no frame does: the type of a handshake record. */
#define AHOY_TLS_FIRST_BYTE 22
/* Milliseconds from the first byte of a TLS handshake to its end. Over a bad radio link it takes three round trips of half a second. */
#define AHOY_TLS_HANDSHAKE_MS 5000
/* Bytes of one handshake message. A chain of large RSA certificates fits. */
#define AHOY_TLS_HANDSHAKE_MESSAGE_MAX (16 * 1024)
/* Bytes of everything a peer sends in a handshake: a hello and a chain of certificates as long as they may be, and the small ones. */
#define AHOY_TLS_HANDSHAKE_MAX (40 * 1024)
/* Milliseconds of one loop turn that handshakes may take before all others get theirs: a storm of reconnecting clients delays a message by
 * this much. */
#define AHOY_TLS_HANDSHAKE_BUDGET_MS 4
/* Plaintext that is encrypted for one peer in one loop turn, and so what a peer that takes nothing makes us hold: four full records. */
#define AHOY_TLS_WRITE_BUDGET (64 * 1024)
/* Milliseconds of silence after which a new connection is no TLS client's: those speak first. */
#define AHOY_TLS_SILENCE_MS 1000
