/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <string.h>

#include "state/ahoyd-person.h"
#include "store/ahoyd-event.h"

G_BEGIN_DECLS

/* Somebody's place, as the hub sees it. The hub reads the fields; ahoyd-person.c alone writes them. */

struct _AhoydPerson {
  /* Owned */
  GArray  *sessions; /* guint64: theirs, last; before it those it took over from and that said what is not committed yet */
  char    *name;
  char    *skeleton;
  char    *key;                       /* fingerprint; NULL: none */
  gboolean kept;                      /* the name is held by a secret */
  guint64  whispers_after;            /* older ones are not theirs */
  char    *reason;                    /* why they left */
  guint64  since;                     /* when they came; milliseconds since 1970 UTC */
  GBytes  *online[AHOYD_N_ENCODINGS]; /* "this one is online", kept for those who come later */
  GData   *slots;                     /* what others keep about them */
  GQueue   memberships;               /* AhoydMembership.in_person: ahoyd-room.c links and unlinks them */
  guint    n_appended;                /* said, not yet committed */
  guint64  backlog;                   /* bytes of these */
  /* Borrowed */
  const AhoydPeerOutput *output; /* NULL: has gone, but the others are still to hear something they said */
};

/* Borrowed from nobody: @who is copied. @since: milliseconds since 1970 UTC. They are nowhere yet. */
AhoydPerson *ahoyd_person_new (const AhoydWho *who,
                               guint64         since);
void         ahoyd_person_free (AhoydPerson *person);

/* @session is theirs, the last of them from now on. */
void ahoyd_person_add_session (AhoydPerson *person,
                               guint64      session);
/* The first @n of their sessions are nobody's any more. */
void ahoyd_person_drop_sessions (AhoydPerson *person,
                                 guint        n);
/* They are reached at @output (borrowed). */
void ahoyd_person_set_output (AhoydPerson           *person,
                              const AhoydPeerOutput *output);
/* They are reached nowhere any more, and this is why. @reason: nullable. */
void ahoyd_person_leave (AhoydPerson *person,
                         const char  *reason);
/* Something they said, of @size bytes, is on its way into the store. */
void ahoyd_person_note_appended (AhoydPerson *person,
                                 gsize        size);
/* The store is done with that. */
void ahoyd_person_note_written (AhoydPerson *person,
                                guint64      size);

/* Who they are, as presence says it; the strings are borrowed. */
AhoyPacket ahoyd_person_presence (AhoydPerson   *person,
                                  AhoyPacketKind kind);
/* Returns: (transfer none): what says that they are online, @describe included. It is made once. */
GBytes *ahoyd_person_online_frame (AhoydPerson        *person,
                                   AhoydEncoding       encoding,
                                   AhoyCharset        *charset,
                                   AhoydPersonDescribe describe,
                                   gpointer            data);
/* Returns: (transfer none): the rooms that they are in, for ahoyd-room.c. */
GQueue *ahoyd_person_get_memberships (AhoydPerson *person);
/* What those frames say has changed. */
void ahoyd_person_forget_online_frames (AhoydPerson *person);

/* Whether @event, a whisper, is one that they may see. Asked for every message and everybody who might get it, so it is inline. */
static inline gboolean
ahoyd_person_may_see_whisper (AhoydPerson      *person,
                              const AhoydEvent *event)
{
  return event->id > person->whispers_after &&
         (strcmp (event->target_skeleton, person->skeleton) == 0 || strcmp (event->from_skeleton, person->skeleton) == 0);
}

static inline gboolean
ahoyd_person_is_classic (AhoydPerson *person)
{
  return person->output != NULL && person->output->dialect == AHOY_DIALECT_CLASSIC;
}

/* Whether an answer to @event is theirs (@person may be NULL): it was said on the connection that they have now. Another one, which it
 * took over from, waits for no answer. */
static inline gboolean
ahoyd_person_waits_for (AhoydPerson      *person,
                        const AhoydEvent *event)
{
  return person != NULL && person->output != NULL &&
         g_array_index (person->sessions, guint64, person->sessions->len - 1) == event->sender;
}

G_END_DECLS
