/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How core makes messages and changes the little about them that changes. */

#pragma once

#include "core/archive/ahoy-place.h"
#include "core/chat/ahoy-message.h"
#include "wire/ahoy-target.h"

G_BEGIN_DECLS

typedef enum {
  AHOY_MESSAGE_OWN = 1 << 0, /* starts WAITING; otherwise RECEIVED */
  AHOY_MESSAGE_MENTION = 1 << 1,
} AhoyMessageFlags;

/* @target: a person by the name; copied. @time: milliseconds since 1970 UTC. */
AhoyMessage *ahoy_message_new_chat (const char      *from,
                                    AhoyTarget       target,
                                    const char      *text,
                                    gint64           time,
                                    guint            tint,
                                    AhoyMessageFlags flags);
AhoyMessage *ahoy_message_new_notice (const char *text,
                                      gint64      time);
AhoyMessage *ahoy_message_new_plain (const char *text,
                                     gint64      time);
/* Empty: nobody joined and nobody left. */
AhoyMessage *ahoy_message_new_presence (gint64 time);

AhoyMessage *ahoy_message_new_set_back (gint64           time,
                                        const AhoyPlace *place);
/* KEY_CHANGED, UNKNOWN_NAME, NOT_HERE, MAILBOX_FULL: a line about @name. */
AhoyMessage *ahoy_message_new_about (AhoyMessageKind kind,
                                     const char     *name,
                                     gint64          time);

/* Whom it is said to: a room, or a person by the name, which is borrowed from @self. Of CHAT alone. */
AhoyTarget ahoy_message_get_target (AhoyMessage *self);

/* What the server is asked by: 16 hex digits, NULL for what is not ours. */
const char *ahoy_message_get_cid (AhoyMessage *self);
void        ahoy_message_set_cid (AhoyMessage *self,
                                  const char  *cid);
void        ahoy_message_set_id (AhoyMessage *self,
                                 guint64      id);
/* Ours, WAITING: it was written for whoever had that name before, and is not for who has it now. */
gboolean ahoy_message_get_stray (AhoyMessage *self);
void     ahoy_message_set_stray (AhoyMessage *self);
/* Where it stands among those that have a place; that of the others is empty. "id" goes along. */
const AhoyPlace *ahoy_message_get_place (AhoyMessage *self);
void             ahoy_message_set_place (AhoyMessage     *self,
                                         const AhoyPlace *place);
gboolean         ahoy_message_has_place (AhoyMessage *self);

void ahoy_message_set_state (AhoyMessage     *self,
                             AhoyMessageState state);
void ahoy_message_set_time (AhoyMessage *self,
                            gint64       time);

/* PRESENCE: @name joined or left. Who joins and leaves again within the line (or the other way round) cancels out.
 * Returns: FALSE when nobody is left in the line. */
gboolean ahoy_message_note_presence (AhoyMessage *self,
                                     const char  *name,
                                     gboolean     joined);

/* Returns: (transfer full): @text as it goes on the wire: no control characters, no white space at its end. */
char *ahoy_message_clean_text (const char *text);

G_END_DECLS
