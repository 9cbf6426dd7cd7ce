/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A store with somebody who writes down what it announces. */

#include "server/store-fixture.h"

#include <glib/gstdio.h>

#include "features/ahoyd-mark-table.h"
#include "server/cmocka-all.h"
#include "store/ahoyd-store-memory.h"
#include "store/ahoyd-store-sqlite.h"
#include "support/test-loop.h"

static void
record (StoreFixture *f,
        AhoydEvent   *event,
        StoreOutcome  outcome,
        int           code)
{
  f->announced_inside |= f->appending;
  g_ptr_array_add (f->messages, ahoyd_event_ref (event));
  g_array_append_val (f->outcomes, outcome);
  g_array_append_val (f->errors, code);
  f->n_announced++;
  if (f->answer > 0)
    {
      f->answer--;
      store_fixture_say (f, "echo", NULL, event->text, NULL);
    }
}

static void
on_committed (AhoydEvent *event,
              gpointer    data)
{
  record (data, event, STORE_COMMITTED, 0);
}

static void
on_repeated (AhoydEvent *event,
             gpointer    data)
{
  record (data, event, STORE_REPEATED, 0);
}

static void
on_rejected (AhoydEvent   *event,
             const GError *error,
             gpointer      data)
{
  record (data, event, STORE_REJECTED, error->code);
}

static void
on_gone (const char *skeleton,
         gpointer    data)
{
  g_ptr_array_add (((StoreFixture *) data)->gone, g_strdup (skeleton));
}

static void
on_forgotten (const char *skeleton,
              gpointer    data)
{
  g_ptr_array_add (((StoreFixture *) data)->forgotten, g_strdup (skeleton));
}

static const AhoydStoreListener events = { on_committed, on_repeated, on_rejected, .gone = on_gone, .forgotten = on_forgotten };

static void
forget_announced (StoreFixture *f)
{
  g_ptr_array_set_size (f->messages, 0);
  g_array_set_size (f->outcomes, 0);
  g_array_set_size (f->errors, 0);
  f->n_announced = 0;
}

static StoreFixture *
fixture_new (void)
{
  StoreFixture *f = g_new0 (StoreFixture, 1);

  f->context = g_main_context_new ();
  f->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoyd_event_unref);
  f->outcomes = g_array_new (FALSE, FALSE, sizeof (StoreOutcome));
  f->errors = g_array_new (FALSE, FALSE, sizeof (int));
  f->gone = g_ptr_array_new_with_free_func (g_free);
  f->forgotten = g_ptr_array_new_with_free_func (g_free);
  return f;
}

int
store_fixture_setup_memory (void **state)
{
  StoreFixture *f = fixture_new ();

  f->store = ahoyd_store_memory_new (f->context, 10000);
  ahoyd_store_add_table (f->store, &ahoyd_mark_table);
  ahoyd_store_listen (f->store, &events, f);
  *state = f;
  return 0;
}

void
store_fixture_listen (StoreFixture *f)
{
  ahoyd_store_listen (f->store, &events, f);
}

gboolean
store_fixture_reopen (StoreFixture *f,
                      GError      **error)
{
  const AhoydTableClass *const tables[] = { &ahoyd_mark_table, f->table, NULL };
  AhoydStoreSqliteOptions      options = { .path = f->path, .keep = f->keep, .reading = f->reading, .tables = tables, .clock = f->clock.real != NULL ? &f->clock : NULL };

  g_clear_pointer (&f->store, ahoyd_store_free);
  forget_announced (f);
  f->store = ahoyd_store_sqlite_new (&options, f->context, error);
  if (f->store == NULL)
    return FALSE;
  ahoyd_store_listen (f->store, &events, f);
  return TRUE;
}

int
store_fixture_setup_sqlite (void **state)
{
  StoreFixture *f = fixture_new ();

  f->dir = g_dir_make_tmp ("ahoyd-store-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "log.sqlite", NULL);
  f->reading.slice_rows = G_MAXUINT; /* no page ends early because the machine is slow */
  *state = f;
  return store_fixture_reopen (f, NULL) ? 0 : -1;
}

int
store_fixture_teardown (void **state)
{
  StoreFixture *f = *state;

  g_clear_pointer (&f->store, ahoyd_store_free);
  g_ptr_array_unref (f->messages);
  g_array_unref (f->outcomes);
  g_array_unref (f->errors);
  g_ptr_array_unref (f->gone);
  g_ptr_array_unref (f->forgotten);
  g_main_context_unref (f->context);
  if (f->dir != NULL)
    {
      g_autoptr (GDir) dir = g_dir_open (f->dir, 0, NULL);

      for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
        {
          g_autofree char *path = g_build_filename (f->dir, name, NULL);

          g_unlink (path);
        }
      g_rmdir (f->dir);
    }
  g_free (f->path);
  g_free (f->dir);
  g_free (f);
  return 0;
}

static gint64
get_real (gpointer data)
{
  return __atomic_load_n (&((StoreFixture *) data)->real, __ATOMIC_RELAXED);
}

static gint64
get_elapsed (gpointer data)
{
  return __atomic_load_n (&((StoreFixture *) data)->elapsed, __ATOMIC_RELAXED);
}

void
store_fixture_set_clock (StoreFixture *f,
                         gint64        real,
                         gint64        elapsed)
{
  /* The store's thread reads it while the clock is set. */
  if (f->clock.real == NULL)
    f->clock = (AhoydClock){ get_real, get_elapsed, f };
  __atomic_store_n (&f->real, real, __ATOMIC_RELAXED);
  __atomic_store_n (&f->elapsed, elapsed, __ATOMIC_RELAXED);
}

void
store_fixture_say (StoreFixture *f,
                   const char   *from,
                   const char   *to,
                   const char   *text,
                   const char   *cid)
{
  AhoydEvent said = {
    .from = (char *) from,
    .from_skeleton = (char *) from,
    .target = to != NULL ? ahoy_target_person (to) : ahoy_target_room (AHOY_ROOM_EVERYONE),
    .target_skeleton = (char *) to,
    .text = (char *) text,
    .cid = (char *) cid,
    .sender = 7,
  };

  f->appending = TRUE;
  ahoyd_store_append (f->store, ahoyd_event_new (&said));
  f->appending = FALSE;
}

void
store_fixture_wait (StoreFixture *f,
                    guint         n)
{
  assert_true (test_loop_until_count (f->context, &f->n_announced, n));
  assert_int_equal (f->n_announced, n);
}

const AhoydEvent *
store_fixture_nth (StoreFixture *f,
                   guint         i)
{
  return f->messages->pdata[i];
}

StoreOutcome
store_fixture_outcome (StoreFixture *f,
                       guint         i)
{
  return g_array_index (f->outcomes, StoreOutcome, i);
}
