/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What was said before: above the first line of a conversation. */

#include "core/features/ahoy-pager.h"

#include "core/archive/ahoy-mark-table.h"
#include "core/chat/ahoy-conversation-private.h"

/* Messages asked for at once. */
#define PAGE 100
/* Messages that a conversation keeps in memory while nobody reads further up, and how many more it may have before some are let go. */
#define KEPT_MAX 2000
#define KEPT_SLACK (KEPT_MAX / 4)

/* How far one conversation was read. */
typedef struct {
  AhoyPlace before; /* the disk was read down to this; empty: not at all */
  gboolean  more;   /* and has more than what was read */
  guint64   floor;  /* from here on the history has no gap; 0: from the very beginning */
  gboolean  behind; /* some of it may not be on the disk yet: none is let go */
} Reading;

/* Counted, for those who call others. */
struct _AhoyPager {
  /* Owned */
  GHashTable *readings; /* AhoyConversation -> Reading */
  AhoyPlace   from;     /* what was read back at the start begins here */
  gboolean    more;
  GQueue      pages;   /* AhoyConversation, asked of the disk; NULL: nobody wants it any more */
  GQueue      wanting; /* AhoyConversation, to be asked of the server; the first is being asked */
  GPtrArray  *answer;  /* AhoyStoredMessage, so far; NULL: nothing is asked */
  gboolean    online;

  /* Borrowed */
  AhoyArchive         *archive; /* NULL once it is over */
  const AhoyPagerHost *host;
  gpointer             data;
};

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  ahoy_place_clear (&reading->before);
  g_free (reading);
}

static void
clear (gpointer data)
{
  AhoyPager *self = data;

  g_hash_table_unref (self->readings);
  ahoy_place_clear (&self->from);
}

AhoyPager *
ahoy_pager_new (AhoyArchive         *archive,
                const AhoyPlace     *from,
                gboolean             more,
                const AhoyPagerHost *host,
                gpointer             data)
{
  AhoyPager *self = g_rc_box_new0 (AhoyPager);

  self->archive = archive;
  self->host = host;
  self->data = data;
  self->readings = g_hash_table_new_full (NULL, NULL, g_object_unref, reading_free);
  ahoy_place_set (&self->from, from->id, from->path);
  self->more = more;
  g_queue_init (&self->pages);
  g_queue_init (&self->wanting);
  return self;
}

static void
unref_page (gpointer page)
{
  g_clear_object ((AhoyConversation **) &page);
}

typedef AhoyPager AhoyPagerHeld;

static void
release (AhoyPagerHeld *self)
{
  g_rc_box_release_full (self, clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyPagerHeld, release)

void
ahoy_pager_free (AhoyPager *self)
{
  ahoy_archive_forget_asker (self->archive, self);
  self->archive = NULL;
  self->online = FALSE;
  g_queue_clear_full (&self->pages, unref_page);
  g_queue_clear_full (&self->wanting, g_object_unref);
  g_clear_pointer (&self->answer, g_ptr_array_unref);
  release (self);
}

static Reading *
find (AhoyPager        *self,
      AhoyConversation *conversation)
{
  return g_hash_table_lookup (self->readings, conversation);
}

static void
show (const Reading    *reading,
      AhoyConversation *conversation,
      gboolean          loading)
{
  ahoy_conversation_set_older (conversation, reading->more || reading->floor > 1, loading);
}

void
ahoy_pager_begin (AhoyPager        *self,
                  AhoyConversation *conversation)
{
  const AhoyTarget target = ahoy_conversation_get_target (conversation);
  const guint64    start = ahoy_archive_get_mark (self->archive, AHOY_MARK_START, ahoy_target_room (AHOY_ROOM_EVERYONE), 0);
  Reading         *reading = g_new0 (Reading, 1);

  ahoy_place_set (&reading->before, self->from.id, self->from.path);
  reading->more = self->more;
  reading->floor = ahoy_archive_get_mark (self->archive, AHOY_MARK_FLOOR, target, start);
  g_hash_table_replace (self->readings, g_object_ref (conversation), reading);
  show (reading, conversation, FALSE);
}

/* Nothing is loaded any more, for now. */
static void
finish (AhoyPager        *self,
        AhoyConversation *conversation)
{
  const Reading *reading = find (self, conversation);

  if (reading)
    show (reading, conversation, FALSE);
}

/* Returns: what the conversation shows of @stored_messages. FALSE: the pager was freed meanwhile. */
static gboolean
merge (AhoyPager        *self,
       AhoyConversation *conversation,
       GPtrArray        *stored_messages)
{
  g_autoptr (GPtrArray) messages = self->host->make_messages (stored_messages, self->data);

  ahoy_conversation_merge (conversation, messages);
  return self->archive != NULL;
}

/* ---- The server ---- */

/* Asks for the first one that is wanted. */
static void
ask (AhoyPager *self)
{
  AhoyConversation *conversation = g_queue_peek_head (&self->wanting);

  if (!conversation || self->answer || !self->online)
    return;
  self->answer = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_stored_message_free);
  self->host->ask (conversation, find (self, conversation)->floor, PAGE, self->data);
}

static void
want (AhoyPager        *self,
      AhoyConversation *conversation)
{
  if (!self->online || find (self, conversation)->floor <= 1)
    {
      finish (self, conversation);
      return;
    }
  g_queue_push_tail (&self->wanting, g_object_ref (conversation));
  ask (self);
}

void
ahoy_pager_go_online (AhoyPager *self)
{
  self->online = TRUE;
  ask (self);
}

static void
want_nothing (AhoyPager *self)
{
  g_clear_pointer (&self->answer, g_ptr_array_unref);
  while (self->wanting.length > 0)
    {
      g_autoptr (AhoyConversation) conversation = g_queue_pop_head (&self->wanting);

      finish (self, conversation);
    }
}

void
ahoy_pager_go_offline (AhoyPager *self)
{
  self->online = FALSE;
  want_nothing (self);
}

gboolean
ahoy_pager_take (AhoyPager               *self,
                 const AhoyStoredMessage *stored)
{
  if (!self->answer)
    return FALSE;
  g_ptr_array_add (self->answer, ahoy_stored_message_new (stored));
  return TRUE;
}

void
ahoy_pager_fail_answer (AhoyPager *self)
{
  AhoyConversation *asked = self->answer ? g_queue_peek_head (&self->wanting) : NULL;

  if (asked)
    ahoy_conversation_set_older_failed (asked, TRUE);
  want_nothing (self);
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  const AhoyStoredMessage *one = *(AhoyStoredMessage *const *) a;
  const AhoyStoredMessage *other = *(AhoyStoredMessage *const *) b;

  return one->id < other->id ? -1 : one->id > other->id;
}

void
ahoy_pager_end_answer (AhoyPager *self,
                       gboolean   more)
{
  g_autoptr (AhoyPagerHeld)    held = NULL;
  g_autoptr (GPtrArray)        answer = g_steal_pointer (&self->answer);
  g_autoptr (AhoyConversation) conversation = NULL;
  Reading                     *reading;

  if (!answer)
    return;
  held = g_rc_box_acquire (self);
  conversation = g_queue_pop_head (&self->wanting);
  g_ptr_array_sort (answer, compare_ids);
  for (guint i = 0; i < answer->len; i++)
    ahoy_archive_keep (self->archive, ahoy_stored_message_new (answer->pdata[i]), NULL, NULL);
  if (!merge (self, conversation, answer))
    return;

  reading = find (self, conversation);
  reading->floor = more && answer->len > 0 ? ((AhoyStoredMessage *) answer->pdata[0])->id : 0;
  if (ahoy_archive_is_on_disk (self->archive))
    ahoy_archive_set_mark (self->archive, AHOY_MARK_FLOOR, ahoy_conversation_get_target (conversation), reading->floor);
  show (reading, conversation, FALSE);
  ask (self);
}

/* ---- The disk ---- */

static void
on_page (AhoyRead     *page,
         const GError *error,
         gpointer      data)
{
  g_autoptr (AhoyPagerHeld)    self = g_rc_box_acquire (data);
  g_autoptr (AhoyConversation) conversation = g_queue_pop_head (&self->pages);
  gboolean                     more;
  GPtrArray                   *stored_messages = ahoy_message_table_get_page (page, &more);
  const AhoyStoredMessage     *first = stored_messages->len > 0 ? stored_messages->pdata[0] : NULL;
  Reading                     *reading;

  if (!conversation)
    return;
  if (error)
    { /* what is there is not over: it is asked for again */
      ahoy_conversation_set_older_failed (conversation, TRUE);
      finish (self, conversation);
      return;
    }
  if (!merge (self, conversation, stored_messages))
    return;
  reading = find (self, conversation);
  if (first)
    ahoy_place_set (&reading->before, first->place.id, first->place.path);
  reading->more = more;
  if (!first || first->place.id < reading->floor)
    want (self, conversation);
  else
    show (reading, conversation, FALSE);
}

void
ahoy_pager_load_older (AhoyPager        *self,
                       AhoyConversation *conversation)
{
  const Reading *reading = find (self, conversation);
  AhoyPageQuery  query = { .limit = PAGE };

  if (!reading)
    return;
  ahoy_conversation_set_older_failed (conversation, FALSE);
  show (reading, conversation, TRUE);
  if (!reading->more)
    {
      want (self, conversation);
      return;
    }
  query.target = ahoy_conversation_get_target (conversation);
  query.before = reading->before;
  g_queue_push_tail (&self->pages, g_object_ref (conversation));
  ahoy_archive_page (self->archive, &query, on_page, self);
}

/* ---- Memory ---- */

/* Whether what is in memory may be let go. */
static gboolean
is_kept (AhoyPager *self)
{
  return !ahoy_archive_is_on_disk (self->archive) || ahoy_archive_has_written (self->archive, ahoy_archive_get_pushed (self->archive));
}

void
ahoy_pager_trim (AhoyPager        *self,
                 AhoyConversation *conversation)
{
  Reading         *reading = find (self, conversation);
  const AhoyPlace *oldest;

  if (!reading)
    return;
  reading->behind = !is_kept (self);
  oldest = reading->behind ? NULL : ahoy_conversation_trim (conversation, KEPT_MAX, KEPT_SLACK);
  if (!oldest)
    return;
  if (ahoy_archive_is_on_disk (self->archive))
    {
      ahoy_place_set (&reading->before, oldest->id, oldest->path);
      reading->more = TRUE;
    }
  else
    {
      reading->floor = oldest->id; /* nothing on a disk: the server is asked again */
    }
  ahoy_conversation_set_older (conversation, TRUE, ahoy_conversation_get_loading_older (conversation));
}

void
ahoy_pager_note_written (AhoyPager *self)
{
  GHashTableIter iter;
  gpointer       conversation, value;

  if (!is_kept (self))
    return;
  g_hash_table_iter_init (&iter, self->readings);
  while (g_hash_table_iter_next (&iter, &conversation, &value))
    {
      Reading *reading = value;

      if (reading->behind && g_list_model_get_n_items (ahoy_conversation_get_messages (conversation)) > KEPT_MAX)
        self->host->crowded (conversation, self->data);
      reading->behind = FALSE;
    }
}

/* ---- Runs ---- */

void
ahoy_pager_part (AhoyPager *self,
                 guint64    first,
                 guint      parting)
{
  GHashTableIter iter;
  gpointer       conversation, value;

  for (GList *page = self->pages.head; page; page = page->next) /* the answer comes, and is of the time before */
    g_clear_object ((AhoyConversation **) &page->data);
  ahoy_place_part (&self->from, first, parting);
  g_hash_table_iter_init (&iter, self->readings);
  while (g_hash_table_iter_next (&iter, &conversation, &value))
    {
      Reading *reading = value;

      ahoy_place_part (&reading->before, first, parting);
      reading->floor = MIN (reading->floor, first);
      show (reading, conversation, FALSE);
    }
}

void
ahoy_pager_rejoin (AhoyPager       *self,
                   const AhoyPlace *copy,
                   guint64          id)
{
  GHashTableIter iter;
  gpointer       value;

  ahoy_place_rejoin (&self->from, copy, id);
  g_hash_table_iter_init (&iter, self->readings);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ahoy_place_rejoin (&((Reading *) value)->before, copy, id);
}
