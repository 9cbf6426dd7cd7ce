/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The lines of a conversation as a list model.
 *
 * The model's items are settled[0 .. announced) followed by waiting[0 .. n). Whatever is in settled beyond `announced` exists only for
 * us until the next thaw. So an append in a burst costs a pointer, and the view hears of the burst once. Every change of another kind
 * is announced at once; flush() comes first where the two would get in each other's way. */

#include "core/chat/ahoy-message-log.h"

#include <string.h>

#include "core/chat/ahoy-message-private.h"

struct _AhoyMessageLog {
  GObject parent_instance;

  /* Owned */
  GPtrArray *settled;   /* AhoyMessage */
  GPtrArray *waiting;   /* AhoyMessage */
  guint      announced; /* of settled */
  gboolean   frozen;
};

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AhoyMessageLog, ahoy_message_log, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static GType
get_item_type (GListModel *model)
{
  return AHOY_TYPE_MESSAGE;
}

static guint
get_n_items (GListModel *model)
{
  AhoyMessageLog *self = AHOY_MESSAGE_LOG (model);

  return self->announced + self->waiting->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  AhoyMessageLog *self = AHOY_MESSAGE_LOG (model);

  if (position < self->announced)
    return g_object_ref (self->settled->pdata[position]);
  position -= self->announced;
  return position < self->waiting->len ? g_object_ref (self->waiting->pdata[position]) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
changed (AhoyMessageLog *self,
         guint           position,
         guint           removed,
         guint           added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
flush (AhoyMessageLog *self)
{
  guint from = self->announced;

  if (from == self->settled->len)
    return;
  self->announced = self->settled->len;
  changed (self, from, 0, self->announced - from);
}

/* From the end: what anybody looks for is recent. */
static gboolean
find (GPtrArray   *array,
      AhoyMessage *message,
      guint       *at)
{
  for (guint i = array->len; i > 0; i--)
    {
      if (array->pdata[i - 1] == message)
        {
          *at = i - 1;
          return TRUE;
        }
    }
  return FALSE;
}

static void
ahoy_message_log_finalize (GObject *object)
{
  AhoyMessageLog *self = AHOY_MESSAGE_LOG (object);

  g_ptr_array_unref (self->settled);
  g_ptr_array_unref (self->waiting);

  G_OBJECT_CLASS (ahoy_message_log_parent_class)->finalize (object);
}

static void
ahoy_message_log_class_init (AhoyMessageLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ahoy_message_log_finalize;
}

static void
ahoy_message_log_init (AhoyMessageLog *self)
{
  self->settled = g_ptr_array_new_with_free_func (g_object_unref);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

AhoyMessageLog *
ahoy_message_log_new (void)
{
  return g_object_new (AHOY_TYPE_MESSAGE_LOG, NULL);
}

void
ahoy_message_log_append (AhoyMessageLog *self,
                         AhoyMessage    *message)
{
  g_ptr_array_add (self->settled, g_object_ref (message));
  if (!self->frozen)
    flush (self);
}

void
ahoy_message_log_append_waiting (AhoyMessageLog *self,
                                 AhoyMessage    *message)
{
  flush (self); /* what came before is shown before */
  g_ptr_array_add (self->waiting, g_object_ref (message));
  changed (self, self->announced + self->waiting->len - 1, 0, 1);
}

void
ahoy_message_log_settle (AhoyMessageLog *self,
                         AhoyMessage    *message)
{
  g_autoptr (AhoyMessage) held = g_object_ref (message);
  guint                   at;

  if (find (self->waiting, message, &at))
    {
      flush (self);
      g_ptr_array_remove_index (self->waiting, at);
      if (at == 0)
        { /* where the two parts meet: the border moves, nothing else does */
          g_ptr_array_add (self->settled, g_steal_pointer (&held));
          self->announced++;
          return;
        }
      changed (self, self->announced + at, 1, 0);
    }
  else if (find (self->settled, message, &at))
    {
      if (at == self->settled->len - 1)
        return;
      flush (self);
      g_ptr_array_remove_index (self->settled, at);
      self->announced--;
      changed (self, at, 1, 0);
    }
  else
    {
      return;
    }
  ahoy_message_log_append (self, message);
}

/* Moves the last @n items to @at. */
static void
rotate (GPtrArray *array,
        guint      at,
        guint      n)
{
  const guint          before = array->len - n;
  g_autofree gpointer *moved = g_memdup2 (array->pdata + before, n * sizeof (gpointer));

  memmove (array->pdata + at + n, array->pdata + at, (before - at) * sizeof (gpointer));
  memcpy (array->pdata + at, moved, n * sizeof (gpointer));
}

static AhoyMessage *
peek (AhoyMessageLog *self,
      guint           at)
{
  return self->settled->pdata[at];
}

/* Right behind the one with the next smaller place. Returns: FALSE when one with that place is here: at @at - 1. */
static gboolean
find_place (AhoyMessageLog  *self,
            const AhoyPlace *place,
            guint           *at)
{
  for (*at = self->settled->len; *at > 0; --*at)
    {
      AhoyMessage *here = peek (self, *at - 1);
      const int    order = ahoy_message_has_place (here) ? ahoy_place_compare (ahoy_message_get_place (here), place) : 1;

      if (order == 0)
        return FALSE;
      if (order < 0)
        break;
    }
  return TRUE;
}

/* Returns: the first that has a place, at or after @at. */
static AhoyMessage *
next_placed (AhoyMessageLog *self,
             guint           at)
{
  for (; at < self->settled->len; at++)
    {
      if (ahoy_message_has_place (peek (self, at)))
        return peek (self, at);
    }
  return NULL;
}

/* Returns: the last that has a place, before @at. */
static AhoyMessage *
previous_placed (AhoyMessageLog *self,
                 guint           at)
{
  for (; at > 0; at--)
    {
      if (ahoy_message_has_place (peek (self, at - 1)))
        return peek (self, at - 1);
    }
  return NULL;
}

static gboolean
is_line (AhoyMessage *message)
{
  return message && ahoy_message_get_kind (message) == AHOY_MESSAGE_SET_BACK;
}

static void
remove_at (AhoyMessageLog *self,
           guint           at)
{
  g_ptr_array_remove_index (self->settled, at);
  self->announced--;
  changed (self, at, 1, 0);
}

/* A line with another one right below it says nothing, nor does one with nothing lost above. */
static void
drop_idle_lines (AhoyMessageLog *self)
{
  for (guint i = self->settled->len; i > 0; i--)
    {
      AhoyMessage *above;

      if (!is_line (peek (self, i - 1)))
        continue;
      above = previous_placed (self, i - 1);
      if (is_line (next_placed (self, i)) || (above && !is_line (above) && !ahoy_place_is_copy (ahoy_message_get_place (above))))
        remove_at (self, i - 1);
    }
}

/* From @from on, as long as they stand before @next (NULL: all). */
static guint
count_before (GPtrArray   *messages,
              guint        from,
              AhoyMessage *next)
{
  guint n = 1;

  while (from + n < messages->len &&
         (!next || ahoy_place_compare (ahoy_message_get_place (messages->pdata[from + n]), ahoy_message_get_place (next)) < 0))
    n++;
  return n;
}

guint
ahoy_message_log_merge (AhoyMessageLog *self,
                        GPtrArray      *messages)
{
  guint    i = 0;
  guint    n = 0;
  gboolean lines = FALSE;

  flush (self);
  while (i < messages->len)
    {
      guint at, run;

      if (!find_place (self, ahoy_message_get_place (messages->pdata[i]), &at))
        {
          i++;
          continue;
        }
      run = count_before (messages, i, next_placed (self, at));
      for (guint k = 0; k < run; k++)
        {
          lines = lines || is_line (messages->pdata[i + k]);
          g_ptr_array_add (self->settled, g_object_ref (messages->pdata[i + k]));
        }
      rotate (self->settled, at, run);
      self->announced += run;
      changed (self, at, 0, run);
      i += run;
      n += run;
    }
  if (lines)
    drop_idle_lines (self);
  return n;
}

static void
insert_line (AhoyMessageLog *self,
             AhoyMessage    *below)
{
  const AhoyPlace      *place = ahoy_message_get_place (below);
  g_auto (GStrv)        ends = ahoy_place_ends (place);
  const AhoyPlace       end = { place->id, ends[g_strv_length (ends) - 1] };
  g_autoptr (GPtrArray) alone = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (alone, ahoy_message_new_set_back (ahoy_message_get_time (below), &end));
  ahoy_message_log_merge (self, alone);
}

void
ahoy_message_log_part (AhoyMessageLog *self,
                       guint64         first,
                       guint           parting)
{
  g_autofree char *lost = g_strdup_printf ("%08x", parting);
  AhoyMessage     *last = NULL;

  flush (self);
  for (guint i = 0; i < self->settled->len; i++)
    {
      AhoyMessage       *message = peek (self, i);
      g_auto (AhoyPlace) place = { 0 };

      if (!ahoy_message_has_place (message))
        continue;
      ahoy_place_set (&place, ahoy_message_get_place (message)->id, ahoy_message_get_place (message)->path);
      if (ahoy_place_part (&place, first, parting))
        ahoy_message_set_place (message, &place);
      /* A whisper may have gone there already: it stands in two logs. */
      if (!is_line (message) && place.id == first - 1 && place.path && g_str_has_prefix (place.path, lost))
        last = message;
    }
  if (last)
    insert_line (self, last);
}

/* Those that stand behind one with a larger place go before it. */
static void
put_in_order (AhoyMessageLog *self)
{
  g_autoptr (GPtrArray) astray = g_ptr_array_new_with_free_func (g_object_unref);
  AhoyMessage          *largest = NULL;

  for (guint i = 0; i < self->settled->len; i++)
    {
      AhoyMessage *message = peek (self, i);

      if (!ahoy_message_has_place (message))
        continue;
      if (largest && ahoy_place_compare (ahoy_message_get_place (message), ahoy_message_get_place (largest)) < 0)
        {
          g_ptr_array_add (astray, g_object_ref (message));
          remove_at (self, i--);
        }
      else
        {
          largest = message;
        }
    }
  ahoy_message_log_merge (self, astray);
}

void
ahoy_message_log_rejoin (AhoyMessageLog  *self,
                         const AhoyPlace *copy,
                         guint64          id)
{
  flush (self);
  for (guint i = 0; i < self->settled->len; i++)
    {
      AhoyMessage       *message = peek (self, i);
      g_auto (AhoyPlace) place = { 0 };

      if (!ahoy_message_has_place (message))
        continue;
      ahoy_place_set (&place, ahoy_message_get_place (message)->id, ahoy_message_get_place (message)->path);
      if (ahoy_place_rejoin (&place, copy, id))
        ahoy_message_set_place (message, &place);
    }
  put_in_order (self);
  drop_idle_lines (self);
}

guint
ahoy_message_log_trim (AhoyMessageLog *self,
                       guint           keep,
                       guint           slack)
{
  guint n;

  if (self->settled->len <= keep + slack)
    return 0;
  flush (self);
  n = self->settled->len - keep;
  g_ptr_array_remove_range (self->settled, 0, n);
  self->announced -= n;
  changed (self, 0, n, 0);
  return n;
}

void
ahoy_message_log_remove_waiting (AhoyMessageLog *self,
                                 AhoyMessage    *message)
{
  guint at;

  if (!find (self->waiting, message, &at))
    return;
  g_ptr_array_remove_index (self->waiting, at);
  changed (self, self->announced + at, 1, 0);
}

AhoyMessage *
ahoy_message_log_get_oldest (AhoyMessageLog *self)
{
  return next_placed (self, 0);
}

AhoyMessage *
ahoy_message_log_get_newest (AhoyMessageLog *self)
{
  return previous_placed (self, self->settled->len);
}

AhoyMessage *
ahoy_message_log_find (AhoyMessageLog  *self,
                       const AhoyPlace *place)
{
  guint at;

  return find_place (self, place, &at) ? NULL : peek (self, at - 1);
}

AhoyMessage *
ahoy_message_log_peek (AhoyMessageLog *self,
                       guint           position)
{
  return position < self->settled->len ? self->settled->pdata[position] : NULL;
}

void
ahoy_message_log_remove_last (AhoyMessageLog *self)
{
  guint last = self->settled->len - 1;

  g_return_if_fail (self->settled->len > 0);

  g_ptr_array_remove_index (self->settled, last);
  if (last < self->announced)
    {
      self->announced--;
      changed (self, last, 1, 0);
    }
}

void
ahoy_message_log_clear (AhoyMessageLog *self)
{
  guint n = get_n_items (G_LIST_MODEL (self));

  g_ptr_array_set_size (self->settled, 0);
  g_ptr_array_set_size (self->waiting, 0);
  self->announced = 0;
  if (n > 0)
    changed (self, 0, n, 0);
}

AhoyMessage *
ahoy_message_log_get_last (AhoyMessageLog *self)
{
  return self->settled->len > 0 ? self->settled->pdata[self->settled->len - 1] : NULL;
}

gboolean
ahoy_message_log_is_empty (AhoyMessageLog *self)
{
  return self->settled->len == 0 && self->waiting->len == 0;
}

void
ahoy_message_log_freeze (AhoyMessageLog *self)
{
  self->frozen = TRUE;
}

void
ahoy_message_log_thaw (AhoyMessageLog *self)
{
  self->frozen = FALSE;
  flush (self);
}
