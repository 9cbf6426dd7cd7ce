/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The profile's database as its thread sees it. */

#include "core/archive/ahoy-database-file.h"

#include "ahoy-core-resources.h"

/* "ahoh": says whose file this is. */
#define APPLICATION_ID 0x61686f68

static const char *const steps[] = {
  "/org/ahoychat/core/schema/001-history.sql",
  "/org/ahoychat/core/schema/002-people.sql",
  "/org/ahoychat/core/schema/003-runs.sql",
  "/org/ahoychat/core/schema/004-secrets.sql",
  "/org/ahoychat/core/schema/005-targets.sql",
  NULL,
};

/* Adds the tables that no step makes. */
static gboolean
create (AhoyDatabaseFile *self,
        GError          **error)
{
  for (gsize i = 0; self->tables[i] != NULL; i++)
    {
      if (self->tables[i]->create != NULL && !ahoy_sqlite_exec (self->sqlite, self->tables[i]->create, error))
        return FALSE;
    }
  return TRUE;
}

AhoyDatabaseFile *
ahoy_database_file_open (const char             *path,
                         const AhoyTable *const *tables,
                         GError                **error)
{
  AhoySqliteFormat format = {
    .application_id = APPLICATION_ID,
    .resource = ahoy_core_get_resource (),
    .steps = steps,
    .alone_when_full = TRUE, /* what was said is there to be read, and what is said waits for room */
  };
  g_autoptr (AhoyDatabaseFile) self = NULL;
  AhoySqlite                  *sqlite = ahoy_sqlite_open (path, &format, error);

  if (sqlite == NULL)
    return NULL;
  self = g_new0 (AhoyDatabaseFile, 1);
  self->sqlite = sqlite;
  self->tables = tables;
  return create (self, error) ? g_steal_pointer (&self) : NULL;
}

void
ahoy_database_file_close (AhoyDatabaseFile *self)
{
  g_return_if_fail (self != NULL);

  ahoy_sqlite_close (self->sqlite);
  g_free (self);
}

gboolean
ahoy_database_file_part (AhoyDatabaseFile *self,
                         gint64            archive,
                         guint64           first,
                         guint             parting,
                         GError          **error)
{
  for (gsize i = 0; self->tables[i] != NULL; i++)
    {
      if (self->tables[i]->part != NULL && !self->tables[i]->part (self->sqlite, archive, first, parting, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
ahoy_database_file_rejoin (AhoyDatabaseFile *self,
                           gint64            archive,
                           const AhoyPlace  *copy,
                           guint64           id,
                           GError          **error)
{
  for (gsize i = 0; self->tables[i] != NULL; i++)
    {
      if (self->tables[i]->rejoin != NULL && !self->tables[i]->rejoin (self->sqlite, archive, copy, id, error))
        return FALSE;
    }
  return TRUE;
}
