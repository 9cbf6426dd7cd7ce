/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A capability that the client does not have, added without touching a file of it: how much has everybody said? It is the other half of the toy in
 * tests/server/test-feature.c.
 *
 *   client to server  Z  name     how much has that one said?
 *   server to client  Z  name     `n`: so much
 *
 * CONTRIBUTING.md, "Adding a capability", walks through it. */

#include "core/features/ahoy-feature.h"
#include "core/features/ahoy-feature-set.h"
#include "extended-fixture.h"
#include "wire/ahoy-name.h"

#include "core/chat/ahoy-client-private.h"

#define TALLY 'Z'

/* ---- Its table ---- */

typedef struct {
  AhoyWrite write;
  char     *skeleton;
  guint64   n;
} Set;

static gboolean
set_run (AhoyWrite        *write,
         AhoyDatabaseFile *file,
         GError          **error)
{
  const Set    *set = (const Set *) write;
  sqlite3_stmt *stmt = ahoy_table_prepare (file->sqlite, "INSERT OR REPLACE INTO tallies (account, skeleton, n) VALUES (?1, ?2, ?3)", write->archive, error);

  if (!stmt)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 2, set->skeleton);
  sqlite3_bind_int64 (stmt, 3, (sqlite3_int64) set->n);
  return ahoy_sqlite_run (file->sqlite, stmt, error);
}

static void
set_clear (AhoyWrite *write)
{
  g_free (((Set *) write)->skeleton);
}

static const AhoyWriteType set_type = { .run = set_run, .clear = set_clear };

/* Its rows: skeleton -> guint64 *. */
static gpointer
rows_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
rows_free (gpointer rows)
{
  g_hash_table_unref (rows);
}

static void
rows_set (GHashTable *rows,
          const char *skeleton,
          guint64     n)
{
  g_hash_table_replace (rows, g_strdup (skeleton), g_memdup2 (&n, sizeof n));
}

static gboolean
load (AhoySqlite *file,
      gint64      archive,
      guint       newest,
      gpointer    rows,
      GError    **error)
{
  sqlite3_stmt *stmt = ahoy_table_prepare (file, "SELECT skeleton, n FROM tallies WHERE account = ?1", archive, error);
  int           code;

  if (!stmt)
    return FALSE;
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    rows_set (rows, (const char *) sqlite3_column_text (stmt, 0), (guint64) sqlite3_column_int64 (stmt, 1));
  return ahoy_table_end (file, stmt, code, error);
}

static const AhoyTable tally_table = {
  .name = "tallies",
  .create = "CREATE TABLE IF NOT EXISTS tallies (account INTEGER NOT NULL, skeleton TEXT NOT NULL, n INTEGER NOT NULL,"
            " PRIMARY KEY (account, skeleton)) STRICT, WITHOUT ROWID",
  .rows_new = rows_new,
  .rows_free = rows_free,
  .load = load,
};

/* ---- What it does ---- */

typedef struct {
  /* Owned */
  char *says;

  /* Borrowed */
  const AhoyChatParts *chat;
} Tally;

static GString *heard; /* a word each */

static void
note (const char *word)
{
  g_string_append_printf (heard, "%s ", word);
}

static gpointer
start (const AhoyChatParts *chat,
       gconstpointer        options)
{
  Tally *self = g_new0 (Tally, 1);

  self->chat = chat;
  note ("start");
  return self;
}

static void
stop (gpointer data)
{
  Tally *self = data;

  note ("stop");
  g_free (self->says);
  g_free (self);
}

static void
ask (Tally      *self,
     const char *name)
{
  if (ahoy_chat_parts_is_extended (self->chat))
    ahoy_connection_send (self->chat->connection, &(AhoyPacket){ .kind = AHOY_PACKET_UNKNOWN, .type = TALLY, .text = name });
}

static void
wish (AhoyConversation *conversation,
      const char       *text,
      gpointer          data)
{
  ask (data, ahoy_person_get_name (ahoy_conversation_get_person (conversation)));
}

static void
keep (Tally      *self,
      const char *skeleton,
      guint64     n)
{
  Set *set = ahoy_write_new (&set_type, sizeof *set);

  set->skeleton = g_strdup (skeleton);
  set->n = n;
  rows_set (ahoy_archive_get_rows (self->chat->archive, &tally_table), skeleton, n);
  ahoy_archive_write (self->chat->archive, &set->write);
}

static void
on_tally (const AhoyPacket *packet,
          gpointer          data)
{
  Tally           *self = data;
  g_autofree char *n = ahoy_packet_dup_field (packet, "n");
  g_autofree char *skeleton = ahoy_name_skeleton (packet->text);

  if (n)
    keep (self, skeleton, g_ascii_strtoull (n, NULL, 10));
}

/* What is known of bob. */
static const char *
get (gpointer data)
{
  Tally         *self = data;
  const guint64 *n = self->chat->archive ? g_hash_table_lookup (ahoy_archive_get_rows (self->chat->archive, &tally_table), "bob") : NULL;

  g_free (self->says);
  self->says = n ? g_strdup_printf ("%" G_GUINT64_FORMAT, *n) : NULL;
  return self->says;
}

static void
opened (const AhoyNewest *newest,
        gpointer          data)
{
  note ("opened");
}

static void
closed (gpointer data)
{
  note ("closed");
}

static void
online (gpointer data)
{
  note ("online");
}

static void
met (guint64  last,
     gpointer data)
{
  note ("met");
}

static void
caught_up (gpointer data)
{
  note ("caught-up");
}

static void
offline (gpointer data)
{
  note ("offline");
}

static void
said (AhoyConversation        *where,
      const AhoyStoredMessage *stored,
      gpointer                 data)
{
  note (stored->text);
}

static const AhoyFeatureVerb verbs[] = {
  { AHOY_PACKET_UNKNOWN, on_tally, .type = TALLY },
};

static const AhoyFeature tally = {
  .name = "tally",
  .verbs = verbs,
  .n_verbs = G_N_ELEMENTS (verbs),
  .table = &tally_table,
  .start = start,
  .stop = stop,
  .wish = wish,
  .get = get,
  .opened = opened,
  .closed = closed,
  .online = online,
  .met = met,
  .caught_up = caught_up,
  .offline = offline,
  .said = said,
};

/* ---- The tests ---- */

static int
setup (void **state)
{
  heard = g_string_new (NULL);
  return extended_setup_with (state, &tally);
}

static int
teardown (void **state)
{
  const int result = extended_teardown (state);

  g_string_free (heard, TRUE);
  return result;
}

static const char *
known (Extended *e)
{
  return ahoy_feature_set_get (e->client->parts.features, "tally");
}

static void
it_asks_and_is_answered (void **state)
{
  Extended *e = *state;

  extended_online (e);
  assert_null (known (e));
  ahoy_feature_set_wish (e->client->parts.features, "tally", extended_with (e, "bob"), NULL);
  extended_await_frame (e, "Zbob");
  fake_extended_send (e->server, "^n=3>Zbob");
  WAIT_UNTIL (g_strcmp0 (known (e), "3") == 0);
  fake_extended_send (e->server, ">Zbob");
  fake_extended_send (e->server, "^n=4>Ybob");
  extended_sync (e);
  assert_string_equal (known (e), "3");
}

static void
it_keeps_what_it_was_told (void **state)
{
  Extended *e = *state;

  extended_online (e);
  fake_extended_send (e->server, "^n=12>Zbob");
  WAIT_UNTIL (g_strcmp0 (known (e), "12") == 0);
  extended_restart (e);
  assert_null (known (e));
  extended_online (e);
  assert_string_equal (known (e), "12");
}

static void
it_hears_in_order (void **state)
{
  Extended *e = *state;

  extended_online (e);
  fake_extended_say (e->server, "bob", NULL, "ahoy");
  extended_await_log (e, NULL, "bob: ahoy");
  fake_extended_store (e->server, "bob", NULL, "again");
  extended_cut (e);
  extended_await_log (e, NULL, "bob: ahoy | bob: again");
  extended_end (e);
  assert_string_equal (heard->str, "start opened met online caught-up ahoy offline online again caught-up offline closed stop ");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (it_asks_and_is_answered, setup, teardown),
    cmocka_unit_test_setup_teardown (it_keeps_what_it_was_told, setup, teardown),
    cmocka_unit_test_setup_teardown (it_hears_in_order, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
