/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-message-table.h"
#include "core/chat/ahoy-chat-parts.h"
#include "wire/ahoy-packet.h"

G_BEGIN_DECLS

/* A feature is something that a chat can do on an extended server, as a struct of functions that the chat calls. The house knows a list of these and none of
 * their names; CONTRIBUTING.md, "Adding a capability", shows by example how one is written.
 *
 * Each function may be NULL: then the feature does not care. All are called on the main thread, in this order:
 *
 *   start
 *   for each archive:     opened; then, for each conversation, begun, and restored where there is something; ...; closed
 *   for each connection:  parted (when the log was set back), met (the first time), described (who is here), online, said ..., caught_up, ..., offline
 *   stop
 *
 * When something happens all features hear of it, one after the other, in the order of the list; of `closed`, `offline` and `stop` in the opposite order.
 *
 * A function cannot fail: what goes wrong is the feature's own matter. None may connect, disconnect, or let go of the chat.
 *
 * What a feature knows of a conversation or a person it keeps in a slot of theirs (g_object_set_qdata_full()), under a quark of its own: it is freed with
 * them. What it changes in a conversation it changes by way of the turn (ahoy_turn_touch()). What it asks of the archive it gives up in `closed`
 * (ahoy_archive_forget_asker()). */

/* A kind of packet that a feature takes. No other feature takes the same. */
typedef struct {
  AhoyPacketKind kind;
  void (*take) (const AhoyPacket *packet,
                gpointer          self);
  char type; /* of AHOY_PACKET_UNKNOWN */
} AhoyFeatureVerb;

typedef struct _AhoyFeature AhoyFeature;

struct _AhoyFeature {
  const char *name; /* one word that no other feature has */

  /* What it takes from the server. */
  const AhoyFeatureVerb *verbs;
  gsize                  n_verbs;

  /* What it keeps for good: a table of the profile's database, its rows in RAM (core/archive/ahoy-table.h); ahoy_archive_get_rows() has them from `opened` on, until
   * `closed`. NULL: nothing, or marks (core/archive/ahoy-mark-table.h). */
  const AhoyTable *table;

  /* For `start` alone. NULL: what is usual. */
  gconstpointer options;

  /* @chat (borrowed): outlives the feature.
   * Returns: (transfer full): what the feature knows of this chat. Every other function gets it as @self; without `start` that is NULL. */
  gpointer (*start) (const AhoyChatParts *chat,
                     gconstpointer        options);
  void (*stop) (gpointer self);

  /* ---- What a person wants ---- */

  /* Something of this feature by its name, ahoy_client_wish(): in @conversation (nullable), or with @text (nullable). */
  void (*wish) (AhoyConversation *conversation,
                const char       *text,
                gpointer          self);
  /* Returns: (transfer none) (nullable): what there is to know of the feature by its name; notify the chat of that name when it is another. */
  const char *(*get) (gpointer self);
  /* Somebody looks at @conversation now. */
  void (*attended) (AhoyConversation *conversation,
                    gpointer          self);
  /* Somebody wants to see what stands above the first line of @conversation. */
  void (*load_older) (AhoyConversation *conversation,
                      gpointer          self);

  /* ---- The archive ---- */

  /* It is loaded; @newest is going to be shown. */
  void (*opened) (const AhoyNewest *newest,
                  gpointer          self);
  /* It goes; it is still there. */
  void (*closed) (gpointer self);
  /* @conversation is there, with nothing in it, or begins anew. */
  void (*begun) (AhoyConversation *conversation,
                 gpointer          self);
  /* @messages (AhoyMessage), all that were read back at the start, are in @conversation. Those that are said to one of us are in everyone's conversation too. */
  void (*restored) (AhoyConversation *conversation,
                    GPtrArray        *messages,
                    gpointer          self);
  /* More of it is on the disk. */
  void (*written) (gpointer self);
  /* From id @first on the server's log is not what is held here, for the @parting-th time. PROTOCOL.md, "Runs". */
  void (*parted) (guint64  first,
                  guint    parting,
                  gpointer self);
  /* The server has @copy after all: it is @stored. @where (nullable): the conversation that it is in besides a room. */
  void (*rejoined) (const AhoyPlace         *copy,
                    const AhoyStoredMessage *stored,
                    AhoyConversation        *where,
                    gpointer                 self);

  /* ---- The server ---- */

  /* We are logged in. What we missed is still to come. */
  void (*online) (gpointer self);
  /* It is a server that we were never up to date with. Its newest event has the id @last. */
  void (*met) (guint64  last,
               gpointer self);
  /* All that we missed was said. What waits to be said goes out next. */
  void (*caught_up) (gpointer self);
  /* The connection is gone. */
  void (*offline) (gpointer self);
  /* @packet says that @person is here, has come, or has left. */
  void (*described) (AhoyPerson       *person,
                     const AhoyPacket *packet,
                     gpointer          self);
  /* @stored was said by somebody else, and is shown in @where. */
  void (*said) (AhoyConversation        *where,
                const AhoyStoredMessage *stored,
                gpointer                 self);
  /* @stored is replayed. Returns: TRUE: the feature has asked for it, and nothing else becomes of it. */
  gboolean (*answer) (const AhoyStoredMessage *stored,
                      gpointer                 self);
  /* The server refuses something other than a message. @code: PROTOCOL.md, "Errors". Returns: TRUE: it was the feature's. */
  gboolean (*refused) (const char *code,
                       gpointer    self);
  /* A ping has come back. */
  void (*ponged) (guint64  n,
                  gpointer self);

  /* ---- What is shown ---- */

  /* Adds what is known of @message, which has an id, before it is shown. */
  void (*describe) (AhoyMessage *message,
                    gpointer     self);
  /* The turn ends, and nothing of it is shown yet. @due: AhoyConversation, as ahoy_turn_set_due() was told. */
  void (*due) (GPtrArray *due,
               gpointer   self);
  /* What happened in @conversation is shown. */
  void (*thawed) (AhoyConversation *conversation,
                  gpointer          self);
};

G_END_DECLS
