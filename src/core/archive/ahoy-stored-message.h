/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-place.h"
#include "wire/ahoy-target.h"

G_BEGIN_DECLS

/* What an event of the server's log is. The numbers are those on the disk. */
typedef enum {
  AHOY_EVENT_SAID = 0, /* by `from`, in so many words */
} AhoyEventKind;

/* AhoyStoredMessage is one event of the server's log as the disk keeps it. Plain data: it crosses from one thread to the other. */
typedef struct {
  AhoyEventKind kind;
  guint64       id;    /* the server's, or that it was; 0: still in the outbox */
  AhoyPlace     place; /* where it stands; to be written: its id when it is not set */
  gint64        time;  /* milliseconds since 1970 UTC */
  char         *from;
  AhoyTarget    target; /* of a person: the name; owned by a message that ahoy_stored_message_new() made */
  char         *peer;   /* of what was said to one person: skeleton of the other one of the two; else NULL */
  char         *cid;    /* ours; NULL: not ours, or classic */
  guint64       re;     /* the id that this is about; 0: none */
  char         *text;
} AhoyStoredMessage;

/* Returns: (transfer full): a copy of @fields, whose strings are only read. */
AhoyStoredMessage *ahoy_stored_message_new (const AhoyStoredMessage *fields);
void               ahoy_stored_message_free (AhoyStoredMessage *stored);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyStoredMessage, ahoy_stored_message_free)

G_END_DECLS
