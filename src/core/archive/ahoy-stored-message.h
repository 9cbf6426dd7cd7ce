/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-place.h"

G_BEGIN_DECLS

/* One message as the disk keeps it. Plain data: it crosses from one thread to the other. */
typedef struct {
  guint64   id;    /* the server's, or that it was; 0: still in the outbox */
  AhoyPlace place; /* where it stands; to be written: its id when it is not set */
  gint64    time;  /* milliseconds since 1970 UTC */
  char     *from;
  char     *to;   /* NULL: everyone */
  char     *peer; /* whispers: skeleton of the other one; NULL: everyone */
  char     *cid;  /* ours; NULL: not ours, or classic */
  guint64   re;
  char     *text;
} AhoyStoredMessage;

/* Returns: (transfer full): a copy of @fields, whose strings are only read. */
AhoyStoredMessage *ahoy_stored_message_new (const AhoyStoredMessage *fields);
void               ahoy_stored_message_free (AhoyStoredMessage *stored);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyStoredMessage, ahoy_stored_message_free)

G_END_DECLS
