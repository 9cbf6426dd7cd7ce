/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-database.h"
#include "core/chat/ahoy-chat.h"

G_BEGIN_DECLS

typedef struct _AhoyKeyring      AhoyKeyring;      /* core/ahoy-keyring.h */
typedef struct _AhoyKnownServers AhoyKnownServers; /* core/ahoy-known-servers.h */

/* The AhoyChat that has a network. Main thread.
 *
 * Properties, beside those of AhoyChat (construct-only):
 *   "history" (AhoyDatabase *, NULL: none; must outlive the client): what was said and what is owed on extended servers is kept there;
 *   "trust" (AhoyServerTrust *, which the client frees): who you are, and which servers were met before;
 *   "features" (AhoyFeature **, NULL-terminated, must outlive the client; NULL: ahoy_features()): what it can do;
 *   "timings" (AhoyClientTimings *, which is copied; NULL: what is usual): how long it waits for what. */

#define AHOY_TYPE_CLIENT (ahoy_client_get_type ())
G_DECLARE_FINAL_TYPE (AhoyClient, ahoy_client, AHOY, CLIENT, GObject)

/* Opens the database of a profile, with the tables of all that a client can do: ahoy_database_open(). */
AhoyDatabase *ahoy_client_open_history (const char        *path,
                                        AhoyDatabaseFailed failed,
                                        gpointer           data,
                                        GError           **error);

/* @history: as the property. @keyring: who you are; without one (NULL) nobody can know it is you. @known_servers: nullable: none was met before. */
AhoyClient *ahoy_client_new_full (AhoyDatabase     *history,
                                  AhoyKeyring      *keyring,
                                  AhoyKnownServers *known_servers);

/* Each is what its namesake of AhoyChat says. */
void              ahoy_client_connect (AhoyClient *self,
                                       AhoyServer *server,
                                       const char *name);
void              ahoy_client_retry_name (AhoyClient *self,
                                          const char *name);
void              ahoy_client_disconnect (AhoyClient *self);
void              ahoy_client_set_discovery_port (AhoyClient *self,
                                                  guint16     port);
void              ahoy_client_retry_now (AhoyClient *self);
const char       *ahoy_client_get_known_id (AhoyClient *self);
const char       *ahoy_client_get_met_id (AhoyClient *self);
const char       *ahoy_client_get_missed_id (AhoyClient *self);
guint             ahoy_client_get_n_left (AhoyClient *self);
AhoyDowngrade     ahoy_client_get_downgrade (AhoyClient *self);
void              ahoy_client_accept_server (AhoyClient *self);
void              ahoy_client_set_verified (AhoyClient *self,
                                            AhoyPerson *person,
                                            gboolean    verified);
void              ahoy_client_accept_key (AhoyClient *self,
                                          AhoyPerson *person);
AhoyMessage      *ahoy_client_send (AhoyClient       *self,
                                    AhoyConversation *conversation,
                                    const char       *text);
gssize            ahoy_client_text_excess (AhoyClient       *self,
                                           AhoyConversation *conversation,
                                           const char       *text);
void              ahoy_client_note_typing (AhoyClient       *self,
                                           AhoyConversation *conversation);
void              ahoy_client_set_away (AhoyClient *self,
                                        const char *away);
const char       *ahoy_client_get_away (AhoyClient *self);
AhoyClientState   ahoy_client_get_state (AhoyClient *self);
AhoyRefusal       ahoy_client_get_refusal (AhoyClient *self);
AhoyFailure       ahoy_client_get_failure (AhoyClient *self);
const char       *ahoy_client_get_name (AhoyClient *self);
AhoyServer       *ahoy_client_get_server (AhoyClient *self);
gboolean          ahoy_client_get_secure (AhoyClient *self);
gboolean          ahoy_client_get_slowed (AhoyClient *self);
gboolean          ahoy_client_get_history_broken (AhoyClient *self);
guint             ahoy_client_get_n_online (AhoyClient *self);
guint             ahoy_client_get_n_waiting (AhoyClient *self);
GListModel       *ahoy_client_get_conversations (AhoyClient *self);
AhoyConversation *ahoy_client_get_everyone (AhoyClient *self);
AhoyConversation *ahoy_client_find_conversation (AhoyClient *self,
                                                 const char *name);

G_END_DECLS
