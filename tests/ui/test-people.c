/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "ui/ahoy-conversation-list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake-client.h"
#include "ui/ahoy-sentences.h"

typedef struct {
  AhoyClient           *client;
  AhoyConversationList *people;
  GPtrArray            *mirror; /* kept by applying what the list announces */
} Fixture;

static void
on_items_changed (GListModel *list,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Fixture    *f)
{
  if (removed > 0)
    g_ptr_array_remove_range (f->mirror, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (f->mirror, position + i, g_list_model_get_item (list, position + i));
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->client = ahoy_client_new ();
  f->people = ahoy_conversation_list_new ();
  f->mirror = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (f->people, "items-changed", G_CALLBACK (on_items_changed), f);
  ahoy_conversation_list_set_conversations (f->people, ahoy_client_get_conversations (f->client));
  *state = f;

  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_object_unref (f->people);
  g_object_unref (f->client);
  g_ptr_array_unref (f->mirror);
  g_free (f);

  return 0;
}

static void
check (Fixture    *f,
       const char *expected)
{
  g_autoptr (GString) titles = g_string_new (NULL);
  guint               n = g_list_model_get_n_items (G_LIST_MODEL (f->people));

  assert_int_equal (f->mirror->len, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (G_LIST_MODEL (f->people), i);

      assert_ptr_equal (conversation, g_ptr_array_index (f->mirror, i));
      g_string_append_printf (titles, "%s%s", i > 0 ? " " : "", ahoy_sentence_title (conversation));
    }
  assert_string_equal (titles->str, expected);
}

static void
test_order (void **state)
{
  Fixture *f = *state;

  fake_client_add_person (f->client, "zoe");
  fake_client_add_person (f->client, "Bob");
  fake_client_add_person (f->client, "alice");
  check (f, "Everyone alice Bob zoe");

  fake_client_set_online (f->client, "alice", FALSE);
  check (f, "Everyone Bob zoe alice");
  fake_client_set_online (f->client, "zoe", FALSE);
  check (f, "Everyone Bob alice zoe");
  fake_client_set_online (f->client, "alice", TRUE);
  check (f, "Everyone alice Bob zoe");
  fake_client_remove (f->client, "alice");
  check (f, "Everyone Bob zoe");
}

/* Who has left the list is not listened to any more. */
static void
test_removed (void **state)
{
  Fixture                     *f = *state;
  g_autoptr (AhoyConversation) conversation = g_object_ref (fake_client_add_person (f->client, "bob"));

  fake_client_remove (f->client, "bob");
  g_object_notify (G_OBJECT (ahoy_conversation_get_person (conversation)), "online");
  check (f, "Everyone");
}

static void
test_other_client (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoyClient) other = ahoy_client_new ();

  fake_client_add_person (f->client, "alice");
  fake_client_add_person (other, "bob");
  ahoy_conversation_list_set_conversations (f->people, ahoy_client_get_conversations (other));
  check (f, "Everyone bob");
  fake_client_add_person (f->client, "carol");
  check (f, "Everyone bob");
  ahoy_conversation_list_set_conversations (f->people, NULL);
  check (f, "");
}

static void
test_many (void **state)
{
  Fixture *f = *state;

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *name = g_strdup_printf ("person %04u", 1999 - i);

      fake_client_add_person (f->client, name);
    }
  for (guint i = 0; i < 2000; i += 100)
    {
      g_autofree char *name = g_strdup_printf ("person %04u", i);

      fake_client_set_online (f->client, name, FALSE);
    }
  assert_int_equal (f->mirror->len, 2001);
  for (guint i = 1; i < f->mirror->len; i++)
    {
      AhoyConversation *conversation = g_ptr_array_index (f->mirror, i);

      assert_int_equal (ahoy_person_get_online (ahoy_conversation_get_person (conversation)), i <= 1980);
      if (i != 1 && i != 1981)
        assert_true (g_strcmp0 (ahoy_sentence_title (g_ptr_array_index (f->mirror, i - 1)), ahoy_sentence_title (conversation)) < 0);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_order, setup, teardown),
    cmocka_unit_test_setup_teardown (test_removed, setup, teardown),
    cmocka_unit_test_setup_teardown (test_other_client, setup, teardown),
    cmocka_unit_test_setup_teardown (test_many, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
