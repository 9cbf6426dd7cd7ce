/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the parts of the client share: ahoy-client.c (the object), -session.c (its session's owner), -packets.c (what is said on it), and for extended
 * servers -extended.c (what only they say), -past.c (what is on the disk and above the first line), -runs.c (what becomes of that when the server's log is
 * set back), -people.c (by which key we know whom), -receipts.c and -pace.c (how fast either side may talk). */

#pragma once

#include "core/archive/ahoy-archive.h"
#include "core/archive/ahoy-aside.h"
#include "core/chat/ahoy-client.h"
#include "core/chat/ahoy-roster.h"
#include "core/chat/ahoy-turn.h"
#include "core/connection/ahoy-send-window.h"
#include "core/connection/ahoy-session.h"
#include "core/dialect/ahoy-outbox.h"
#include "core/features/ahoy-pager.h"
#include "core/features/ahoy-typing.h"
#include "wire/ahoy-packet.h"

G_BEGIN_DECLS

/* Every time the client waits for something; milliseconds. */
typedef struct {
  AhoySessionTiming    session;
  guint                echo;        /* for our own words to come back, until we know whether this server does that */
  guint                traffic;     /* the same once others were heard since */
  guint                undelivered; /* after a whisper, a notice may be about it */
  AhoySendWindowTiming window;
  AhoyTypingTiming     typing;
} AhoyClientTimings;

struct _AhoyClient {
  GObject parent_instance;

  /* Owned */
  AhoyClientTimings timings;
  AhoySession      *session;
  AhoyRoster       *roster;
  AhoyOutbox       *outbox;
  AhoyTurn         *turn;
  AhoyTyping       *typing;

  /* Owned: what is on its way (ahoy-client-packets.c) */
  guint        judge_id;
  gint64       judge_at;
  AhoyMessage *whisper; /* the last one of ours; a notice may be about it */
  gint64       whispered;

  /* Owned: an extended server (ahoy-client-extended.c, -past.c, -receipts.c, -pace.c) */
  AhoyArchive   *archive; /* NULL: the server is not known to be extended */
  gboolean       caught_up;
  gboolean       hidden;       /* the server does not want others to be told of it */
  gboolean       loading;      /* the archive */
  gboolean       log_in_waits; /* for that */
  GPtrArray     *unowed;       /* AhoyMessage to be written to the disk once the archive is loaded */
  AhoyAside     *aside;        /* of servers that we are not on just now; NULL: nothing */
  AhoyPager     *pager;        /* NULL: no archive is loaded */
  guint          n_placing;    /* messages whose place only the history knows, and has not told yet */
  char          *away;         /* NULL: here */
  char          *motd;         /* shown last */
  guint          n_broken;     /* replays in a row that the server could not go on with */
  AhoySendWindow window;
  guint          window_id; /* for what the window waits for */
  guint          pause_id;  /* nothing is read until the disk has followed */
  guint64        confirm_n; /* receipts are known to have arrived when this one comes back; 0: none */
  gboolean       unkept;    /* a receipt waits for the disk */

  /* Borrowed */
  AhoyConnection *connection; /* the session's */
  AhoyDatabase   *history;    /* NULL: none */
};

/* As ahoy_client_new_full(), for tests. */
AhoyClient *ahoy_client_new_with_timings (const AhoyClientTimings *timings,
                                          AhoyDatabase            *history,
                                          AhoyKeyring             *keyring,
                                          AhoyKnownServers        *known_servers);

/* The times that ahoy_client_new() uses. */
extern const AhoyClientTimings ahoy_client_timings;

/* ---- ahoy-client.c ---- */

void ahoy_client_notify_n_online (AhoyClient *self);
void ahoy_client_notify_n_waiting (AhoyClient *self);
void ahoy_client_notify_slowed (AhoyClient *self);
/* How many replays in a row the server could not go on with. */
void ahoy_client_set_n_broken (AhoyClient *self,
                               guint       n_broken);

/* Another server from now on: nobody is known, nothing said, nothing owed. */
void ahoy_client_forget_server (AhoyClient *self);

/* ---- ahoy-client-session.c ---- */

extern const AhoySessionEvents ahoy_client_session_events;

/* Asks for the name on the connection that is there. */
void ahoy_client_log_in (AhoyClient *self);

/* ---- ahoy-client-packets.c ---- */

void ahoy_client_show_notice (AhoyClient *self,
                              const char *text);
void ahoy_client_note_away (AhoyClient *self,
                            const char *name,
                            const char *away);

void ahoy_client_take_packet (AhoyClient       *self,
                              const AhoyPacket *packet);
/* Writes what waits, as far as the connection takes it. */
void ahoy_client_pump (AhoyClient *self);
/* Who left and who joined while we were away. */
void ahoy_client_show_presence (AhoyPerson *person,
                                gboolean    joined,
                                gpointer    client);
/* AhoyOutboxSettled. */
void ahoy_client_on_settled (AhoyMessage     *message,
                             AhoyMessageState state,
                             gpointer         client);
/* Returns: (transfer none) (nullable): the room that shows what is said to @target, everyone's for a whisper; NULL: it is not here. */
AhoyConversation *ahoy_client_room_of (AhoyClient *self,
                                       AhoyTarget  target);
/* Returns: (transfer none) (nullable): where a whisper of ours stands besides everyone's conversation. */
AhoyConversation *ahoy_client_whispered_in (AhoyClient  *self,
                                            AhoyMessage *message);
void              ahoy_client_stop_packets (AhoyClient *self);

/* ---- ahoy-client-extended.c ---- */

/* FALSE: a kind of packet that both dialects have. */
gboolean ahoy_client_take_extended (AhoyClient       *self,
                                    const AhoyPacket *packet);
/* The connection is gone. */
void ahoy_client_reset_extended (AhoyClient *self);
/* Shows what the server said. */
void ahoy_client_show (AhoyClient              *self,
                       const AhoyStoredMessage *stored,
                       gboolean                 replayed);
/* Logged in: what the server is to know of us. */
void ahoy_client_greet (AhoyClient *self);
/* A line of ours, not on its way yet. */
void ahoy_client_owe (AhoyClient  *self,
                      AhoyMessage *message);

/* ---- ahoy-client-past.c ---- */

/* Returns: FALSE when the archive of this server and name must be loaded first; the log-in then goes on by itself. */
gboolean ahoy_client_open_account (AhoyClient *self);
void     ahoy_client_close_account (AhoyClient *self);
/* Returns: (transfer full): the message of a record that has a place; the same object for the same whisper. */
AhoyMessage *ahoy_client_make_message (AhoyClient              *self,
                                       const AhoyStoredMessage *stored);
gboolean     ahoy_client_is_own (AhoyClient *self,
                                 const char *name);
/* Returns: (transfer none) (nullable): where a whisper stands besides everyone's conversation. */
AhoyConversation *ahoy_client_conversation_of (AhoyClient              *self,
                                               const AhoyStoredMessage *stored);
void              ahoy_client_begin_book (AhoyClient       *self,
                                          AhoyConversation *conversation);
void              ahoy_client_load_older (AhoyConversation *conversation,
                                          gpointer          client);
/* ---- ahoy-client-runs.c ---- */

/* What the welcome says of the server's log. */
void ahoy_client_note_run (AhoyClient       *self,
                           const AhoyPacket *packet);
/* A message that was replayed: a new one, or one that was taken for lost. Returns: FALSE when it is surely new, and to be shown and kept. */
gboolean ahoy_client_place (AhoyClient              *self,
                            const AhoyStoredMessage *stored);

/* ---- ahoy-client-people.c ---- */

/* Tells @person what the archive knows of them. */
void ahoy_client_introduce (AhoyClient *self,
                            AhoyPerson *person);
/* An extended server said who has that name now: by which key, or that it is kept without one. */
void ahoy_client_note_holder (AhoyClient       *self,
                              const AhoyPacket *packet);
/* Of what @name says or said. */
guint ahoy_client_tint_of (AhoyClient *self,
                           const char *name);

/* ---- ahoy-client-receipts.c ---- */

/* A turn ends: writes receipts and marks of the conversations in @due. */
void ahoy_client_write_due (AhoyClient *self,
                            GPtrArray  *due);
/* A whisper in it was given to the archive to be kept. */
void ahoy_client_note_received (AhoyClient       *self,
                                AhoyConversation *conversation,
                                guint64           id);
/* AhoyDatabaseWritten. */
void ahoy_client_on_written (gpointer client);
/* Up to date: what the others do not know yet. */
void ahoy_client_write_receipts (AhoyClient *self);
void ahoy_client_forget_receipts (AhoyClient *self);
void ahoy_client_confirm_receipts (AhoyClient *self,
                                   guint64     n);
void ahoy_client_on_attended (AhoyConversation *conversation,
                              gpointer          client);
void ahoy_client_on_receipt (AhoyClient       *self,
                             const AhoyPacket *packet);
/* How far one of our whispers got. */
AhoyMessageState ahoy_client_whisper_state (AhoyClient *self,
                                            const char *to,
                                            guint64     id);

/* ---- ahoy-client-pace.c ---- */

/* The server takes no more of what we say for @ms milliseconds; it gives no sign for as long, perhaps. */
void ahoy_client_note_slow (AhoyClient *self,
                            guint       ms);
/* The server could not take @message now: it and what comes after it are sent again later. */
void ahoy_client_hold (AhoyClient  *self,
                       AhoyMessage *message);
/* The connection is gone: nothing is held or paused. */
void ahoy_client_forget_pace (AhoyClient *self);
/* Whether another message may be on its way, unanswered. */
gboolean ahoy_client_may_write (AhoyClient *self);
/* Reads no faster than the disk writes. */
void ahoy_client_keep_pace (AhoyClient *self);

G_END_DECLS
