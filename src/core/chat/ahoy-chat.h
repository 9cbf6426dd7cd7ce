/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/ahoy-core-enums.h"
#include "core/chat/ahoy-conversation.h"
#include "core/connection/ahoy-server.h"

G_BEGIN_DECLS

/* One person on one server, as the window sees it: connects, logs in, keeps the people and the conversations, reconnects. PROTOCOL.md,
 * "Sessions". Main thread. AhoyClient is the one that has a network.
 *
 * Properties (read-only; all notify but the two that never change):
 *   "state" (AhoyClientState);
 *   "refusal" (AhoyRefusal);
 *   "failure" (AhoyFailure): why the last first attempt came to nothing;
 *   "name" (string): yours on this server;
 *   "server" (AhoyServer);
 *   "n-online" (uint): people online, you included; 0 when you are not;
 *   "retry-in" (uint): seconds until the next attempt while RECONNECTING, 0 while one is under way;
 *   "n-waiting" (uint): own messages in state WAITING;
 *   "conversations" (GListModel) and "everyone" (AhoyConversation): never change;
 *   "away" (string): your status text; NULL: here;
 *   "secure" (boolean): the connection, or in RECONNECTING the last one, is encrypted;
 *   "slowed" (boolean): the server takes only so many messages at a time, and some of ours wait for that: nothing is lost, and nothing to
 *   be done;
 *   "history-broken" (boolean): the server could not tell us what was said meanwhile, more than once in a row.
 *
 * Signals:
 *   "message" (AhoyConversation *, AhoyMessage *): a CHAT, NOTICE or PLAIN came in, live, not from you. A whisper names its person's
 *   conversation.
 *   "failed" (): it ended in OFFLINE, and "failure" says why: CONNECTING came to nothing, or from any state a full stop (KEY_CHANGED,
 *   DOWNGRADED, REPLACED). Conversations and drafts stay. */

#define AHOY_TYPE_CHAT (ahoy_chat_get_type ())
G_DECLARE_INTERFACE (AhoyChat, ahoy_chat, AHOY, CHAT, GObject)

/* Each is what its namesake below says. None may be NULL. */
struct _AhoyChatInterface {
  GTypeInterface parent_interface;

  void (*connect) (AhoyChat *self, AhoyServer *server, const char *name);
  void (*retry_name) (AhoyChat *self, const char *name);
  void (*disconnect) (AhoyChat *self);
  void (*set_discovery_port) (AhoyChat *self, guint16 port);
  void (*retry_now) (AhoyChat *self);

  const char *(*get_known_id) (AhoyChat *self);
  const char *(*get_met_id) (AhoyChat *self);
  const char *(*get_missed_id) (AhoyChat *self);
  guint (*get_n_left) (AhoyChat *self);
  AhoyDowngrade (*get_downgrade) (AhoyChat *self);
  void (*accept_server) (AhoyChat *self);

  void (*set_verified) (AhoyChat *self, AhoyPerson *person, gboolean verified);
  void (*accept_key) (AhoyChat *self, AhoyPerson *person);

  AhoyMessage *(*send) (AhoyChat *self, AhoyConversation *conversation, const char *text);
  gssize (*text_excess) (AhoyChat *self, AhoyConversation *conversation, const char *text);
  void (*note_typing) (AhoyChat *self, AhoyConversation *conversation);
  void (*set_away) (AhoyChat *self, const char *away);

  AhoyConversation *(*find_conversation) (AhoyChat *self, const char *name);
};

/* From OFFLINE (from anything else it disconnects first). Another server than before starts with empty conversations; the same one (by
 * id, else by address) keeps them. @name is normalised; check it with ahoy_check_name() first to say what is wrong without a server (one
 * that no server would take goes to REFUSED at once, with INVALID). */
void ahoy_chat_connect (AhoyChat *self, AhoyServer *server, const char *name);
/* In REFUSED: asks again, on the same connection when the server has kept it. CONNECTING meanwhile. */
void ahoy_chat_retry_name (AhoyChat *self, const char *name);
/* On purpose; to OFFLINE. Waiting messages stay waiting. */
void ahoy_chat_disconnect (AhoyChat *self);
/* UDP port on which servers are looked for, from the next time on that a connection is lost: whoever claims to be the same server (by id)
 * at another address is tried there too. 0, as at first: nobody looks. */
void ahoy_chat_set_discovery_port (AhoyChat *self, guint16 port);
/* In RECONNECTING: try at once (the network changed, the computer woke up, the person asked). */
void ahoy_chat_retry_now (AhoyChat *self);

/* KEY_CHANGED and DOWNGRADED: which server was expected, and which one was met. Ids: ahoy_key_words() makes words of them. What was met
 * without TLS is a mere claim.
 * Returns: (nullable): NULL for none: nothing was known, or nothing was shown. */
const char *ahoy_chat_get_known_id (AhoyChat *self);
const char *ahoy_chat_get_met_id (AhoyChat *self);
/* ONLINE: the server that was wanted, in whose place the client met the one where it is, which is known too (a laptop that was carried
 * from one network to another). Nothing of the one goes to the other: what waits for it waits until it is met again.
 * Returns: (nullable): its id; NULL: it is the one that was wanted. */
const char *ahoy_chat_get_missed_id (AhoyChat *self);
/* How many messages wait for that one, as far as this run of the program knows; 0 without one. */
guint ahoy_chat_get_n_left (AhoyChat *self);
/* DOWNGRADED: in what way; else NONE. */
AhoyDowngrade ahoy_chat_get_downgrade (AhoyChat *self);
/* OFFLINE after KEY_CHANGED or DOWNGRADED: from now on the server that was met is the right one. Then connect again as usual. */
void ahoy_chat_accept_server (AhoyChat *self);

/* Somebody has compared the key this person is known by. Nothing happens while it is "changed", or when there is none. */
void ahoy_chat_set_verified (AhoyChat *self, AhoyPerson *person, gboolean verified);
/* The key they came with is theirs: it is the known one now, not yet verified. */
void ahoy_chat_accept_key (AhoyChat *self, AhoyPerson *person);

/* Says @text to everyone or whispers it, by conversation. In RECONNECTING it waits and goes out in order after the reconnect. The text is
 * cleaned of control characters; a blank one is not sent.
 * Returns: (transfer none) (nullable): the message, already in the conversation; NULL when there was nothing to send or it is too long
 * (ahoy_chat_text_excess()) or the state is neither ONLINE nor RECONNECTING: nothing was taken, keep the draft. */
AhoyMessage *ahoy_chat_send (AhoyChat *self, AhoyConversation *conversation, const char *text);
/* Bytes by which @text is over what one message to @conversation may hold; negative: bytes left. */
gssize ahoy_chat_text_excess (AhoyChat *self, AhoyConversation *conversation, const char *text);
/* Somebody types into @conversation: the others may know. As often as you like. */
void ahoy_chat_note_typing (AhoyChat *self, AhoyConversation *conversation);
/* @away: what the others read beside your name; NULL or empty: you are here. Stays until it is set again, over reconnects too. */
void ahoy_chat_set_away (AhoyChat *self, const char *away);

/* What the properties say. Objects: (transfer none), held by the chat. */
AhoyClientState ahoy_chat_get_state (AhoyChat *self);
AhoyRefusal     ahoy_chat_get_refusal (AhoyChat *self);
AhoyFailure     ahoy_chat_get_failure (AhoyChat *self);
/* Returns: (transfer full) (nullable). */
char *ahoy_chat_dup_away (AhoyChat *self);
/* Returns: (nullable). */
AhoyServer *ahoy_chat_get_server (AhoyChat *self);
gboolean    ahoy_chat_get_secure (AhoyChat *self);
guint       ahoy_chat_get_n_online (AhoyChat *self);

/* AhoyConversation: Everyone first, then one for each person (you are not among them) in the order they were met. Who is offline stays
 * only while the conversation has messages or a draft, or is attended. While RECONNECTING nobody is online and all stay. */
GListModel       *ahoy_chat_get_conversations (AhoyChat *self);
AhoyConversation *ahoy_chat_get_everyone (AhoyChat *self);
/* Returns: (transfer none) (nullable): names compare as the server compares them. */
AhoyConversation *ahoy_chat_find_conversation (AhoyChat *self, const char *name);

G_END_DECLS
