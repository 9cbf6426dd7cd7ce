/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What one person holds and owes on one extended server. */

#include "core/archive/ahoy-archive.h"

#include "core/archive/ahoy-account-table.h"
#include "core/archive/ahoy-load.h"
#include "core/archive/ahoy-mark-table.h"
#include "core/archive/ahoy-outbox-table.h"
#include "core/archive/ahoy-people-table.h"
#include "core/archive/ahoy-run-table.h"
#include "core/archive/ahoy-tables.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-name.h"

/* The mark that everything up to this id was received, though no message has it. */
#define POSITION "position"
/* What marks of no single conversation stand at. */
#define ARCHIVE ahoy_target_room (AHOY_ROOM_EVERYONE)

struct _AhoyArchive {
  /* Owned */
  char     *server;
  char     *skeleton;
  AhoyRows *rows;
  gint64    number; /* the database's; 0: not on a disk */
  guint64   position;

  /* Borrowed */
  AhoyDatabase *database; /* NULL: none */
};

AhoyArchive *
ahoy_archive_new (AhoyDatabase           *database,
                  const AhoyTable *const *tables,
                  const char             *server,
                  const char             *name)
{
  AhoyArchive *self = g_new0 (AhoyArchive, 1);

  self->database = database;
  self->server = g_strdup (server);
  self->skeleton = ahoy_name_skeleton (name);
  self->rows = ahoy_rows_new (tables);
  return self;
}

void
ahoy_archive_free (AhoyArchive *self)
{
  ahoy_rows_free (self->rows);
  g_free (self->server);
  g_free (self->skeleton);
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

/* ---- Rows ---- */

gpointer
ahoy_archive_get_rows (AhoyArchive     *self,
                       const AhoyTable *table)
{
  return ahoy_rows_get (self->rows, table);
}

static AhoyAccount *
account_of (AhoyArchive *self)
{
  return ahoy_archive_get_rows (self, &ahoy_account_table);
}

static AhoyRunMarks *
runs_of (AhoyArchive *self)
{
  return ahoy_archive_get_rows (self, &ahoy_run_table);
}

static AhoyMarks *
marks_of (AhoyArchive *self)
{
  return ahoy_archive_get_rows (self, &ahoy_mark_table);
}

void
ahoy_archive_write (AhoyArchive *self,
                    AhoyWrite   *write)
{
  if (self->number != 0)
    ahoy_database_write (self->database, self->number, write, NULL, NULL);
  else
    ahoy_write_unref (write);
}

/* ---- Loading ---- */

gboolean
ahoy_archive_load (AhoyArchive     *self,
                   guint            newest,
                   AhoyDatabaseRead done,
                   gpointer         data)
{
  if (!self->database)
    return FALSE;
  ahoy_database_read (self->database, ahoy_load_new (self->server, self->skeleton, newest), done, data);
  return TRUE;
}

void
ahoy_archive_take_loaded (AhoyArchive *self,
                          AhoyRead    *load)
{
  const AhoyNewest *newest;

  ahoy_rows_free (self->rows);
  self->rows = ahoy_load_take_rows (load);
  self->number = ahoy_load_get_archive (load);
  newest = ahoy_archive_get_rows (self, &ahoy_message_table);
  self->position = MAX (newest->last, ahoy_archive_get_mark (self, POSITION, ARCHIVE, 0));
  ahoy_run_marks_clamp (runs_of (self), self->position);
}

AhoyNewest *
ahoy_archive_take_newest (AhoyArchive *self)
{
  return ahoy_rows_take (self->rows, &ahoy_message_table);
}

GPtrArray *
ahoy_archive_take_outbox (AhoyArchive *self)
{
  return ahoy_rows_take (self->rows, &ahoy_outbox_table);
}

gboolean
ahoy_archive_is_on_disk (AhoyArchive *self)
{
  return self->number != 0;
}

/* ---- Runs ---- */

guint
ahoy_archive_part (AhoyArchive *self,
                   guint64      first)
{
  const guint parting = ahoy_archive_get_partings (self) + 1;

  g_return_val_if_fail (first > 0 && first <= self->position, parting - 1);

  ahoy_rows_part (self->rows, first, parting);
  self->position = first - 1;
  ahoy_marks_set (marks_of (self), POSITION, ARCHIVE, &(AhoyPlace){ self->position, NULL });
  ahoy_archive_write (self, ahoy_write_new_part (first, parting));
  return parting;
}

guint
ahoy_archive_get_partings (AhoyArchive *self)
{
  return account_of (self)->partings;
}

void
ahoy_archive_enter_run (AhoyArchive *self,
                        const char  *run)
{
  if (ahoy_run_marks_enter (runs_of (self), run, self->position))
    ahoy_archive_write (self, ahoy_run_table_set (ahoy_run_marks_copy (runs_of (self))));
}

char *
ahoy_archive_dup_runs (AhoyArchive *self)
{
  return ahoy_run_marks_write (runs_of (self), self->position, AHOY_HEADING_VALUE_MAX);
}

void
ahoy_archive_rejoin (AhoyArchive     *self,
                     const AhoyPlace *copy,
                     guint64          id)
{
  ahoy_rows_rejoin (self->rows, copy, id);
}

/* ---- Who we are, and how far we came ---- */

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
  return account_of (self)->secret;
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
  ahoy_archive_set_mark (self, POSITION, ARCHIVE, self->position);
}

gboolean
ahoy_archive_has_position (AhoyArchive *self)
{
  return self->position > 0 || ahoy_marks_find (marks_of (self), POSITION, ARCHIVE) != NULL;
}

/* ---- Marks ---- */

guint64
ahoy_archive_get_mark (AhoyArchive *self,
                       const char  *kind,
                       AhoyTarget   target,
                       guint64      otherwise)
{
  const AhoyPlace *value = ahoy_marks_find (marks_of (self), kind, target);

  return value ? value->id : otherwise;
}

void
ahoy_archive_set_mark (AhoyArchive *self,
                       const char  *kind,
                       AhoyTarget   target,
                       guint64      value)
{
  ahoy_archive_set_place (self, kind, target, &(AhoyPlace){ value, NULL });
}

void
ahoy_archive_get_place (AhoyArchive *self,
                        const char  *kind,
                        AhoyTarget   target,
                        AhoyPlace   *place)
{
  const AhoyPlace *value = ahoy_marks_find (marks_of (self), kind, target);

  ahoy_place_set (place, value ? value->id : 0, value ? value->path : NULL);
}

void
ahoy_archive_set_place (AhoyArchive     *self,
                        const char      *kind,
                        AhoyTarget       target,
                        const AhoyPlace *place)
{
  ahoy_marks_set (marks_of (self), kind, target, place);
  ahoy_archive_write (self, ahoy_mark_table_set (kind, target, place));
}

/* ---- People ---- */

const AhoyKnownKey *
ahoy_archive_find (AhoyArchive *self,
                   const char  *person)
{
  return g_hash_table_lookup (ahoy_archive_get_rows (self, &ahoy_people_table), person);
}

void
ahoy_archive_know (AhoyArchive  *self,
                   AhoyKnownKey *known_key)
{
  GHashTable *people = ahoy_archive_get_rows (self, &ahoy_people_table);

  ahoy_archive_write (self, ahoy_people_table_know (ahoy_known_key_new (known_key)));
  if (known_key->known)
    {
      g_hash_table_replace (people, known_key->person, known_key);
      return;
    }
  g_hash_table_remove (people, known_key->person);
  ahoy_known_key_free (known_key);
}

/* ---- Messages ---- */

gboolean
ahoy_archive_keep (AhoyArchive       *self,
                   AhoyStoredMessage *stored,
                   AhoyDatabaseWrote  done,
                   gpointer           data)
{
  if (self->number == 0)
    {
      ahoy_stored_message_free (stored);
      return FALSE;
    }
  ahoy_database_write (self->database, self->number, ahoy_message_table_keep (stored), done, data);
  return TRUE;
}

gboolean
ahoy_archive_owe (AhoyArchive       *self,
                  AhoyStoredMessage *stored,
                  AhoyDatabaseWrote  done,
                  gpointer           data)
{
  if (self->number == 0)
    {
      ahoy_stored_message_free (stored);
      return FALSE;
    }
  ahoy_database_write (self->database, self->number, ahoy_outbox_table_owe (stored), done, data);
  return TRUE;
}

void
ahoy_archive_drop (AhoyArchive *self,
                   const char  *cid)
{
  ahoy_archive_write (self, ahoy_outbox_table_drop (cid));
}

void
ahoy_archive_page (AhoyArchive         *self,
                   const AhoyPageQuery *query,
                   AhoyDatabaseRead     done,
                   gpointer             data)
{
  g_return_if_fail (self->number != 0);

  ahoy_database_read (self->database, ahoy_message_table_read (self->number, query), done, data);
}

void
ahoy_archive_forget_asker (AhoyArchive *self,
                           gpointer     data)
{
  if (self->database)
    ahoy_database_forget_asker (self->database, data);
}

guint64
ahoy_archive_get_pushed (AhoyArchive *self)
{
  return self->number != 0 ? ahoy_database_get_pushed (self->database) : 0;
}

gboolean
ahoy_archive_has_written (AhoyArchive *self,
                          guint64      number)
{
  return self->number != 0 && number <= ahoy_database_get_written (self->database);
}

guint
ahoy_archive_get_n_pending (AhoyArchive *self)
{
  return self->number != 0 ? ahoy_database_get_n_pending (self->database) : 0;
}
