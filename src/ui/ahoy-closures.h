/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/chat/ahoy-chat.h"
#include "core/connection/ahoy-server.h"
#include "core/connector/ahoy-connector.h"
#include "core/discovery/ahoy-own-addresses.h"
#include "core/discovery/ahoy-probe.h"
#include "core/features/ahoy-typists.h"
#include "ui/ahoy-timeline-item.h"

G_BEGIN_DECLS

/* What .ui files make of values: pure functions for <closure>. @self is the object that the expression is evaluated for, which nobody looks at. Objects and
 * strings are nullable. Strings and lists that they return are (transfer full); a sentence that is not to be said is "". By topic in
 * ahoy-closures.c, -conversation.c, -message.c, -person.c and -server.c. */

/* Of anything. */
gboolean ahoy_closure_is_set (gpointer    self,
                              const char *text);

gboolean ahoy_closure_not (gpointer self,
                           gboolean value);

/* Of the chat. */
gboolean ahoy_closure_is_reconnecting (gpointer        self,
                                       AhoyClientState state);
/* An attempt is under way. */
gboolean ahoy_closure_is_trying (gpointer        self,
                                 AhoyClientState state,
                                 guint           retry_in);
char    *ahoy_closure_reconnecting (gpointer self,
                                    gboolean history_broken);
/* "Next attempt in 7 seconds". A server with an id is found again at whatever address it has then. */
char *ahoy_closure_next_attempt (gpointer    self,
                                 guint       retry_in,
                                 AhoyServer *server);
char *ahoy_closure_away (gpointer    self,
                         const char *away);
char *ahoy_closure_slowed (gpointer self,
                           gboolean slowed);

/* Of a conversation, or of its person. */
char *ahoy_closure_title (gpointer          self,
                          AhoyConversation *conversation);
char *ahoy_closure_presence (gpointer          self,
                             AhoyConversation *conversation);
/* There is more to say than that they are here. */
gboolean ahoy_closure_shows_presence (gpointer          self,
                                      AhoyConversation *conversation);
/* All that there is to say, for who does not see the row. */
char *ahoy_closure_spoken (gpointer          self,
                           AhoyConversation *conversation);
/* "3", or "99+": past that the number itself is of no use any more. */
char    *ahoy_closure_badge (gpointer          self,
                             AhoyConversation *conversation);
gboolean ahoy_closure_has_unread (gpointer          self,
                                  AhoyConversation *conversation);
gboolean ahoy_closure_is_person (gpointer          self,
                                 AhoyConversation *conversation);
char    *ahoy_closure_person_name (gpointer          self,
                                   AhoyConversation *conversation);
gboolean ahoy_closure_has_changed (gpointer          self,
                                   AhoyConversation *conversation);
gboolean ahoy_closure_is_verified (gpointer          self,
                                   AhoyConversation *conversation);
/* "verified", "came back with other words". */
char *ahoy_closure_trust (gpointer          self,
                          AhoyConversation *conversation);
/* "About bob", with what there is to say about trust. */
char *ahoy_closure_about (gpointer          self,
                          AhoyConversation *conversation);
char *ahoy_closure_avatar_icon (gpointer          self,
                                AhoyConversation *conversation);
/* Style classes: of an avatar; of a row; of a label. */
char **ahoy_closure_avatar_classes (gpointer          self,
                                    AhoyConversation *conversation);
char **ahoy_closure_row_classes (gpointer          self,
                                 AhoyConversation *conversation);
char **ahoy_closure_recipient_classes (gpointer          self,
                                       AhoyConversation *conversation);
/* Returns: (transfer full) (nullable): who writes in @conversation. */
AhoyTypists *ahoy_closure_typists (gpointer          self,
                                   AhoyConversation *conversation);
char        *ahoy_closure_typing (gpointer           self,
                                  const char *const *names);

/* Of a person, by what is known of them. @key: NULL: they came without one. */
char *ahoy_closure_here (gpointer    self,
                         gboolean    online,
                         const char *away);
/* Style classes: of an avatar. */
char **ahoy_closure_tint (gpointer self,
                          guint    tint);
char  *ahoy_closure_about_name (gpointer    self,
                                const char *name);
char  *ahoy_closure_words_title (gpointer    self,
                                 const char *name);
/* How to make sure that it is them. @kept: the server keeps whispers for them. */
char *ahoy_closure_key_hint (gpointer    self,
                             const char *name,
                             const char *key,
                             gboolean    kept);
/* Why it may be somebody else. */
char    *ahoy_closure_key_alarm (gpointer    self,
                                 const char *name,
                                 const char *key);
gboolean ahoy_closure_may_verify (gpointer    self,
                                  const char *key,
                                  gboolean    changed);
char    *ahoy_closure_verified_with (gpointer    self,
                                     const char *name);
/* @since: seconds since 1970 UTC; 0: never. */
char *ahoy_closure_known_since (gpointer self,
                                gint64   since);

/* Of the composer. */
char *ahoy_closure_placeholder (gpointer          self,
                                AhoyConversation *conversation);
/* Whether it is a private one, and when they get it. @server keeps whispers, or does not. */
char  *ahoy_closure_whispering_to (gpointer          self,
                                   AhoyConversation *conversation,
                                   AhoyServer       *server);
char **ahoy_closure_composer_classes (gpointer          self,
                                      AhoyConversation *conversation);
/* @excess: bytes over the limit; negative: bytes left. It is mentioned only near the limit. */
char    *ahoy_closure_excess (gpointer self,
                              gint64   excess);
gboolean ahoy_closure_shows_excess (gpointer self,
                                    gint64   excess);
char   **ahoy_closure_excess_classes (gpointer self,
                                      gint64   excess);
char    *ahoy_closure_send_tooltip (gpointer self,
                                    gint64   excess);

/* Of the messages. @n_new: how many came in below what is in sight. */
char *ahoy_closure_newest (gpointer self,
                           guint    n_new);
char *ahoy_closure_newest_spoken (gpointer self,
                                  guint    n_new);
/* What is said where nothing has been said yet, as markup. */
char *ahoy_closure_empty (gpointer          self,
                          AhoyConversation *conversation);

/* Of a message in the timeline. Style classes: of its row. */
char **ahoy_closure_message_classes (gpointer          self,
                                     AhoyTimelineItem *item);
/* "Today", above the first message of a day; "" above the others. */
char    *ahoy_closure_day (gpointer          self,
                           AhoyTimelineItem *item);
gboolean ahoy_closure_starts_day (gpointer          self,
                                  AhoyTimelineItem *item);
gboolean ahoy_closure_first_unread (gpointer          self,
                                    AhoyTimelineItem *item);
/* Pixels: what people say stands beside their avatar. */
int ahoy_closure_message_indent (gpointer          self,
                                 AhoyTimelineItem *item);
/* Who said it stands above the first of what they say in one go. */
gboolean ahoy_closure_has_author (gpointer          self,
                                  AhoyTimelineItem *item);
char    *ahoy_closure_author (gpointer          self,
                              AhoyTimelineItem *item);
gboolean ahoy_closure_author_has_initials (gpointer          self,
                                           AhoyTimelineItem *item);
char    *ahoy_closure_author_icon (gpointer          self,
                                   AhoyTimelineItem *item);
char   **ahoy_closure_author_classes (gpointer          self,
                                      AhoyTimelineItem *item);
/* "→ bob, private", beside the author of a whisper. */
char            *ahoy_closure_privacy (gpointer          self,
                                       AhoyTimelineItem *item);
char            *ahoy_closure_message_time (gpointer          self,
                                            AhoyTimelineItem *item);
char            *ahoy_closure_message_markup (gpointer          self,
                                              AhoyTimelineItem *item);
float            ahoy_closure_message_xalign (gpointer          self,
                                              AhoyTimelineItem *item);
GtkJustification ahoy_closure_message_justify (gpointer          self,
                                               AhoyTimelineItem *item);
/* "Delivered": what became of one's own message. What is on its way or lost says so; what went well whispers it under the pointer. */
gboolean ahoy_closure_has_state (gpointer          self,
                                 AhoyTimelineItem *item);
char    *ahoy_closure_state (gpointer          self,
                             AhoyTimelineItem *item);
char    *ahoy_closure_state_icon (gpointer          self,
                                  AhoyTimelineItem *item);
char   **ahoy_closure_state_classes (gpointer          self,
                                     AhoyTimelineItem *item);
/* All of it, for who does not see the row. */
char *ahoy_closure_message_spoken (gpointer          self,
                                   AhoyTimelineItem *item);

/* Of the button that tells of the chat one is in. @state: with it changes what is known of the server. */
char  *ahoy_closure_chat_name (gpointer        self,
                               AhoyServer     *server,
                               AhoyClientState state);
char  *ahoy_closure_chat_spoken (gpointer        self,
                                 AhoyServer     *server,
                                 AhoyClientState state,
                                 gboolean        secure);
char  *ahoy_closure_n_online (gpointer self,
                              guint    n_online);
char  *ahoy_closure_encrypted (gpointer self,
                               gboolean secure);
char  *ahoy_closure_lock_icon (gpointer self,
                               gboolean secure);
char **ahoy_closure_lock_classes (gpointer self,
                                  gboolean secure);

/* Of what it opens. @words: those of ahoy_closure_server_words(); "": none. A server tells its id and its words only when others cannot play it. */
gboolean ahoy_closure_is_own (gpointer    self,
                              AhoyServer *server);
char    *ahoy_closure_server_address (gpointer    self,
                                      AhoyServer *server);
char    *ahoy_closure_server_id (gpointer    self,
                                 AhoyServer *server,
                                 gboolean    secure);
/* The four words of a server, which take a moment to make. */
char *ahoy_closure_server_words (gpointer    self,
                                 AhoyServer *server,
                                 gboolean    secure);
char *ahoy_closure_server_hint (gpointer    self,
                                AhoyServer *server,
                                const char *words);
/* Of one's own server: where others find it, one address a line, or why there is none to tell. */
char    *ahoy_closure_own_addresses (gpointer          self,
                                     AhoyServer       *server,
                                     AhoyOwnAddresses *addresses);
gboolean ahoy_closure_has_addresses (gpointer          self,
                                     AhoyServer       *server,
                                     AhoyOwnAddresses *addresses);
/* What is copied for others; NULL: nobody else can come in. */
char *ahoy_closure_invitation (gpointer          self,
                               AhoyServer       *server,
                               AhoyOwnAddresses *addresses,
                               const char       *words);
char *ahoy_closure_copy_label (gpointer self,
                               gboolean copied);

/* Of the entry for one's name. */
char **ahoy_closure_problem_classes (gpointer    self,
                                     const char *problem);

/* Of the window. The page of a step that has no Cancel of its own has a Back button. */
gboolean ahoy_closure_has_back (gpointer self,
                                AhoyStep step);
char    *ahoy_closure_window_title (gpointer    self,
                                    AhoyStep    step,
                                    AhoyServer *server);

/* Of a server in the list of those that were found. */
char    *ahoy_closure_server_name (gpointer    self,
                                   AhoyServer *server);
char    *ahoy_closure_server_detail (gpointer    self,
                                     AhoyServer *server);
char    *ahoy_closure_server_known (gpointer    self,
                                    AhoyServer *server);
gboolean ahoy_closure_server_is_known (gpointer    self,
                                       AhoyServer *server);
gboolean ahoy_closure_server_encrypts (gpointer    self,
                                       AhoyServer *server);
char    *ahoy_closure_server_spoken (gpointer    self,
                                     AhoyServer *server);

/* Of a place where a server was looked for. */
char *ahoy_closure_probe_place (gpointer   self,
                                AhoyProbe *probe);
char *ahoy_closure_probe_outcome (gpointer   self,
                                  AhoyProbe *probe);
char *ahoy_closure_probe_icon (gpointer   self,
                               AhoyProbe *probe);
char *ahoy_closure_probe_spoken (gpointer   self,
                                 AhoyProbe *probe);

G_END_DECLS
