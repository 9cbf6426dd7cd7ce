/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the parts of the client share: ahoy-client.c (the object), -connection.c (its life on the network) and -packets.c (what is said
 * on it). */

#pragma once

#include "core/ahoy-client.h"
#include "core/ahoy-outbox.h"
#include "core/ahoy-roster.h"
#include "wire/ahoy-charset.h"
#include "wire/ahoy-link.h"
#include "wire/ahoy-packet.h"

G_BEGIN_DECLS

/* Every time the client waits for something; milliseconds. */
typedef struct {
  guint connect;         /* for a TCP connection */
  guint log_in;          /* for the next sign that a log-in goes on */
  guint backoff_first;   /* before the first attempt to reconnect; then twice as long, … */
  guint backoff_max;     /* … but no longer than this */
  guint stable;          /* online for so long, the next reconnect starts with the first backoff again */
  guint ghost;           /* a name that was ours may be refused while reconnecting: the server has not noticed yet that we were cut off */
  guint echo;            /* for our own words to come back, until we know whether this server does that */
  guint traffic;         /* the same once others were heard since */
  guint undelivered;     /* after a whisper, a notice may be about it */
  gint64 (*asleep) (void); /* microseconds the computer has slept since it started */
} AhoyClientTimings;

struct _AhoyClient {
  GObject parent_instance;

  /* Owned */
  AhoyClientTimings  timings;
  AhoyServer        *server;
  char              *name;
  AhoyRoster        *roster;
  AhoyOutbox        *outbox;
  AhoyCharset       *charset;
  AhoyClientState    state;
  AhoyRefusal        refusal;
  AhoyFailure        failure;
  guint              retry_in; /* seconds */

  /* Owned: the connection (ahoy-client-connection.c) */
  AhoyPoll      *poll;
  AhoyLink      *link;
  GCancellable  *dialing; /* while an attempt is under way */
  AhoyCharsetUse charset_use;
  gboolean       legacy; /* this server turned out to speak the legacy charset: so do we, from the log-in on */
  gboolean       asked_again; /* the log-in under way is not the first on its connection */
  guint          log_in_id; /* its deadline */
  guint          retry_id;
  guint          attempts; /* to reconnect, since it was stable */
  gulong         network_id;
  gint64         retry_at; /* g_get_monotonic_time(), as the next two; 0: none */
  gint64         online_since;
  gint64         refused_since;
  gint64         asleep;

  /* Owned: the loop turn (ahoy-client-packets.c) */
  GPtrArray        *touched; /* AhoyConversation, frozen until the turn ends */
  GPtrArray        *news;    /* AhoyConversation and AhoyMessage by turns: "message" to be emitted when the turn ends */
  guint             turn_id;
  guint             judge_id;
  gint64            judge_at;
  AhoyMessage      *whisper; /* the last one of ours; a notice may be about it */
  gint64            whispered;
};

/* As ahoy_client_new(), for tests. */
AhoyClient *ahoy_client_new_with_timings (const AhoyClientTimings *timings);

/* The times that ahoy_client_new() uses. */
extern const AhoyClientTimings ahoy_client_timings;

/* ---- ahoy-client.c ---- */

void ahoy_client_set_state        (AhoyClient      *self,
                                   AhoyClientState  state);
void ahoy_client_set_refusal      (AhoyClient      *self,
                                   AhoyRefusal      refusal);
void ahoy_client_set_failure      (AhoyClient      *self,
                                   AhoyFailure      failure);
/* The server's spelling of it. */
void ahoy_client_set_name         (AhoyClient      *self,
                                   const char      *name);
void ahoy_client_set_retry_in     (AhoyClient      *self,
                                   guint            seconds);
void ahoy_client_emit_failed      (AhoyClient      *self);
void ahoy_client_emit_message     (AhoyClient      *self,
                                   AhoyConversation *conversation,
                                   AhoyMessage     *message);
void ahoy_client_notify_n_online  (AhoyClient      *self);
void ahoy_client_notify_n_waiting (AhoyClient      *self);

/* ---- ahoy-client-connection.c ---- */

/* An attempt to reach the server and log in. */
void ahoy_client_dial              (AhoyClient *self);
/* Asks for the name on the connection that is there. */
void ahoy_client_log_in            (AhoyClient *self);
/* The log-in went on: its deadline starts again. */
void ahoy_client_expect_log_in     (AhoyClient *self);
/* What the server answered to the log-in. */
void ahoy_client_on_accepted       (AhoyClient *self);
void ahoy_client_on_refused        (AhoyClient *self,
                                    AhoyRefusal refusal);
/* No connection, no attempt at one, and none planned. What is queued is still written when @orderly. */
void ahoy_client_drop              (AhoyClient *self,
                                    gboolean    orderly);
gboolean ahoy_client_is_logging_in (AhoyClient *self);

/* ---- ahoy-client-packets.c ---- */

void ahoy_client_take_frame     (AhoyClient       *self,
                                 const AhoyFrame  *frame);
/* Writes what waits, as far as the connection takes it. */
void ahoy_client_pump           (AhoyClient       *self);
void ahoy_client_send_packet    (AhoyClient       *self,
                                 const AhoyPacket *packet);
/* What has happened in this turn is shown now. */
void ahoy_client_end_turn       (AhoyClient       *self);
/* Who left and who joined while we were away. */
void ahoy_client_show_presence  (AhoyPerson       *person,
                                 gboolean          joined,
                                 gpointer          client);
/* AhoyOutboxSettled. */
void ahoy_client_on_settled     (AhoyMessage      *message,
                                 AhoyMessageState  state,
                                 gpointer          client);
/* The conversations a message of ours stands in: everyone's, and for a whisper that of its person (else NULL). */
AhoyConversation *ahoy_client_whispered_in (AhoyClient  *self,
                                            AhoyMessage *message);
void ahoy_client_stop_packets   (AhoyClient       *self);

G_END_DECLS
