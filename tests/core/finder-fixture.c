/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What tests of the finder share. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/finder-fixture.h"

#include "support/test-loop.h"

/* What has to happen before a time is up happens at once, but for a machine that is very busy: so these times are long beside it. */
const AhoyFinderTiming patient = { .attempts = { 0, 100, 200, 300 }, .give_up = 15000, .give_up_typed = 15000, .window = 1000 };
const AhoyFinderTiming brief = { .attempts = { 0, 20, 40, 60 }, .give_up = 2000, .give_up_typed = 2000, .window = 1000 };

static gboolean
is_over (gpointer finder)
{
  return ahoy_finder_get_state (finder) != AHOY_FINDER_LOOKING;
}

void
wait_over (AhoyFinder *finder)
{
  assert_true (test_loop_until (NULL, is_over, finder, TEST_LOOP_DEADLINE_MS));
}

AhoyFinder *
make_finder (FakeResponder          *responder,
             const AhoyFinderTiming *timing)
{
  AhoyFinder *finder = ahoy_finder_new (fake_responder_get_port (responder));

  ahoy_finder_set_timing (finder, timing);
  return finder;
}

AhoyFinder *
search (FakeResponder          *responder,
        const AhoyFinderTiming *timing)
{
  AhoyFinder *finder = make_finder (responder, timing);

  ahoy_finder_start (finder);
  assert_int_equal (ahoy_finder_get_state (finder), AHOY_FINDER_LOOKING);
  wait_over (finder);
  return finder;
}

guint
n_servers (AhoyFinder *finder)
{
  return g_list_model_get_n_items (ahoy_finder_get_servers (finder));
}

AhoyServer *
server_at (AhoyFinder *finder,
           guint       i)
{
  g_autoptr (AhoyServer) server = g_list_model_get_item (ahoy_finder_get_servers (finder), i);

  assert_non_null (server);
  return server;
}

AhoyProbe *
probe_of (AhoyFinder   *finder,
          AhoyProbeKind kind)
{
  GListModel *probes = ahoy_finder_get_probes (finder);

  for (guint i = 0; i < g_list_model_get_n_items (probes); i++)
    {
      g_autoptr (AhoyProbe) probe = g_list_model_get_item (probes, i);

      if (ahoy_probe_get_kind (probe) == kind)
        return probe; /* the list keeps it */
    }

  fail_msg ("no probe of kind %d", kind);
  return NULL;
}
