/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>
#include <sys/epoll.h>

G_BEGIN_DECLS

/* A poll is one epoll descriptor and one GSource: any number of sockets cost the main loop one descriptor. A turn has two halves: first every socket
 * that is readable is drained (its on_ready), then everyone for whom something was queued meanwhile is written to once (its
 * on_flush). Not thread-safe: all calls from the thread that iterates the context. */

typedef struct _AhoyPoll      AhoyPoll;
typedef struct _AhoyPollWatch AhoyPollWatch;

/* A watch is embedded in whatever owns the descriptor. Zero it, set the two callbacks, add it. A callback may remove any watch, its own too, and
 * free it. */
struct _AhoyPollWatch {
  /* @events: EPOLLIN, EPOLLOUT, EPOLLHUP, EPOLLERR; the last two come unasked. */
  void (*on_ready) (AhoyPollWatch *watch,
                    guint          events);
  /* Only after ahoy_poll_want_flush(); once a turn. May be NULL when that is never called. */
  void (*on_flush) (AhoyPollWatch *watch);

  /*< private >*/
  AhoyPoll *poll;        /* NULL: not added */
  GQueue   *flush_queue; /* where flush_link is now; NULL: nowhere */
  GList     flush_link;
  int       fd;
  guint     events;
};

/* Makes a poll that is attached to @context (NULL: the thread's default).
 * Returns: (transfer full): NULL with a G_IO_ERROR when the kernel gives no epoll descriptor. */
AhoyPoll *ahoy_poll_new (GMainContext *context,
                         GError      **error);
AhoyPoll *ahoy_poll_ref (AhoyPoll *poll);
/* A watch that is added holds a reference too, so the poll lives until the last of them is removed. */
void ahoy_poll_unref (AhoyPoll *poll);

/* Returns: (transfer none): the context it is attached to. */
GMainContext *ahoy_poll_get_context (AhoyPoll *poll);

/* @events: EPOLLIN and EPOLLOUT, level-triggered unless EPOLLET is among them.
 * Returns: FALSE with a G_IO_ERROR when the kernel refuses. The descriptor stays the caller's. */
gboolean ahoy_poll_add (AhoyPoll      *poll,
                        AhoyPollWatch *watch,
                        int            fd,
                        guint          events,
                        GError       **error);
void     ahoy_poll_modify (AhoyPollWatch *watch,
                           guint          events);
/* May be called from any callback of any watch; no callback of @watch runs after it. Before closing the descriptor. Nothing happens when it
 * is not added. */
void ahoy_poll_remove (AhoyPollWatch *watch);

/* Asks for one on_flush in the second half of this turn (or of the next, when that half has begun or the loop is not in a turn). */
void ahoy_poll_want_flush (AhoyPollWatch *watch);

/* Counts turns: the same number in all callbacks of one turn. */
guint64 ahoy_poll_get_turn (AhoyPoll *poll);

/* One slot for what the links on this poll have in common; freed with the poll. */
gpointer ahoy_poll_get_shared (AhoyPoll *poll);
void     ahoy_poll_set_shared (AhoyPoll      *poll,
                               gpointer       shared,
                               GDestroyNotify free_shared);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyPoll, ahoy_poll_unref)

G_END_DECLS
