/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/connection/ahoy-moment.h"

G_BEGIN_DECLS

/* How much an extended server and our own disk take just now. Pure: it is told what happens and asked what may be written and read; it has no timer and
 * no clock. PROTOCOL.md, "Types", "E".
 *
 * Only so much is on its way unanswered. After a message that the server could not store nothing is written for a while, which doubles each
 * time; then one message alone, to see whether it can store again: the others wait, so that they stay in order. A server that says "slow-down" has
 * slowed us as long as anything waits because of that. And nothing is read while the disk has too much to write. */

/* Milliseconds. */
typedef struct {
  guint storage;     /* before something that the server could not store is sent again; then twice as long, … */
  guint storage_max; /* … but no longer than this */
  guint slow;        /* after the server has said that it takes no more for a while, and that while, until nobody speaks of it any more */
} AhoySendWindowTiming;

/* Only the functions below write it; whoever holds it may read it. Times are g_get_monotonic_time(); 0: none. */
typedef struct {
  guint    hold_ms; /* how long the last hold is or was; 0: nothing was held lately */
  gint64   held_until;
  gboolean probing;      /* the one message is on its way */
  gint64   slowed_until; /* people are told of it until then, at least */
  gboolean deaf;         /* nothing is read */

  /* Borrowed */
  const AhoySendWindowTiming *timing;
} AhoySendWindow;

/* @timing must outlive it. */
void ahoy_send_window_init (AhoySendWindow             *self,
                            const AhoySendWindowTiming *timing);
/* The connection is gone. */
void ahoy_send_window_reset (AhoySendWindow *self);

/* Whether another message may go out, when @n of @bytes together are not answered. */
gboolean ahoy_send_window_may_write (const AhoySendWindow *self,
                                     guint                 n,
                                     gsize                 bytes);
void     ahoy_send_window_on_written (AhoySendWindow *self);
/* A message came back: the server has it. */
void ahoy_send_window_on_echoed (AhoySendWindow *self);
/* A message was refused for good, so the server looks at what it gets. */
void ahoy_send_window_on_refused (AhoySendWindow *self);
/* The server could not store a message, or not now. */
void ahoy_send_window_on_storage (AhoySendWindow *self,
                                  gint64          now);
/* "slow-down": the server takes no more for @wait_ms. @n_waiting: messages that are not on the server. Returns: until when it may give no sign. */
gint64 ahoy_send_window_on_slow (AhoySendWindow *self,
                                 gint64          now,
                                 guint           wait_ms,
                                 guint           n_waiting);

/* What has passed by now is over. @n_waiting as above. */
void ahoy_send_window_look (AhoySendWindow *self,
                            gint64          now,
                            guint           n_waiting);
/* When to look next. Returns: 0: never. */
gint64 ahoy_send_window_get_deadline (const AhoySendWindow *self);
/* Whether the server has slowed us, as far as people are told. */
gboolean ahoy_send_window_is_slowed (const AhoySendWindow *self);

/* @n_pending: writes that the disk has not carried out. Returns: whether to read on: with too many not, and again only when there are few. */
gboolean ahoy_send_window_may_read (AhoySendWindow *self,
                                    guint           n_pending);

G_END_DECLS
