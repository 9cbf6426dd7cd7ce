/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Our own messages on their way to the server.
 *
 * `items` holds what waits: first what is written on this connection, then what is not. What settled without its echo moves to `late`,
 * so that an echo that comes after all is recognised and not shown as something new. */

#include "core/dialect/ahoy-outbox.h"

#include <string.h>

#include "core/chat/ahoy-message-private.h"
#include "wire/ahoy-classic-text.h"
#include "wire/ahoy-name.h"

/* Late echoes that are waited for; what is older is not coming. */
#define LATE_MAX 64
/* How soon to look again whether the kernel took what was written. */
#define DRAIN_US (20 * G_TIME_SPAN_MILLISECOND)
/* How long a line that is nothing but our text, without our name, may be a late echo and not somebody else saying the same. */
#define LATE_BARE_US (10 * G_USEC_PER_SEC)
/* What servers write before a text besides the name: a time, a room, "says to everyone", … */
#define HEADER_MAX 48

typedef struct {
  AhoyMessage *message; /* owned */
  gint64       written; /* 0: not on this connection */
  gboolean     unstored;
} Item;

typedef struct {
  AhoyMessage     *message; /* owned */
  AhoyMessageState state;
} Settled;

typedef enum {
  UNKNOWN,
  YES,
  NO,
} Echoes;

struct _AhoyOutbox {
  /* Owned */
  GQueue items;     /* Item */
  GQueue late;      /* Item */
  GQueue told;      /* Settled: what the caller hears of once everything here is in order again */
  GList *unwritten; /* first of items that is not written */
  Echoes echoes[2]; /* says, whispers; on this connection */
  gint64 heard;
  gint64 echo_us;
  gint64 traffic_us;

  /* Borrowed */
  AhoyOutboxSettled settled;
  gpointer          data;
};

static void
item_free (gpointer data)
{
  Item *item = data;

  g_object_unref (item->message);
  g_free (item);
}

static Echoes *
echoes_of (AhoyOutbox  *self,
           AhoyMessage *message)
{
  return &self->echoes[ahoy_message_is_private (message) ? 1 : 0];
}

static void
settled_free (gpointer data)
{
  Settled *settled = data;

  g_object_unref (settled->message);
  g_free (settled);
}

/* @message is no longer waited for; tell() says so. */
static void
note (AhoyOutbox      *self,
      AhoyMessage     *message,
      AhoyMessageState state)
{
  Settled *settled = g_new0 (Settled, 1);

  settled->message = g_object_ref (message);
  settled->state = state;
  g_queue_push_tail (&self->told, settled);
}

/* Last in every public function that settles: who is told may call any of them. */
static void
tell (AhoyOutbox *self)
{
  GQueue told = self->told;

  g_queue_init (&self->told);
  for (GList *link = told.head; link; link = link->next)
    {
      Settled *settled = link->data;

      self->settled (settled->message, settled->state, self->data);
    }
  g_queue_clear_full (&told, settled_free);
}

/* Takes a waiting one out of the line. What was sent and not echoed may still be. */
static void
settle (AhoyOutbox      *self,
        GList           *link,
        AhoyMessageState state,
        gboolean         echoed)
{
  Item *item = link->data;

  note (self, item->message, state);
  if (self->unwritten == link)
    self->unwritten = link->next;
  g_queue_delete_link (&self->items, link);
  if (echoed || state != AHOY_MESSAGE_SENT)
    {
      item_free (item);
      return;
    }
  g_queue_push_tail (&self->late, item);
  if (self->late.length > LATE_MAX)
    item_free (g_queue_pop_head (&self->late));
}

AhoyOutbox *
ahoy_outbox_new (guint             echo_ms,
                 guint             traffic_ms,
                 AhoyOutboxSettled settled,
                 gpointer          data)
{
  AhoyOutbox *self = g_new0 (AhoyOutbox, 1);

  g_queue_init (&self->items);
  g_queue_init (&self->late);
  g_queue_init (&self->told);
  self->echo_us = echo_ms * G_GINT64_CONSTANT (1000);
  self->traffic_us = traffic_ms * G_GINT64_CONSTANT (1000);
  self->settled = settled;
  self->data = data;
  return self;
}

void
ahoy_outbox_free (AhoyOutbox *self)
{
  ahoy_outbox_clear (self);
  g_free (self);
}

void
ahoy_outbox_clear (AhoyOutbox *self)
{
  g_queue_clear_full (&self->items, item_free);
  g_queue_clear_full (&self->late, item_free);
  g_queue_clear_full (&self->told, settled_free);
  self->unwritten = NULL;
}

void
ahoy_outbox_add (AhoyOutbox  *self,
                 AhoyMessage *message)
{
  Item *item = g_new0 (Item, 1);

  item->message = g_object_ref (message);
  g_queue_push_tail (&self->items, item);
  if (!self->unwritten)
    self->unwritten = self->items.tail;
}

void
ahoy_outbox_add_unstored (AhoyOutbox  *self,
                          AhoyMessage *message)
{
  ahoy_outbox_add (self, message);
  ((Item *) self->items.tail->data)->unstored = TRUE;
}

void
ahoy_outbox_stored (AhoyOutbox *self)
{
  for (GList *link = self->items.head; link; link = link->next)
    {
      Item *item = link->data;

      if (item->unstored)
        {
          item->unstored = FALSE;
          return;
        }
    }
}

AhoyMessage *
ahoy_outbox_peek (AhoyOutbox *self)
{
  Item *item = self->unwritten ? self->unwritten->data : NULL;

  return item && !item->unstored ? item->message : NULL;
}

void
ahoy_outbox_written (AhoyOutbox *self,
                     gint64      now)
{
  g_return_if_fail (self->unwritten);

  ((Item *) self->unwritten->data)->written = now;
  self->unwritten = self->unwritten->next;
}

guint
ahoy_outbox_get_n_waiting (AhoyOutbox *self)
{
  return self->items.length;
}

guint
ahoy_outbox_get_n_written (AhoyOutbox *self,
                           gsize      *bytes)
{
  guint n = 0;

  *bytes = 0;
  for (GList *link = self->items.head; link != self->unwritten; link = link->next)
    {
      *bytes += strlen (ahoy_message_get_text (((Item *) link->data)->message));
      n++;
    }
  return n;
}

GPtrArray *
ahoy_outbox_list (AhoyOutbox *self)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);

  for (GList *link = self->items.head; link; link = link->next)
    g_ptr_array_add (messages, g_object_ref (((Item *) link->data)->message));
  return messages;
}

AhoyMessage *
ahoy_outbox_find (AhoyOutbox *self,
                  const char *cid)
{
  for (GList *link = self->items.head; link; link = link->next)
    {
      Item *item = link->data;

      if (g_strcmp0 (ahoy_message_get_cid (item->message), cid) == 0)
        return item->message;
    }
  return NULL;
}

static GList *
find_item (AhoyOutbox  *self,
           AhoyMessage *message)
{
  GList *link = self->items.head;

  while (link && ((Item *) link->data)->message != message)
    link = link->next;
  return link;
}

void
ahoy_outbox_echoed (AhoyOutbox  *self,
                    AhoyMessage *message)
{
  GList *link = find_item (self, message);

  if (link)
    settle (self, link, AHOY_MESSAGE_SENT, TRUE);
  tell (self);
}

gboolean
ahoy_outbox_again (AhoyOutbox  *self,
                   AhoyMessage *message)
{
  GList *from = find_item (self, message);

  if (!from || ((Item *) from->data)->written == 0)
    return FALSE;
  for (GList *link = from; link != self->unwritten; link = link->next)
    ((Item *) link->data)->written = 0;
  self->unwritten = from;
  return TRUE;
}

/* How a received text stands to one that we sent. */
typedef enum {
  DIFFERENT,
  SAME,
  BEGINNING, /* the server cut ours short */
} Likeness;

/* White space counts as one space: servers trim lines and make one of several. */
static Likeness
compare (const char *received,
         const char *ours)
{
  gboolean any = FALSE;

  for (;;)
    {
      const char *r = received + strspn (received, " \t\r\n");
      const char *o = ours + strspn (ours, " \t\r\n");

      if (*r == '\0')
        return *o == '\0' ? SAME : any ? BEGINNING
                                       : DIFFERENT;
      if (any && (r != received) != (o != ours))
        return DIFFERENT;
      if (*r != *o)
        return DIFFERENT;
      any = TRUE;
      received = r + 1;
      ours = o + 1;
    }
}

/* The same for a line with our name in front: servers of our kind leave out what could be taken for more than text. */
static Likeness
compare_line (const char *received,
              const char *ours)
{
  Likeness         likeness = compare (received, ours);
  g_autofree char *line = NULL;
  g_autofree char *plain = NULL;

  if (likeness != DIFFERENT)
    return likeness;
  line = ahoy_classic_text (ours);
  plain = ahoy_classic_text_unmark (line);
  return compare (received, plain);
}

/* A line of unknown make is ours when it is our text, or when a short beginning that names us is followed by our text. */
static gboolean
is_plain_echo (const char *line,
               const char *ours,
               const char *own_name,
               gboolean    bare_allowed)
{
  gsize       line_len = strlen (line);
  const gsize ours_len = strlen (ours);

  if (bare_allowed && compare (line, ours) == SAME)
    return TRUE;
  while (line_len > 0 && g_ascii_isspace (line[line_len - 1]))
    line_len--;
  return line_len > ours_len && line_len - ours_len <= strlen (own_name) + HEADER_MAX &&
         memcmp (line + line_len - ours_len, ours, ours_len) == 0 && g_strstr_len (line, line_len - ours_len, own_name);
}

typedef struct {
  const AhoyClassicLine *line;
  const char            *own_name;
  gint64                 now;
  gboolean               from_self;
} Echo;

/* The same kind of thing said to the same people, as far as the line tells. */
static gboolean
same_recipient (const Echo  *echo,
                AhoyMessage *message)
{
  if (echo->line->kind == AHOY_CLASSIC_LINE_WHISPER)
    return ahoy_message_is_private (message) && ahoy_name_equal (echo->line->to, ahoy_message_get_to (message));
  return !ahoy_message_is_private (message);
}

/* How well a line fits one of ours; the best fit wins, of equals the oldest. */
typedef enum {
  NO_FIT,
  FIT_CUT,      /* our name, and how our text begins */
  FIT_END,      /* our name, and something that ends with our text: "alice says: hello" read as alice saying "says: hello" */
  FIT_ANY_KIND, /* our name and text, but a say for a whisper or the like: that server writes both the same way */
  FIT,
} Fit;

static Fit
fit (const Echo *echo,
     const Item *item,
     gboolean    late)
{
  const char *said = echo->line->text;
  const char *ours = ahoy_message_get_text (item->message);

  if (!echo->from_self)
    return is_plain_echo (said, ours, echo->own_name, !late || echo->now - item->written < LATE_BARE_US) ? FIT : NO_FIT;

  switch (compare_line (said, ours))
    {
    case SAME:
      return same_recipient (echo, item->message) ? FIT : FIT_ANY_KIND;
    case BEGINNING:
      return same_recipient (echo, item->message) ? FIT_CUT : NO_FIT;
    case DIFFERENT:
    default:
      return g_str_has_suffix (said, ours) && strlen (said) - strlen (ours) <= HEADER_MAX ? FIT_END : NO_FIT;
    }
}

static Fit
best_fit (const Echo *echo,
          GList      *from,
          GList      *until,
          gboolean    late,
          GList     **best)
{
  Fit found = NO_FIT;

  for (GList *link = from; link != until && found != FIT; link = link->next)
    {
      Fit this = fit (echo, link->data, late);

      if (this > found)
        {
          found = this;
          *best = link;
        }
    }
  return found;
}

gboolean
ahoy_outbox_take_echo (AhoyOutbox            *self,
                       const AhoyClassicLine *line,
                       gboolean               from_self,
                       const char            *own_name,
                       gint64                 now)
{
  const Echo echo = { line, own_name, now, from_self };
  GList     *waiting = NULL;
  GList     *late = NULL;
  Fit        waiting_fit, late_fit;

  if (!from_self && line->kind != AHOY_CLASSIC_LINE_PLAIN)
    return FALSE;

  /* Of two that fit as well, the older one is meant: what is late was written before what waits. */
  waiting_fit = best_fit (&echo, self->items.head, self->unwritten, FALSE, &waiting);
  late_fit = best_fit (&echo, self->late.head, NULL, TRUE, &late);

  if (late_fit != NO_FIT && late_fit >= waiting_fit)
    {
      Item *item = late->data;

      *echoes_of (self, item->message) = YES;
      note (self, item->message, AHOY_MESSAGE_SENT);
      g_queue_delete_link (&self->late, late);
      item_free (item);
      tell (self);
      return TRUE;
    }
  if (waiting_fit != NO_FIT)
    {
      Item          *item = waiting->data;
      const gboolean is_private = ahoy_message_is_private (item->message);
      GList         *before = self->items.head;

      *echoes_of (self, item->message) = YES;
      /* A server answers in the order it was asked: what it passed over, it did not take. */
      while (waiting_fit == FIT && before != waiting)
        {
          GList *next = before->next;

          if (ahoy_message_is_private (((Item *) before->data)->message) == is_private)
            settle (self, before, AHOY_MESSAGE_FAILED, FALSE);
          before = next;
        }
      settle (self, waiting, AHOY_MESSAGE_SENT, TRUE);
      tell (self);
      return TRUE;
    }
  return FALSE;
}

void
ahoy_outbox_heard (AhoyOutbox *self,
                   gint64      now)
{
  self->heard = now;
}

void
ahoy_outbox_refused (AhoyOutbox  *self,
                     AhoyMessage *message)
{
  for (GList *link = self->items.head; link != self->unwritten; link = link->next)
    {
      if (((Item *) link->data)->message == message)
        {
          settle (self, link, AHOY_MESSAGE_FAILED, FALSE);
          break;
        }
    }
  tell (self);
}

gint64
ahoy_outbox_judge (AhoyOutbox *self,
                   gboolean    drained,
                   gint64      now)
{
  gint64 again = 0;
  GList *next;

  for (GList *link = self->items.head; link != self->unwritten; link = next)
    {
      Item   *item = link->data;
      Echoes *echoes = echoes_of (self, item->message);
      gint64  due = 0;

      next = link->next;
      if (*echoes == YES)
        continue;
      if (*echoes == UNKNOWN)
        {
          due = item->written + (self->heard > item->written ? self->traffic_us : self->echo_us);
          if (now >= due)
            *echoes = NO;
        }
      if (*echoes == NO && drained)
        {
          settle (self, link, AHOY_MESSAGE_SENT, FALSE);
          continue;
        }
      if (*echoes == NO)
        due = now + DRAIN_US;
      again = again == 0 ? due : MIN (again, due);
    }
  tell (self);
  return again;
}

void
ahoy_outbox_lost (AhoyOutbox *self,
                  gboolean    drained)
{
  GList *next;

  for (GList *link = self->items.head; link != self->unwritten; link = next)
    {
      Item *item = link->data;

      next = link->next;
      if (drained && *echoes_of (self, item->message) == NO)
        settle (self, link, AHOY_MESSAGE_SENT, FALSE);
      else
        item->written = 0;
    }
  self->unwritten = self->items.head;
  g_queue_clear_full (&self->late, item_free);
  self->echoes[0] = self->echoes[1] = UNKNOWN;
  self->heard = 0;
  tell (self);
}
