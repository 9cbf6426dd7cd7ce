/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "wire/ahoy-charset.h"
#include "wire/ahoy-poll.h"
#include "wire/ahoy-tls.h"

G_BEGIN_DECLS

/* Those whom the server cannot take, until they know why. What they say first, if anything, shows how they want to be told; then they are
 * closed in good order, over TLS when they begin with that. Not more than AHOYD_REGRETS_MAX at a time: the rest is just closed. */

typedef struct _AhoydRegrets AhoydRegrets;

#define AHOYD_REGRETS_MAX 256
/* Milliseconds that they have to say something: programs begin at once. */
#define AHOYD_REGRETS_WAIT_MS 300

typedef enum {
  AHOYD_REGRET_FULL,    /* --max-clients */
  AHOYD_REGRET_CROWDED, /* --max-pending-per-address */
  AHOYD_REGRET_BARRED,  /* --failed-logins-per-minute */
} AhoydRegret;

/* A sentence that says so. */
const char   *ahoyd_regret_get_text (AhoydRegret why);

/* @tls, @charset: borrowed. */
AhoydRegrets *ahoyd_regrets_new  (AhoyPoll     *poll,
                                  GMainContext *context,
                                  AhoyTls      *tls,
                                  AhoyCharset  *charset);
/* Those who were not told yet are closed without a word. */
void          ahoyd_regrets_free (AhoydRegrets *regrets);

/* @fd (transfer full): a connected socket. */
void          ahoyd_regrets_tell (AhoydRegrets *regrets,
                                  int           fd,
                                  AhoydRegret   why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydRegrets, ahoyd_regrets_free)

G_END_DECLS
