/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The contract of every store: run against each of them in turn. */

#include "store/ahoyd-store.h"

#include "server/cmocka-all.h"
#include "store/ahoyd-store-memory.h"
#include "support/test-loop.h"

typedef AhoydStore *(*Open) (GMainContext *context);

typedef struct {
  AhoydStore   *store;
  GMainContext *context;
  GPtrArray    *committed; /* AhoydMessage */
  guint         n_committed;
  gboolean      appending;
  gboolean      committed_inside; /* the fault: announced from inside append */
  guint         answer;           /* append so many more from the announcements */
} Fixture;

static void append (Fixture    *f,
                    const char *from,
                    const char *to,
                    const char *text);

static void
on_committed (AhoydMessage *message,
              gpointer      data)
{
  Fixture *f = data;

  f->committed_inside |= f->appending;
  g_ptr_array_add (f->committed, ahoyd_message_ref (message));
  f->n_committed++;
  if (f->answer > 0)
    {
      f->answer--;
      append (f, "echo", NULL, message->text);
    }
}

static void
append (Fixture    *f,
        const char *from,
        const char *to,
        const char *text)
{
  f->appending = TRUE;
  ahoyd_store_append (f->store, ahoyd_message_new (7, from, to, to, text));
  f->appending = FALSE;
}

static int
setup_with (void **state,
            Open   open)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->context = g_main_context_new ();
  f->store = open (f->context);
  f->committed = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoyd_message_unref);
  ahoyd_store_on_committed (f->store, on_committed, f);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_clear_pointer (&f->store, ahoyd_store_free);
  g_ptr_array_unref (f->committed);
  g_main_context_unref (f->context);
  g_free (f);
  return 0;
}

static const AhoydMessage *
nth (Fixture *f,
     guint    i)
{
  return f->committed->pdata[i];
}

static void
test_an_empty_store (void **state)
{
  Fixture *f = *state;

  assert_int_equal (ahoyd_store_get_last (f->store), 0);
  assert_int_equal (ahoyd_store_get_n_pending (f->store), 0);
  assert_true (test_loop_settle (f->context));
  assert_int_equal (f->n_committed, 0);
}

static void
test_what_is_appended_is_announced_as_it_was (void **state)
{
  Fixture *f = *state;
  gint64 before = g_get_real_time () / 1000;

  append (f, "alice", NULL, "hello\n你好");
  append (f, "alice", "bob", "psst");
  assert_true (test_loop_until_count (f->context, &f->n_committed, 2));

  assert_string_equal (nth (f, 0)->from, "alice");
  assert_null (nth (f, 0)->to);
  assert_null (nth (f, 0)->to_skeleton);
  assert_string_equal (nth (f, 0)->text, "hello\n你好");
  assert_int_equal (nth (f, 0)->sender, 7);
  assert_string_equal (nth (f, 1)->to, "bob");
  assert_string_equal (nth (f, 1)->to_skeleton, "bob");
  assert_string_equal (nth (f, 1)->text, "psst");
  for (guint i = 0; i < 2; i++)
    {
      assert_true (nth (f, i)->time >= before);
      assert_true (nth (f, i)->time <= g_get_real_time () / 1000);
    }
}

static void
test_never_from_inside_append (void **state)
{
  Fixture *f = *state;

  append (f, "alice", NULL, "one");
  assert_int_equal (f->n_committed, 0);
  assert_int_equal (ahoyd_store_get_n_pending (f->store), 1);
  f->answer = 3;
  assert_true (test_loop_until_count (f->context, &f->n_committed, 4));
  assert_false (f->committed_inside);
  assert_int_equal (ahoyd_store_get_n_pending (f->store), 0);
  assert_string_equal (nth (f, 3)->text, "one");
}

static void
test_order_and_ids (void **state)
{
  Fixture *f = *state;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      append (f, "alice", NULL, text);
      if (i % 100 == 0)
        test_loop_settle (f->context);
    }
  assert_true (test_loop_until_count (f->context, &f->n_committed, 1000));
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      assert_string_equal (nth (f, i)->text, text);
      assert_true (nth (f, i)->id > (i > 0 ? nth (f, i - 1)->id : 0));
    }
  assert_int_equal (ahoyd_store_get_last (f->store), nth (f, 999)->id);
}

/* What the newest id is never runs ahead of what was announced. */
static void
test_last_follows_the_announcements (void **state)
{
  Fixture *f = *state;

  append (f, "alice", NULL, "one");
  assert_int_equal (ahoyd_store_get_last (f->store), 0);
  assert_true (test_loop_until_count (f->context, &f->n_committed, 1));
  assert_int_equal (ahoyd_store_get_last (f->store), nth (f, 0)->id);
}

static void
test_freed_with_something_pending (void **state)
{
  Fixture *f = *state;

  append (f, "alice", NULL, "one");
  g_clear_pointer (&f->store, ahoyd_store_free);
  assert_true (test_loop_settle (f->context));
  assert_int_equal (f->n_committed, 0);
}

static int
setup_memory (void **state)
{
  return setup_with (state, ahoyd_store_memory_new);
}

#define CONTRACT(setup)                                                                                 \
  cmocka_unit_test_setup_teardown (test_an_empty_store, setup, teardown),                               \
      cmocka_unit_test_setup_teardown (test_what_is_appended_is_announced_as_it_was, setup, teardown),  \
      cmocka_unit_test_setup_teardown (test_never_from_inside_append, setup, teardown),                 \
      cmocka_unit_test_setup_teardown (test_order_and_ids, setup, teardown),                            \
      cmocka_unit_test_setup_teardown (test_last_follows_the_announcements, setup, teardown),           \
      cmocka_unit_test_setup_teardown (test_freed_with_something_pending, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CONTRACT (setup_memory),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
