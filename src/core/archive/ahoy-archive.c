/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What one person holds and owes on one extended server. */

#include "core/archive/ahoy-archive.h"

#include "wire/ahoy-limits.h"
#include "wire/ahoy-name.h"

/* Marks: everything up to this id was received, though no message has it. */
#define POSITION "position"
/* A mark that is a place. */
#define READ "read"

struct _AhoyArchive {
  /* Owned */
  char         *server;
  char         *skeleton;
  char         *secret; /* NULL: none that will be known the next time */
  GHashTable   *people; /* skeleton (the known_key's) -> AhoyKnownKey */
  GHashTable   *marks;  /* "kind\037key" -> AhoyPlace * */
  AhoyRunMarks *runs;
  gint64        number; /* the history's; 0: not on a disk */
  guint64       position;
  guint         partings;

  /* Borrowed */
  AhoyDatabase *history; /* NULL: none */
};

AhoyArchive *
ahoy_archive_new (AhoyDatabase *history,
                  const char   *server,
                  const char   *name)
{
  AhoyArchive *self = g_new0 (AhoyArchive, 1);

  self->history = history;
  self->server = g_strdup (server);
  self->skeleton = ahoy_name_skeleton (name);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) ahoy_known_key_free);
  self->marks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ahoy_place_free);
  self->runs = ahoy_run_marks_new ();
  return self;
}

void
ahoy_archive_free (AhoyArchive *self)
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
ahoy_archive_is (AhoyArchive *self,
                 const char  *server,
                 const char  *name)
{
  g_autofree char *skeleton = ahoy_name_skeleton (name);

  return g_strcmp0 (self->server, server) == 0 && g_str_equal (self->skeleton, skeleton);
}

gboolean
ahoy_archive_load (AhoyArchive     *self,
                   guint            newest,
                   AhoyDatabaseLoad done,
                   gpointer         data)
{
  if (!self->history)
    return FALSE;
  ahoy_database_load (self->history, self->server, self->skeleton, newest, done, data);
  return TRUE;
}

static void
remember (AhoyArchive  *self,
          AhoyKnownKey *known_key)
{
  g_hash_table_replace (self->people, known_key->person, known_key);
}

static void
put_mark (AhoyArchive     *self,
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
ahoy_archive_set_loaded (AhoyArchive              *self,
                         const AhoyDatabaseLoaded *loaded)
{
  self->number = loaded->archive;
  g_free (self->secret);
  self->secret = g_strdup (loaded->secret);
  for (guint i = 0; i < loaded->people->len; i++)
    remember (self, ahoy_known_key_new (loaded->people->pdata[i]));
  if (loaded->marks)
    g_hash_table_foreach (loaded->marks, copy_mark, self->marks);
  self->position = MAX (loaded->last, ahoy_archive_get_mark (self, POSITION, "", 0));
  self->partings = loaded->partings;
  for (guint i = 0; loaded->runs && i < ahoy_run_marks_get_n (loaded->runs); i++)
    ahoy_run_marks_add (self->runs, ahoy_run_marks_get (loaded->runs, i));
  ahoy_run_marks_clamp (self->runs, self->position);
}

gboolean
ahoy_archive_is_on_disk (AhoyArchive *self)
{
  return self->number != 0;
}

/* What ahoy_database_file_part() does with the marks. */
static void
part_marks (AhoyArchive *self,
            guint64      first)
{
  GHashTableIter iter;
  gpointer       name, mark;

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
ahoy_archive_part (AhoyArchive *self,
                   guint64      first)
{
  g_return_val_if_fail (first > 0 && first <= self->position, self->partings);

  self->partings++;
  part_marks (self, first);
  self->position = first - 1;
  ahoy_run_marks_clamp (self->runs, self->position);
  put_mark (self, POSITION, "", &(AhoyPlace){ self->position, NULL });
  if (self->number != 0)
    ahoy_database_part (self->history, self->number, first, self->partings);
  return self->partings;
}

guint
ahoy_archive_get_partings (AhoyArchive *self)
{
  return self->partings;
}

void
ahoy_archive_enter_run (AhoyArchive *self,
                        const char  *run)
{
  if (ahoy_run_marks_enter (self->runs, run, self->position) && self->number != 0)
    ahoy_database_set_runs (self->history, self->number, ahoy_run_marks_copy (self->runs));
}

char *
ahoy_archive_dup_runs (AhoyArchive *self)
{
  return ahoy_run_marks_write (self->runs, self->position, AHOY_HEADING_VALUE_MAX);
}

const char *
ahoy_archive_get_server (AhoyArchive *self)
{
  return self->server;
}

const char *
ahoy_archive_get_skeleton (AhoyArchive *self)
{
  return self->skeleton;
}

const char *
ahoy_archive_get_secret (AhoyArchive *self)
{
  return self->secret;
}

guint64
ahoy_archive_get_position (AhoyArchive *self)
{
  return self->position;
}

void
ahoy_archive_set_position (AhoyArchive *self,
                           guint64      position)
{
  self->position = MAX (self->position, position);
}

void
ahoy_archive_mark_position (AhoyArchive *self,
                            guint64      position)
{
  if (self->position >= position && ahoy_archive_has_position (self))
    return;
  self->position = MAX (self->position, position);
  ahoy_archive_set_mark (self, POSITION, "", self->position);
}

gboolean
ahoy_archive_has_position (AhoyArchive *self)
{
  return self->position > 0 || ahoy_archive_get_mark (self, POSITION, "", G_MAXUINT64) != G_MAXUINT64;
}

static const AhoyPlace *
find_mark (AhoyArchive *self,
           const char  *kind,
           const char  *key)
{
  g_autofree char *name = g_strconcat (kind, "\037", key, NULL);

  return g_hash_table_lookup (self->marks, name);
}

guint64
ahoy_archive_get_mark (AhoyArchive *self,
                       const char  *kind,
                       const char  *key,
                       guint64      otherwise)
{
  const AhoyPlace *value = find_mark (self, kind, key);

  return value ? value->id : otherwise;
}

void
ahoy_archive_set_mark (AhoyArchive *self,
                       const char  *kind,
                       const char  *key,
                       guint64      value)
{
  ahoy_archive_set_place (self, kind, key, &(AhoyPlace){ value, NULL });
}

void
ahoy_archive_get_place (AhoyArchive *self,
                        const char  *kind,
                        const char  *key,
                        AhoyPlace   *place)
{
  const AhoyPlace *value = find_mark (self, kind, key);

  ahoy_place_set (place, value ? value->id : 0, value ? value->path : NULL);
}

void
ahoy_archive_set_place (AhoyArchive     *self,
                        const char      *kind,
                        const char      *key,
                        const AhoyPlace *place)
{
  put_mark (self, kind, key, place);
  if (self->number != 0)
    ahoy_database_mark (self->history, self->number, kind, key, place);
}

void
ahoy_archive_rejoin (AhoyArchive     *self,
                     const AhoyPlace *copy,
                     guint64          id)
{
  GHashTableIter iter;
  gpointer       name, mark;

  g_hash_table_iter_init (&iter, self->marks);
  while (g_hash_table_iter_next (&iter, &name, &mark))
    {
      if (g_str_has_prefix (name, READ "\037"))
        ahoy_place_rejoin (mark, copy, id);
    }
}

const AhoyKnownKey *
ahoy_archive_find (AhoyArchive *self,
                   const char  *person)
{
  return g_hash_table_lookup (self->people, person);
}

void
ahoy_archive_know (AhoyArchive  *self,
                   AhoyKnownKey *known_key)
{
  if (self->number != 0)
    ahoy_database_know (self->history, self->number, ahoy_known_key_new (known_key));
  if (known_key->known)
    {
      remember (self, known_key);
      return;
    }
  g_hash_table_remove (self->people, known_key->person);
  ahoy_known_key_free (known_key);
}

gboolean
ahoy_archive_keep (AhoyArchive       *self,
                   AhoyStoredMessage *stored,
                   AhoyDatabasePlaced done,
                   gpointer           data)
{
  if (self->number == 0)
    {
      ahoy_stored_message_free (stored);
      return FALSE;
    }
  ahoy_database_keep (self->history, self->number, stored, done, data);
  return TRUE;
}

gboolean
ahoy_archive_owe (AhoyArchive       *self,
                  AhoyStoredMessage *stored,
                  AhoyDatabaseKept   done,
                  gpointer           data)
{
  if (self->number == 0)
    {
      ahoy_stored_message_free (stored);
      return FALSE;
    }
  ahoy_database_owe (self->history, self->number, stored, done, data);
  return TRUE;
}

void
ahoy_archive_drop (AhoyArchive *self,
                   const char  *cid)
{
  if (self->number != 0)
    ahoy_database_drop (self->history, self->number, cid);
}

void
ahoy_archive_page (AhoyArchive         *self,
                   const AhoyPageQuery *query,
                   AhoyDatabasePage     done,
                   gpointer             data)
{
  g_return_if_fail (self->number != 0);

  ahoy_database_page (self->history, self->number, query, done, data);
}

guint64
ahoy_archive_get_pushed (AhoyArchive *self)
{
  return self->number != 0 ? ahoy_database_get_pushed (self->history) : 0;
}

gboolean
ahoy_archive_has_written (AhoyArchive *self,
                          guint64      number)
{
  return self->number != 0 && number <= ahoy_database_get_written (self->history);
}

guint
ahoy_archive_get_n_pending (AhoyArchive *self)
{
  return self->number != 0 ? ahoy_database_get_n_pending (self->history) : 0;
}
