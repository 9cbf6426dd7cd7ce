/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-client.h"

G_BEGIN_DECLS

/* An AhoyClient without a network: all of ahoy-client.h, for programs that link this instead of core's, and the strings to pull. Starts ONLINE as "me". */

/* Returns: (transfer none): the conversation with @name, who is online now. */
AhoyConversation *fake_client_add_person (AhoyClient *self,
                                          const char *name);
void              fake_client_remove (AhoyClient *self,
                                      const char *name);
void              fake_client_set_online (AhoyClient *self,
                                          const char *name,
                                          gboolean    online);
void              fake_client_set_away (AhoyClient *self,
                                        const char *name,
                                        const char *away);
/* @name is here under @key, and known by @known: changed when they differ. Either may be NULL. */
void fake_client_set_key (AhoyClient *self,
                          const char *name,
                          const char *key,
                          const char *known,
                          gboolean    verified);
/* How often ahoy_client_accept_key() was called. */
guint fake_client_get_n_accepted (AhoyClient *self);
/* To OFFLINE, for this reason. The ids may be NULL. */
void fake_client_fail (AhoyClient *self,
                       AhoyFailure failure,
                       const char *known_id,
                       const char *met_id);
/* Likewise, DOWNGRADED. */
void fake_client_downgrade (AhoyClient   *self,
                            AhoyDowngrade downgrade,
                            const char   *known_id,
                            const char   *met_id);
/* How often ahoy_client_connect() and ahoy_client_accept_server() were called. */
guint fake_client_get_n_connects (AhoyClient *self);
guint fake_client_get_n_servers_accepted (AhoyClient *self);
void  fake_client_set_server (AhoyClient *self,
                              AhoyServer *server,
                              gboolean    secure);
/* Wherever it is, it should have been on the server @missed_id (nullable), for which @n_left messages wait. */
void fake_client_miss (AhoyClient *self,
                       const char *missed_id,
                       guint       n_left);
/* The line in their conversation. */
void fake_client_note_key_changed (AhoyClient *self,
                                   const char *name,
                                   gint64      time);
void fake_client_set_state (AhoyClient     *self,
                            AhoyClientState state);
/* @from says @text to everyone, or whispers it to us. @time: milliseconds. Returns: (transfer none). */
AhoyMessage *fake_client_say (AhoyClient *self,
                              const char *from,
                              const char *text,
                              gboolean    whisper,
                              gint64      time);
AhoyMessage *fake_client_notice (AhoyClient *self,
                                 const char *text,
                                 gint64      time);
/* How often ahoy_client_send() took something, and what and where it was the last time. */
guint       fake_client_get_n_sent (AhoyClient *self);
const char *fake_client_get_sent (AhoyClient        *self,
                                  AhoyConversation **conversation);
/* How often ahoy_client_note_typing() was called. */
guint fake_client_get_n_typing (AhoyClient *self);
/* There is more above what was said to everyone. */
void fake_client_has_older (AhoyClient *self);
/* How often it was asked for. */
guint fake_client_get_n_older (AhoyClient *self);
/* @n older messages from alice come in; @more: there are still others. */
void fake_client_answer_older (AhoyClient *self,
                               guint       n,
                               gint64      time,
                               gboolean    more);
/* Nothing was said to everyone. */
void fake_client_clear (AhoyClient *self);
/* @n messages are read back from the disk; the first @n_read of them were seen. */
void fake_client_restore (AhoyClient *self,
                          guint       n,
                          guint       n_read);
/* @name begins or stops writing to everyone. */
void fake_client_type (AhoyClient *self,
                       const char *name,
                       gboolean    writes);
void fake_client_set_slowed (AhoyClient *self,
                             gboolean    slowed);
void fake_client_set_history_broken (AhoyClient *self,
                                     gboolean    broken);
/* What was asked for above what was said to everyone could not be looked up. */
void fake_client_fail_older (AhoyClient *self);
/* The server's log was set back: from id @first on what was said to everyone is not the server's. */
void fake_client_set_back (AhoyClient *self,
                           guint64     first);
/* The line in their conversation: UNKNOWN_NAME or MAILBOX_FULL. */
void fake_client_note_undelivered (AhoyClient     *self,
                                   AhoyMessageKind kind,
                                   const char     *name);

G_END_DECLS
