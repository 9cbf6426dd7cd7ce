/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-conversation.h"

G_BEGIN_DECLS

/* AhoyTypists is who is writing just now in one conversation. Nobody says that they have stopped: a name is here for a while after it was last noted.
 *
 * Property "names" (GStrv, read-only): in the order they began. Main thread. */

#define AHOY_TYPE_TYPISTS (ahoy_typists_get_type ())
G_DECLARE_FINAL_TYPE (AhoyTypists, ahoy_typists, AHOY, TYPISTS, GObject)

/* Returns: (transfer none): those of @conversation, which it holds; made when there are none. */
AhoyTypists *ahoy_typists_of (AhoyConversation *conversation);

/* @name writes; for @ms milliseconds, unless it is noted again. */
void ahoy_typists_note (AhoyTypists *self,
                        const char  *name,
                        guint        ms);
void ahoy_typists_drop (AhoyTypists *self,
                        const char  *name);
void ahoy_typists_clear (AhoyTypists *self);

/* Returns: (transfer none): NULL-terminated. */
const char *const *ahoy_typists_get_names (AhoyTypists *self);

G_END_DECLS
