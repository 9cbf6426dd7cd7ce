/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-message.h"

G_BEGIN_DECLS

/* What was left behind on servers that we are not on just now: what waits to be said there, and what was being typed. It goes to nobody else, and is there
 * when we are. In memory, for as long as the program runs; what waits is on the disk as well, where there is one. Main thread; core only. */

typedef struct _AhoyAside AhoyAside;

typedef struct {
  GPtrArray  *waiting; /* AhoyMessage, in order */
  GHashTable *drafts;  /* name of a person, "" for everyone -> text */
} AhoyAsideLeft;

AhoyAside *ahoy_aside_new (void);
void       ahoy_aside_free (AhoyAside *self);

AhoyAsideLeft *ahoy_aside_left_new (void);
void           ahoy_aside_left_free (AhoyAsideLeft *left);

/* @left (transfer full): of the person with @skeleton on @server. What was left there before, and not taken, is before it. */
void ahoy_aside_leave (AhoyAside     *self,
                       const char    *server,
                       const char    *skeleton,
                       AhoyAsideLeft *left);
/* Returns: (transfer full) (nullable): what was left there; it is not there any more. */
AhoyAsideLeft *ahoy_aside_take (AhoyAside  *self,
                                const char *server,
                                const char *skeleton);

/* How many messages wait there. */
guint ahoy_aside_get_n (AhoyAside  *self,
                        const char *server,
                        const char *skeleton);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyAside, ahoy_aside_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyAsideLeft, ahoy_aside_left_free)

G_END_DECLS
