/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* PROTOCOL.md, "Discovery": datagrams in and out, no sockets. Pure, thread-safe. */

#define AHOY_DISCOVERY_REQUEST "REQUEST FOR IP ADDRESS AND SERVERPORT"

/* A nonce is 16 hex digits and a NUL. */
typedef char AhoyNonce[17];

/* Fills @nonce with fresh random bits. */
void ahoy_nonce_fill (AhoyNonce nonce);

typedef struct {
  gboolean  extended;
  AhoyNonce nonce; /* extended only, and what follows */
  gboolean  help;  /* no server has answered: who is online on one may tell of it */
} AhoyDiscoveryRequest;

/* Whether the datagram is a well-formed request of either dialect. */
gboolean ahoy_discovery_request_parse (AhoyDiscoveryRequest *request,
                                       const guint8         *data,
                                       gsize                 len);
/* Returns: (transfer full): the datagram. */
GBytes *ahoy_discovery_request_write (const AhoyDiscoveryRequest *request);

/* Not every way of finding a server tells how many people are there. */
#define AHOY_USERS_UNKNOWN G_MAXUINT

typedef struct {
  guint16   port; /* TCP */
  gboolean  extended;
  AhoyNonce nonce; /* extended only, and all that follows */
  char     *id;
  char     *name;
  guint     users;
  gboolean  tls;
  char     *at; /* numeric address of the server, told by somebody else; NULL: it answers itself */
} AhoyDiscoveryReply;

/* Whether @address may be told to others as a server's: numeric, and neither loopback, link-local, multicast nor nobody's. */
gboolean ahoy_discovery_is_tellable (const char *address);

/* Whether the datagram is a well-formed reply; port 0 is none. Clear @reply afterwards. */
gboolean ahoy_discovery_reply_parse (AhoyDiscoveryReply *reply,
                                     const guint8       *data,
                                     gsize               len);
/* Returns: (transfer full) (nullable): the datagram, in at most @max bytes: the name is shortened between characters when it must be.
 * NULL when not even that fits. */
GBytes *ahoy_discovery_reply_write (const AhoyDiscoveryReply *reply,
                                    gsize                     max);
void    ahoy_discovery_reply_clear (AhoyDiscoveryReply *reply);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AhoyDiscoveryReply, ahoy_discovery_reply_clear)

G_END_DECLS
