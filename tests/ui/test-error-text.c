/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "ui/ahoy-error-text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gio/gio.h>

#include "core/ahoy-core-enum-types.h"
#include "core/connection/ahoy-server-private.h"
#include "core/discovery/ahoy-probe-private.h"

typedef char *(*Say) (int code);

static char *
say_refusal (int code)
{
  return ahoy_error_text_refusal (code, "bob");
}

static char *
say_failure (int code)
{
  return ahoy_error_text_failure (code, "10.0.0.1:5");
}

static char *
say_changed_server (int code)
{
  return ahoy_error_text_changed_server (code, "Workshop");
}

static char *
say_diagnosis (int code)
{
  return ahoy_error_text_diagnosis (code, 4711);
}

/* Every code from 1 on (0 is "none") has a sentence, and no other code has the same. */
static void
check_all_differ (GType type,
                  Say   say)
{
  GEnumClass            *codes = g_type_class_ref (type);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < codes->n_values; i++)
    {
      char *sentence;

      if (codes->values[i].value == 0)
        continue;
      sentence = say (codes->values[i].value);
      assert_true (strlen (sentence) > 10);
      assert_true (g_hash_table_add (seen, sentence));
    }
  assert_true (g_hash_table_size (seen) > 1);
  g_type_class_unref (codes);
}

static void
every_code_has_its_sentence (void **state)
{
  check_all_differ (AHOY_TYPE_REFUSAL, say_refusal);
  check_all_differ (AHOY_TYPE_FAILURE, say_failure);
  check_all_differ (AHOY_TYPE_DOWNGRADE, say_changed_server);
  check_all_differ (AHOY_TYPE_DIAGNOSIS, say_diagnosis);
}

static void
every_file_problem_has_its_sentence (void **state)
{
  const struct {
    GQuark domain;
    int    code;
  } errors[] = {
    { G_IO_ERROR, G_IO_ERROR_NOT_FOUND },
    { G_IO_ERROR, G_IO_ERROR_WRONG_ETAG },
    { G_IO_ERROR, G_IO_ERROR_INVALID_DATA },
    { G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED },
    { G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED },
    { G_FILE_ERROR, G_FILE_ERROR_NOENT },
    { G_FILE_ERROR, G_FILE_ERROR_ACCES },
    { G_FILE_ERROR, G_FILE_ERROR_NOSPC },
    { G_FILE_ERROR, G_FILE_ERROR_ISDIR },
    { G_FILE_ERROR, G_FILE_ERROR_IO },
  };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (errors[i].domain, errors[i].code, "/some/file: whatever");

      assert_true (g_hash_table_add (seen, ahoy_error_text_file_problem (error)));
    }
}

static void
a_name_is_told_what_is_wrong_with_it (void **state)
{
  const char            *bad[] = { "", "a,b", "[a", "*", "abcdefghijklmnopqrstuvwxyzabcdefghijkl", "a\u200bb",
                                   "alice: I quit", "\u0430lice", "\u2731a" };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      char *problem = ahoy_error_text_name_problem (bad[i]);

      assert_non_null (problem);
      assert_true (g_hash_table_add (seen, problem));
    }
  assert_null (ahoy_error_text_name_problem ("Zoë"));
}

static void
assert_outcome (AhoyProbe  *probe,
                const char *outcome)
{
  g_autofree char *said = ahoy_error_text_probe_outcome (probe);

  assert_string_equal (said, outcome);
}

static void
a_probe_tells_what_happened (void **state)
{
  g_autoptr (AhoyProbe) probe = ahoy_probe_new (AHOY_PROBE_INTERFACE, "eth0", "192.168.1.7", "192.168.1.255");
  g_autofree char      *place = ahoy_error_text_probe_place (probe);

  assert_string_equal (place, "Network eth0 (192.168.1.7)");
  assert_outcome (probe, "Not asked");
  ahoy_probe_set_error (probe, EPERM);
  assert_outcome (probe, "Not sent: this computer’s firewall does not allow it");
  ahoy_probe_set_error (probe, ENETUNREACH);
  assert_outcome (probe, "Not sent: there is no route from here");
  ahoy_probe_add_sent (probe, 2);
  assert_outcome (probe, "The question went out, but nobody answered");
  ahoy_probe_set_echo_heard (probe);
  assert_outcome (probe, "The question went out and came back to this computer, but nobody answered");
  ahoy_probe_set_trial (probe, AHOY_TRIAL_SENT);
  assert_outcome (probe, "The question went out, but this computer’s firewall seems to keep answers out");
  ahoy_probe_set_trial (probe, AHOY_TRIAL_HEARD);
  assert_outcome (probe, "The question went out and came back to this computer, but nobody answered");
  ahoy_probe_add_reply (probe);
  assert_outcome (probe, "1 reply");
}

static void
an_interface_without_address_says_so (void **state)
{
  g_autoptr (AhoyProbe) probe = ahoy_probe_new (AHOY_PROBE_INTERFACE, "wlan0", NULL, NULL);
  g_autofree char      *place = ahoy_error_text_probe_place (probe);

  assert_string_equal (place, "Network wlan0");
  assert_outcome (probe, "Not asked: this computer has no IPv4 address there");
}

static void
an_interface_over_ipv6_says_so (void **state)
{
  g_autoptr (AhoyProbe) probe = ahoy_probe_new (AHOY_PROBE_MULTICAST, "eth0", "fe80::1", "ff12::8000:6072");
  g_autofree char      *place = ahoy_error_text_probe_place (probe);

  assert_string_equal (place, "Network eth0 over IPv6 (fe80::1)");
  assert_outcome (probe, "Not asked");
}

static void
a_server_is_its_name_or_its_address (void **state)
{
  g_autoptr (AhoyServer) server = ahoy_server_new ("10.0.0.1", 5);
  g_autofree char       *unnamed = ahoy_error_text_server_name (server);
  g_autofree char       *unknown = ahoy_error_text_server_detail (server);
  g_autofree char       *named = NULL;
  g_autofree char       *known = NULL;

  assert_string_equal (unnamed, "10.0.0.1:5");
  assert_string_equal (unknown, "10.0.0.1:5");

  ahoy_server_set_extended (server, "abc", "Library", 3, TRUE);
  named = ahoy_error_text_server_name (server);
  known = ahoy_error_text_server_detail (server);
  assert_string_equal (named, "Library");
  assert_string_equal (known, "10.0.0.1:5 · 3 people online");
}

static void
the_history_tells_what_is_wrong (void **state)
{
  const struct {
    int         code;
    const char *sentence;
  } problems[] = {
    { G_IO_ERROR_NO_SPACE, "There is no room for the message history: the disk is full, or a limit is reached. Messages of this session are not kept." },
    { G_IO_ERROR_NOT_SUPPORTED, "The message history was made by a newer version of Ahoy. Messages of this session are not kept." },
    { G_IO_ERROR_INVALID_DATA, "The message history is damaged. Messages of this session are not kept. To begin a new one, move /h away." },
    { G_IO_ERROR_READ_ONLY, "The message history cannot be written: /h. Messages of this session are not kept." },
    { G_IO_ERROR_FAILED, "The message history cannot be used: gone. Messages of this session are not kept." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (problems); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, problems[i].code, "gone");
      g_autofree char   *sentence = ahoy_error_text_history_problem (error, "/h", FALSE);

      assert_string_equal (sentence, problems[i].sentence);
    }
}

static void
what_may_pass_is_said_otherwise (void **state)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "gone");
  g_autofree char   *sentence = ahoy_error_text_history_problem (error, "/h", TRUE);

  assert_string_equal (sentence, "There is no room for the message history: the disk is full, or a limit is reached. Until that is over, new messages are "
                                 "only in memory.");
}

static void
avahi_and_name_servers_have_words (void **state)
{
  g_autoptr (AhoyProbe) mdns = ahoy_probe_new (AHOY_PROBE_MDNS, NULL, NULL, "_ahoy._tcp");
  g_autoptr (AhoyProbe) none = ahoy_probe_new (AHOY_PROBE_SRV, NULL, NULL, NULL);
  g_autoptr (AhoyProbe) srv = ahoy_probe_new (AHOY_PROBE_SRV, NULL, NULL, "example.org");
  g_autofree char      *mdns_place = ahoy_error_text_probe_place (mdns);
  g_autofree char      *none_place = ahoy_error_text_probe_place (none);
  g_autofree char      *srv_place = ahoy_error_text_probe_place (srv);

  assert_string_equal (mdns_place, "Published services (mDNS)");
  assert_outcome (mdns, "Asked Avahi: no answer");
  ahoy_probe_set_error (mdns, EIO);
  assert_outcome (mdns, "Not asked: Avahi on this computer cannot be reached");
  ahoy_probe_set_error (mdns, ENOENT);
  assert_outcome (mdns, "Not asked: no Avahi runs on this computer, which is fine");
  ahoy_probe_set_error (mdns, 0);
  ahoy_probe_add_sent (mdns, 1);
  assert_outcome (mdns, "Asked Avahi: no server is published");
  ahoy_probe_add_reply (mdns);
  ahoy_probe_add_reply (mdns);
  assert_outcome (mdns, "Asked Avahi: 2 answers");

  assert_string_equal (none_place, "Domain");
  assert_outcome (none, "Not asked: this computer belongs to no domain, which is fine");
  assert_string_equal (srv_place, "Domain example.org");
  assert_outcome (srv, "Its name server did not answer");
  ahoy_probe_set_error (srv, EHOSTUNREACH);
  assert_outcome (srv, "Not asked: no name server could be reached");
  ahoy_probe_set_error (srv, 0);
  ahoy_probe_add_sent (srv, 1);
  assert_outcome (srv, "Its name server knows of no chat server");
  ahoy_probe_add_reply (srv);
  assert_outcome (srv, "Its name server knows of 1 chat server");
  ahoy_probe_set_error (srv, EADDRNOTAVAIL);
  assert_outcome (srv, "Its name server names a chat server, but no address of it could be found");
}

static void
addresses_asked_one_by_one_are_counted (void **state)
{
  g_autoptr (AhoyProbe) probe = ahoy_probe_new (AHOY_PROBE_SWEEP, "eth0", NULL, "192.168.1.0/24");
  g_autofree char      *place = ahoy_error_text_probe_place (probe);

  assert_string_equal (place, "Every address of 192.168.1.0/24");
  ahoy_probe_add_sent (probe, 253);
  assert_outcome (probe, "253 addresses were asked one by one, but nobody answered");
  ahoy_probe_add_reply (probe);
  assert_outcome (probe, "1 reply");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_code_has_its_sentence),
    cmocka_unit_test (every_file_problem_has_its_sentence),
    cmocka_unit_test (a_name_is_told_what_is_wrong_with_it),
    cmocka_unit_test (a_probe_tells_what_happened),
    cmocka_unit_test (addresses_asked_one_by_one_are_counted),
    cmocka_unit_test (an_interface_without_address_says_so),
    cmocka_unit_test (avahi_and_name_servers_have_words),
    cmocka_unit_test (an_interface_over_ipv6_says_so),
    cmocka_unit_test (a_server_is_its_name_or_its_address),
    cmocka_unit_test (the_history_tells_what_is_wrong),
    cmocka_unit_test (what_may_pass_is_said_otherwise),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
