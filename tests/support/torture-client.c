/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* torture-client PROFILE PORT SERVER-ID NAME secure|plain: our own client without a window, for the torture chamber. PROFILE is a folder. With "secure"
 * it has an identity, remembers the servers it has met, and looks for one that speaks TLS. SERVER-ID: as if it had been found, with that id; "-":
 * somebody has typed its address.
 *
 * Reads "say TEXT" and "whisper NAME TEXT" on stdin, prints what happens to it, and never gives up; only where a person would have to decide it
 * ends by itself, with status 1. Else it ends at the end of stdin. */

#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/chat/ahoy-client-private.h"
#include "core/chat/ahoy-message.h"
#include "core/connection/ahoy-known-servers.h"
#include "core/connection/ahoy-server-private.h"
#include "core/identity/ahoy-keyring.h"

#define AGAIN_MS 100

typedef struct {
  GMainLoop        *loop;
  AhoyClient       *client;
  AhoyServer       *server;
  GDataInputStream *orders;
  const char       *name;
  guint             again_id;
  int               status;
} Torture;

static gboolean
on_again (gpointer data)
{
  Torture *self = data;

  self->again_id = 0;
  if (ahoy_client_get_state (self->client) == AHOY_CLIENT_REFUSED)
    ahoy_client_retry_name (self->client, self->name);
  else if (ahoy_client_get_state (self->client) == AHOY_CLIENT_OFFLINE)
    ahoy_client_connect (self->client, self->server, self->name);
  return G_SOURCE_REMOVE;
}

static void
on_state (AhoyClient *client,
          GParamSpec *pspec,
          gpointer    data)
{
  static const char *const names[] = { "offline", "connecting", "refused", "online", "reconnecting" };
  Torture                 *self = data;
  AhoyClientState          state = ahoy_client_get_state (client);

  printf ("state %s\n", names[state]);
  if (state == AHOY_CLIENT_REFUSED)
    printf ("refused %d\n", ahoy_client_get_refusal (client));
  if (state == AHOY_CLIENT_ONLINE && ahoy_client_get_secure (client))
    printf ("secure\n");
  if ((state == AHOY_CLIENT_OFFLINE || state == AHOY_CLIENT_REFUSED) && self->again_id == 0)
    self->again_id = g_timeout_add (AGAIN_MS, on_again, self);
}

static void
on_stopped (AhoyClient *client,
            gpointer    data)
{
  Torture    *self = data;
  AhoyFailure failure = ahoy_client_get_failure (client);

  printf ("failed %d\n", failure);
  if (failure != AHOY_FAILURE_KEY_CHANGED && failure != AHOY_FAILURE_DOWNGRADED && failure != AHOY_FAILURE_REPLACED)
    return;
  printf ("stopped %d: expected %s, met %s\n", failure, ahoy_client_get_known_id (client), ahoy_client_get_met_id (client));
  self->status = 1;
  g_main_loop_quit (self->loop);
}

static void
on_waiting (AhoyClient *client,
            GParamSpec *pspec,
            gpointer    data)
{
  printf ("waiting %u\n", ahoy_client_get_n_waiting (client));
}

static void
on_message (AhoyClient       *client,
            AhoyConversation *conversation,
            AhoyMessage      *message,
            gpointer          data)
{
  printf ("message %s\n", ahoy_message_get_text (message));
}

static void
obey (Torture *self,
      char    *order)
{
  g_auto (GStrv)    words = g_strsplit (order, " ", 3);
  AhoyConversation *conversation = NULL;
  const char       *text = NULL;

  if (g_str_has_prefix (order, "say "))
    {
      conversation = ahoy_client_get_everyone (self->client);
      text = order + strlen ("say ");
    }
  else if (g_strcmp0 (words[0], "whisper") == 0 && g_strv_length (words) == 3)
    {
      conversation = ahoy_client_find_conversation (self->client, words[1]);
      text = words[2];
    }
  if (conversation == NULL || ahoy_client_send (self->client, conversation, text) == NULL)
    printf ("not taken: %s\n", order);
}

static void
on_order (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  Torture         *self = data;
  g_autofree char *order = g_data_input_stream_read_line_finish_utf8 (self->orders, result, NULL, NULL);

  if (order == NULL)
    {
      g_main_loop_quit (self->loop);
      return;
    }
  obey (self, order);
  g_data_input_stream_read_line_async (self->orders, G_PRIORITY_DEFAULT, NULL, on_order, self);
}

static void
on_failed (const GError *error,
           gpointer      data)
{
  g_error ("The history: %s", error->message);
}

/* @secure: else there is no identity, and nothing is known of servers. */
static AhoyClient *
client_new (const char              *profile,
            const AhoyClientTimings *timings,
            AhoyDatabase            *history,
            const char              *name,
            gboolean                 secure)
{
  g_autofree char             *identity_path = g_build_filename (profile, "identity.pem", NULL);
  g_autofree char             *pins_path = g_build_filename (profile, "known-servers", NULL);
  g_autoptr (AhoyKeyring)      keyring = NULL;
  g_autoptr (AhoyKnownServers) pins = NULL;
  g_autoptr (GError)           error = NULL;

  if (secure)
    {
      keyring = ahoy_keyring_open (identity_path, name, &error);
      if (keyring != NULL)
        pins = ahoy_known_servers_open (pins_path, &error);
      if (pins == NULL)
        g_error ("%s", error->message);
    }
  return ahoy_client_new_with_timings (timings, history, keyring, pins);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError)       error = NULL;
  g_autofree char         *history_path = NULL;
  g_autoptr (AhoyDatabase) history = NULL;
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  AhoyClientTimings        timings = ahoy_client_timings;
  Torture                  self = { 0 };
  gboolean                 secure;

  if (argc != 6)
    return 2;
  setvbuf (stdout, NULL, _IOLBF, 0);
  history_path = g_build_filename (argv[1], "history.sqlite", NULL);
  history = ahoy_database_open (history_path, NULL, NULL, on_failed, NULL, &error);
  if (history == NULL)
    g_error ("%s", error->message);

  /* What breaks all the time is mended quickly; all else is as in the real one. */
  timings.session.reconnect.first = 50;
  timings.session.reconnect.max = 400;
  timings.window.storage = 200;
  timings.window.storage_max = 400;
  secure = strcmp (argv[5], "secure") == 0;
  self.loop = g_main_loop_new (NULL, FALSE);
  self.name = argv[4];
  self.client = client_new (argv[1], &timings, history, self.name, secure);
  self.server = ahoy_server_new ("127.0.0.1", (guint16) atoi (argv[2]));
  if (strcmp (argv[3], "-") != 0)
    {
      ahoy_server_set_extended (self.server, argv[3], "torture", -1, secure);
      ahoy_server_set_heard (self.server);
    }
  self.orders = g_data_input_stream_new (input);
  g_signal_connect (self.client, "notify::state", G_CALLBACK (on_state), &self);
  g_signal_connect (self.client, "notify::n-waiting", G_CALLBACK (on_waiting), &self);
  g_signal_connect (self.client, "message", G_CALLBACK (on_message), &self);
  g_signal_connect (self.client, "failed", G_CALLBACK (on_stopped), &self);
  g_data_input_stream_read_line_async (self.orders, G_PRIORITY_DEFAULT, NULL, on_order, &self);
  ahoy_client_connect (self.client, self.server, self.name);

  g_main_loop_run (self.loop);
  g_clear_handle_id (&self.again_id, g_source_remove);
  ahoy_client_disconnect (self.client);
  g_signal_handlers_disconnect_by_data (self.client, &self);
  g_object_unref (self.client);
  g_object_unref (self.server);
  g_object_unref (self.orders);
  g_main_loop_unref (self.loop);
  return self.status;
}
