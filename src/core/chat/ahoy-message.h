/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "core/ahoy-core-enums.h"

G_BEGIN_DECLS

/* One line of a conversation. Main thread. Only "state", "time", "id", "joined" and "left" ever change (they notify).
 *
 * Properties: "kind" AhoyMessageKind, "state" AhoyMessageState, "from" (name; whom it is about for KEY_CHANGED, UNKNOWN_NAME, NOT_HERE and MAILBOX_FULL;
 * NULL for NOTICE, PLAIN, PRESENCE, SET_BACK), "to" (whom it is whispered to: a name; NULL: said in a room), "private" (a whisper), "own", "mention" (somebody else said your name), "text" (UTF-8; NULL
 * for all but CHAT, NOTICE, PLAIN), "time" (milliseconds since 1970 UTC: the server's clock where it tells, else when it came), "tint" (of
 * the sender, as AhoyPerson), "joined" and "left" (GStrv, PRESENCE only), "id" (the server's number for it, increasing in its order; 0: it
 * has none, or not yet, or does not know of it any more). */

#define AHOY_TYPE_MESSAGE (ahoy_message_get_type ())
G_DECLARE_FINAL_TYPE (AhoyMessage, ahoy_message, AHOY, MESSAGE, GObject)

AhoyMessageKind    ahoy_message_get_kind (AhoyMessage *self);
AhoyMessageState   ahoy_message_get_state (AhoyMessage *self);
const char        *ahoy_message_get_from (AhoyMessage *self);
const char        *ahoy_message_get_to (AhoyMessage *self);
const char        *ahoy_message_get_text (AhoyMessage *self);
gboolean           ahoy_message_is_private (AhoyMessage *self);
gboolean           ahoy_message_is_own (AhoyMessage *self);
gboolean           ahoy_message_is_mention (AhoyMessage *self);
gint64             ahoy_message_get_time (AhoyMessage *self);
guint              ahoy_message_get_tint (AhoyMessage *self);
guint64            ahoy_message_get_id (AhoyMessage *self);
const char *const *ahoy_message_get_joined (AhoyMessage *self);
const char *const *ahoy_message_get_left (AhoyMessage *self);

G_END_DECLS
