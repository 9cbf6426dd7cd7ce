/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-looks: names of several holders, by what they look like. */

#include "state/ahoyd-looks.h"

#include "server/cmocka-all.h"

static void
test_whose_it_is (void **state)
{
  g_autoptr (AhoydLooks) looks = ahoyd_looks_new ();

  assert_false (ahoyd_looks_like_another (looks, "Ian", NULL));
  ahoyd_looks_put (looks, "lan", "lan", "ours");
  assert_true (ahoyd_looks_like_another (looks, "Ian", NULL));
  assert_true (ahoyd_looks_like_another (looks, "Ian", "theirs"));
  assert_false (ahoyd_looks_like_another (looks, "Ian", "ours"));
  assert_true (ahoyd_looks_like_another (looks, "lan", "theirs"));
  assert_false (ahoyd_looks_like_another (looks, "alan", "theirs"));
}

/* As long as one of them is left. */
static void
test_several_that_look_alike (void **state)
{
  g_autoptr (AhoydLooks) looks = ahoyd_looks_new ();

  ahoyd_looks_put (looks, "lan", "lan", "ours");
  ahoyd_looks_put (looks, "ian", "Ian", "ours");
  assert_false (ahoyd_looks_like_another (looks, "Ian", "ours"));
  ahoyd_looks_remove (looks, "lan");
  assert_true (ahoyd_looks_like_another (looks, "lan", "theirs"));
  ahoyd_looks_put (looks, "lan", "lan", "theirs");
  assert_true (ahoyd_looks_like_another (looks, "Ian", "ours"));
  assert_true (ahoyd_looks_like_another (looks, "Ian", "theirs"));
  ahoyd_looks_remove (looks, "ian");
  ahoyd_looks_remove (looks, "ian");
  assert_false (ahoyd_looks_like_another (looks, "Ian", "theirs"));
  ahoyd_looks_remove (looks, "lan");
  assert_false (ahoyd_looks_like_another (looks, "Ian", NULL));
}

static void
test_written_anew (void **state)
{
  g_autoptr (AhoydLooks) looks = ahoyd_looks_new ();

  ahoyd_looks_put (looks, "mei", "meI", "ours");
  assert_true (ahoyd_looks_like_another (looks, "mel", "theirs"));
  ahoyd_looks_put (looks, "mei", "Mei", "ours");
  assert_false (ahoyd_looks_like_another (looks, "mel", "theirs"));
  assert_true (ahoyd_looks_like_another (looks, "MEl", "theirs"));
  ahoyd_looks_put (looks, "mei", "Mei", "theirs");
  assert_false (ahoyd_looks_like_another (looks, "MEl", "theirs"));
  assert_true (ahoyd_looks_like_another (looks, "MEl", "ours"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_whose_it_is),
    cmocka_unit_test (test_several_that_look_alike),
    cmocka_unit_test (test_written_anew),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
