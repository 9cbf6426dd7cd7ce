/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "wire/ahoy-target.h"

G_BEGIN_DECLS

/* What happened. The numbers are those in the log; one that is not here is of a newer server: it is kept, and shown to nobody. */
typedef enum {
  AHOYD_EVENT_SAID = 0, /* to a room, or whispered to a person: text */
} AhoydEventKind;

/* Why a message is of interest only if it had been said before: else it gets nowhere. */
typedef enum {
  AHOYD_REFUSAL_NONE,         /* it is of interest */
  AHOYD_REFUSAL_MAILBOX_FULL, /* there is no room for it */
  AHOYD_REFUSAL_NOT_HERE,     /* whoever it is for is away, and will get nothing that comes meanwhile */
  AHOYD_REFUSAL_UNKNOWN_NAME, /* nobody knows whom it is for */
} AhoydRefusal;

/* Something that happened and is kept: what was said, for now. PROTOCOL.md, "Ids". Immutable once it was appended to a store, which stamps it; counted
 * atomically, because a store may work on a thread of its own. */
typedef struct _AhoydEvent AhoydEvent;
struct _AhoydEvent {
  AhoydEventKind kind;

  /* What its sender said */
  char        *from;            /* the name as it is shown */
  char        *from_skeleton;   /* who that is; see ahoy_name_skeleton() */
  AhoyTarget   target;          /* a person by the name as it is shown; owned, as all strings are */
  char        *target_skeleton; /* of a person: who that is; else NULL */
  char        *text;            /* UTF-8 */
  char        *cid;             /* chosen by the sender's client, the same each time it says this; NULL: classic */
  guint64      re;              /* id it replies to; 0: none */
  AhoydRefusal only_repeat;
  gboolean     fleeting; /* whoever it is for and is gone when it is in the log never gets it */
  guint64      sender;   /* the session that said it; 0: none that is here */

  /* The store's stamp */
  guint64     id;    /* strictly increasing */
  gint64      time;  /* milliseconds since 1970 UTC */
  AhoydEvent *first; /* this is a repeat: what was said the first time, under the same stamp; NULL: the log has forgotten that */

  /*< private >*/
  gatomicrefcount refs;
};

/* Returns: (transfer full): a copy of @said, whose names, text and cid are only read. */
AhoydEvent *ahoyd_event_new (const AhoydEvent *said);
AhoydEvent *ahoyd_event_ref (AhoydEvent *event);
void        ahoyd_event_unref (AhoydEvent *event);
/* Returns: its target as it is compared: a person by skeleton. The string is the event's. */
AhoyTarget ahoyd_event_get_compared_target (const AhoydEvent *event);
/* Bytes that it takes up, about. */
gsize ahoyd_event_get_size (const AhoydEvent *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydEvent, ahoyd_event_unref)

G_END_DECLS
