/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why a message is of interest only if it had been said before: else it gets nowhere. */
typedef enum {
  AHOYD_REFUSAL_NONE,         /* it is of interest */
  AHOYD_REFUSAL_MAILBOX_FULL, /* there is no room for it */
  AHOYD_REFUSAL_NOT_HERE,     /* whoever it is for is away, and will get nothing that comes meanwhile */
  AHOYD_REFUSAL_UNKNOWN_NAME, /* nobody knows whom it is for */
} AhoydRefusal;

/* One thing that was said. Immutable once it was appended to a store, which stamps it; counted atomically, because a store may work on a
 * thread of its own. */
typedef struct _AhoydMessage AhoydMessage;
struct _AhoydMessage {
  /* What its sender said */
  char        *from;          /* the name as it is shown */
  char        *from_skeleton; /* who that is; see ahoy_name_skeleton() */
  char        *to;            /* NULL: everyone */
  char        *to_skeleton;
  char        *text; /* UTF-8 */
  char        *cid;  /* chosen by the sender's client, the same each time it says this; NULL: classic */
  guint64      re;   /* id it replies to; 0: none */
  AhoydRefusal only_repeat;
  gboolean     fleeting; /* whoever it is for and is gone when it is in the log never gets it */
  guint64      sender;   /* the session that said it; 0: none that is here */

  /* The store's stamp */
  guint64       id;    /* strictly increasing */
  gint64        time;  /* milliseconds since 1970 UTC */
  AhoydMessage *first; /* this is a repeat: what was said the first time, under the same stamp; NULL: the log has forgotten that */

  /*< private >*/
  gatomicrefcount refs;
};

/* Returns: (transfer full): a copy of @said, whose names, text and cid are only read. `to` and `to_skeleton`: both or neither. */
AhoydMessage *ahoyd_message_new (const AhoydMessage *said);
AhoydMessage *ahoyd_message_ref (AhoydMessage *message);
void          ahoyd_message_unref (AhoydMessage *message);
/* Bytes that it takes up, about. */
gsize ahoyd_message_get_size (const AhoydMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydMessage, ahoyd_message_unref)

G_END_DECLS
