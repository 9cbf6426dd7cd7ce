/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A whole server inside the test's process. */

#include "server/test-house.h"

#include <glib/gstdio.h>

#include "server/cmocka-all.h"

int
test_house_setup (void **state)
{
  TestHouse *house = g_new0 (TestHouse, 1);

  house->context = g_main_context_new ();
  house->folder = g_dir_make_tmp ("ahoyd-house-XXXXXX", NULL);
  assert_non_null (house->folder);
  house->peers = g_ptr_array_new_with_free_func ((GDestroyNotify) test_peer_free);
  house->config = ahoyd_config_new ();
  assert_true (ahoyd_config_parse (house->config,
                                   (const char *const[]) { "ahoyd", "--port", "0", "--discovery-port", "0", "--bind", "127.0.0.1",
                                                           "--name", "Test", "--data-dir", house->folder, "--max-clients", "100", NULL },
                                   NULL));
  /* Tests talk as fast as they can. */
  house->config->rate = 0;
  house->config->rate_bytes = 0;
  *state = house;
  return 0;
}

int
test_house_teardown (void **state)
{
  TestHouse *house = *state;
  g_autoptr (GDir) dir = g_dir_open (house->folder, 0, NULL);
  const char *name;

  g_ptr_array_unref (house->peers);
  g_clear_pointer (&house->server, ahoyd_server_free);
  ahoyd_config_free (house->config);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (house->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (house->folder);
  g_free (house->folder);
  g_main_context_unref (house->context);
  g_free (house);
  return 0;
}

void
test_house_serve (TestHouse *house)
{
  g_autoptr (GError) error = NULL;

  house->server = ahoyd_server_new (house->config, house->context, &error);
  if (house->server == NULL)
    fail_msg ("%s", error->message);
}

TestPeer *
test_house_connect (TestHouse *house)
{
  TestPeer *peer = test_peer_connect (house->context, ahoyd_server_get_port (house->server));

  g_ptr_array_add (house->peers, peer);
  return peer;
}

TestPeer *
test_house_log_in (TestHouse  *house,
                   const char *name,
                   ...)
{
  TestPeer *peer = test_house_connect (house);
  g_autofree char *own = g_strdup_printf ("<1%s>", name);
  g_autofree char *joined = g_strdup_printf ("<2%s>", name);
  va_list others;
  const char *other;

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
  for (guint i = 0; i + 1 < house->peers->len; i++)
    test_peer_expect (house->peers->pdata[i], joined);
  return peer;
}
