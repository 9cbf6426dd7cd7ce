/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-roster.h"
#include "wire/ahoy-packet.h"

G_BEGIN_DECLS

/* AhoyTyping is "Bob is typing": says it of us, no oftener than others need it, and shows it of others in the conversation it is about. PROTOCOL.md, "Typing and away".
 *
 * It neither knows whether we are online nor what server that is: it is only called where the server understands. Main thread; core only. */

typedef struct _AhoyTyping AhoyTyping;

/* Milliseconds. */
typedef struct {
  guint every; /* between two words to the others that we write */
  guint lasts; /* after theirs */
} AhoyTypingTiming;

/* Gives @packet, which is borrowed, to the server. */
typedef void (*AhoyTypingSend) (const AhoyPacket *packet,
                                gpointer          data);

/* @roster, @timing: borrowed. */
AhoyTyping *ahoy_typing_new (AhoyRoster             *roster,
                             const AhoyTypingTiming *timing,
                             AhoyTypingSend          send,
                             gpointer                data);
void        ahoy_typing_free (AhoyTyping *self);

/* We write in @conversation. @now: g_get_monotonic_time(). */
void ahoy_typing_write (AhoyTyping       *self,
                        AhoyConversation *conversation,
                        gint64            now);
/* The server says @packet, of kind TYPING. */
void ahoy_typing_take (AhoyTyping       *self,
                       const AhoyPacket *packet);
/* @name has said something in @conversation, and so writes no more. */
void ahoy_typing_note_said (AhoyTyping       *self,
                            AhoyConversation *conversation,
                            const char       *name);
/* The connection is gone: nobody writes, and nobody was told that we do. */
void ahoy_typing_go_offline (AhoyTyping *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyTyping, ahoy_typing_free)

G_END_DECLS
