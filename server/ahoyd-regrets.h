/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-origins.h"
#include "wire/ahoy-charset.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-link.h"
#include "wire/ahoy-poll.h"
#include "wire/ahoy-tls.h"

G_BEGIN_DECLS

/* Those whom the server cannot take, until they know why. What they say first, if anything, shows how they want to be told; then they are
 * closed in good order, over TLS when they begin with that. Not more than AHOYD_REGRETS_MAX at a time: the rest is just closed.
 *
 * Some may hope: there is no place left, but the key that they prove may be that of somebody who is here, whose place they then take. They
 * are counted by themselves, so that nobody without hope stands in their way. */

typedef struct _AhoydRegrets AhoydRegrets;

#define AHOYD_REGRETS_MAX 256
/* And not more of those who may hope. */
#define AHOYD_REGRETS_HOPEFUL_MAX 128
/* Milliseconds that they have to say something, and after a TLS handshake something more: programs begin at once. Whoever said nothing
 * until then is told plainly. */
#define AHOYD_REGRETS_WAIT_MS AHOY_TLS_SILENCE_MS

typedef enum {
  AHOYD_REGRET_FULL,    /* --max-clients */
  AHOYD_REGRET_FILLED,  /* --max-clients-per-address */
  AHOYD_REGRET_CROWDED, /* --max-pending-per-address */
  AHOYD_REGRET_BARRED,  /* --failed-logins-per-minute */
} AhoydRegret;

/* A sentence that says so. */
const char   *ahoyd_regret_get_text (AhoydRegret why);

/* A key was proved over @link. Returns: whether it can stay after all: then @link and @origin are taken (transfer full), and the link's
 * events are set anew. @serial: as it was given. */
typedef gboolean (*AhoydRelent) (AhoyLink    *link,
                                 AhoydOrigin *origin,
                                 guint64      serial,
                                 gpointer     data);

/* @tls, @charset, @origins: borrowed. @wait_ms: AHOYD_REGRETS_WAIT_MS but in tests. */
AhoydRegrets *ahoyd_regrets_new  (AhoyPoll     *poll,
                                  GMainContext *context,
                                  AhoyTls      *tls,
                                  AhoyCharset  *charset,
                                  AhoydOrigins *origins,
                                  guint         wait_ms,
                                  AhoydRelent   relent,
                                  gpointer      data);
/* Those who were not told yet are closed without a word. */
void          ahoyd_regrets_free (AhoydRegrets *regrets);

/* @fd (transfer full): a connected socket. */
void          ahoyd_regrets_tell (AhoydRegrets *regrets,
                                  int           fd,
                                  AhoydRegret   why);
/* The same for somebody for whom there is no place, unless the server relents.
 * @fd (transfer full). @origin (transfer full): where they come from. @serial: for the session that they may become. */
void          ahoyd_regrets_hope (AhoydRegrets *regrets,
                                  int           fd,
                                  AhoydRegret   why,
                                  AhoydOrigin  *origin,
                                  guint64       serial);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydRegrets, ahoyd_regrets_free)

G_END_DECLS
