/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Many classic clients on one epoll descriptor. */

#include "bench-crowd.h"

#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bench-fail.h"

#define ETX 0x03

#define BATCH_MAX 1024
#define BUFFER_SIZE (256 * 1024)
#define DEADLINE_S 60

#define ARRIVE_STEP 20

/* "u" and the member's number, six digits written as letters: of names like these no two look alike. */
#define NAME_LEN 7
/* Every text begins with its message's number in hexadecimal. */
#define NUMBER_LEN 8
/* STX type name ": " number: what has to be seen of a frame. */
#define NUMBER_AT (2 + NAME_LEN + 2)
#define HEAD_LEN (NUMBER_AT + NUMBER_LEN)

typedef struct {
  BenchChannel channel;
  guint        presence;       /* `1` and `2` frames received */
  gsize        frame_len;      /* bytes so far of the frame that is coming in */
  char         head[HEAD_LEN]; /* its first bytes */
} Member;

struct _BenchCrowd {
  Member   *members;
  BenchTls *tls; /* borrowed; NULL: plain */
  guint8   *buffer;
  guint     n;
  guint16   port;
  guint     n_secured;
  int       epoll_fd;
  guint64   n_presence;
  guint     roster; /* presence frames that make a member complete */
  guint     n_complete;

  /* Of the running bench_crowd_say() */
  gsize   chat_len; /* bytes of its frames; 0: none runs */
  guint   n_messages;
  gint64 *sent_at;   /* microseconds */
  guint  *n_arrived; /* receivers, by message */
  GArray *complete;  /* (element-type guint): messages that everybody has by now */
  GArray *latencies;
};

BenchCrowd *
bench_crowd_new (guint16   port,
                 guint     n,
                 BenchTls *tls)
{
  BenchCrowd *self = g_new0 (BenchCrowd, 1);

  self->n = n;
  self->port = port;
  self->tls = tls;
  self->members = g_new0 (Member, n);
  self->buffer = g_malloc (BUFFER_SIZE);
  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);

  return self;
}

void
bench_crowd_free (BenchCrowd *self)
{
  for (guint i = 0; i < self->n; i++)
    if (self->members[i].channel.fd > 0)
      bench_channel_close (&self->members[i].channel);
  close (self->epoll_fd);
  g_free (self->members);
  g_free (self->buffer);
  g_free (self);
}

static void
take_chat (BenchCrowd *self,
           Member     *member,
           gint64      now)
{
  guint number = 0;

  for (guint i = 0; i < NUMBER_LEN && member->frame_len == self->chat_len; i++)
    number = number * 16 + (guint) g_ascii_xdigit_value (member->head[NUMBER_AT + i]);
  if (member->frame_len != self->chat_len || number >= self->n_messages || self->n_arrived[number] == self->n)
    bench_fail ("Member %u received a line that it did not expect: %.*s", (guint) (member - self->members),
                (int) MIN (member->frame_len, HEAD_LEN), member->head);

  if (self->latencies != NULL)
    {
      double latency = (double) (now - self->sent_at[number]) / 1000;

      g_array_append_val (self->latencies, latency);
    }
  if (++self->n_arrived[number] == self->n)
    g_array_append_val (self->complete, number);
}

static void
take_frame (BenchCrowd *self,
            Member     *member,
            gint64      now)
{
  switch (member->head[1])
    {
    case '1':
    case '2':
      self->n_presence++;
      if (++member->presence == self->roster)
        self->n_complete++;
      break;
    case '4':
      take_chat (self, member, now);
      break;
    default:
      bench_fail ("Member %u received a frame of type %c", (guint) (member - self->members), member->head[1]);
    }
}

static void
take_bytes (BenchCrowd   *self,
            Member       *member,
            const guint8 *bytes,
            gsize         len,
            gint64        now)
{
  while (len > 0)
    {
      const guint8 *end = memchr (bytes, ETX, len);
      gsize         part = end != NULL ? (gsize) (end - bytes) + 1 : len;

      if (member->frame_len < HEAD_LEN)
        memcpy (member->head + member->frame_len, bytes, MIN (part, HEAD_LEN - member->frame_len));
      member->frame_len += part;
      if (end != NULL)
        {
          take_frame (self, member, now);
          member->frame_len = 0;
        }
      bytes += part;
      len -= part;
    }
}

/* Takes what each member has received by now, waiting for the first. */
static void
pump (BenchCrowd *self,
      gint64      deadline)
{
  struct epoll_event batch[BATCH_MAX];
  int                n = epoll_wait (self->epoll_fd, batch, BATCH_MAX, 1000);

  if (g_get_monotonic_time () > deadline)
    bench_fail ("Not everything arrived within %d s", DEADLINE_S);
  for (int i = 0; i < n; i++)
    {
      Member  *member = &self->members[batch[i].data.u32];
      gboolean more;

      if (self->tls != NULL && !member->channel.secured)
        {
          self->n_secured += bench_channel_shake (&member->channel);
          continue;
        }
      do
        {
          gsize got = bench_channel_receive (&member->channel, self->buffer, BUFFER_SIZE, &more);

          take_bytes (self, member, self->buffer, got, g_get_monotonic_time ());
        }
      while (more);
    }
}

static gint64
deadline_from_now (void)
{
  return g_get_monotonic_time () + DEADLINE_S * G_TIME_SPAN_SECOND;
}

void
bench_crowd_connect (BenchCrowd *self,
                     guint       first,
                     guint       n)
{
  gint64 deadline = deadline_from_now ();
  guint  n_secured = self->n_secured + n;

  for (guint i = first; i < first + n; i++)
    {
      struct epoll_event event = { .events = EPOLLIN, .data.u32 = i };
      BenchChannel      *channel = &self->members[i].channel;

      bench_channel_open (channel, self->port, self->tls);
      epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, channel->fd, &event);
      if (self->tls != NULL)
        self->n_secured += bench_channel_shake (channel);
    }
  while (self->tls != NULL && self->n_secured < n_secured)
    pump (self, deadline);
}

static void
fill_name (char  name[NAME_LEN + 1],
           guint i)
{
  g_snprintf (name, NAME_LEN + 1, "u%06u", i);
  for (char *digit = name + 1; *digit != '\0'; digit++)
    *digit = (char) ('a' + *digit - '0');
}

void
bench_crowd_log_in (BenchCrowd *self,
                    guint       first,
                    guint       n)
{
  for (guint i = first; i < first + n; i++)
    {
      char name[NAME_LEN + 1];
      char frame[NAME_LEN + 4];

      fill_name (name, i);
      bench_channel_send (&self->members[i].channel, frame, (gsize) g_snprintf (frame, sizeof frame, "\0021%s\003", name));
    }
}

void
bench_crowd_wait_roster (BenchCrowd *self,
                         guint       n)
{
  gint64 deadline = deadline_from_now ();

  self->roster = n;
  self->n_complete = 0;
  for (guint i = 0; i < n; i++)
    self->n_complete += self->members[i].presence >= n;
  while (self->n_complete < n)
    pump (self, deadline);
}

void
bench_crowd_arrive (BenchCrowd *self)
{
  for (guint n = 0; n < self->n;)
    {
      guint step = MIN (ARRIVE_STEP, self->n - n);

      bench_crowd_connect (self, n, step);
      bench_crowd_log_in (self, n, step);
      n += step;
      bench_crowd_wait_roster (self, n);
    }
}

guint64
bench_crowd_n_presence (BenchCrowd *self)
{
  return self->n_presence;
}

static void
say (BenchCrowd *self,
     guint       in_flight,
     guint       number,
     char       *frame,
     gsize       frame_len)
{
  char digits[NUMBER_LEN + 1];

  g_snprintf (digits, sizeof digits, "%08x", number);
  memcpy (frame + 2, digits, NUMBER_LEN);
  self->sent_at[number] = g_get_monotonic_time ();
  bench_channel_send (&self->members[number % in_flight].channel, frame, frame_len);
}

void
bench_crowd_say (BenchCrowd *self,
                 guint       n_messages,
                 gsize       size,
                 guint       in_flight,
                 GArray     *latencies)
{
  g_autofree gint64 *sent_at = g_new0 (gint64, n_messages);
  g_autofree guint  *n_arrived = g_new0 (guint, n_messages);
  g_autoptr (GArray) complete = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree char   *text = g_strnfill (size, 'x');
  g_autofree char   *frame = g_strdup_printf ("\0023%s\003", text);
  gsize              frame_len = strlen (frame);
  gint64             deadline = deadline_from_now ();

  g_assert (size >= NUMBER_LEN && in_flight <= MIN (n_messages, self->n));

  self->chat_len = frame_len + NAME_LEN + strlen (": ");
  self->n_messages = n_messages;
  self->sent_at = sent_at;
  self->n_arrived = n_arrived;
  self->complete = complete;
  self->latencies = latencies;

  for (guint i = 0; i < in_flight; i++)
    say (self, in_flight, i, frame, frame_len);
  for (guint n_done = 0; n_done < n_messages; n_done += complete->len)
    {
      g_array_set_size (complete, 0);
      pump (self, deadline);
      for (guint i = 0; i < complete->len; i++)
        {
          guint next = g_array_index (complete, guint, i) + in_flight;

          if (next < n_messages)
            say (self, in_flight, next, frame, frame_len);
        }
    }

  self->chat_len = 0;
  self->n_messages = 0;
  self->sent_at = NULL;
  self->n_arrived = NULL;
  self->complete = NULL;
  self->latencies = NULL;
}
