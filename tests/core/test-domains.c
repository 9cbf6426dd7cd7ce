/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whose name servers may know of a server. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/discovery/ahoy-domains-private.h"

static void
assert_domains (const char *expected,
                const char *host_name,
                const char *localdomain,
                const char *resolv_conf)
{
  g_auto (GStrv)   domains = ahoy_domains_parse (host_name, localdomain, resolv_conf);
  g_autofree char *joined = g_strjoinv (" ", domains);

  assert_string_equal (joined, expected);
}

static void
test_where_they_come_from (void **state)
{
  assert_domains ("", "box", NULL, NULL);
  assert_domains ("", "box", NULL, "nameserver 192.0.2.1\n");
  assert_domains ("example.org", "box.example.org", NULL, NULL);
  assert_domains ("a.example b.example", "box", NULL, "# search no\nnameserver 192.0.2.1\nsearch\ta.example  b.example\noptions ndots:1");
  assert_domains ("b.example", "box", NULL, "search a.example\ndomain b.example\n"); /* the last one */
  assert_domains ("b.example", "box", NULL, "domain b.example\nsearched a.example\nsearch");
  assert_domains ("c.example", "box", "c.example", "search a.example\n");
  assert_domains ("", "box", "", "search a.example\n");
  assert_domains ("example.org a.example", "box.example.org", NULL, "search Example.ORG. a.example a.example\n");
  assert_domains ("xn--bcher-kva.example", "box", NULL, "search bücher.example\n");
  assert_domains ("a.b c.d e.f g.h", "box", "a.b c.d e.f g.h i.j", NULL);
}

static void
test_what_is_none (void **state)
{
  assert_domains ("", "box.local", "local localhost box.localdomain x.invalid . .. a..b .a 192.0.2.1 ::1 a/b \"a\"", NULL);
  assert_domains ("", "localhost.localdomain", NULL, "search \n");
  assert_domains ("lan", "box.lan", NULL, NULL);
}

static void
test_what_may_be_typed (void **state)
{
  assert_true (ahoy_domains_may_be ("example.org"));
  assert_true (ahoy_domains_may_be ("chat.example.org"));
  assert_true (ahoy_domains_may_be ("bücher.example"));
  assert_false (ahoy_domains_may_be ("library"));
  assert_false (ahoy_domains_may_be ("localhost"));
  assert_false (ahoy_domains_may_be ("box.local"));
  assert_false (ahoy_domains_may_be ("192.168.1.7"));
  assert_false (ahoy_domains_may_be ("fe80::1"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_where_they_come_from),
    cmocka_unit_test (test_what_is_none),
    cmocka_unit_test (test_what_may_be_typed),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
