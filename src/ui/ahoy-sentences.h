/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-conversation.h"

G_BEGIN_DECLS

/* Sentences about people, messages and times, in the user's language. Times are milliseconds since 1970 UTC and shown in local time.
 * All return (transfer full) unless they return const. */

/* "14:03", or "2:03 PM" where the locale counts to twelve. */
char *ahoy_sentence_time (gint64 time);
/* "Today", "Yesterday", "Monday, 3 March" or with the year. @now: microseconds, as g_get_real_time(). */
char *ahoy_sentence_day (gint64 time,
                         gint64 now);
/* "Monday, 3 March 2025, 14:03". */
char *ahoy_sentence_date_time (gint64 time);
/* Whether both are on the same local day; the same minute. */
gboolean ahoy_sentence_same_day (gint64 a,
                                 gint64 b);
gboolean ahoy_sentence_same_minute (gint64 a,
                                    gint64 b);

/* "alice, bob and 12 others joined; carol left". Either may be NULL. */
char *ahoy_sentence_presence (const char *const *joined,
                              const char *const *left);
/* "bob is writing…"; NULL when nobody is. */
char *ahoy_sentence_typing (const char *const *names);
/* Somebody said it, or something: neither who came and went nor what is missing. */
gboolean ahoy_sentence_is_talk (AhoyMessage *message);
/* What a row says: the text, or the sentence about who came and went. */
char *ahoy_sentence_body (AhoyMessage *message);
/* "alice, 14:03: text"; "alice to bob, private, 14:03: text". For screen readers, and for copying several. */
char *ahoy_sentence_message (AhoyMessage *message);
/* "to bob, private", from the sender's row; NULL when it went to all. */
char *ahoy_sentence_privacy (AhoyMessage *message);
/* One word, and an icon; NULL for RECEIVED. */
const char *ahoy_sentence_state (AhoyMessageState state);
const char *ahoy_sentence_state_icon (AhoyMessageState state);

/* "Everyone", or the name of the person. */
const char *ahoy_sentence_title (AhoyConversation *conversation);
/* "online", "offline", "away", "away: at lunch". @away: nullable. Returns: (transfer full). */
char *ahoy_sentence_here (gboolean    online,
                          const char *away);
/* "online", "away: lunch", "offline"; NULL for Everyone. */
char *ahoy_sentence_presence_of (AhoyConversation *conversation);
/* "verified", "came back with other words"; NULL: there is nothing to say. */
const char *ahoy_sentence_trust (AhoyConversation *conversation);
/* "bob, online, 2 unread, verified"; "Everyone". */
char *ahoy_sentence_conversation (AhoyConversation *conversation);
/* "anchor · maple · river · stone", of a person's key or a server's id; NULL: it has none. Takes a moment. */
char *ahoy_sentence_four_words (const char *key_or_id);
/* What a host tells others, by whichever way: the chat's name, the addresses it has on this network and its words (nullable). NULL: without an address there is
 * nothing to tell. */
char *ahoy_sentence_invitation (const char        *name,
                                const char *const *addresses,
                                const char        *words);
/* "Known since 3 March 2025"; NULL: never met. @since: seconds since 1970 UTC. @now: microseconds. */
char *ahoy_sentence_known_since (gint64 since,
                                 gint64 now);
/* "Only bob will see this", or when he will. @keeps: the server keeps whispers to who is offline, if it knows whom they are for. */
char *ahoy_sentence_whispering_to (AhoyPerson *person,
                                   gboolean    keeps);

G_END_DECLS
