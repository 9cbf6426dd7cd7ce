/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Many descriptors, one epoll descriptor, one GSource.
 *
 * GLib asks the kernel about every descriptor of a context again in every iteration; with thousands of sockets that is most of the work.
 * Here GLib polls the one epoll descriptor, and the kernel keeps the list.
 *
 * A turn is one dispatch of that source, in two halves:
 *
 *   1. one epoll_wait(), which takes at most BATCH_MAX events, and on_ready for each of them: input;
 *   2. on_flush for each watch that was put on the flush queue by then, from wherever in the program: output.
 *
 * So a hundred messages that arrive in the first half leave for each of a thousand receivers in one write in the second. Sockets
 * beyond the batch are served in the next turn: the kernel rotates its ready list, nobody starves, and a turn is bounded.
 *
 * What makes the file subtle is that a callback may remove and free any watch:
 *
 *   - Later in the same batch: the batch holds pointers to watches, so ahoy_poll_remove() wipes the pointer from the part of the batch
 *     not yet served. (A new watch for a descriptor that got the same number cannot be hit by an old event: the pointer was wiped.)
 *   - Waiting for its on_flush: the watch knows which queue its link is in and leaves it.
 *   - Everything: a turn holds a reference to the poll.
 *
 * And that a callback may ask for a flush at any time: there are two flush queues. The second half swaps them and empties the one it
 * took, so asking again in on_flush means the next turn, not an endless one. While a queue is not empty the source is ready without
 * polling. */

#include "wire/ahoy-poll.h"

#include <errno.h>
#include <glib-unix.h>
#include <unistd.h>

/* Enough that a thousand clients logging in at once are one turn, 12 KiB of events. */
#define BATCH_MAX 1024

struct _AhoyPoll {
  /* Owned */
  GSource       *source;
  GMainContext  *context;
  gpointer       shared;
  GDestroyNotify free_shared;
  int            epoll_fd;
  guint          ref_count;
  guint64        turn;

  /* Borrowed: the watches */
  GQueue             flush[2];
  guint              flush_open; /* the queue that accepts */
  int                batch_next; /* first event not yet served */
  int                batch_len;
  struct epoll_event batch[BATCH_MAX];
};

typedef struct {
  GSource   source;
  AhoyPoll *poll; /* Borrowed */
} PollSource;

static gboolean
source_prepare (GSource *source,
                int     *timeout)
{
  AhoyPoll *self = ((PollSource *) source)->poll;

  *timeout = -1;
  return !g_queue_is_empty (&self->flush[self->flush_open]);
}

static void
serve_ready (AhoyPoll *self)
{
  self->batch_next = 0;
  self->batch_len = epoll_wait (self->epoll_fd, self->batch, BATCH_MAX, 0); /* interrupted is -1: the next turn sees it */

  while (self->batch_next < self->batch_len)
    {
      struct epoll_event *event = &self->batch[self->batch_next++];
      AhoyPollWatch      *watch = event->data.ptr;

      if (watch != NULL)
        watch->on_ready (watch, event->events);
    }
}

static void
serve_flush (AhoyPoll *self)
{
  GQueue *queue = &self->flush[self->flush_open];
  GList  *link;

  self->flush_open = !self->flush_open;
  while ((link = g_queue_pop_head_link (queue)) != NULL)
    {
      AhoyPollWatch *watch = link->data;

      watch->flush_queue = NULL;
      watch->on_flush (watch);
    }
}

static gboolean
source_dispatch (GSource    *source,
                 GSourceFunc callback,
                 gpointer    data)
{
  g_autoptr (AhoyPoll) self = ahoy_poll_ref (((PollSource *) source)->poll);

  self->turn++;
  serve_ready (self);
  serve_flush (self);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = {
  .prepare = source_prepare,
  .dispatch = source_dispatch,
};

AhoyPoll *
ahoy_poll_new (GMainContext *context,
               GError      **error)
{
  AhoyPoll *self;
  int       epoll_fd = epoll_create1 (EPOLL_CLOEXEC);

  if (epoll_fd < 0)
    {
      int saved = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "epoll_create1: %s", g_strerror (saved));
      return NULL;
    }

  self = g_new0 (AhoyPoll, 1);
  self->ref_count = 1;
  self->epoll_fd = epoll_fd;
  self->context = context != NULL ? g_main_context_ref (context) : g_main_context_ref_thread_default ();
  self->source = g_source_new (&source_funcs, sizeof (PollSource));
  ((PollSource *) self->source)->poll = self;
  g_source_set_static_name (self->source, "AhoyPoll");
  g_source_add_unix_fd (self->source, epoll_fd, G_IO_IN);
  g_source_attach (self->source, self->context);

  return self;
}

AhoyPoll *
ahoy_poll_ref (AhoyPoll *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  self->ref_count++;
  return self;
}

void
ahoy_poll_unref (AhoyPoll *self)
{
  g_return_if_fail (self != NULL && self->ref_count > 0);

  if (--self->ref_count > 0)
    return;

  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_main_context_unref (self->context);
  close (self->epoll_fd);
  if (self->free_shared != NULL)
    self->free_shared (self->shared);
  g_free (self);
}

GMainContext *
ahoy_poll_get_context (AhoyPoll *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->context;
}

gboolean
ahoy_poll_add (AhoyPoll      *self,
               AhoyPollWatch *watch,
               int            fd,
               guint          events,
               GError       **error)
{
  struct epoll_event event = { .events = events, .data.ptr = watch };

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (watch != NULL && watch->poll == NULL && watch->on_ready != NULL, FALSE);

  if (epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
    {
      int saved = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "epoll_ctl: %s", g_strerror (saved));
      return FALSE;
    }

  watch->poll = ahoy_poll_ref (self);
  watch->fd = fd;
  watch->events = events;
  watch->flush_queue = NULL;
  watch->flush_link = (GList){ .data = watch };

  return TRUE;
}

void
ahoy_poll_modify (AhoyPollWatch *watch,
                  guint          events)
{
  struct epoll_event event = { .events = events, .data.ptr = watch };

  g_return_if_fail (watch != NULL && watch->poll != NULL);

  if (watch->events == events)
    return;
  watch->events = events;
  if (epoll_ctl (watch->poll->epoll_fd, EPOLL_CTL_MOD, watch->fd, &event) < 0)
    g_critical ("epoll_ctl: %s", g_strerror (errno)); /* the descriptor was closed under us */
}

void
ahoy_poll_remove (AhoyPollWatch *watch)
{
  AhoyPoll *self;

  g_return_if_fail (watch != NULL);

  self = g_steal_pointer (&watch->poll);
  if (self == NULL)
    return;

  if (epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL) < 0)
    g_critical ("epoll_ctl: %s", g_strerror (errno)); /* the descriptor was closed under us */

  for (int i = self->batch_next; i < self->batch_len; i++)
    {
      if (self->batch[i].data.ptr == watch)
        self->batch[i].data.ptr = NULL;
    }

  if (watch->flush_queue != NULL)
    g_queue_unlink (g_steal_pointer (&watch->flush_queue), &watch->flush_link);

  ahoy_poll_unref (self);
}

void
ahoy_poll_want_flush (AhoyPollWatch *watch)
{
  AhoyPoll *self;

  g_return_if_fail (watch != NULL && watch->poll != NULL && watch->on_flush != NULL);

  if (watch->flush_queue != NULL)
    return;
  self = watch->poll;
  watch->flush_queue = &self->flush[self->flush_open];
  g_queue_push_tail_link (watch->flush_queue, &watch->flush_link);
}

guint64
ahoy_poll_get_turn (AhoyPoll *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->turn;
}

gpointer
ahoy_poll_get_shared (AhoyPoll *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->shared;
}

void
ahoy_poll_set_shared (AhoyPoll      *self,
                      gpointer       shared,
                      GDestroyNotify free_shared)
{
  g_return_if_fail (self != NULL && self->shared == NULL);

  self->shared = shared;
  self->free_shared = free_shared;
}
