/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A client, its history, and a fake extended server. */

#include "extended-fixture.h"

#include <glib/gstdio.h>

#include "core/connection/ahoy-server-private.h"
#include "core/features/ahoy-feature-set.h"

static gint64
never_asleep (void)
{
  return 0;
}

static void
on_message (AhoyClient       *client,
            AhoyConversation *conversation,
            AhoyMessage      *message,
            Extended         *e)
{
  g_string_append_printf (e->messages, "%s: %s | ", ahoy_message_get_from (message) ? ahoy_message_get_from (message) : "*",
                          ahoy_message_get_text (message));
}

static void
on_failed (AhoyClient *client,
           Extended   *e)
{
  e->n_failed++;
}

static void
make_client (Extended *e)
{
  e->client = g_object_new (AHOY_TYPE_CLIENT,
                            "timings", &e->timings,
                            "features", e->features->pdata,
                            "history", e->history,
                            "trust", ahoy_server_trust_new (e->keyring, e->known_servers),
                            NULL);
  g_signal_connect (e->client, "message", G_CALLBACK (on_message), e);
  g_signal_connect (e->client, "failed", G_CALLBACK (on_failed), e);
}

static void
list_features (Extended          *e,
               const AhoyFeature *more)
{
  const AhoyFeature *const *usual = ahoy_features ();

  e->typing_feature = ahoy_typing;
  e->typing_feature.options = &e->typing;
  e->features = g_ptr_array_new ();
  for (guint i = 0; usual[i]; i++)
    g_ptr_array_add (e->features, (gpointer) (usual[i] == &ahoy_typing ? &e->typing_feature : usual[i]));
  if (more)
    g_ptr_array_add (e->features, (gpointer) more);
  g_ptr_array_add (e->features, NULL);
}

static void
open_history (Extended *e)
{
  g_autoptr (GPtrArray) tables = ahoy_feature_set_list_tables ((const AhoyFeature *const *) e->features->pdata);
  g_autoptr (GError)    error = NULL;

  e->history = ahoy_database_open (e->path, (const AhoyTable *const *) tables->pdata, NULL, NULL, NULL, &error);
  assert_non_null (e->history);
}

int
extended_setup (void **state)
{
  return extended_setup_with (state, NULL);
}

int
extended_setup_with (void             **state,
                     const AhoyFeature *more)
{
  Extended *e = g_new0 (Extended, 1);

  e->timings = (AhoyClientTimings){
    .session = {
      .connection = { .connect = TEST_LOOP_DEADLINE_MS, .stagger = 20, .grace = TEST_LOOP_DEADLINE_MS, .log_in = TEST_LOOP_DEADLINE_MS },
      .reconnect = { .first = 5, .max = 40, .stable = TEST_LOOP_DEADLINE_MS, .ghost = TEST_LOOP_DEADLINE_MS },
      .keepalive = { .idle = TEST_LOOP_DEADLINE_MS, .pong = TEST_LOOP_DEADLINE_MS, .impatient = TEST_LOOP_DEADLINE_MS, .watch = 5 },
      .asleep = never_asleep,
    },
    .echo = TEST_LOOP_DEADLINE_MS,
    .traffic = TEST_LOOP_DEADLINE_MS,
    .undelivered = TEST_LOOP_DEADLINE_MS,
    .window = { .storage = 20, .storage_max = 40, .slow = 1 },
  };
  e->typing = (AhoyTypingTiming){ .every = TEST_LOOP_DEADLINE_MS, .lasts = TEST_LOOP_DEADLINE_MS };
  list_features (e, more);
  e->dir = g_dir_make_tmp ("ahoy-extended-XXXXXX", NULL);
  e->path = g_build_filename (e->dir, "history.sqlite", NULL);
  e->server = fake_extended_new ();
  g_ptr_array_add (e->server->roster, g_strdup ("bob"));
  g_ptr_array_add (e->server->roster, g_strdup ("carol"));
  e->address = ahoy_server_new ("127.0.0.1", e->server->port);
  ahoy_server_set_extended (e->address, e->server->id, "Office", 3, FALSE);
  e->messages = g_string_new (NULL);
  open_history (e);
  make_client (e);
  *state = e;
  return 0;
}

void
extended_end (Extended *e)
{
  if (e->client)
    g_assert_finalize_object (e->client);
  e->client = NULL;
  g_clear_pointer (&e->history, ahoy_database_close);
}

int
extended_teardown (void **state)
{
  Extended        *e = *state;
  g_autoptr (GDir) dir = NULL;
  const char      *name;

  extended_end (e);
  g_clear_object (&e->keyring);
  g_clear_object (&e->known_servers);
  fake_extended_free (e->server);
  g_object_unref (e->address);
  g_string_free (e->messages, TRUE);
  g_ptr_array_unref (e->features);
  dir = g_dir_open (e->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (e->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (e->dir);
  g_free (e->dir);
  g_free (e->path);
  g_free (e);
  return 0;
}

void
extended_connect (Extended *e)
{
  ahoy_client_connect (e->client, e->address, "alice");
}

void
extended_online (Extended *e)
{
  extended_connect (e);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE && (e->client->session->caught_up || !e->server->catches_up));
}

void
extended_restart (Extended *e)
{
  extended_end (e);
  g_string_truncate (e->messages, 0);
  open_history (e);
  make_client (e);
}

void
extended_renew_without_history (Extended *e)
{
  extended_end (e);
  make_client (e);
}

void
extended_cut (Extended *e)
{
  fake_extended_drop (e->server);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_RECONNECTING);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE && e->client->session->caught_up);
}

AhoyConversation *
extended_with (Extended   *e,
               const char *name)
{
  AhoyConversation *conversation = name ? ahoy_client_find_conversation (e->client, name) : ahoy_client_get_everyone (e->client);

  assert_non_null (conversation);
  return conversation;
}

AhoyMessage *
extended_send (Extended   *e,
               const char *to,
               const char *text)
{
  AhoyMessage *message = ahoy_client_send (e->client, extended_with (e, to), text);

  assert_non_null (message);
  return message;
}

void
extended_await_log (Extended   *e,
                    const char *name,
                    const char *expected)
{
  const gint64     end = g_get_monotonic_time () + TEST_LOOP_DEADLINE_MS * 1000;
  g_autofree char *log = NULL;

  for (;;)
    {
      AhoyConversation *conversation = name ? ahoy_client_find_conversation (e->client, name) : ahoy_client_get_everyone (e->client);

      g_free (log);
      log = conversation ? fixture_log (conversation) : NULL;
      if (g_strcmp0 (log, expected) == 0 || g_get_monotonic_time () > end)
        break;
      fixture_iterate ();
    }
  assert_non_null (log);
  assert_string_equal (log, expected);
}

void
extended_await_frame (Extended   *e,
                      const char *part)
{
  WAIT_UNTIL (fake_extended_find (e->server, part));
}

void
extended_sync (Extended *e)
{
  static guint     n;
  g_autofree char *mark = g_strdup_printf ("sync %u", ++n);
  g_autofree char *frame = g_strdup_printf ("^from=bob>A%s", mark);
  AhoyPerson      *bob = ahoy_conversation_get_person (extended_with (e, "bob"));

  WAIT_UNTIL (test_loop_settle (NULL));
  fake_extended_send (e->server, frame);
  WAIT_UNTIL (g_strcmp0 (ahoy_person_get_away (bob), mark) == 0);
  WAIT_UNTIL (test_loop_settle (NULL));
}
