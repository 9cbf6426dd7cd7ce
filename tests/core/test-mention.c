/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "core/chat/ahoy-mention.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
assert_mentions (const char *text,
                 const char *name,
                 gboolean    expected)
{
  if (ahoy_text_mentions (text, name) != expected)
    fail_msg ("“%s” in “%s”: not %s", name, text, expected ? "found" : "left alone");
}

static void
a_word_of_its_own (void **state)
{
  assert_mentions ("alice", "alice", TRUE);
  assert_mentions ("hi alice", "alice", TRUE);
  assert_mentions ("alice: hi", "alice", TRUE);
  assert_mentions ("(alice)", "alice", TRUE);
  assert_mentions ("@alice!", "alice", TRUE);
  assert_mentions ("alice's", "alice", TRUE);
  assert_mentions ("two\nalice\nlines", "alice", TRUE);
  assert_mentions ("malice", "alice", FALSE);
  assert_mentions ("alices", "alice", FALSE);
  assert_mentions ("alice2", "alice", FALSE);
  assert_mentions ("alice_b", "alice", FALSE);
  assert_mentions ("malice and alice", "alice", TRUE);
  assert_mentions ("aliceé", "alice", FALSE);
  assert_mentions ("", "alice", FALSE);
  assert_mentions ("anything", "", FALSE);
}

static void
in_any_case_and_spelling (void **state)
{
  assert_mentions ("ALICE?", "alice", TRUE);
  assert_mentions ("hi Élodie", "élodie", TRUE);
  assert_mentions ("hi e\xcc\x81lodie", "Élodie", TRUE); /* combining accent */
  assert_mentions ("STRASSE", "straße", TRUE);
  assert_mentions ("ΟΔΥΣΣΕΥΣ", "Οδυσσεύς", FALSE); /* accents are letters */
  assert_mentions ("ПРИВЕТ, ИВАН", "Иван", TRUE);
  assert_mentions ("иванов", "Иван", FALSE);
  assert_mentions ("ａｌｉｃｅ", "alice", TRUE); /* full-width, as some input methods type it */
}

static void
names_of_more_than_letters (void **state)
{
  assert_mentions ("hi alice b.", "alice b", TRUE);
  assert_mentions ("hi alice bc", "alice b", FALSE);
  assert_mentions ("c++ rules", "c++", TRUE);
  assert_mentions ("r2d2", "r2d2", TRUE);
  assert_mentions ("ok 🚢 go", "🚢", TRUE);
}

static void
scripts_without_spaces (void **state)
{
  assert_mentions ("小明你好", "小明", TRUE);
  assert_mentions ("你好小明吃饭了吗", "小明", TRUE);
  assert_mentions ("小红", "小明", FALSE);
  assert_mentions ("田中さんは", "田中", TRUE);
  assert_mentions ("サクラです", "サクラ", TRUE);
  assert_mentions ("민수야 안녕", "민수", TRUE);
  assert_mentions ("สวัสดีสมชายครับ", "สมชาย", TRUE);
  assert_mentions ("请alice看看", "alice", TRUE);
  assert_mentions ("请malice看看", "alice", FALSE);
  assert_mentions ("见a小明b", "小明", TRUE);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_word_of_its_own),
    cmocka_unit_test (in_any_case_and_spelling),
    cmocka_unit_test (names_of_more_than_letters),
    cmocka_unit_test (scripts_without_spaces),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
