/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The lines of a conversation as a list model.
 *
 * The model's items are settled[0 .. announced) followed by waiting[0 .. n). Whatever is in settled beyond `announced` exists only for
 * us until the next thaw. So an append in a burst costs a pointer, and the view hears of the burst once. Every change of another kind
 * is announced at once; flush() comes first where the two would get in each other's way. */

#include "core/ahoy-message-log.h"

#include <string.h>

#include "core/ahoy-message-private.h"

struct _AhoyMessageLog {
  GObject parent_instance;

  /* Owned */
  GPtrArray *settled; /* AhoyMessage */
  GPtrArray *waiting; /* AhoyMessage */
  guint      announced; /* of settled */
  gboolean   frozen;
};

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AhoyMessageLog, ahoy_message_log, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

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
  guint at;

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
  const guint before = array->len - n;
  g_autofree gpointer *moved = g_memdup2 (array->pdata + before, n * sizeof (gpointer));

  memmove (array->pdata + at + n, array->pdata + at, (before - at) * sizeof (gpointer));
  memcpy (array->pdata + at, moved, n * sizeof (gpointer));
}

/* Nothing older goes above this. */
static guint
find_floor (AhoyMessageLog *self)
{
  for (guint i = self->settled->len; i > 0; i--)
    {
      if (ahoy_message_get_kind (self->settled->pdata[i - 1]) == AHOY_MESSAGE_GAP)
        return i;
    }
  return 0;
}

/* Right behind the one with the next smaller id. Returns: FALSE when @id is here. */
static gboolean
find_place (AhoyMessageLog *self,
            guint           floor,
            guint64         id,
            guint          *at)
{
  for (*at = self->settled->len; *at > floor; --*at)
    {
      guint64 here = ahoy_message_get_id (self->settled->pdata[*at - 1]);

      if (here == id)
        return FALSE;
      if (here != 0 && here < id)
        break;
    }
  return TRUE;
}

/* The first id at or after @at; none: the largest there is. */
static guint64
next_id (AhoyMessageLog *self,
         guint           at)
{
  for (; at < self->settled->len; at++)
    {
      guint64 id = ahoy_message_get_id (self->settled->pdata[at]);

      if (id != 0)
        return id;
    }
  return G_MAXUINT64;
}

guint
ahoy_message_log_merge (AhoyMessageLog *self,
                        GPtrArray      *messages)
{
  const guint floor = find_floor (self);
  guint i = 0;
  guint n = 0;

  flush (self);
  while (i < messages->len)
    {
      guint at, run;
      guint64 next;

      if (!find_place (self, floor, ahoy_message_get_id (messages->pdata[i]), &at))
        {
          i++;
          continue;
        }
      next = next_id (self, at);
      for (run = 1; i + run < messages->len && ahoy_message_get_id (messages->pdata[i + run]) < next; run++)
        ;
      for (guint k = 0; k < run; k++)
        g_ptr_array_add (self->settled, g_object_ref (messages->pdata[i + k]));
      rotate (self->settled, at, run);
      self->announced += run;
      changed (self, at, 0, run);
      i += run;
      n += run;
    }
  return n;
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

void
ahoy_message_log_forget_ids (AhoyMessageLog *self)
{
  for (guint i = 0; i < self->settled->len; i++)
    ahoy_message_set_id (self->settled->pdata[i], 0);
}

guint64
ahoy_message_log_get_oldest (AhoyMessageLog *self)
{
  guint64 oldest = next_id (self, find_floor (self));

  return oldest == G_MAXUINT64 ? 0 : oldest;
}

AhoyMessage *
ahoy_message_log_find (AhoyMessageLog *self,
                       guint64         id)
{
  guint at;

  if (find_place (self, find_floor (self), id, &at))
    return NULL;
  return self->settled->pdata[at - 1];
}

guint64
ahoy_message_log_get_newest (AhoyMessageLog *self)
{
  const guint floor = find_floor (self);

  for (guint i = self->settled->len; i > floor; i--)
    {
      guint64 id = ahoy_message_get_id (self->settled->pdata[i - 1]);

      if (id != 0)
        return id;
    }
  return 0;
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
