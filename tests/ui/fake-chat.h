/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-chat.h"

G_BEGIN_DECLS

/* An AhoyChat without a network, and the strings to pull. Starts ONLINE as "me". */

#define FAKE_TYPE_CHAT (fake_chat_get_type ())
G_DECLARE_FINAL_TYPE (FakeChat, fake_chat, FAKE, CHAT, GObject)

FakeChat *fake_chat_new (void);

/* Returns: (transfer none): the conversation with @name, who is online now. */
AhoyConversation *fake_chat_add_person (FakeChat   *self,
                                        const char *name);
void              fake_chat_remove (FakeChat   *self,
                                    const char *name);
void              fake_chat_set_online (FakeChat   *self,
                                        const char *name,
                                        gboolean    online);
void              fake_chat_set_away (FakeChat   *self,
                                      const char *name,
                                      const char *away);
/* @name is here under @key, and known by @known: changed when they differ. Either may be NULL. */
void fake_chat_set_key (FakeChat   *self,
                        const char *name,
                        const char *key,
                        const char *known,
                        gboolean    verified);
/* How often ahoy_chat_accept_key() was called. */
guint fake_chat_get_n_accepted (FakeChat *self);
/* To OFFLINE, for this reason. The ids may be NULL. */
void fake_chat_fail (FakeChat   *self,
                     AhoyFailure failure,
                     const char *known_id,
                     const char *met_id);
/* Likewise, DOWNGRADED. */
void fake_chat_downgrade (FakeChat     *self,
                          AhoyDowngrade downgrade,
                          const char   *known_id,
                          const char   *met_id);
/* How often ahoy_chat_connect() and ahoy_chat_accept_server() were called. */
guint fake_chat_get_n_connects (FakeChat *self);
guint fake_chat_get_n_servers_accepted (FakeChat *self);
void  fake_chat_set_server (FakeChat   *self,
                            AhoyServer *server,
                            gboolean    secure);
/* Wherever it is, it should have been on the server @missed_id (nullable), for which @n_left messages wait. */
void fake_chat_miss (FakeChat   *self,
                     const char *missed_id,
                     guint       n_left);
/* The line in their conversation. */
void fake_chat_note_key_changed (FakeChat   *self,
                                 const char *name,
                                 gint64      time);
void fake_chat_set_state (FakeChat       *self,
                          AhoyClientState state);
/* @from says @text to everyone, or whispers it to us. @time: milliseconds. Returns: (transfer none). */
AhoyMessage *fake_chat_say (FakeChat   *self,
                            const char *from,
                            const char *text,
                            gboolean    whisper,
                            gint64      time);
AhoyMessage *fake_chat_notice (FakeChat   *self,
                               const char *text,
                               gint64      time);
/* How often ahoy_chat_send() took something, and what and where it was the last time. */
guint       fake_chat_get_n_sent (FakeChat *self);
const char *fake_chat_get_sent (FakeChat          *self,
                                AhoyConversation **conversation);
/* How often ahoy_chat_note_typing() was called. */
guint fake_chat_get_n_typing (FakeChat *self);
/* There is more above what was said to everyone. */
void fake_chat_has_older (FakeChat *self);
/* How often it was asked for. */
guint fake_chat_get_n_older (FakeChat *self);
/* @n older messages from alice come in; @more: there are still others. */
void fake_chat_answer_older (FakeChat *self,
                             guint     n,
                             gint64    time,
                             gboolean  more);
/* Nothing was said to everyone. */
void fake_chat_clear (FakeChat *self);
/* @n messages are read back from the disk; the first @n_read of them were seen. */
void fake_chat_restore (FakeChat *self,
                        guint     n,
                        guint     n_read);
/* @name begins or stops writing to everyone. */
void fake_chat_type (FakeChat   *self,
                     const char *name,
                     gboolean    writes);
void fake_chat_set_slowed (FakeChat *self,
                           gboolean  slowed);
void fake_chat_set_history_broken (FakeChat *self,
                                   gboolean  broken);
/* What was asked for above what was said to everyone could not be looked up. */
void fake_chat_fail_older (FakeChat *self);
/* The server's log was set back: from id @first on what was said to everyone is not the server's. */
void fake_chat_set_back (FakeChat *self,
                         guint64   first);
/* The line in their conversation: UNKNOWN_NAME or MAILBOX_FULL. */
void fake_chat_note_undelivered (FakeChat       *self,
                                 AhoyMessageKind kind,
                                 const char     *name);

G_END_DECLS
