/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "net/ahoyd-address-limits.h"
#include "wire/ahoy-charset.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-link.h"
#include "wire/ahoy-poll.h"
#include "wire/ahoy-tls.h"

G_BEGIN_DECLS

/* Those whom the server cannot take, until they know why. What they say first, if anything, shows how they want to be told; then they are
 * closed in good order, over TLS when they begin with that. Not more than AHOYD_REJECTOR_MAX at a time: the rest is just closed.
 *
 * Some may hope: there is no place left, but the key that they prove may be that of somebody who is here, whose place they then take. They
 * are counted by themselves, so that nobody without hope stands in their way. */

typedef struct _AhoydRejector AhoydRejector;

#define AHOYD_REJECTOR_MAX 256
/* Not more of those who may hope are kept. */
#define AHOYD_REJECTOR_HOPEFUL_MAX 128
/* Milliseconds that they have to say something, and after a TLS handshake something more: programs begin at once. Whoever said nothing
 * until then is told plainly. */
#define AHOYD_REJECTOR_WAIT_MS AHOY_TLS_SILENCE_MS

typedef enum {
  AHOYD_REJECTION_FULL,    /* --max-clients */
  AHOYD_REJECTION_FILLED,  /* --max-clients-per-address */
  AHOYD_REJECTION_CROWDED, /* --max-pending-per-address */
  AHOYD_REJECTION_BARRED,  /* --failed-logins-per-minute */
} AhoydRejection;

/* A sentence that says so. */
const char *ahoyd_rejection_get_text (AhoydRejection why);

/* A key was proved over @link. Returns: whether it can stay after all: then @link and @address_limit are taken (transfer full), and the link's
 * events are set anew. @serial: as it was given. */
typedef gboolean (*AhoydRelent) (AhoyLink          *link,
                                 AhoydAddressLimit *address_limit,
                                 guint64            serial,
                                 gpointer           data);

/* @tls, @charset, @address_limits: borrowed. @wait_ms: AHOYD_REJECTOR_WAIT_MS but in tests. */
AhoydRejector *ahoyd_rejector_new (AhoyPoll           *poll,
                                   AhoyTls            *tls,
                                   AhoyCharset        *charset,
                                   AhoydAddressLimits *address_limits,
                                   guint               wait_ms,
                                   AhoydRelent         relent,
                                   gpointer            data);
/* Those who were not told yet are closed without a word. */
void ahoyd_rejector_free (AhoydRejector *rejector);

/* @fd (transfer full): a connected socket. */
void ahoyd_rejector_tell (AhoydRejector *rejector,
                          int            fd,
                          AhoydRejection why);
/* Like ahoyd_rejector_tell(), for somebody for whom there is no place, unless the server relents.
 * @fd (transfer full). @address_limit (transfer full): where they come from. @serial: for the session that they may become. */
void ahoyd_rejector_hope (AhoydRejector     *rejector,
                          int                fd,
                          AhoydRejection     why,
                          AhoydAddressLimit *address_limit,
                          guint64            serial);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydRejector, ahoyd_rejector_free)

G_END_DECLS
