/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "wire/ahoy-discovery.h"

G_BEGIN_DECLS

/* Whom a neighbour is about to help, and when. DISCOVERY.md, "Neighbours". No clock and no socket: times are milliseconds of the caller's
 * clock. Main thread.
 *
 * Everybody who could help waits for a random time, and stays silent when another one was first. Most of those times are late in the
 * window and few are early: so however many wait, few have come before word of the first is around. */

#define AHOY_HELP_WINDOW_MIN 100
#define AHOY_HELP_WINDOW_MAX 1500
#define AHOY_HELP_WINDOW_EACH 60 /* for everybody who is online */
/* Who ask at one time, and how many are answered in a second. */
#define AHOY_HELP_ASKERS_MAX 16
#define AHOY_HELP_PER_SECOND 4

typedef struct {
  GSocketAddress *scanner; /* owned */
  AhoyNonce       nonce;
  int             index; /* of the interface it asked by */
  gsize           max;   /* bytes that it may be sent */
  gint64          due;
} AhoyHelp;

void ahoy_help_clear (AhoyHelp *help);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AhoyHelp, ahoy_help_clear)

typedef struct _AhoyHelpQueue AhoyHelpQueue;

/* @random (transfer full). */
AhoyHelpQueue *ahoy_help_queue_new (GRand *random);
void           ahoy_help_queue_free (AhoyHelpQueue *self);

/* @scanner asked; @n_online people are on our server, any of whom may have heard. One that asks again while it waits has asked once, with the
 * first nonce: a search takes every nonce of its own, and who took the new one would not know the answer to the old one, which is on its way, for
 * an answer. So could one who asks without end have everybody answer. Too many at a time are not taken. */
void ahoy_help_queue_add (AhoyHelpQueue  *self,
                          GSocketAddress *scanner,
                          const AhoyNonce nonce,
                          int             index,
                          gsize           max,
                          guint           n_online,
                          gint64          now);
/* Somebody else has helped. */
void ahoy_help_queue_drop (AhoyHelpQueue *self,
                           const char    *nonce);
void ahoy_help_queue_clear (AhoyHelpQueue *self);
/* When the next one is due; -1: nobody waits. */
gint64 ahoy_help_queue_get_due (AhoyHelpQueue *self);
/* Takes one that is due. FALSE when there is none. Those that would be too many in this second are forgotten. */
gboolean ahoy_help_queue_take (AhoyHelpQueue *self,
                               gint64         now,
                               AhoyHelp      *help);

G_END_DECLS
