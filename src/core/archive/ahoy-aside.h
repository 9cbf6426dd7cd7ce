/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-message.h"
#include "wire/ahoy-target.h"

G_BEGIN_DECLS

/* AhoyAside holds what was left behind on servers that we are not on just now: what waits to be said there, and what was being typed. It goes to no other
 * server, and is there again when we are. It is in memory, for as long as the program runs, while an AhoyArchive is what the disk keeps of a server;
 * what waits is in both, where there is a disk. Main thread; core only. */

typedef struct _AhoyAside AhoyAside;

typedef struct {
  AhoyTarget target; /* owned; of a person: the name */
  char      *text;
} AhoyAsideDraft;

typedef struct {
  GPtrArray *waiting; /* AhoyMessage, in order */
  GPtrArray *drafts;  /* AhoyAsideDraft, one for each target */
} AhoyAsideLeft;

AhoyAside *ahoy_aside_new (void);
void       ahoy_aside_free (AhoyAside *self);

AhoyAsideLeft *ahoy_aside_left_new (void);
void           ahoy_aside_left_free (AhoyAsideLeft *left);

/* @target has no draft yet. */
void ahoy_aside_left_add_draft (AhoyAsideLeft *left,
                                AhoyTarget     target,
                                const char    *text);

/* Leaves @left (transfer full), of the person with @skeleton on @server. What was left there before, and not taken, is before it. */
void ahoy_aside_leave (AhoyAside     *self,
                       const char    *server,
                       const char    *skeleton,
                       AhoyAsideLeft *left);
/* Returns: (transfer full) (nullable): what was left there; it is not there any more. */
AhoyAsideLeft *ahoy_aside_take (AhoyAside  *self,
                                const char *server,
                                const char *skeleton);

/* Returns: how many messages wait there. */
guint ahoy_aside_get_n (AhoyAside  *self,
                        const char *server,
                        const char *skeleton);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyAside, ahoy_aside_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyAsideLeft, ahoy_aside_left_free)

G_END_DECLS
