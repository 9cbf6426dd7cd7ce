/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>
#include <sys/socket.h>

#include "wire/ahoy-discovery.h"

G_BEGIN_DECLS

/* Which requests get an answer, and what it says; the same over IPv4 and IPv6. PROTOCOL.md, "Discovery".
 *
 * Each address may have AHOY_DISCOVERY_REPLIES_PER_SECOND. What one IPv6 computer can choose its addresses from, a /64, is counted besides, as
 * connections are (ahoyd-address-limits.h); but not the link-local one, which is the whole network here: only this network gets what is sent there. */

typedef struct _AhoydAnswers AhoydAnswers;

/* Fills in @reply's port, id, name, users and tls; the strings stay the caller's and must live until it is called again. */
typedef void (*AhoydAnswersDescribe) (AhoyDiscoveryReply *reply,
                                      gpointer            data);

AhoydAnswers *ahoyd_answers_new (AhoydAnswersDescribe describe,
                                 gpointer             data);
void          ahoyd_answers_free (AhoydAnswers *answers);

/* Whether the @len bytes that came from @from (sockaddr_in or _in6) are a request that may be answered now: then that counts.
 * @request (out). */
gboolean ahoyd_answers_allow (AhoydAnswers          *answers,
                              const struct sockaddr *from,
                              const guint8          *bytes,
                              gsize                  len,
                              AhoyDiscoveryRequest  *request);
/* @len: of the request. Returns: (transfer full) (nullable): the answer; NULL when none is short enough. */
GBytes *ahoyd_answers_write (AhoydAnswers               *answers,
                             const AhoyDiscoveryRequest *request,
                             gsize                       len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydAnswers, ahoyd_answers_free)

G_END_DECLS
