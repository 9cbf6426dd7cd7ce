/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-conversation.h"

G_BEGIN_DECLS

/* Whom a text is meant for. Who it was begun for is remembered, with whether they were online, from its first character until it is sent: what a person
 * writes must not reach somebody else, or nobody, because something changed under their hands. Who came back under another key is asked about once for
 * that key. No widgets. Main thread. */

/* Why somebody is asked before a text is sent. */
typedef enum {
  AHOY_SEND_DOUBT_NONE,
  AHOY_SEND_DOUBT_RECIPIENT, /* it was begun for another conversation */
  AHOY_SEND_DOUBT_KEY,       /* the person came back under another key */
  AHOY_SEND_DOUBT_LEFT,      /* the person has left meanwhile */
} AhoySendDoubt;

typedef struct _AhoyIntent AhoyIntent;

AhoyIntent *ahoy_intent_new (void);
void        ahoy_intent_free (AhoyIntent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyIntent, ahoy_intent_free)

/* A text begins, or another one is there. @conversation: NULL: there is none now. */
void ahoy_intent_begin (AhoyIntent       *self,
                        AhoyConversation *conversation);
/* Until it is FALSE again ahoy_intent_begin() does nothing: the text comes along to somebody else. */
void ahoy_intent_hold (AhoyIntent *self,
                       gboolean    held);
/* Returns: (transfer none) (nullable): NULL: there is no text. */
AhoyConversation *ahoy_intent_get_begun_for (AhoyIntent *self);

/* What is to be asked before the text goes to @conversation. */
AhoySendDoubt ahoy_intent_find_doubt (AhoyIntent       *self,
                                      AhoyConversation *conversation);
/* The person wants to write to @conversation all the same. @key: for KEY: what ahoy_intent_key_of() said when it was asked. */
void ahoy_intent_settle (AhoyIntent       *self,
                         AhoySendDoubt     doubt,
                         AhoyConversation *conversation,
                         const char       *key);
/* Returns: the key that a person's doubt is about; "": they have none. */
const char *ahoy_intent_key_of (AhoyPerson *person);

G_END_DECLS
