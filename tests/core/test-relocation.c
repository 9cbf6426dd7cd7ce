/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Where a lost server may be, and which address is its own. Nobody is searched here: test-client-moved.c does. */

#include "core/connection/ahoy-server-private.h"
#include "core/connection/ahoy-relocation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ID "aaaaaaaaaaaaaaaaaaaaaaaaaa"

typedef struct {
  AhoyTrackerTiming timing;
  AhoyRelocation   *relocation;
  AhoyServer       *server; /* at 192.0.2.1:1 */
  AhoyServer       *found;  /* at 192.0.2.2:2 and 192.0.2.3:3 */
} Fixture;

static void
on_found (AhoyServer *found,
          gpointer    data)
{
}

static int
setup (void **state)
{
  static const AhoyTrackerTiming timing = AHOY_TRACKER_TIMING;
  Fixture                       *f = g_new0 (Fixture, 1);

  f->timing = timing;
  f->relocation = ahoy_relocation_new (&f->timing, on_found, f);
  f->server = ahoy_server_new ("192.0.2.1", 1);
  f->found = ahoy_server_new ("192.0.2.2", 2);
  ahoy_server_add_place (f->found, "192.0.2.3", 3, FALSE);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoy_relocation_free (f->relocation);
  g_object_unref (f->server);
  g_object_unref (f->found);
  g_free (f);
  return 0;
}

/* @places: "192.0.2.2:2 192.0.2.3:3" */
static void
assert_at (Fixture    *f,
           const char *places)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < ahoy_server_get_n_places (f->server); i++)
    {
      guint16     port;
      const char *host = ahoy_server_get_place (f->server, i, &port);

      g_string_append_printf (all, "%s%s:%u", i > 0 ? " " : "", host, port);
    }
  assert_string_equal (all->str, places);
}

static void
begin_astray (Fixture *f)
{
  assert_true (ahoy_relocation_claim (f->relocation, f->server, f->found));
  assert_true (ahoy_relocation_go_astray (f->relocation, f->server));
  assert_true (ahoy_relocation_is_astray (f->relocation));
  assert_at (f, "192.0.2.2:2 192.0.2.3:3");
}

static void
without_a_claim_it_stays_where_it_is (void **state)
{
  Fixture *f = *state;

  assert_false (ahoy_relocation_go_astray (f->relocation, f->server));
  assert_false (ahoy_relocation_go_home (f->relocation));
  assert_false (ahoy_relocation_is_astray (f->relocation));
  assert_false (ahoy_relocation_is_open (f->relocation));
  assert_at (f, "192.0.2.1:1");
}

static void
what_counts_as_elsewhere (void **state)
{
  static const struct {
    const char *host;
    guint16     port;
    const char *more;
    gboolean    elsewhere;
  } table[] = {
    { "192.0.2.1", 1, NULL, FALSE },
    { "192.0.2.1", 2, NULL, TRUE },
    { "192.0.2.2", 1, NULL, TRUE },
    { "192.0.2.1", 1, "192.0.2.2", TRUE }, /* it is claimed from several places */
  };
  Fixture *f = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (AhoyServer) found = ahoy_server_new (table[i].host, table[i].port);

      if (table[i].more)
        ahoy_server_add_place (found, table[i].more, 1, FALSE);
      assert_int_equal (ahoy_relocation_claim (f->relocation, f->server, found), table[i].elsewhere);
      assert_int_equal (ahoy_relocation_is_open (f->relocation), table[i].elsewhere);
      ahoy_relocation_forget_claim (f->relocation);
      assert_false (ahoy_relocation_go_astray (f->relocation, f->server));
    }
}

static void
a_claim_is_tried_once_and_left (void **state)
{
  Fixture *f = *state;

  begin_astray (f);
  assert_false (ahoy_relocation_is_open (f->relocation)); /* the claim is used up */
  assert_true (ahoy_relocation_go_home (f->relocation));
  assert_false (ahoy_relocation_is_astray (f->relocation));
  assert_at (f, "192.0.2.1:1");
  assert_false (ahoy_relocation_go_home (f->relocation));
  assert_false (ahoy_relocation_go_astray (f->relocation, f->server));
}

static void
who_is_astray_goes_no_further (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoyServer) third = ahoy_server_new ("192.0.2.9", 9);

  begin_astray (f);
  assert_true (ahoy_relocation_claim (f->relocation, f->server, third));
  assert_false (ahoy_relocation_go_astray (f->relocation, f->server));
  ahoy_relocation_go_home (f->relocation);
  assert_at (f, "192.0.2.1:1");
}

/* It moved there by itself since it was claimed to be there. */
static void
a_claim_may_have_come_true (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoyServer) found = ahoy_server_new ("192.0.2.9", 9);

  assert_true (ahoy_relocation_claim (f->relocation, f->server, found));
  ahoy_server_set_place (f->server, "192.0.2.9", 9);
  assert_false (ahoy_relocation_go_astray (f->relocation, f->server));
  assert_false (ahoy_relocation_is_astray (f->relocation));
  assert_false (ahoy_relocation_is_open (f->relocation)); /* the claim is used up */
  assert_at (f, "192.0.2.9:9");
}

static void
where_it_has_shown_itself_it_is (void **state)
{
  Fixture *f = *state;

  begin_astray (f);
  ahoy_relocation_settle (f->relocation);
  assert_false (ahoy_relocation_is_astray (f->relocation));
  assert_false (ahoy_relocation_go_home (f->relocation));
  ahoy_relocation_stop (f->relocation);
  assert_at (f, "192.0.2.2:2 192.0.2.3:3");
}

static void
an_end_brings_it_home (void **state)
{
  Fixture *f = *state;

  begin_astray (f);
  ahoy_relocation_claim (f->relocation, f->server, f->found);
  ahoy_relocation_stop (f->relocation);
  assert_at (f, "192.0.2.1:1");
  assert_false (ahoy_relocation_go_astray (f->relocation, f->server));
}

static void
who_is_looked_for (void **state)
{
  Fixture *f = *state;

  ahoy_relocation_hasten (f->relocation);
  ahoy_relocation_search (f->relocation, f->server);
  assert_null (f->relocation->tracker); /* nobody looks */
  ahoy_relocation_set_discovery_port (f->relocation, 9);
  ahoy_relocation_search (f->relocation, f->server);
  assert_null (f->relocation->tracker); /* it has no id to be found by */
  ahoy_server_set_extended (f->server, ID, NULL, -1, TRUE);
  ahoy_relocation_search (f->relocation, f->server);
  assert_non_null (f->relocation->tracker);
  assert_true (ahoy_relocation_is_open (f->relocation)); /* no search is over yet */
  ahoy_relocation_stop (f->relocation);
  assert_null (f->relocation->tracker);
  assert_false (ahoy_relocation_is_open (f->relocation));
}

#define RELOCATION_TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RELOCATION_TEST (without_a_claim_it_stays_where_it_is),
    RELOCATION_TEST (what_counts_as_elsewhere),
    RELOCATION_TEST (a_claim_is_tried_once_and_left),
    RELOCATION_TEST (who_is_astray_goes_no_further),
    RELOCATION_TEST (a_claim_may_have_come_true),
    RELOCATION_TEST (where_it_has_shown_itself_it_is),
    RELOCATION_TEST (an_end_brings_it_home),
    RELOCATION_TEST (who_is_looked_for),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
