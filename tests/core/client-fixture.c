/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A client, a fake server, and what there is to say about them. */

#include "client-fixture.h"

#include <string.h>

#include "core/connection/ahoy-server-private.h"

#define MARK "= sync"

static gboolean
on_moment (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
fixture_iterate (void)
{
  guint id = g_timeout_add (20, on_moment, NULL);

  g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

static void
on_state (AhoyClient *client,
          GParamSpec *pspec,
          Fixture    *f)
{
  static const char *const names[] = { "offline", "connecting", "refused", "online", "reconnecting" };

  g_string_append_printf (f->states, "%s ", names[ahoy_client_get_state (client)]);
}

static void
on_failed (AhoyClient *client,
           Fixture    *f)
{
  f->n_failed++;
  f->failure = ahoy_client_get_failure (client);
}

static void
append_line (GString     *text,
             AhoyMessage *message)
{
  static const char *const states[] = { "", " (waiting)", " (sent)", " (delivered)", " (seen)", " (failed)" };

  switch (ahoy_message_get_kind (message))
    {
    case AHOY_MESSAGE_CHAT:
      g_string_append (text, ahoy_message_get_from (message));
      if (ahoy_message_is_private (message))
        g_string_append_printf (text, ">%s", ahoy_message_get_to (message));
      g_string_append_printf (text, ": %s%s", ahoy_message_get_text (message), states[ahoy_message_get_state (message)]);
      break;
    case AHOY_MESSAGE_NOTICE:
      g_string_append_printf (text, "* %s", ahoy_message_get_text (message));
      break;
    case AHOY_MESSAGE_PLAIN:
      g_string_append_printf (text, "= %s", ahoy_message_get_text (message));
      break;
    case AHOY_MESSAGE_PRESENCE:
      {
        g_autofree char *joined = g_strjoinv (",", (char **) ahoy_message_get_joined (message));
        g_autofree char *left = g_strjoinv (",", (char **) ahoy_message_get_left (message));

        g_string_append_printf (text, "+%s -%s", joined, left);
        break;
      }
    case AHOY_MESSAGE_KEY_CHANGED:
      g_string_append_printf (text, "! %s", ahoy_message_get_from (message));
      break;
    case AHOY_MESSAGE_SET_BACK:
      g_string_append (text, "~");
      break;
    case AHOY_MESSAGE_UNKNOWN_NAME:
      g_string_append_printf (text, "?%s", ahoy_message_get_from (message));
      break;
    case AHOY_MESSAGE_NOT_HERE:
      g_string_append_printf (text, "-%s", ahoy_message_get_from (message));
      break;
    case AHOY_MESSAGE_MAILBOX_FULL:
      g_string_append_printf (text, "%%%s", ahoy_message_get_from (message));
      break;
    default:
      g_string_append (text, "?");
    }
}

static void
on_message (AhoyClient       *client,
            AhoyConversation *conversation,
            AhoyMessage      *message,
            Fixture          *f)
{
  if (g_strcmp0 (ahoy_message_get_text (message), MARK) == 0)
    return;
  f->n_messages++;
  g_ptr_array_add (f->conversations, g_object_ref (conversation));
  append_line (f->messages, message);
  g_string_append (f->messages, " | ");
}

AhoyServer *
fixture_found (const char *host,
               guint16     port)
{
  AhoyServer *server = ahoy_server_new (host, port);

  ahoy_server_set_heard (server);
  return server;
}

static gint64
never_asleep (void)
{
  return 0;
}

static void
make_client (Fixture *f)
{
  f->client = ahoy_client_new_with_timings (&f->timings, NULL, NULL, NULL);
  g_signal_connect (f->client, "notify::state", G_CALLBACK (on_state), f);
  g_signal_connect (f->client, "failed", G_CALLBACK (on_failed), f);
  g_signal_connect (f->client, "message", G_CALLBACK (on_message), f);
}

int
fixture_setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  /* What must not pass in a test is long, what must pass is short. */
  f->timings = (AhoyClientTimings){
    .session = {
      .connection = { .connect = TEST_LOOP_DEADLINE_MS, .stagger = 20, .grace = TEST_LOOP_DEADLINE_MS, .log_in = TEST_LOOP_DEADLINE_MS },
      .reconnect = { .first = 5, .max = 40, .stable = TEST_LOOP_DEADLINE_MS, .ghost = TEST_LOOP_DEADLINE_MS },
      .asleep = never_asleep,
    },
    .echo = TEST_LOOP_DEADLINE_MS,
    .traffic = TEST_LOOP_DEADLINE_MS,
    .undelivered = TEST_LOOP_DEADLINE_MS,
  };
  f->server = fake_classic_new ();
  f->address = fixture_found ("127.0.0.1", f->server->port);
  f->states = g_string_new (NULL);
  f->messages = g_string_new (NULL);
  f->conversations = g_ptr_array_new_with_free_func (g_object_unref);
  make_client (f);
  *state = f;
  return 0;
}

int
fixture_teardown (void **state)
{
  Fixture *f = *state;

  if (f->client)
    g_assert_finalize_object (f->client);
  g_ptr_array_unref (f->conversations);
  fake_classic_free (f->server);
  g_object_unref (f->address);
  g_string_free (f->states, TRUE);
  g_string_free (f->messages, TRUE);
  g_free (f);
  return 0;
}

void
fixture_renew (Fixture *f)
{
  g_assert_finalize_object (f->client);
  make_client (f);
}

void
fixture_online (Fixture *f)
{
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (ahoy_client_get_state (f->client) == AHOY_CLIENT_ONLINE);
  g_string_truncate (f->states, 0);
}

static gboolean
last_is_mark (GListModel *messages)
{
  guint n = g_list_model_get_n_items (messages);

  for (guint i = n; i > 0; i--)
    {
      g_autoptr (AhoyMessage) message = g_list_model_get_item (messages, i - 1);

      if (g_strcmp0 (ahoy_message_get_text (message), MARK) == 0)
        return TRUE;
      if (ahoy_message_get_state (message) != AHOY_MESSAGE_WAITING)
        return FALSE;
    }
  return FALSE;
}

void
fixture_sync (Fixture *f)
{
  GListModel *messages = ahoy_conversation_get_messages (ahoy_client_get_everyone (f->client));

  WAIT_UNTIL (test_loop_settle (NULL));
  fake_classic_send (f->server, "4* " MARK);
  WAIT_UNTIL (last_is_mark (messages));
}

char *
fixture_log (AhoyConversation *conversation)
{
  GListModel *messages = ahoy_conversation_get_messages (conversation);
  GString    *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr (AhoyMessage) message = g_list_model_get_item (messages, i);

      if (g_strcmp0 (ahoy_message_get_text (message), MARK) == 0)
        continue;
      if (text->len > 0)
        g_string_append (text, " | ");
      append_line (text, message);
    }
  return g_string_free (text, FALSE);
}

AhoyConversation *
fixture_with (Fixture    *f,
              const char *name)
{
  AhoyConversation *conversation = name ? ahoy_client_find_conversation (f->client, name) : ahoy_client_get_everyone (f->client);

  assert_non_null (conversation);
  return conversation;
}

void
fixture_assert_log (Fixture    *f,
                    const char *name,
                    const char *expected)
{
  g_autofree char *log = fixture_log (fixture_with (f, name));

  assert_string_equal (log, expected);
}

char *
fixture_people (Fixture *f)
{
  GListModel *conversations = ahoy_client_get_conversations (f->client);
  GString    *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);
      AhoyPerson                  *person = ahoy_conversation_get_person (conversation);

      if (i == 0)
        {
          assert_ptr_equal (conversation, ahoy_client_get_everyone (f->client));
          continue;
        }
      if (i > 1)
        g_string_append_c (text, ' ');
      g_string_append_printf (text, "%s%s", ahoy_person_get_name (person), ahoy_person_get_online (person) ? "" : "(off)");
    }
  return g_string_free (text, FALSE);
}

void
fixture_assert_people (Fixture    *f,
                       const char *expected)
{
  g_autofree char *people = fixture_people (f);

  assert_string_equal (people, expected);
}
