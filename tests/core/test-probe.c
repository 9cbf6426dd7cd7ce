/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the probes of a search that found nothing mean together. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "core/discovery/ahoy-probe-private.h"

static AhoyProbe *
add (GListStore   *probes,
     AhoyProbeKind kind,
     const char   *interface,
     const char   *target,
     guint         sent,
     int           error)
{
  g_autoptr (AhoyProbe) probe = ahoy_probe_new (kind, interface, target != NULL ? "10.0.0.1" : NULL, target);

  ahoy_probe_add_sent (probe, sent);
  ahoy_probe_set_error (probe, error);
  g_list_store_append (probes, probe);
  return probe; /* the list keeps it */
}

/* (transfer none): the list keeps it. */
static AhoyProbe *
probe_at (GListStore *probes,
          guint       i)
{
  g_autoptr (AhoyProbe) probe = g_list_model_get_item (G_LIST_MODEL (probes), i);

  return probe;
}

/* What every search has. */
static GListStore *
new_probes (guint limited_sent,
            int   limited_error)
{
  GListStore *probes = g_list_store_new (AHOY_TYPE_PROBE);

  add (probes, AHOY_PROBE_THIS_COMPUTER, "lo", "127.255.255.255", 8, 0);
  add (probes, AHOY_PROBE_LIMITED, NULL, "255.255.255.255", limited_sent, limited_error);
  return probes;
}

static void
assert_diagnosis (GListStore   *probes,
                  AhoyDiagnosis expected)
{
  assert_int_equal (ahoy_probes_diagnose (G_LIST_MODEL (probes)), expected);
}

static void
test_no_network (void **state)
{
  g_autoptr (GListStore) probes = new_probes (0, ENETUNREACH);

  assert_diagnosis (probes, AHOY_DIAGNOSIS_NO_NETWORK);
  add (probes, AHOY_PROBE_ADDRESS, NULL, "10.0.0.9", 0, ENETUNREACH);
  assert_diagnosis (probes, AHOY_DIAGNOSIS_NO_NETWORK);
}

static void
test_no_address (void **state)
{
  g_autoptr (GListStore) probes = new_probes (0, ENETUNREACH);

  add (probes, AHOY_PROBE_INTERFACE, "wlan0", NULL, 0, 0);
  add (probes, AHOY_PROBE_INTERFACE, "eth0", NULL, 0, 0);
  assert_diagnosis (probes, AHOY_DIAGNOSIS_NO_ADDRESS);
}

static void
test_no_ipv4 (void **state)
{
  g_autoptr (GListStore) probes = new_probes (0, ENETUNREACH);

  add (probes, AHOY_PROBE_INTERFACE, "eth0", NULL, 0, 0);
  add (probes, AHOY_PROBE_MULTICAST, "eth0", "ff12::8000:6072", 8, 0);
  assert_diagnosis (probes, AHOY_DIAGNOSIS_NO_IPV4);
  add (probes, AHOY_PROBE_INTERFACE, "eth1", "10.0.0.255", 16, 0);
  assert_diagnosis (probes, AHOY_DIAGNOSIS_NO_SERVER);
}

static void
test_blocked_over_ipv6 (void **state)
{
  g_autoptr (GListStore) probes = new_probes (0, ENETUNREACH);

  add (probes, AHOY_PROBE_MULTICAST, "eth0", "ff12::8000:6072", 0, EPERM);
  assert_diagnosis (probes, AHOY_DIAGNOSIS_SEND_BLOCKED);

  /* Nobody needs it where IPv4 gets through. */
  add (probes, AHOY_PROBE_INTERFACE, "eth0", "10.0.0.255", 16, 0);
  assert_diagnosis (probes, AHOY_DIAGNOSIS_NO_SERVER);
}

static void
test_blocked (void **state)
{
  g_autoptr (GListStore) eperm = new_probes (0, EPERM);
  g_autoptr (GListStore) eacces = new_probes (8, 0);

  add (eperm, AHOY_PROBE_INTERFACE, "eth0", "10.0.0.255", 0, EPERM);
  assert_diagnosis (eperm, AHOY_DIAGNOSIS_SEND_BLOCKED);

  add (eacces, AHOY_PROBE_INTERFACE, "virbr0", "10.0.1.255", 16, 0);
  add (eacces, AHOY_PROBE_INTERFACE, "eth0", "10.0.0.255", 0, EACCES);
  assert_diagnosis (eacces, AHOY_DIAGNOSIS_SEND_BLOCKED);
}

static void
test_failed (void **state)
{
  g_autoptr (GListStore) probes = new_probes (0, ENETUNREACH);

  add (probes, AHOY_PROBE_INTERFACE, "eth0", "10.0.0.255", 0, ENOBUFS);
  add (probes, AHOY_PROBE_INTERFACE, "wlan0", NULL, 0, 0);
  assert_diagnosis (probes, AHOY_DIAGNOSIS_SEND_FAILED);
}

static void
test_no_server (void **state)
{
  g_autoptr (GListStore) probes = new_probes (0, ENETUNREACH);

  add (probes, AHOY_PROBE_INTERFACE, "eth0", "10.0.0.255", 16, 0);
  add (probes, AHOY_PROBE_INTERFACE, "eth1", "10.0.1.255", 0, ENETDOWN);
  add (probes, AHOY_PROBE_INTERFACE, "wlan0", NULL, 0, 0);
  assert_diagnosis (probes, AHOY_DIAGNOSIS_NO_SERVER);
}

static void
add_tried (GListStore *probes,
           const char *interface,
           AhoyTrial   trial)
{
  ahoy_probe_set_trial (add (probes, AHOY_PROBE_INTERFACE, interface, "10.0.0.255", 16, 0), trial);
}

static void
test_answers_kept_out (void **state)
{
  g_autoptr (GListStore) probes = new_probes (0, ENETUNREACH);
  g_autoptr (GListStore) mixed = new_probes (8, 0);

  add_tried (probes, "eth0", AHOY_TRIAL_SENT);
  assert_diagnosis (probes, AHOY_DIAGNOSIS_RECEIVE_BLOCKED);
  add_tried (probes, "wlan0", AHOY_TRIAL_NONE);
  assert_diagnosis (probes, AHOY_DIAGNOSIS_RECEIVE_BLOCKED);

  /* One network is trusted and another is not: it may be that nobody is on the first. */
  add_tried (mixed, "eth0", AHOY_TRIAL_HEARD);
  add_tried (mixed, "virbr0", AHOY_TRIAL_SENT);
  assert_diagnosis (mixed, AHOY_DIAGNOSIS_NO_SERVER);
}

static void
test_nobody_is_accused_without_evidence (void **state)
{
  g_autoptr (GListStore) untried = new_probes (0, ENETUNREACH);
  g_autoptr (GListStore) answered = new_probes (0, ENETUNREACH);

  add_tried (untried, "eth0", AHOY_TRIAL_NONE);
  add (untried, AHOY_PROBE_SWEEP, "eth0", "10.0.0.0/24", 253, 0);
  assert_diagnosis (untried, AHOY_DIAGNOSIS_NO_SERVER);

  /* What was no server of ours came in, so something does. */
  add_tried (answered, "eth0", AHOY_TRIAL_SENT);
  ahoy_probe_add_reply (probe_at (answered, 2));
  assert_diagnosis (answered, AHOY_DIAGNOSIS_NO_SERVER);
}

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           gpointer    data)
{
  g_string_append_printf (data, "%s ", pspec->name);
}

static void
test_changes_notify (void **state)
{
  g_autoptr (AhoyProbe) probe = ahoy_probe_new (AHOY_PROBE_INTERFACE, "eth0", NULL, NULL);
  g_autoptr (GString)   seen = g_string_new (NULL);

  g_signal_connect (probe, "notify", G_CALLBACK (on_notify), seen);
  ahoy_probe_set_addresses (probe, "10.0.0.1", "10.0.0.255");
  ahoy_probe_set_addresses (probe, "10.0.0.1", "10.0.0.255");
  ahoy_probe_add_sent (probe, 0);
  ahoy_probe_add_sent (probe, 4);
  ahoy_probe_set_error (probe, EPERM);
  ahoy_probe_set_error (probe, EPERM);
  ahoy_probe_set_echo_heard (probe);
  ahoy_probe_set_echo_heard (probe);
  ahoy_probe_add_reply (probe);
  ahoy_probe_set_trial (probe, AHOY_TRIAL_HEARD);
  ahoy_probe_set_trial (probe, AHOY_TRIAL_SENT);

  assert_string_equal (seen->str, "address target sent error echo-heard replies trial ");
  assert_string_equal (ahoy_probe_get_interface (probe), "eth0");
  assert_string_equal (ahoy_probe_get_address (probe), "10.0.0.1");
  assert_string_equal (ahoy_probe_get_target (probe), "10.0.0.255");
  assert_int_equal (ahoy_probe_get_sent (probe), 4);
  assert_int_equal (ahoy_probe_get_error (probe), EPERM);
  assert_true (ahoy_probe_get_echo_heard (probe));
  assert_int_equal (ahoy_probe_get_replies (probe), 1);
  assert_int_equal (ahoy_probe_get_trial (probe), AHOY_TRIAL_HEARD);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_no_network),
    cmocka_unit_test (test_no_address),
    cmocka_unit_test (test_no_ipv4),
    cmocka_unit_test (test_blocked_over_ipv6),
    cmocka_unit_test (test_blocked),
    cmocka_unit_test (test_failed),
    cmocka_unit_test (test_no_server),
    cmocka_unit_test (test_answers_kept_out),
    cmocka_unit_test (test_nobody_is_accused_without_evidence),
    cmocka_unit_test (test_changes_notify),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
