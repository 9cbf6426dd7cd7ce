/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The search with a fake resolver, which is all the name servers there are. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>

#include "core/finder-fixture.h"
#include "support/test-loop.h"
#include "support/test-netns.h"

/* --- The zone --- */

#define ZONE_TYPE (zone_get_type ())
G_DECLARE_FINAL_TYPE (Zone, zone, ZONE, RESOLVER, GResolver)

struct _Zone {
  GResolver parent_instance;

  GPtrArray *records; /* "name priority weight port host" */
  GPtrArray *asked;   /* names of SRV records */
  gboolean   hangs;
  gboolean   fails;
};

G_DEFINE_FINAL_TYPE (Zone, zone, G_TYPE_RESOLVER)

static void
free_record (gpointer record)
{
  g_variant_unref (record);
}

static void
free_records (gpointer records)
{
  g_list_free_full (records, free_record);
}

static void
zone_lookup_records_async (GResolver          *resolver,
                           const char         *name,
                           GResolverRecordType type,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            data)
{
  Zone             *self = ZONE_RESOLVER (resolver);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  GList            *found = NULL;

  assert_int_equal (type, G_RESOLVER_RECORD_SRV);
  g_ptr_array_add (self->asked, g_strdup (name));
  if (self->hangs)
    {
      g_task_return_error_if_cancelled (task);
      g_object_set_data_full (G_OBJECT (self), "hanging", g_steal_pointer (&task), g_object_unref);
      return;
    }
  for (guint i = 0; i < self->records->len; i++)
    {
      g_auto (GStrv) words = g_strsplit (self->records->pdata[i], " ", -1);

      if (g_str_equal (words[0], name))
        found = g_list_prepend (found, g_variant_ref_sink (g_variant_new ("(qqqs)", (guint16) atoi (words[1]), (guint16) atoi (words[2]),
                                                                          (guint16) atoi (words[3]), words[4])));
    }
  if (self->fails)
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, "No name server");
  else if (found != NULL)
    g_task_return_pointer (task, found, free_records);
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No such record");
}

static GList *
zone_finish (GResolver    *resolver,
             GAsyncResult *result,
             GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Every host is this computer, but for those that are nowhere. */
static void
zone_lookup_by_name_async (GResolver          *resolver,
                           const char         *name,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);

  if (g_str_has_prefix (name, "nowhere"))
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No such host");
  else
    g_task_return_pointer (task, g_list_prepend (NULL, g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4)),
                           (GDestroyNotify) g_resolver_free_addresses);
}

static void
zone_finalize (GObject *object)
{
  g_ptr_array_unref (ZONE_RESOLVER (object)->records);
  g_ptr_array_unref (ZONE_RESOLVER (object)->asked);

  G_OBJECT_CLASS (zone_parent_class)->finalize (object);
}

static void
zone_class_init (ZoneClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = zone_finalize;
  resolver_class->lookup_records_async = zone_lookup_records_async;
  resolver_class->lookup_records_finish = zone_finish;
  resolver_class->lookup_by_name_async = zone_lookup_by_name_async;
  resolver_class->lookup_by_name_finish = zone_finish;
}

static void
zone_init (Zone *self)
{
  self->records = g_ptr_array_new ();
  self->asked = g_ptr_array_new_with_free_func (g_free);
}

/* --- Searches --- */

/* Somebody does, and after it nothing is waited for. */
static const AhoyFinderTiming prompt = { .attempts = { 0, 100, 200, 300 }, .give_up = 15000, .give_up_typed = 15000, .window = 10 };
/* Nobody answers by UDP: the clock alone says so. */
static const AhoyFinderTiming in_vain = { .attempts = { 0, 10, 20, 30 }, .give_up = 600, .give_up_typed = 200, .window = 100 };

typedef struct {
  FakeResponder *beacon;
  Zone          *zone;
  AhoyFinder    *finder;
} Fixture;

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->beacon = fake_responder_new ("127.0.0.1", 0); /* no broadcast comes there */
  f->zone = g_object_new (ZONE_TYPE, NULL);
  g_resolver_set_default (G_RESOLVER (f->zone));
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_clear_object (&f->finder);
  fake_responder_free (f->beacon);
  g_object_set_data (G_OBJECT (f->zone), "hanging", NULL);
  assert_true (test_loop_settle (NULL));
  g_object_unref (f->zone);
  g_free (f);
  return 0;
}

static void
look (Fixture                *f,
      const AhoyFinderTiming *timing,
      const char             *typed,
      const char             *domain)
{
  const char *const domains[] = { domain, NULL };

  g_clear_object (&f->finder);
  f->finder = make_finder (f->beacon, timing);
  ahoy_finder_set_domains (f->finder, domains);
  if (typed != NULL)
    assert_true (ahoy_finder_start_at (f->finder, typed, NULL));
  else
    ahoy_finder_start (f->finder);
  wait_over (f->finder);
}

static void
publish (Fixture    *f,
         const char *record)
{
  g_ptr_array_add (f->zone->records, (char *) record);
}

static void
assert_server (Fixture    *f,
               guint       i,
               const char *host,
               guint16     port,
               const char *id)
{
  AhoyServer *server = server_at (f->finder, i);

  assert_string_equal (ahoy_server_get_host (server), host);
  assert_int_equal (ahoy_server_get_port (server), port);
  if (id != NULL)
    assert_string_equal (ahoy_server_get_id (server), id);
  else
    assert_null (ahoy_server_get_id (server));
}

static void
assert_row (Fixture    *f,
            const char *domain,
            int         error,
            guint       sent,
            guint       replies)
{
  AhoyProbe *row = probe_of (f->finder, AHOY_PROBE_SRV);

  if (domain != NULL)
    assert_string_equal (ahoy_probe_get_target (row), domain);
  else
    assert_null (ahoy_probe_get_target (row));
  assert_int_equal (ahoy_probe_get_error (row), error);
  assert_int_equal (ahoy_probe_get_sent (row), sent);
  assert_int_equal (ahoy_probe_get_replies (row), replies);
}

static void
test_the_organisation_s_server (void **state)
{
  Fixture *f = *state;

  publish (f, "_ahoy._tcp.example.org 10 0 5000 chat.example.org");
  fake_responder_answer_extended (f->beacon, EXTENDED ("5000", "abc", "Library"));
  fake_responder_answer_classic (f->beacon, "5000"); /* as every server does, too */
  look (f, &prompt, NULL, "example.org");
  assert_int_equal (n_servers (f->finder), 1);
  assert_server (f, 0, "chat.example.org", 5000, "abc");
  assert_row (f, "example.org", 0, 1, 1);
}

static void
test_a_classic_server_there (void **state)
{
  Fixture *f = *state;

  publish (f, "_ahoy._tcp.example.org 10 0 5000 chat.example.org");
  fake_responder_answer_classic (f->beacon, "5000");
  look (f, &prompt, NULL, "example.org");
  assert_int_equal (n_servers (f->finder), 1); /* by its address, and not by its name as well */
  assert_server (f, 0, "127.0.0.1", 5000, NULL);
}

static void
test_nobody_answers_there (void **state)
{
  Fixture *f = *state;

  publish (f, "_ahoy._tcp.example.org 20 0 5002 second.example.org");
  publish (f, "_ahoy._tcp.example.org 10 0 5001 first.example.org");
  publish (f, "_ahoy._tcp.example.org 5 0 5003 nowhere.example.org");
  look (f, &in_vain, NULL, "example.org");
  assert_int_equal (ahoy_finder_get_state (f->finder), AHOY_FINDER_FOUND);
  assert_int_equal (n_servers (f->finder), 2);
  assert_server (f, 0, "first.example.org", 5001, NULL);
  assert_server (f, 1, "second.example.org", 5002, NULL);

  look (f, &in_vain, "example.org", NULL);
  assert_int_equal (n_servers (f->finder), 2);
  assert_server (f, 0, "first.example.org", 5001, NULL);
}

static void
test_no_record (void **state)
{
  Fixture *f = *state;

  look (f, &in_vain, NULL, "example.org");
  assert_int_equal (ahoy_finder_get_state (f->finder), AHOY_FINDER_NONE);
  assert_row (f, "example.org", 0, 1, 0);

  publish (f, "_ahoy._tcp.example.org 0 0 0 .");
  look (f, &in_vain, NULL, "example.org");
  assert_int_equal (ahoy_finder_get_state (f->finder), AHOY_FINDER_NONE);
  assert_int_equal (n_servers (f->finder), 0);

  publish (f, "_ahoy._tcp.example.org 5 0 5003 nowhere.example.org");
  look (f, &in_vain, NULL, "example.org");
  assert_int_equal (ahoy_finder_get_state (f->finder), AHOY_FINDER_NONE);
  assert_row (f, "example.org", EADDRNOTAVAIL, 1, 1);

  f->zone->fails = TRUE;
  look (f, &in_vain, NULL, "example.org");
  assert_row (f, "example.org", EHOSTUNREACH, 0, 0);

  look (f, &in_vain, NULL, NULL);
  assert_row (f, NULL, 0, 0, 0);
}

static void
test_a_domain_is_typed (void **state)
{
  Fixture *f = *state;

  publish (f, "_ahoy._tcp.example.org 10 0 5000 chat.example.org");
  fake_responder_answer_extended (f->beacon, EXTENDED ("5000", "abc", "Library"));
  look (f, &prompt, "example.org", NULL);
  assert_int_equal (n_servers (f->finder), 1);
  assert_server (f, 0, "chat.example.org", 5000, "abc");
}

static void
test_a_host_is_typed (void **state)
{
  Fixture *f = *state;

  fake_responder_answer_extended (f->beacon, EXTENDED ("5000", "abc", "Library"));
  look (f, &prompt, "box.example.org", NULL);
  assert_server (f, 0, "box.example.org", 5000, "abc");
  assert_int_equal (f->zone->asked->len, 1);
  assert_string_equal (f->zone->asked->pdata[0], "_ahoy._tcp.box.example.org");

  look (f, &in_vain, "nowhere.example.org", NULL);
  assert_int_equal (n_servers (f->finder), 1);
  assert_server (f, 0, "nowhere.example.org", 24690, NULL);

  /* What has a port is a host, and so is what has no dot. */
  look (f, &prompt, "box.example.org:5000", NULL);
  look (f, &prompt, "box", NULL);
  assert_int_equal (f->zone->asked->len, 2);
}

static void
test_name_servers_that_say_nothing (void **state)
{
  Fixture *f = *state;

  f->zone->hangs = TRUE;
  fake_responder_answer_extended (f->beacon, EXTENDED ("5000", "abc", "Library"));
  look (f, &brief, "box.example.org", NULL);
  assert_int_equal (n_servers (f->finder), 1);
  assert_server (f, 0, "box.example.org", 5000, "abc");

  look (f, &in_vain, NULL, "example.org");
  assert_int_equal (ahoy_finder_get_state (f->finder), AHOY_FINDER_NONE);
  assert_row (f, "example.org", 0, 0, 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_the_organisation_s_server, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_classic_server_there, setup, teardown),
    cmocka_unit_test_setup_teardown (test_nobody_answers_there, setup, teardown),
    cmocka_unit_test_setup_teardown (test_no_record, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_domain_is_typed, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_host_is_typed, setup, teardown),
    cmocka_unit_test_setup_teardown (test_name_servers_that_say_nothing, setup, teardown),
  };

  test_netns_enter ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
