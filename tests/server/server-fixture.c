/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A whole server inside the test's process. */

#include "server/server-fixture.h"

#include <glib/gstdio.h>

#include "features/ahoyd-features.h"
#include "server/cmocka-all.h"
#include "support/test-loop.h"

int
server_fixture_setup (void **state)
{
  ServerFixture *fixture = g_new0 (ServerFixture, 1);

  fixture->context = g_main_context_new ();
  fixture->folder = g_dir_make_tmp ("ahoyd-house-XXXXXX", NULL);
  assert_non_null (fixture->folder);
  fixture->features = g_ptr_array_new ();
  for (const AhoydFeature *const *feature = ahoyd_features (); *feature != NULL; feature++)
    g_ptr_array_add (fixture->features, (gpointer) *feature);
  g_ptr_array_add (fixture->features, NULL);
  fixture->peers = g_ptr_array_new_with_free_func ((GDestroyNotify) test_peer_free);
  fixture->config = ahoyd_config_new ();
  assert_true (ahoyd_config_parse (fixture->config,
                                   (const char *const[]){ "ahoyd", "--port", "0", "--discovery-port", "0", "--bind", "127.0.0.1",
                                                          "--name", "Test", "--data-dir", fixture->folder, "--max-clients", "100", NULL },
                                   NULL));
  /* Tests talk as fast as they can. */
  fixture->config->rate = 0;
  fixture->config->rate_bytes = 0;
  *state = fixture;
  return 0;
}

int
server_fixture_teardown (void **state)
{
  ServerFixture   *fixture = *state;
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char      *name;

  g_ptr_array_unref (fixture->peers);
  g_clear_pointer (&fixture->server, ahoyd_server_free);
  ahoyd_config_free (fixture->config);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_ptr_array_unref (fixture->features);
  g_main_context_unref (fixture->context);
  g_free (fixture);
  return 0;
}

void
server_fixture_serve (ServerFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->server = ahoyd_server_new (fixture->config, (const AhoydFeature *const *) fixture->features->pdata, fixture->context, &error);
  if (fixture->server == NULL)
    fail_msg ("%s", error->message);
}

static void
on_stopped (gpointer data)
{
  (*(guint *) data)++;
}

void
server_fixture_stop (ServerFixture *fixture)
{
  guint n_stopped = 0;

  ahoyd_server_stop (fixture->server, on_stopped, &n_stopped);
  assert_true (test_loop_until_count (fixture->context, &n_stopped, 1));
  g_clear_pointer (&fixture->server, ahoyd_server_free);
  g_ptr_array_set_size (fixture->peers, 0);
}

void
server_fixture_add_feature (ServerFixture      *fixture,
                            const AhoydFeature *feature)
{
  assert_null (fixture->server);
  g_ptr_array_insert (fixture->features, (gint) fixture->features->len - 1, (gpointer) feature);
}

TestPeer *
server_fixture_connect (ServerFixture *fixture)
{
  TestPeer *peer = test_peer_connect (fixture->context, ahoyd_server_get_port (fixture->server));

  g_ptr_array_add (fixture->peers, peer);
  return peer;
}

TestPeer *
server_fixture_log_in (ServerFixture *fixture,
                       const char    *name,
                       ...)
{
  TestPeer        *peer = server_fixture_connect (fixture);
  g_autofree char *own = g_strdup_printf ("<1%s>", name);
  g_autofree char *joined = g_strdup_printf ("<2%s>", name);
  va_list          others;
  const char      *other;

  test_peer_send (peer, own);
  va_start (others, name);
  while ((other = va_arg (others, const char *)) != NULL)
    {
      g_autofree char *frame = g_strdup_printf ("<1%s>", other);

      test_peer_expect (peer, frame);
    }
  va_end (others);
  test_peer_expect (peer, own);

  /* The others are the connections before this one that are in the roster, as long as a test has no more than these. */
  for (guint i = 0; i + 1 < fixture->peers->len; i++)
    test_peer_expect (fixture->peers->pdata[i], joined);
  return peer;
}

TestPeer *
server_fixture_enter (ServerFixture *fixture,
                      const char    *name)
{
  TestPeer        *peer = server_fixture_connect (fixture);
  g_autofree char *own = g_strdup_printf ("\x01v=2<1%s>", name);
  g_autofree char *joined = g_strdup_printf ("<2%s>", name);

  test_peer_send (peer, own);
  g_free (test_peer_read_until (peer, "<C>"));
  for (guint i = 0; i + 1 < fixture->peers->len; i++)
    g_free (test_peer_read_until (fixture->peers->pdata[i], joined));
  return peer;
}
