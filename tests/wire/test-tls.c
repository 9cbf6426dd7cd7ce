/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoy-link over TLS, both ends ours: the handshake, who is who, and frames both ways. */

#include "wire/ahoy-tls.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "support/link-side.h"
#include "support/test-loop.h"
#include "wire/ahoy-limits.h"

static AhoyTls *
tls_new (char **id)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("ahoy-test-tls-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "identity.pem", NULL);
  g_autoptr (AhoyIdentity) identity = ahoy_identity_load_or_create (path, "test", &error);
  AhoyTls *tls;

  assert_null (error);
  g_unlink (path);
  g_rmdir (dir);
  tls = ahoy_tls_new (identity, &error);
  assert_non_null (tls);
  *id = g_strdup (ahoy_identity_get_id (identity));
  return tls;
}

static void
test_mutual (void **state)
{
  LinkFixture *fixture = *state;
  g_autofree char *server_id = NULL;
  g_autofree char *client_id = NULL;
  g_autoptr (AhoyTls) server_tls = tls_new (&server_id);
  g_autoptr (AhoyTls) client_tls = tls_new (&client_id);
  int fds[2];
  g_autoptr (Side) server = NULL;
  g_autoptr (Side) client = NULL;

  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  server = side_new_bare (fixture, -1);
  client = side_new_bare (fixture, -1);
  server->link = ahoy_link_new_accepted (fixture->poll, fds[0], server_tls, &side_events, server, NULL);
  client->link = ahoy_link_new_secure (fixture->poll, fds[1], client_tls, &side_events, client, NULL);
  side_send (client, "hello");
  link_fixture_settle (fixture);
  assert_string_equal (client->log->str, "");
  assert_string_equal (server->log->str, "4 hello;");
  assert_true (ahoy_link_is_secure (server->link));
  assert_true (ahoy_link_is_secure (client->link));
  assert_true (g_str_has_prefix (ahoy_link_get_peer_fingerprint (server->link), client_id));
  assert_true (g_str_has_prefix (ahoy_link_get_peer_fingerprint (client->link), server_id));
  side_send (server, "yes");
  ahoy_link_close (server->link);
  link_fixture_settle (fixture);
  assert_string_equal (client->log->str, "4 yes;#peer;");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    link_test (test_mutual),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
