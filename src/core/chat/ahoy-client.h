/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/ahoy-core-enums.h"
#include "core/archive/ahoy-database.h"
#include "core/chat/ahoy-conversation.h"
#include "core/connection/ahoy-server.h"

G_BEGIN_DECLS

typedef struct _AhoyKeyring      AhoyKeyring;      /* core/ahoy-keyring.h */
typedef struct _AhoyKnownServers AhoyKnownServers; /* core/ahoy-known-servers.h */

/* One person on one server: connects, logs in, keeps the people and the conversations, reconnects. PROTOCOL.md, "Sessions". Main
 * thread.
 *
 * Properties (notify): "state" AhoyClientState, "refusal" AhoyRefusal, "failure" AhoyFailure (why the last first attempt came to
 * nothing), "name" (yours on this server), "server" AhoyServer, "n-online" (people online, you included; 0 when you are not),
 * "retry-in" (seconds until the next attempt while RECONNECTING, 0 while one is under way), "n-waiting" (own messages in state WAITING),
 * "conversations" and "everyone" (never change), "away" (your status text; NULL: here). "history" (AhoyDatabase *, construct-only,
 * NULL: none; must outlive the client): what was said and what is owed on extended servers is kept there. "keyring" (AhoyKeyring *,
 * construct-only, NULL: none): who you are; without one nobody can know it is you. "known-servers" (AhoyKnownServers *, construct-only, NULL: none): the servers
 * that were met before. "secure" (the connection, or in RECONNECTING the last one, is encrypted). "slowed" (the server takes only so many messages at a
 * time, and some of ours wait for that: nothing is lost, and nothing to be done), "history-broken" (the server could not tell us what was said
 * meanwhile, more than once in a row).
 *
 * Signals:
 *   "message" (AhoyConversation *, AhoyMessage *): a CHAT, NOTICE or PLAIN came in, live, not from you. A whisper names its person's
 *   conversation.
 *   "failed" (): it ended in OFFLINE, and "failure" says why: CONNECTING came to nothing, or from any state a full stop (KEY_CHANGED,
 *   DOWNGRADED, REPLACED). Conversations and drafts stay. */

#define AHOY_TYPE_CLIENT (ahoy_client_get_type ())
G_DECLARE_FINAL_TYPE (AhoyClient, ahoy_client, AHOY, CLIENT, GObject)

AhoyClient *ahoy_client_new (void);
AhoyClient *ahoy_client_new_with_history (AhoyDatabase *history);
/* Each may be NULL. */
AhoyClient *ahoy_client_new_full (AhoyDatabase     *history,
                                  AhoyKeyring      *keyring,
                                  AhoyKnownServers *known_servers);

/* From OFFLINE (from anything else it disconnects first). Another server than before starts with empty conversations; the same one (by
 * id, else by address) keeps them. @name is normalised; check it with ahoy_client_check_name() first to say what is wrong without a
 * server (one that no server would take goes to REFUSED at once, with INVALID). */
void ahoy_client_connect (AhoyClient *self,
                          AhoyServer *server,
                          const char *name);
/* In REFUSED: asks again, on the same connection when the server has kept it. CONNECTING meanwhile. */
void ahoy_client_retry_name (AhoyClient *self,
                             const char *name);
/* On purpose; to OFFLINE. Waiting messages stay waiting. */
void ahoy_client_disconnect (AhoyClient *self);
/* UDP port on which servers are looked for, from the next time on that a connection is lost: whoever claims to be the same server (by id) at another address
 * is tried there too. 0, as at first: nobody looks. */
void ahoy_client_set_discovery_port (AhoyClient *self,
                                     guint16     port);
/* In RECONNECTING: try at once (the network changed, the computer woke up, the person asked). */
void ahoy_client_retry_now (AhoyClient *self);

/* KEY_CHANGED and DOWNGRADED: which server was expected, and which one was met. Ids: ahoy_key_words() makes words of them. What
 * was met without TLS is a mere claim.
 * Returns: (nullable): NULL for none: nothing was known, or nothing was shown. */
const char *ahoy_client_get_known_id (AhoyClient *self);
const char *ahoy_client_get_met_id (AhoyClient *self);
/* ONLINE: the server that was wanted, in whose place the client met the one where it is, which is known too (a laptop that was carried from one
 * network to another). Nothing of the one goes to the other: what waits for it waits until it is met again.
 * Returns: (nullable): its id; NULL: it is the one that was wanted. */
const char *ahoy_client_get_missed_id (AhoyClient *self);
/* How many messages wait for that one, as far as this run of the program knows; 0 without one. */
guint ahoy_client_get_n_left (AhoyClient *self);
/* DOWNGRADED: in what way; else NONE. */
AhoyDowngrade ahoy_client_get_downgrade (AhoyClient *self);
/* OFFLINE after KEY_CHANGED or DOWNGRADED: from now on the server that was met is the right one. Then connect again as usual. */
void ahoy_client_accept_server (AhoyClient *self);

/* Somebody has compared the key this person is known by. Nothing happens while it is "changed", or when there is none. */
void ahoy_client_set_verified (AhoyClient *self,
                               AhoyPerson *person,
                               gboolean    verified);
/* The key they came with is theirs: it is the known one now, not yet verified. */
void ahoy_client_accept_key (AhoyClient *self,
                             AhoyPerson *person);

/* INVALID when no server would take it, NONE when one may. */
AhoyRefusal ahoy_client_check_name (const char *name);
/* The same in more words: NONE when there is a server that may take it. */
AhoyNameProblem ahoy_client_name_problem (const char *name);
/* Whether there is nothing to read in @text: it is not sent, and servers do not take it. Pure. PROTOCOL.md, "Blank text". */
gboolean ahoy_client_is_blank (const char *text);

/* Says @text to everyone or whispers it, by conversation. In RECONNECTING it waits and goes out in order after the reconnect.
 * The text is cleaned of control characters; a blank one is not sent.
 * Returns: (transfer none) (nullable): the message, already in the conversation; NULL when there was nothing to send or it is too long
 * (ahoy_client_text_excess()) or the state is neither ONLINE nor RECONNECTING: nothing was taken, keep the draft. */
AhoyMessage *ahoy_client_send (AhoyClient       *self,
                               AhoyConversation *conversation,
                               const char       *text);
/* Bytes by which @text is over what one message to @conversation may hold; negative: bytes left. */
gssize ahoy_client_text_excess (AhoyClient       *self,
                                AhoyConversation *conversation,
                                const char       *text);

/* Somebody types into @conversation: the others may know. As often as you like. */
void ahoy_client_note_typing (AhoyClient       *self,
                              AhoyConversation *conversation);
/* @away: what the others read beside your name; NULL or empty: you are here. Stays until it is set again, over reconnects too. */
void        ahoy_client_set_away (AhoyClient *self,
                                  const char *away);
const char *ahoy_client_get_away (AhoyClient *self);

AhoyClientState ahoy_client_get_state (AhoyClient *self);
AhoyRefusal     ahoy_client_get_refusal (AhoyClient *self);
AhoyFailure     ahoy_client_get_failure (AhoyClient *self);
const char     *ahoy_client_get_name (AhoyClient *self);
AhoyServer     *ahoy_client_get_server (AhoyClient *self);
gboolean        ahoy_client_get_secure (AhoyClient *self);
gboolean        ahoy_client_get_slowed (AhoyClient *self);
gboolean        ahoy_client_get_history_broken (AhoyClient *self);
guint           ahoy_client_get_n_online (AhoyClient *self);
guint           ahoy_client_get_n_waiting (AhoyClient *self);

/* AhoyConversation: Everyone first, then one for each person (you are not among them) in the order they were met. Who is offline stays only
 * while the conversation has messages or a draft, or is attended. While RECONNECTING nobody is online and all stay. */
GListModel       *ahoy_client_get_conversations (AhoyClient *self);
AhoyConversation *ahoy_client_get_everyone (AhoyClient *self);
/* Returns: (transfer none) (nullable): names compare as the server compares them. */
AhoyConversation *ahoy_client_find_conversation (AhoyClient *self,
                                                 const char *name);

G_END_DECLS
