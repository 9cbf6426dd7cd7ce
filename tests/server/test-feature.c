/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A capability that the server does not have, added without touching a file of it: how much has everybody said?
 *
 *   client to server  Z  name     how much has that one said?
 *   server to client  Z  name     `n`: so much
 *   server to client  Y  name     `n`: they have come back, and had said so much
 *
 * CONTRIBUTING.md, "Adding a capability", walks through it. */

#include "features/ahoyd-feature.h"
#include "server/cmocka-all.h"
#include "server/server-fixture.h"
#include "wire/ahoy-name.h"

#define ASK 'Z'
#define CAME_BACK 'Y'

/* --- Its table --- */

/* A row: how much the one with that skeleton has said; 0: there is no such row. */
typedef struct {
  char   *skeleton;
  guint64 n;
} Count;

/* The rows. */
typedef struct {
  GHashTable *counts; /* skeleton -> Count */
  AhoydTable *table;  /* Borrowed */
} Counts;

static Count *
count_new (const char *skeleton,
           guint64     n)
{
  Count *count = g_new (Count, 1);

  *count = (Count){ g_strdup (skeleton), n };
  return count;
}

static void
count_free (gpointer data)
{
  g_free (((Count *) data)->skeleton);
  g_free (data);
}

static guint
count_hash (gconstpointer row)
{
  return g_str_hash (((const Count *) row)->skeleton);
}

static gboolean
count_equal (gconstpointer a,
             gconstpointer b)
{
  return g_str_equal (((const Count *) a)->skeleton, ((const Count *) b)->skeleton);
}

static gboolean
count_write (gconstpointer data,
             AhoySqlite   *file,
             GError      **error)
{
  const Count  *count = data;
  sqlite3_stmt *stmt = ahoy_sqlite_statement (file, count->n > 0 ? "INSERT OR REPLACE INTO counts (skeleton, n) VALUES (?1, ?2)" : "DELETE FROM counts WHERE skeleton = ?1", error);

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, count->skeleton);
  if (count->n > 0)
    sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) count->n);
  return ahoy_sqlite_run (file, stmt, error);
}

static gpointer
counts_new (AhoydTable *table)
{
  Counts *self = g_new0 (Counts, 1);

  self->table = table;
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, count_free);
  return self;
}

static void
counts_free (gpointer data)
{
  g_hash_table_unref (((Counts *) data)->counts);
  g_free (data);
}

static guint64
counts_get (Counts     *self,
            const char *skeleton)
{
  const Count *count = g_hash_table_lookup (self->counts, skeleton);

  return count != NULL ? count->n : 0;
}

/* In RAM alone. */
static void
counts_put (Counts     *self,
            const char *skeleton,
            guint64     n)
{
  Count *count = count_new (skeleton, n);

  if (n > 0)
    {
      g_hash_table_replace (self->counts, count->skeleton, count);
      return;
    }
  g_hash_table_remove (self->counts, skeleton);
  count_free (count);
}

static void
counts_set (Counts     *self,
            const char *skeleton,
            guint64     n)
{
  counts_put (self, skeleton, n);
  ahoyd_table_write (self->table, count_new (skeleton, n));
}

static gboolean
counts_load (gpointer    data,
             AhoySqlite *file,
             GError    **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (file, "SELECT skeleton, n FROM counts", error);

  if (stmt == NULL)
    return FALSE;
  while (sqlite3_step (stmt) == SQLITE_ROW)
    counts_put (data, (const char *) sqlite3_column_text (stmt, 0), (guint64) sqlite3_column_int64 (stmt, 1));
  ahoy_sqlite_reset (stmt);
  return TRUE;
}

static gpointer
counts_current (gpointer      data,
                gconstpointer key)
{
  const char *skeleton = ((const Count *) key)->skeleton;

  return count_new (skeleton, counts_get (data, skeleton));
}

static const AhoydTableClass count_table = {
  .name = "counts",
  .create_sql = "CREATE TABLE IF NOT EXISTS counts (skeleton TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID",
  .rows_new = counts_new,
  .rows_free = counts_free,
  .load = counts_load,
  .current = counts_current,
  .row_hash = count_hash,
  .row_equal = count_equal,
  .row_free = count_free,
  .row_write = count_write,
};

/* --- What it does --- */

typedef struct {
  /* Borrowed */
  AhoydHub *hub;
  Counts   *counts; /* the store's */
} Tally;

/* A person's slot, while there is something to tell of them: how much they had said when they came. */
static GQuark tally_quark (void);
G_DEFINE_QUARK (test_feature_tally, tally)

static void
tell (Tally       *self,
      AhoydPerson *to,
      char         type,
      const char  *name,
      guint64      n)
{
  g_autoptr (GString) heading = g_string_new (NULL);
  g_autofree char    *number = g_strdup_printf ("%" G_GUINT64_FORMAT, n);
  AhoyPacket          packet = { .kind = AHOY_PACKET_UNKNOWN, .type = type, .text = name };

  ahoy_heading_append (heading, "n", number);
  packet.heading = heading->str;
  if (to != NULL)
    ahoyd_hub_tell (self->hub, to, &packet);
  else
    ahoyd_hub_relay (self->hub, AHOY_ROOM_EVERYONE, NULL, &packet);
}

static void
on_ask (AhoydSession     *session,
        const AhoyPacket *packet,
        gpointer          data)
{
  Tally           *self = data;
  g_autofree char *name = ahoy_name_normalize (packet->text, NULL);
  g_autofree char *skeleton = NULL;

  if (name == NULL)
    {
      ahoyd_session_error (session, "unknown-name", NULL, "Nobody has such a name.");
      return;
    }
  skeleton = ahoy_name_skeleton (name);
  tell (self, ahoyd_session_get_person (session), ASK, name, counts_get (self->counts, skeleton));
}

/* How much they said before is told to everybody, but only when they know what they missed. */
static void
online (AhoydSession *session,
        gpointer      data)
{
  Tally       *self = data;
  AhoydPerson *person = ahoyd_session_get_person (session);
  guint64     *n = g_new (guint64, 1);

  *n = counts_get (self->counts, ahoyd_person_get_skeleton (person));
  ahoyd_person_set_slot (person, tally_quark (), n, g_free);
}

static void
caught_up (AhoydSession *session,
           gpointer      data)
{
  AhoydPerson   *person = ahoyd_session_get_person (session);
  const guint64 *n = ahoyd_person_get_slot (person, tally_quark ());

  if (*n > 0)
    tell (data, NULL, CAME_BACK, ahoyd_person_get_name (person), *n);
  ahoyd_person_set_slot (person, tally_quark (), NULL, NULL);
}

static void
committed (const AhoydEvent *event,
           gpointer          data)
{
  Tally *self = data;

  counts_set (self->counts, event->from_skeleton, counts_get (self->counts, event->from_skeleton) + 1);
}

static void
forgotten (const char *skeleton,
           gpointer    data)
{
  counts_set (((Tally *) data)->counts, skeleton, 0);
}

static gpointer
start (const AhoydFeatureHost *host)
{
  Tally *self = g_new0 (Tally, 1);

  self->hub = host->hub;
  self->counts = ahoyd_store_get_rows (host->store, &count_table);
  return self;
}

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_UNKNOWN, AHOYD_STATE_ONLINE, AHOYD_COST_ONE, 1, on_ask, .type = ASK },
};

static const AhoydFeature tally = {
  .name = "tally",
  .verbs = verbs,
  .n_verbs = G_N_ELEMENTS (verbs),
  .table = &count_table,
  .start = start,
  .stop = g_free,
  .online = online,
  .caught_up = caught_up,
  .committed = committed,
  .forgotten = forgotten,
};

/* --- Tests --- */

#define WITH_SECRET(name) "\x01v=2\x1fsecret=0123456789abcdef0123456789abcdef<1" name ">"

static int
setup (void **state)
{
  server_fixture_setup (state);
  server_fixture_add_feature (*state, &tally);
  server_fixture_serve (*state);
  return 0;
}

/* A store that has no file has the table as well. */
static int
setup_in_memory (void **state)
{
  ServerFixture *fixture;

  server_fixture_setup (state);
  fixture = *state;
  fixture->config->store_on_disk = FALSE;
  server_fixture_add_feature (fixture, &tally);
  server_fixture_serve (fixture);
  return 0;
}

static void
say (TestPeer   *peer,
     const char *frame,
     const char *heard)
{
  test_peer_send (peer, frame);
  g_free (test_peer_read_until (peer, heard));
}

static void
test_it_answers (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");
  TestPeer *bob = server_fixture_enter (*state, "bob");

  test_peer_send (alice, "<Zalice>");
  test_peer_expect (alice, "\x01n=0<Zalice>");
  say (alice, "<3one>", "<4one>");
  say (alice, "<2bob,two>", "<4two>");
  g_free (test_peer_read_until (bob, "<4two>"));
  test_peer_send (bob, "<ZALICE><Zbob>");
  test_peer_expect (bob, "\x01n=2<ZALICE>\x01n=0<Zbob>");
  test_peer_send (bob, "<Z*>");
  g_free (test_peer_read_until (bob, "<ENobody has such a name.>"));
  test_peer_expect_nothing (alice);
}

/* What is of no kind and of no feature is ignored as ever; in the classic dialect there is no word for it. */
static void
test_who_does_not_know_it (void **state)
{
  TestPeer        *alice = server_fixture_log_in (*state, "alice", NULL);
  TestPeer        *bob = server_fixture_enter (*state, "bob");
  TestPeer        *early = server_fixture_connect (*state);
  g_autofree char *notice = NULL;

  test_peer_send (alice, "<Zalice>");
  test_peer_send (bob, "<Yalice><zalice>");
  test_peer_expect_nothing (alice);
  test_peer_expect_nothing (bob);
  test_peer_send (early, "<Zalice>");
  notice = test_peer_expect_notice (early);
}

/* The count outlives the sessions, and the server. */
static void
test_who_comes_back (void **state)
{
  ServerFixture *fixture = *state;
  TestPeer      *alice = server_fixture_connect (fixture);
  TestPeer      *bob;
  TestPeer      *again;

  say (alice, WITH_SECRET ("alice"), "<C>");
  say (alice, "<3one><3two>", "<4two>");
  test_peer_send (alice, "<Q>");
  test_peer_expect_end (alice);
  server_fixture_stop (fixture);

  server_fixture_serve (fixture);
  bob = server_fixture_enter (fixture, "bob");
  again = server_fixture_connect (fixture);
  say (again, WITH_SECRET ("alice"), "\x01n=2<Yalice>");
  g_free (test_peer_read_until (again, "<C>"));
  g_free (test_peer_read_until (bob, "\x01n=2<Yalice>"));
}

/* Another one who comes by that name begins anew. */
static void
test_who_is_forgotten (void **state)
{
  TestPeer *bob = server_fixture_enter (*state, "bob");
  TestPeer *alice = server_fixture_enter (*state, "alice");

  say (alice, "<3one>", "<4one>");
  g_free (test_peer_read_until (bob, "<4one>"));
  test_peer_send (alice, "<Q>");
  test_peer_expect (bob, "<3alice>");
  test_peer_send (bob, "<Zalice>");
  test_peer_expect (bob, "\x01n=0<Zalice>");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_it_answers, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_it_answers, setup_in_memory, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_who_does_not_know_it, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_who_comes_back, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_who_is_forgotten, setup, server_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
