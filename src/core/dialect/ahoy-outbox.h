/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-message.h"
#include "wire/ahoy-classic.h"

G_BEGIN_DECLS

/* Our own messages from the key press until the server is known to have them, in order. Decides; sends nothing itself.
 *
 * The classic protocol has one sign that the server has a message: its echo, a chat line for people to read. Servers that are not ours
 * write it in their own way, late, or never, and may echo what is said but not what is whispered. So an outbox learns, connection by
 * connection and apart for says and whispers, whether echoes come.
 *
 * After a lost connection, what was written and not echoed is written again: the classic protocol gives at-least-once, because nobody
 * can tell a message that was lost from one whose echo was. Only with a server that has been seen not to echo does written count as
 * sent.
 *
 * The extended dialect needs none of this: an echo names its message by `cid`, a repeat is known as one, and so everything that was written and
 * not echoed is written again. There a message is written only once it is on the disk.
 *
 * Times are g_get_monotonic_time(). Main thread; core only. */

typedef struct _AhoyOutbox AhoyOutbox;

/* @message is with the server (SENT) or refused by it (FAILED). It may come a second time, SENT, when an echo is late: only now is its
 * place known. */
typedef void (*AhoyOutboxSettled) (AhoyMessage     *message,
                                   AhoyMessageState state,
                                   gpointer         data);

/* @echo_ms: how long an echo may take. @traffic_ms: how long when other chat has come since. */
AhoyOutbox *ahoy_outbox_new (guint             echo_ms,
                             guint             traffic_ms,
                             AhoyOutboxSettled settled,
                             gpointer          data);
void        ahoy_outbox_free (AhoyOutbox *self);

/* @message: own and WAITING. */
void ahoy_outbox_add (AhoyOutbox  *self,
                      AhoyMessage *message);
/* The same, but it is not written before ahoy_outbox_stored(). */
void ahoy_outbox_add_unstored (AhoyOutbox  *self,
                               AhoyMessage *message);
/* The oldest of those is on the disk now. */
void ahoy_outbox_stored (AhoyOutbox *self);
/* Returns: (transfer none) (nullable): the oldest that is not written on this connection; NULL also while that is not on the disk. */
AhoyMessage *ahoy_outbox_peek (AhoyOutbox *self);
/* What peek returned was given to the connection. */
void  ahoy_outbox_written (AhoyOutbox *self,
                           gint64      now);
guint ahoy_outbox_get_n_waiting (AhoyOutbox *self);
/* Of these, those that were given to this connection. @bytes (out): of their texts. */
guint ahoy_outbox_get_n_written (AhoyOutbox *self,
                                 gsize      *bytes);
/* Forgets everything, settles nothing. */
void ahoy_outbox_clear (AhoyOutbox *self);

/* Returns: (transfer container): AhoyMessage that wait, in order. */
GPtrArray *ahoy_outbox_list (AhoyOutbox *self);

/* Extended. Returns: (transfer none) (nullable): the one that waits and is asked for by @cid. */
AhoyMessage *ahoy_outbox_find (AhoyOutbox *self,
                               const char *cid);
/* The server has shown it; settles it SENT. */
void ahoy_outbox_echoed (AhoyOutbox  *self,
                         AhoyMessage *message);
/* The server could not take it now: it and all behind it are written again. Returns: FALSE when it was to be written anyway. */
gboolean ahoy_outbox_again (AhoyOutbox  *self,
                            AhoyMessage *message);

/* Whether @line, just received, is one of ours coming back. @from_self: the line says that we said it. */
gboolean ahoy_outbox_take_echo (AhoyOutbox            *self,
                                const AhoyClassicLine *line,
                                gboolean               from_self,
                                const char            *own_name,
                                gint64                 now);
/* Chat that is not ours came. */
void ahoy_outbox_heard (AhoyOutbox *self,
                        gint64      now);
/* The server has said that it did not take @message. */
void ahoy_outbox_refused (AhoyOutbox  *self,
                          AhoyMessage *message);

/* Settles what time has settled. @drained: the kernel has all that was written.
 * Returns: when to judge again, 0 when nothing hangs on time. */
gint64 ahoy_outbox_judge (AhoyOutbox *self,
                          gboolean    drained,
                          gint64      now);
/* The connection is gone. */
void ahoy_outbox_lost (AhoyOutbox *self,
                       gboolean    drained);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyOutbox, ahoy_outbox_free)

G_END_DECLS
