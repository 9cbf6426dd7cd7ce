/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One live connection.
 *
 * In. All links on one poll read into one buffer, and frames are taken from it where they lie: while on_frame runs, they are views into it.
 * What remains at the end, an unfinished frame, moves to a buffer of the link's own ("rest") and is put in front of the next bytes. So a
 * link that is idle between frames owns no buffer. There is one read of at most AHOY_LINK_READ_BUDGET a turn; the poll is level-triggered
 * and brings what is left in the next one, after everybody else had theirs.
 *
 * Out. ahoy_link_send() queues a reference and asks the poll for a flush: one gathered write a turn. Only when the kernel did not take
 * all of it is EPOLLOUT armed, and then nothing is tried until it fires.
 *
 *              close()                 queue written             peer closed, or too late
 *     OPEN ──────────────▶ DRAINING ──────────────────▶ LINGERING ───────────────────────▶ DOWN
 *       └───────────────────────────── abort(), ended ──────────────────────────────────────▲
 *
 * DRAINING and LINGERING read on and throw away: closing a descriptor with unread input resets the connection, and the peer would lose
 * what we said last. Such a link belongs to nobody but itself (a reference of its own) and to the poll's list of closing links. That list
 * is in order of deadlines, as all linger equally long, so one timer serves it.
 *
 * A write that fails does not end an open link at once: what the peer sent before it went is still to be read. Both sides of the socket are
 * shut, so reading comes to an end, and that ends the link.
 *
 * A link that does not read (paused, after a fault, after the peer's end while closing) is watched edge-triggered: a hang-up, which epoll
 * reports unasked, is then said once and not in every turn.
 *
 * Callbacks may do anything to their link, so each entry from the poll is a guarded section: memory goes when the last of them is left, and
 * after each callback the state is looked at again. */

#include "wire/ahoy-link.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/ahoy-limits.h"
#include "wire/ahoy-out-queue.h"
#include "wire/ahoy-transport.h"

/* Vectors in one write: what the kernel takes at most (UIO_MAXIOV). */
#define VECTORS_MAX 1024

#define REST_SIZE_MIN 64u

/* What the links on one poll have in common. */
typedef struct {
  GQueue    closing;      /* links, in order of their deadlines */
  GSource  *linger_timer; /* Owned */
  AhoyPoll *poll;         /* Borrowed: it owns this */
  guint8    scratch[AHOY_FRAME_MAX + AHOY_LINK_READ_BUDGET]; /* an unfinished frame and what is read behind it */
} LinkShared;

typedef enum {
  STATE_OPEN,
  STATE_DRAINING,
  STATE_LINGERING,
  STATE_DOWN,
} LinkState;

struct _AhoyLink {
  AhoyPollWatch watch; /* first: on_ready and on_flush get this */

  /* Owned */
  AhoyTransport     transport;
  AhoyOutQueue      out;
  guint8           *rest; /* received, not taken yet */
  guint             rest_len;
  guint             rest_size;
  AhoyFrameScanner  scanner;
  GError           *write_error;
  GSocketAddress   *peer; /* made when asked for */
  union {
    struct sockaddr     any;
    struct sockaddr_in  v4;
    struct sockaddr_in6 v6;
  } peer_name; /* AF_UNSPEC: no IP socket */

  /* Borrowed */
  const AhoyLinkEvents *events;
  gpointer              data;
  LinkShared           *shared;
  GList                 closing_link;

  gint64    linger_until;
  gint64    last_heard;
  guint64   bytes_in;
  guint64   bytes_out;
  guint     ref_count;
  guint     guards;
  LinkState state : 8;
  guint     reading : 1;    /* the owner wants frames */
  guint     faulty : 1;     /* the peer broke the grammar */
  guint     rest_whole : 1; /* rest may hold whole frames: the owner stopped reading in the middle */
  guint     peer_done : 1;  /* the peer closed its side */
  guint     blocked : 1;    /* the kernel is full */
  guint     overflow : 1;
  guint     tell_drained : 1; /* the owner waits for on_drained */
};

/* A server keeps thousands of idle ones. */
G_STATIC_ASSERT (sizeof (AhoyLink) <= 384);

static void finish_closing (AhoyLink *self);

/* ---- The poll's share ---- */

static gboolean
on_linger_timer (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     data)
{
  LinkShared *shared = data;
  g_autoptr (AhoyPoll) poll = ahoy_poll_ref (shared->poll);
  gint64 now = g_get_monotonic_time ();
  AhoyLink *first;

  while ((first = g_queue_peek_head (&shared->closing)) != NULL && first->linger_until <= now)
    finish_closing (first);
  g_source_set_ready_time (source, first != NULL ? first->linger_until : -1);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs linger_timer_funcs = { .dispatch = on_linger_timer };

static void
shared_free (gpointer data)
{
  LinkShared *shared = data;

  g_source_destroy (shared->linger_timer);
  g_source_unref (shared->linger_timer);
  g_free (shared);
}

static LinkShared *
shared_of (AhoyPoll *poll)
{
  LinkShared *shared = ahoy_poll_get_shared (poll);

  if (shared != NULL)
    return shared;

  shared = g_new0 (LinkShared, 1);
  shared->poll = poll;
  shared->linger_timer = g_source_new (&linger_timer_funcs, sizeof (GSource));
  g_source_set_callback (shared->linger_timer, NULL, shared, NULL);
  g_source_set_static_name (shared->linger_timer, "AhoyLink linger");
  g_source_attach (shared->linger_timer, ahoy_poll_get_context (poll));
  ahoy_poll_set_shared (poll, shared, shared_free);

  return shared;
}

/* ---- Life and death ---- */

static void
guard (AhoyLink *self)
{
  self->guards++;
}

static void
unguard (AhoyLink *self)
{
  if (--self->guards > 0 || self->ref_count > 0)
    return;

  g_clear_object (&self->peer);
  g_clear_error (&self->write_error);
  g_free (self);
}

static void
drop_rest (AhoyLink *self)
{
  g_clear_pointer (&self->rest, g_free);
  self->rest_len = 0;
  self->rest_size = 0;
  self->rest_whole = FALSE;
}

/* Closes the descriptor. Nothing is called back, and nothing happens to the link any more. */
static void
go_down (AhoyLink *self)
{
  self->state = STATE_DOWN;
  self->events = NULL;
  self->data = NULL;
  ahoy_poll_remove (&self->watch); /* with it our hold on the poll and what it shares */
  self->shared = NULL;
  ahoy_transport_close (&self->transport);
  ahoy_out_queue_clear (&self->out);
  drop_rest (self);
}

static void
finish_closing (AhoyLink *self)
{
  g_assert (self->state == STATE_DRAINING || self->state == STATE_LINGERING);

  g_queue_unlink (&self->shared->closing, &self->closing_link);
  go_down (self);
  ahoy_link_unref (self); /* its own reference */
}

/* The connection is over by itself: tells the owner, or nobody when it was closing. */
static void
end (AhoyLink     *self,
     AhoyLinkEnd   how,
     const GError *error)
{
  const AhoyLinkEvents *events = self->events;
  gpointer data = self->data;

  if (self->state != STATE_OPEN)
    {
      finish_closing (self);
      return;
    }
  go_down (self);
  events->on_ended (self, how, error, data);
}

static gboolean
wants_input (AhoyLink *self)
{
  switch (self->state)
    {
    case STATE_OPEN:
      return self->reading && !self->faulty;
    case STATE_DRAINING:
    case STATE_LINGERING:
      return !self->peer_done;
    case STATE_DOWN:
    default:
      return FALSE;
    }
}

static void
update_interest (AhoyLink *self)
{
  if (self->state != STATE_DOWN)
    ahoy_poll_modify (&self->watch, (wants_input (self) ? EPOLLIN : EPOLLET) | (self->blocked ? EPOLLOUT : 0));
}

/* ---- In ---- */

static void
keep_rest (AhoyLink     *self,
           const guint8 *bytes,
           gsize         len)
{
  if (len == 0)
    {
      drop_rest (self);
      return;
    }
  if (len > self->rest_size)
    {
      self->rest_size = REST_SIZE_MIN;
      while (self->rest_size < len)
        self->rest_size *= 2;
      g_free (self->rest);
      self->rest = g_malloc (self->rest_size);
    }
  memcpy (self->rest, bytes, len);
  self->rest_len = (guint) len;
}

/* Hands on the frames in rest and in the @n_new bytes that were read behind it into the scratch buffer. */
static void
take_frames (AhoyLink *self,
             gsize     n_new)
{
  guint8 *bytes = self->shared->scratch;
  gsize len = self->rest_len + n_new;
  gsize at = 0;
  AhoyFrameResult result = AHOY_FRAME_TAKEN;

  if (self->rest_len > 0)
    memcpy (bytes, self->rest, self->rest_len);

  while (at < len && result == AHOY_FRAME_TAKEN && self->state == STATE_OPEN && self->reading)
    {
      AhoyFrame frame;
      AhoyFrameFault fault;
      gsize used;

      result = ahoy_frame_take (&self->scanner, bytes + at, len - at, &used, &frame, &fault);
      at += used;
      if (result == AHOY_FRAME_TAKEN)
        {
          self->events->on_frame (self, &frame, self->data);
        }
      else if (result == AHOY_FRAME_FAULTY)
        {
          self->faulty = TRUE;
          self->events->on_fault (self, fault, self->data);
        }
    }

  if (self->state != STATE_OPEN || self->faulty)
    {
      drop_rest (self);
      return;
    }
  keep_rest (self, bytes + at, len - at);
  self->rest_whole = result == AHOY_FRAME_TAKEN && at < len;
}

static void
on_peer_done (AhoyLink *self)
{
  g_autoptr (GError) error = NULL;

  self->peer_done = TRUE;
  if (self->state == STATE_DRAINING)
    return; /* it may still be listening */

  if (self->write_error != NULL)
    error = g_steal_pointer (&self->write_error);
  else if (self->rest_len > 0)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "The peer closed in the middle of a frame");
  end (self, error != NULL ? AHOY_LINK_END_CUT : AHOY_LINK_END_PEER, error);
}

static void
read_some (AhoyLink *self)
{
  g_autoptr (GError) error = NULL;
  gsize n = 0;

  if (self->rest_whole)
    {
      take_frames (self, 0); /* what was left when the owner stopped comes first; the socket is still readable in the next turn */
      return;
    }

  switch (self->transport.ops->read (&self->transport, self->shared->scratch + self->rest_len, AHOY_LINK_READ_BUDGET, &n, &error))
    {
    case AHOY_TRANSPORT_DONE:
      self->bytes_in += n;
      self->last_heard = g_get_monotonic_time ();
      if (self->state == STATE_OPEN)
        take_frames (self, n);
      break;
    case AHOY_TRANSPORT_BLOCKED:
      break;
    case AHOY_TRANSPORT_CLOSED:
      on_peer_done (self);
      break;
    case AHOY_TRANSPORT_FAILED:
      end (self, AHOY_LINK_END_CUT, self->write_error != NULL ? self->write_error : error);
      break;
    }
}

static void
on_ready (AhoyPollWatch *watch,
          guint          events)
{
  AhoyLink *self = (AhoyLink *) watch;

  guard (self);

  if (events & EPOLLOUT)
    {
      self->blocked = FALSE;
      ahoy_poll_want_flush (&self->watch);
    }
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && wants_input (self))
    read_some (self);
  if (!(events & EPOLLOUT))
    update_interest (self); /* otherwise when the flush has shown whether the kernel is still full */

  unguard (self);
}

/* ---- Out ---- */

static void
on_write_failed (AhoyLink *self,
                 GError   *error)
{
  if (!wants_input (self) || self->state != STATE_OPEN)
    {
      end (self, AHOY_LINK_END_CUT, error);
      g_error_free (error);
      return;
    }
  self->write_error = error;
  ahoy_out_queue_clear (&self->out);
  shutdown (self->transport.fd, SHUT_RDWR);
}

static void
write_some (AhoyLink *self)
{
  struct iovec vectors[VECTORS_MAX];
  GError *error = NULL;
  gsize offered;
  gsize n = 0;
  guint n_vectors = ahoy_out_queue_gather (&self->out, vectors, VECTORS_MAX, &offered);

  switch (self->transport.ops->write (&self->transport, vectors, n_vectors, &n, &error))
    {
    case AHOY_TRANSPORT_DONE:
      self->bytes_out += n;
      ahoy_out_queue_drop (&self->out, n);
      if (n < offered)
        self->blocked = TRUE;
      else if (self->out.bytes > 0)
        ahoy_poll_want_flush (&self->watch); /* more than one write takes: the rest when it is everybody's turn again */
      break;
    case AHOY_TRANSPORT_BLOCKED:
      self->blocked = TRUE;
      break;
    case AHOY_TRANSPORT_FAILED:
      on_write_failed (self, error);
      break;
    case AHOY_TRANSPORT_CLOSED: /* only reading says so */
    default:
      g_assert_not_reached ();
    }
}

static void
on_flush (AhoyPollWatch *watch)
{
  AhoyLink *self = (AhoyLink *) watch;

  guard (self);

  if (self->rest_whole && wants_input (self))
    take_frames (self, 0);
  if (self->overflow && self->state == STATE_OPEN)
    end (self, AHOY_LINK_END_OVERFLOW, NULL);
  else if (self->out.bytes > 0 && !self->blocked)
    write_some (self);

  if (self->tell_drained && self->state == STATE_OPEN && self->out.bytes <= AHOY_LINK_LOW_WATER)
    {
      self->tell_drained = FALSE;
      self->events->on_drained (self, self->data);
    }
  if (self->state == STATE_DRAINING && self->out.bytes == 0)
    {
      self->state = STATE_LINGERING;
      self->transport.ops->shut_down (&self->transport);
      if (self->peer_done)
        finish_closing (self);
    }
  update_interest (self);

  unguard (self);
}

/* ---- The door ---- */

AhoyLink *
ahoy_link_new_over (AhoyPoll             *poll,
                    const AhoyTransport  *transport,
                    const AhoyLinkEvents *events,
                    gpointer              data,
                    GError              **error)
{
  AhoyLink *self;
  socklen_t name_len;

  g_return_val_if_fail (poll != NULL && transport != NULL, NULL);
  g_return_val_if_fail (events != NULL && events->on_frame != NULL && events->on_fault != NULL && events->on_ended != NULL, NULL);

  self = g_new0 (AhoyLink, 1);
  self->ref_count = 1;
  self->watch.on_ready = on_ready;
  self->watch.on_flush = on_flush;
  self->transport = *transport;
  self->events = events;
  self->data = data;
  self->closing_link.data = self;
  self->reading = TRUE;
  self->last_heard = g_get_monotonic_time ();

  if (!ahoy_poll_add (poll, &self->watch, transport->fd, EPOLLIN, error))
    {
      ahoy_transport_close (&self->transport);
      g_free (self);
      return NULL;
    }
  self->shared = shared_of (poll);

  name_len = sizeof self->peer_name;
  if (getpeername (transport->fd, &self->peer_name.any, &name_len) < 0 ||
      (self->peer_name.any.sa_family != AF_INET && self->peer_name.any.sa_family != AF_INET6))
    self->peer_name.any.sa_family = AF_UNSPEC;

  return self;
}

AhoyLink *
ahoy_link_new (AhoyPoll              *poll,
               int                    fd,
               const AhoyLinkEvents  *events,
               gpointer               data,
               GError               **error)
{
  AhoyTransport transport;

  if (!ahoy_transport_init_plain (&transport, fd, error))
    {
      close (fd);
      return NULL;
    }
  return ahoy_link_new_over (poll, &transport, events, data, error);
}

AhoyLink *
ahoy_link_ref (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL && self->ref_count > 0, NULL);

  self->ref_count++;
  return self;
}

void
ahoy_link_unref (AhoyLink *self)
{
  g_return_if_fail (self != NULL && self->ref_count > 0);

  if (--self->ref_count > 0)
    return;

  guard (self);
  if (self->state == STATE_OPEN)
    go_down (self);
  unguard (self);
}

void
ahoy_link_send (AhoyLink *self,
                GBytes   *frame)
{
  gsize size;

  g_return_if_fail (self != NULL && frame != NULL);

  size = g_bytes_get_size (frame);
  if (self->state != STATE_OPEN || self->overflow || self->write_error != NULL || size == 0)
    return;

  if (self->out.bytes + size > AHOY_LINK_QUEUE_MAX)
    self->overflow = TRUE;
  else
    ahoy_out_queue_push (&self->out, frame);
  if (!self->blocked || self->overflow)
    ahoy_poll_want_flush (&self->watch);
}

void
ahoy_link_close (AhoyLink *self)
{
  LinkShared *shared;

  g_return_if_fail (self != NULL);

  if (self->state != STATE_OPEN)
    return;
  if (self->overflow || self->write_error != NULL)
    {
      go_down (self);
      return;
    }

  self->state = STATE_DRAINING;
  self->events = NULL;
  self->data = NULL;
  drop_rest (self);

  ahoy_link_ref (self);
  shared = self->shared;
  self->linger_until = g_get_monotonic_time () + AHOY_LINK_LINGER_MS * G_TIME_SPAN_MILLISECOND;
  if (g_queue_is_empty (&shared->closing))
    g_source_set_ready_time (shared->linger_timer, self->linger_until);
  g_queue_push_tail_link (&shared->closing, &self->closing_link);

  ahoy_poll_want_flush (&self->watch);
  update_interest (self);
}

void
ahoy_link_abort (AhoyLink *self)
{
  g_return_if_fail (self != NULL);

  if (self->state == STATE_OPEN)
    go_down (self);
  else if (self->state != STATE_DOWN)
    finish_closing (self);
}

void
ahoy_link_set_reading (AhoyLink *self,
                       gboolean  reading)
{
  g_return_if_fail (self != NULL);

  if (self->state != STATE_OPEN)
    return;
  self->reading = reading;
  if (self->rest_whole)
    ahoy_poll_want_flush (&self->watch); /* nothing else may wake it */
  update_interest (self);
}

void
ahoy_link_notify_drained (AhoyLink *self)
{
  g_return_if_fail (self != NULL);

  if (self->state != STATE_OPEN)
    return;
  g_return_if_fail (self->events->on_drained != NULL);

  self->tell_drained = TRUE;
  if (self->out.bytes <= AHOY_LINK_LOW_WATER)
    ahoy_poll_want_flush (&self->watch);
}

gboolean
ahoy_link_is_open (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->state == STATE_OPEN;
}

gsize
ahoy_link_get_queued (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->out.bytes;
}

gint64
ahoy_link_get_last_heard (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->last_heard;
}

GSocketAddress *
ahoy_link_get_peer (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->peer == NULL && self->peer_name.any.sa_family != AF_UNSPEC)
    self->peer = g_socket_address_new_from_native (&self->peer_name, sizeof self->peer_name);
  return self->peer;
}

guint64
ahoy_link_get_bytes_in (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->bytes_in;
}

guint64
ahoy_link_get_bytes_out (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->bytes_out;
}

guint
ahoy_link_n_closing (AhoyPoll *poll)
{
  LinkShared *shared;

  g_return_val_if_fail (poll != NULL, 0);

  shared = ahoy_poll_get_shared (poll);
  return shared != NULL ? shared->closing.length : 0;
}
