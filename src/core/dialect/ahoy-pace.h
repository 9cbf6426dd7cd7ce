/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/connection/ahoy-send-window.h"
#include "core/dialect/ahoy-sender.h"

G_BEGIN_DECLS

/* AhoyPace is how fast we write to an extended server, and how fast we read: the timers over AhoySendWindow. PROTOCOL.md, "E". Main thread; core only. */

typedef struct _AhoyPace AhoyPace;

/* All are borrowed. */
AhoyPace *ahoy_pace_new (const AhoyChatParts        *chat,
                         const AhoySendWindowTiming *timing,
                         AhoySender                 *sender);
void      ahoy_pace_free (AhoyPace *self);
/* The connection is gone: nothing is held or paused. */
void ahoy_pace_forget (AhoyPace *self);

/* Whether another message may be on its way, unanswered. */
gboolean ahoy_pace_may_write (AhoyPace *self);
/* A message went out; it has come back; it was refused for good. */
void ahoy_pace_on_written (AhoyPace *self);
void ahoy_pace_on_echoed (AhoyPace *self);
void ahoy_pace_on_refused (AhoyPace *self);
/* The server could not take @message now: it and what comes after it are sent again later. */
void ahoy_pace_hold (AhoyPace    *self,
                     AhoyMessage *message);
/* The server takes no more of what we say for @ms milliseconds; it gives no sign for as long, perhaps. */
void ahoy_pace_note_slow (AhoyPace *self,
                          guint     ms);
/* Whether the server has slowed us, as far as people are told: the chat's property "slowed". */
gboolean ahoy_pace_is_slowed (const AhoyPace *self);

/* Something was given to the disk: we read no faster than it writes. */
void ahoy_pace_keep (AhoyPace *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyPace, ahoy_pace_free)

G_END_DECLS
