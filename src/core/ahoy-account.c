/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What one person holds and owes on one extended server. */

#include "core/ahoy-account.h"

#include "wire/ahoy-limits.h"
#include "wire/ahoy-name.h"

/* Marks: everything up to this id was received, though no message has it. */
#define POSITION "position"
/* A mark that is a place. */
#define READ "read"

struct _AhoyAccount {
  /* Owned */
  char       *server;
  char       *skeleton;
  char       *secret; /* NULL: none that will be known the next time */
  GHashTable *people; /* skeleton (the acquaintance's) -> AhoyAcquaintance */
  GHashTable *marks; /* "kind\037key" -> AhoyPlace * */
  AhoyRunMarks *runs;
  gint64      number; /* the history's; 0: not on a disk */
  guint64     position;
  guint       partings;

  /* Borrowed */
  AhoyHistory *history; /* NULL: none */
};

AhoyAccount *
ahoy_account_new (AhoyHistory *history,
                  const char  *server,
                  const char  *name)
{
  AhoyAccount *self = g_new0 (AhoyAccount, 1);

  self->history = history;
  self->server = g_strdup (server);
  self->skeleton = ahoy_name_skeleton (name);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) ahoy_acquaintance_free);
  self->marks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ahoy_place_free);
  self->runs = ahoy_run_marks_new ();
  return self;
}

void
ahoy_account_free (AhoyAccount *self)
{
  g_hash_table_unref (self->people);
  g_hash_table_unref (self->marks);
  ahoy_run_marks_free (self->runs);
  g_free (self->server);
  g_free (self->skeleton);
  g_free (self->secret);
  g_free (self);
}

gboolean
ahoy_account_is (AhoyAccount *self,
                 const char  *server,
                 const char  *name)
{
  g_autofree char *skeleton = ahoy_name_skeleton (name);

  return g_strcmp0 (self->server, server) == 0 && g_str_equal (self->skeleton, skeleton);
}

gboolean
ahoy_account_load (AhoyAccount     *self,
                   guint            newest,
                   AhoyHistoryLoad  done,
                   gpointer         data)
{
  if (!self->history)
    return FALSE;
  ahoy_history_load (self->history, self->server, self->skeleton, newest, done, data);
  return TRUE;
}

static void
remember (AhoyAccount      *self,
          AhoyAcquaintance *acquaintance)
{
  g_hash_table_replace (self->people, acquaintance->person, acquaintance);
}

static void
put_mark (AhoyAccount     *self,
          const char      *kind,
          const char      *key,
          const AhoyPlace *value)
{
  g_hash_table_replace (self->marks, g_strconcat (kind, "\037", key, NULL), ahoy_place_copy (value));
}

static void
copy_mark (gpointer key,
           gpointer value,
           gpointer data)
{
  g_hash_table_replace (data, g_strdup (key), ahoy_place_copy (value));
}

void
ahoy_account_set_loaded (AhoyAccount             *self,
                         const AhoyHistoryLoaded *loaded)
{
  self->number = loaded->account;
  g_free (self->secret);
  self->secret = g_strdup (loaded->secret);
  for (guint i = 0; i < loaded->people->len; i++)
    remember (self, ahoy_acquaintance_new (loaded->people->pdata[i]));
  if (loaded->marks)
    g_hash_table_foreach (loaded->marks, copy_mark, self->marks);
  self->position = MAX (loaded->last, ahoy_account_get_mark (self, POSITION, "", 0));
  self->partings = loaded->partings;
  for (guint i = 0; loaded->runs && i < ahoy_run_marks_get_n (loaded->runs); i++)
    ahoy_run_marks_add (self->runs, ahoy_run_marks_get (loaded->runs, i));
  ahoy_run_marks_clamp (self->runs, self->position);
}

gboolean
ahoy_account_is_on_disk (AhoyAccount *self)
{
  return self->number != 0;
}

/* What ahoy_history_file_part() does with the marks. */
static void
part_marks (AhoyAccount *self,
            guint64      first)
{
  GHashTableIter iter;
  gpointer name, mark;

  g_hash_table_iter_init (&iter, self->marks);
  while (g_hash_table_iter_next (&iter, &name, &mark))
    {
      AhoyPlace *place = mark;

      if (g_str_has_prefix (name, READ "\037"))
        ahoy_place_part (place, first, self->partings);
      else if (g_str_has_prefix (name, "floor\037") || g_str_has_prefix (name, "start\037"))
        place->id = MIN (place->id, first);
      else
        place->id = MIN (place->id, first - 1);
    }
}

guint
ahoy_account_part (AhoyAccount *self,
                   guint64      first)
{
  g_return_val_if_fail (first > 0 && first <= self->position, self->partings);

  self->partings++;
  part_marks (self, first);
  self->position = first - 1;
  ahoy_run_marks_clamp (self->runs, self->position);
  put_mark (self, POSITION, "", &(AhoyPlace){ self->position, NULL });
  if (self->number != 0)
    ahoy_history_part (self->history, self->number, first, self->partings);
  return self->partings;
}

guint
ahoy_account_get_partings (AhoyAccount *self)
{
  return self->partings;
}

void
ahoy_account_enter_run (AhoyAccount *self,
                        const char  *run)
{
  if (ahoy_run_marks_enter (self->runs, run, self->position) && self->number != 0)
    ahoy_history_set_runs (self->history, self->number, ahoy_run_marks_copy (self->runs));
}

char *
ahoy_account_dup_runs (AhoyAccount *self)
{
  return ahoy_run_marks_write (self->runs, self->position, AHOY_HEADING_VALUE_MAX);
}

const char *
ahoy_account_get_server (AhoyAccount *self)
{
  return self->server;
}

const char *
ahoy_account_get_skeleton (AhoyAccount *self)
{
  return self->skeleton;
}

const char *
ahoy_account_get_secret (AhoyAccount *self)
{
  return self->secret;
}

guint64
ahoy_account_get_position (AhoyAccount *self)
{
  return self->position;
}

void
ahoy_account_set_position (AhoyAccount *self,
                           guint64      position)
{
  self->position = MAX (self->position, position);
}

void
ahoy_account_mark_position (AhoyAccount *self,
                            guint64      position)
{
  if (self->position >= position && ahoy_account_has_position (self))
    return;
  self->position = MAX (self->position, position);
  ahoy_account_set_mark (self, POSITION, "", self->position);
}

gboolean
ahoy_account_has_position (AhoyAccount *self)
{
  return self->position > 0 || ahoy_account_get_mark (self, POSITION, "", G_MAXUINT64) != G_MAXUINT64;
}

static const AhoyPlace *
find_mark (AhoyAccount *self,
           const char  *kind,
           const char  *key)
{
  g_autofree char *name = g_strconcat (kind, "\037", key, NULL);

  return g_hash_table_lookup (self->marks, name);
}

guint64
ahoy_account_get_mark (AhoyAccount *self,
                       const char  *kind,
                       const char  *key,
                       guint64      otherwise)
{
  const AhoyPlace *value = find_mark (self, kind, key);

  return value ? value->id : otherwise;
}

void
ahoy_account_set_mark (AhoyAccount *self,
                       const char  *kind,
                       const char  *key,
                       guint64      value)
{
  ahoy_account_set_place (self, kind, key, &(AhoyPlace){ value, NULL });
}

void
ahoy_account_get_place (AhoyAccount *self,
                        const char  *kind,
                        const char  *key,
                        AhoyPlace   *place)
{
  const AhoyPlace *value = find_mark (self, kind, key);

  ahoy_place_set (place, value ? value->id : 0, value ? value->path : NULL);
}

void
ahoy_account_set_place (AhoyAccount     *self,
                        const char      *kind,
                        const char      *key,
                        const AhoyPlace *place)
{
  put_mark (self, kind, key, place);
  if (self->number != 0)
    ahoy_history_mark (self->history, self->number, kind, key, place);
}

void
ahoy_account_rejoin (AhoyAccount     *self,
                     const AhoyPlace *copy,
                     guint64          id)
{
  GHashTableIter iter;
  gpointer name, mark;

  g_hash_table_iter_init (&iter, self->marks);
  while (g_hash_table_iter_next (&iter, &name, &mark))
    {
      if (g_str_has_prefix (name, READ "\037"))
        ahoy_place_rejoin (mark, copy, id);
    }
}

const AhoyAcquaintance *
ahoy_account_find (AhoyAccount *self,
                   const char  *person)
{
  return g_hash_table_lookup (self->people, person);
}

void
ahoy_account_know (AhoyAccount      *self,
                   AhoyAcquaintance *acquaintance)
{
  if (self->number != 0)
    ahoy_history_know (self->history, self->number, ahoy_acquaintance_new (acquaintance));
  if (acquaintance->known)
    {
      remember (self, acquaintance);
      return;
    }
  g_hash_table_remove (self->people, acquaintance->person);
  ahoy_acquaintance_free (acquaintance);
}

gboolean
ahoy_account_keep (AhoyAccount      *self,
                   AhoyRecord       *record,
                   AhoyHistoryPlaced done,
                   gpointer          data)
{
  if (self->number == 0)
    {
      ahoy_record_free (record);
      return FALSE;
    }
  ahoy_history_keep (self->history, self->number, record, done, data);
  return TRUE;
}

gboolean
ahoy_account_owe (AhoyAccount     *self,
                  AhoyRecord      *record,
                  AhoyHistoryKept  done,
                  gpointer         data)
{
  if (self->number == 0)
    {
      ahoy_record_free (record);
      return FALSE;
    }
  ahoy_history_owe (self->history, self->number, record, done, data);
  return TRUE;
}

void
ahoy_account_drop (AhoyAccount *self,
                   const char  *cid)
{
  if (self->number != 0)
    ahoy_history_drop (self->history, self->number, cid);
}

void
ahoy_account_page (AhoyAccount            *self,
                   const AhoyHistoryQuery *query,
                   AhoyHistoryPage         done,
                   gpointer                data)
{
  g_return_if_fail (self->number != 0);

  ahoy_history_page (self->history, self->number, query, done, data);
}

guint64
ahoy_account_get_pushed (AhoyAccount *self)
{
  return self->number != 0 ? ahoy_history_get_pushed (self->history) : 0;
}

gboolean
ahoy_account_has_written (AhoyAccount *self,
                          guint64      number)
{
  return self->number != 0 && number <= ahoy_history_get_written (self->history);
}

guint
ahoy_account_get_n_pending (AhoyAccount *self)
{
  return self->number != 0 ? ahoy_history_get_n_pending (self->history) : 0;
}
