/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-stored-message.h"
#include "core/chat/ahoy-chat-parts.h"

G_BEGIN_DECLS

/* AhoyPlacer is what becomes of the past when the server's log is set back. PROTOCOL.md, "Runs".
 *
 * What the server no longer has stays, as copies (ahoy-place.h). What is replayed afterwards may be one of them all the same, which only the disk
 * knows for sure: the window holds the newest alone. So it is shown when the disk has said which. Main thread; core only. */

typedef struct _AhoyPlacer AhoyPlacer;

/* @chat: borrowed. */
AhoyPlacer *ahoy_placer_new (const AhoyChatParts *chat);
void        ahoy_placer_free (AhoyPlacer *self);
/* The archive goes: what the disk has not said by now is not shown. */
void ahoy_placer_forget (AhoyPlacer *self);

/* The welcome says that the server's log is in @run (nullable), and, where it is not 0, since which id it is not what we hold; its newest event has
 * the id @last. */
void ahoy_placer_note_run (AhoyPlacer *self,
                           const char *run,
                           guint64     parted,
                           guint64     last);
/* @stored is replayed: a new message, or one that was taken for lost. Returns: FALSE when it is surely new, and to be shown and kept. */
gboolean ahoy_placer_place (AhoyPlacer              *self,
                            const AhoyStoredMessage *stored);
/* Whether the disk is being asked. */
gboolean ahoy_placer_is_busy (const AhoyPlacer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyPlacer, ahoy_placer_free)

G_END_DECLS
