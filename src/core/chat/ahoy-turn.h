/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-conversation.h"
#include "core/chat/ahoy-message.h"

G_BEGIN_DECLS

/* AhoyTurn is what happens to conversations in one turn of the main loop. A read may bring thousands of frames: the conversations that they touch are
 * frozen until the turn ends, so that the window hears of it once.
 *
 * When a turn ends, its owner is called in this order: ending() with those that were due, thawed() for each one that was touched, news() for each
 * message. What these touch, or announce, is another turn's. Main thread; core only. */

typedef struct _AhoyTurn AhoyTurn;

typedef struct {
  /* The turn ends, and nothing is shown yet. @due: AhoyConversation, each once, in the order in which they came to be due. */
  void (*ending) (GPtrArray *due,
                  gpointer   owner);
  /* The window has heard of what happened in @conversation. */
  void (*thawed) (AhoyConversation *conversation,
                  gpointer          owner);
  /* @message was announced, in @conversation. */
  void (*news) (AhoyConversation *conversation,
                AhoyMessage      *message,
                gpointer          owner);
} AhoyTurnEvents;

/* @events: static. @owner: a GObject; borrowed, and held while a turn ends. */
AhoyTurn *ahoy_turn_new (const AhoyTurnEvents *events,
                         gpointer              owner);
void      ahoy_turn_free (AhoyTurn *self);

/* Something is about to happen in @conversation: it is frozen until the turn ends. Returns: (transfer none): @conversation. */
AhoyConversation *ahoy_turn_touch (AhoyTurn         *self,
                                   AhoyConversation *conversation);
/* Touches @conversation; ending() is told of it. */
void ahoy_turn_set_due (AhoyTurn         *self,
                        AhoyConversation *conversation);
/* news() is called for @message when the turn ends. It does not end for this alone. */
void ahoy_turn_announce (AhoyTurn         *self,
                         AhoyConversation *conversation,
                         AhoyMessage      *message);
/* Ends the turn now. */
void ahoy_turn_end (AhoyTurn *self);
/* The owner goes: there is nobody to be told of news, and no turn ends by itself any more. */
void ahoy_turn_shut (AhoyTurn *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyTurn, ahoy_turn_free)

G_END_DECLS
