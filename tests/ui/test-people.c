/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "ui/ahoy-conversation-list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake-chat.h"
#include "ui/ahoy-sentences.h"

typedef struct {
  FakeChat             *chat;
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

  f->chat = fake_chat_new ();
  f->people = g_object_new (AHOY_TYPE_CONVERSATION_LIST, NULL);
  f->mirror = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (f->people, "items-changed", G_CALLBACK (on_items_changed), f);
  ahoy_conversation_list_set_conversations (f->people, ahoy_chat_get_conversations (AHOY_CHAT (f->chat)));
  *state = f;

  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_object_unref (f->people);
  g_object_unref (f->chat);
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

  fake_chat_add_person (f->chat, "zoe");
  fake_chat_add_person (f->chat, "Bob");
  fake_chat_add_person (f->chat, "alice");
  check (f, "Everyone alice Bob zoe");

  fake_chat_set_online (f->chat, "alice", FALSE);
  check (f, "Everyone Bob zoe alice");
  fake_chat_set_online (f->chat, "zoe", FALSE);
  check (f, "Everyone Bob alice zoe");
  fake_chat_set_online (f->chat, "alice", TRUE);
  check (f, "Everyone alice Bob zoe");
  fake_chat_remove (f->chat, "alice");
  check (f, "Everyone Bob zoe");
}

/* Who has left the list is not listened to any more. */
static void
test_removed (void **state)
{
  Fixture                     *f = *state;
  g_autoptr (AhoyConversation) conversation = g_object_ref (fake_chat_add_person (f->chat, "bob"));

  fake_chat_remove (f->chat, "bob");
  g_object_notify (G_OBJECT (ahoy_conversation_get_person (conversation)), "online");
  check (f, "Everyone");
}

static void
test_other_client (void **state)
{
  Fixture             *f = *state;
  g_autoptr (FakeChat) other = fake_chat_new ();

  fake_chat_add_person (f->chat, "alice");
  fake_chat_add_person (other, "bob");
  ahoy_conversation_list_set_conversations (f->people, ahoy_chat_get_conversations (AHOY_CHAT (other)));
  check (f, "Everyone bob");
  fake_chat_add_person (f->chat, "carol");
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

      fake_chat_add_person (f->chat, name);
    }
  for (guint i = 0; i < 2000; i += 100)
    {
      g_autofree char *name = g_strdup_printf ("person %04u", i);

      fake_chat_set_online (f->chat, name, FALSE);
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
