/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "control/ahoyd-stats.h"
#include "state/ahoyd-person.h"
#include "state/ahoyd-room.h"
#include "store/ahoyd-event.h"

G_BEGIN_DECLS

/* Who is here, and everything that more than one person hears. A message reaches people only through ahoyd_hub_committed(); presence
 * and notices, which are not stored, go out at once.
 *
 * Somebody who leaves while the store still holds something they said is gone for themselves, but the others are told only after
 * they have seen that: never "alice left", then "alice: bye". */

typedef struct _AhoydHub AhoydHub;

/* What its owner is told, and asked. Each may be NULL. */
typedef struct {
  /* Somebody came or left. */
  void (*changed) (gpointer data);
  /* What else is there to say of somebody who is here? Asked when they come, and again after ahoyd_hub_presence_changed(). */
  AhoydPersonDescribe describe;
  /* @event was handed to @person again. */
  void (*replayed) (AhoydPerson      *person,
                    const AhoydEvent *event,
                    gpointer          data);
} AhoydHubEvents;

/* @charset (borrowed): for peers of AHOYD_ENCODING_CLASSIC_LEGACY. @stats (borrowed). @events: static. */
AhoydHub *ahoyd_hub_new (AhoyCharset          *charset,
                         AhoydStats           *stats,
                         const AhoydHubEvents *events,
                         gpointer              data);
/* Frees the hub and its people; nobody is told anything. */
void ahoyd_hub_free (AhoydHub *hub);

/* Lets @who (borrowed) in, unless somebody is here whose name has that skeleton. The newcomer is told who is here, themselves last; the
 * others that they joined.
 * @session: never 0, never used twice. @output (borrowed) until ahoyd_hub_leave() or ahoyd_hub_take_over().
 * Returns: (transfer none) (nullable): NULL when the name is taken. Belongs to the hub until ahoyd_hub_leave(). */
AhoydPerson *ahoyd_hub_join (AhoydHub              *hub,
                             guint64                session,
                             const AhoydWho        *who,
                             const AhoydPeerOutput *output);
/* Makes a room; there is none with that @number (guint64) yet. It lasts as long as the hub. Returns: (transfer none). */
AhoydRoom *ahoyd_hub_add_room (AhoydHub *hub,
                               guint64   number);
/* Returns: (transfer none) (nullable): NULL when there is no such room. AHOY_ROOM_EVERYONE is always there, and everybody who is here is in it. */
AhoydRoom *ahoyd_hub_find_room (AhoydHub *hub,
                                guint64   number);

/* @person goes on under another session, as if nothing had happened: @output is told who is here, themselves last; nobody else notices. */
void ahoyd_hub_take_over (AhoydHub              *hub,
                          AhoydPerson           *person,
                          guint64                session,
                          const AhoydPeerOutput *output);
/* @reason (nullable): what they said about it, or what happened. */
void ahoyd_hub_leave (AhoydHub    *hub,
                      AhoydPerson *person,
                      const char  *reason);

/* Returns: (transfer none) (nullable): who is here under a name with that skeleton. */
AhoydPerson *ahoyd_hub_find (AhoydHub   *hub,
                             const char *skeleton);
/* Whether @name could be mistaken for that of somebody who is here and has proved another key than @key (NULL: none), or none. */
gboolean ahoyd_hub_has_look_alike (AhoydHub   *hub,
                                   const char *name,
                                   const char *key);
/* Whether somebody is here who has proved that key. */
gboolean ahoyd_hub_has_key (AhoydHub   *hub,
                            const char *key);
guint    ahoyd_hub_get_n_online (AhoydHub *hub);
/* Whether something that somebody with that skeleton said is still on its way into the store, be they here or not. */
gboolean ahoyd_hub_is_heard (AhoydHub   *hub,
                             const char *skeleton);

/* A message of @size bytes is on its way into the store: one of the next four will follow. */
void ahoyd_hub_appended (AhoydHub    *hub,
                         AhoydPerson *sender,
                         gsize        size);
/* Hands a stored message to its audience: the members of its room, or its recipient and its sender. */
void ahoyd_hub_committed (AhoydHub   *hub,
                          AhoydEvent *event);
/* @event had been said before: its sender alone gets it again, as it was then. */
void ahoyd_hub_repeated (AhoydHub   *hub,
                         AhoydEvent *event);
/* @event did not come into the store: its sender is told so, and nobody else hears of it. */
void ahoyd_hub_rejected (AhoydHub   *hub,
                         AhoydEvent *event);
/* @event was a whisper that is of interest only as a repeat, and is none: its sender is told why. */
void ahoyd_hub_refused (AhoydHub   *hub,
                        AhoydEvent *event);

/* Returns: bytes that are on their way into the store, of all; of one: ahoyd_person_get_backlog(). */
guint64 ahoyd_hub_get_backlog (AhoydHub *hub);

/* The newest id there was before this hub: nothing newer was missed by anybody. */
void ahoyd_hub_set_last (AhoydHub *hub,
                         guint64   last);

/* Returns: (transfer none) (nullable): one of the newest messages; NULL when it is not remembered here. */
const AhoydEvent *ahoyd_hub_find_recent (AhoydHub *hub,
                                         guint64   id);

typedef enum {
  AHOYD_REPLAY_DONE,    /* nothing newer is committed */
  AHOYD_REPLAY_MORE,    /* enough for now: go on when the peer has taken it */
  AHOYD_REPLAY_TOO_OLD, /* what comes next is not remembered here: ask the store */
} AhoydReplay;

/* Hands @person, who is here, what they may see of the messages after @position (in and out) that the hub still remembers. */
AhoydReplay ahoyd_hub_replay (AhoydHub    *hub,
                              AhoydPerson *person,
                              guint64     *position);
/* Hands @person one message that was said before. */
void ahoyd_hub_replay_one (AhoydHub         *hub,
                           AhoydPerson      *person,
                           const AhoydEvent *event);

/* What there is to say of @person, who is here, has changed: whoever comes from now on hears the new. Those who are here are not told. */
void ahoyd_hub_presence_changed (AhoydHub    *hub,
                                 AhoydPerson *person);
/* Says something that is not stored to one person. */
void ahoyd_hub_tell (AhoydHub         *hub,
                     AhoydPerson      *person,
                     const AhoyPacket *packet);
/* Tells everybody in the room with that @number (AHOY_ROOM_EVERYONE: everybody) but @except (nullable) something that is not stored. Nobody hears it when there is no
 * such room. */
void ahoyd_hub_relay (AhoydHub         *hub,
                      guint64           number,
                      AhoydPerson      *except,
                      const AhoyPacket *packet);
/* Like ahoyd_hub_relay() to everybody, for shutdown: leaves are not announced afterwards. */
void ahoyd_hub_dismiss (AhoydHub         *hub,
                        const AhoyPacket *packet);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydHub, ahoyd_hub_free)

G_END_DECLS
