/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What waits for one peer: ranges that grow in place, and go in pieces. */

#include "wire/ahoy-out-queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each letter of the two chunks is another one, so what is gathered tells where it is from. */
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static void
count_freed (gpointer data)
{
  (*(guint *) data)++;
}

typedef struct {
  AhoyOutQueue queue;
  GBytes      *lower;
  GBytes      *upper;
  guint        n_freed;
} Fixture;

static void
set_up (Fixture *f)
{
  *f = (Fixture){ 0 };
  f->lower = g_bytes_new_with_free_func (LOWER, strlen (LOWER), count_freed, &f->n_freed);
  f->upper = g_bytes_new_with_free_func (UPPER, strlen (UPPER), count_freed, &f->n_freed);
}

/* Only what waits keeps the bytes. */
static void
let_go (Fixture *f)
{
  g_clear_pointer (&f->lower, g_bytes_unref);
  g_clear_pointer (&f->upper, g_bytes_unref);
}

/* Pushes @text, letters that follow each other in one chunk. */
static void
push (Fixture    *f,
      const char *text)
{
  AhoyRange range = {
    .bytes = g_ascii_islower (*text) ? f->lower : f->upper,
    .start = (guint32) (g_ascii_tolower (*text) - 'a'),
    .size = (guint32) strlen (text),
  };

  ahoy_out_queue_push (&f->queue, &range);
}

/* Pushes words with a space between them; "-3" drops three bytes. */
static void
play (Fixture    *f,
      const char *script)
{
  g_auto (GStrv) words = g_strsplit (script, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] == '-')
      ahoy_out_queue_drop (&f->queue, (gsize) atoi (words[i] + 1));
    else
      push (f, words[i]);
}

/* Returns: (transfer full): the vectors, with a space between them. */
static char *
gather (Fixture *f,
        guint    max)
{
  g_autofree struct iovec *vectors = g_new0 (struct iovec, max);
  GString                 *text = g_string_new (NULL);
  guint                    n = ahoy_out_queue_gather (&f->queue, vectors, max);

  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (text, ' ');
      g_string_append_len (text, vectors[i].iov_base, (gssize) vectors[i].iov_len);
    }
  return g_string_free (text, FALSE);
}

/* clang-format off */
static const struct {
  const char *script;
  const char *waits;
} table[] = {
  { "abc",                          "abc" },
  /* neighbours */
  { "abc def g",                    "abcdefg" },
  { "abc efg",                      "abc efg" },         /* a gap */
  { "abc abc",                      "abc abc" },         /* the same again */
  { "def abc",                      "def abc" },         /* the other way round */
  { "abc ABC def",                  "abc ABC def" },     /* something between */
  { "abc DEF",                      "abc DEF" },         /* another chunk at the same place */
  { "abc ABC DEF G def",            "abc ABCDEFG def" },
  /* partial writes */
  { "abc -1",                       "bc" },
  { "abc -1 def",                   "bcdef" },           /* grows though it has begun to go */
  { "abc -2 -0 def -1",             "def" },
  { "abc efg -3",                   "efg" },
  { "abc efg -4",                   "fg" },
  { "abc ABC efg -5",               "C efg" },
  { "abc ABC efg -6 hi -1 ABC -2",  "hi ABC" },
  { "abc -3",                       "" },
  { "abc -3 def",                   "def" },             /* nothing is left that could grow */
  /* the ring wraps round, and grows when it has */
  { "a c e g -1 -1 i k",            "e g i k" },
  { "a c e g -2 i k m o q",         "e g i k m o q" },
  { "a c e g -3 i k -1 m n",        "i k mn" },
};
/* clang-format on */

static void
test_what_waits (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      Fixture          f;
      g_autofree char *all = NULL;
      g_autofree char *first = NULL;
      g_auto (GStrv)   ranges = g_strsplit (table[i].waits, " ", -1);
      guint            n_ranges = g_strv_length (ranges);
      g_autofree char *joined = g_strjoinv (NULL, ranges);

      set_up (&f);
      play (&f, table[i].script);
      all = gather (&f, 16);
      assert_string_equal (all, table[i].waits);
      assert_int_equal (f.queue.bytes, strlen (joined));
      assert_int_equal (f.queue.len, n_ranges);
      first = gather (&f, 1);
      assert_string_equal (first, n_ranges > 0 ? ranges[0] : "");

      let_go (&f);
      ahoy_out_queue_drop (&f.queue, f.queue.bytes);
      assert_int_equal (f.n_freed, 2);
      assert_null (f.queue.ring); /* an idle link owns nothing */
    }
}

static void
test_bytes_go_with_their_last_range (void **state)
{
  Fixture f;

  set_up (&f);
  play (&f, "abc d ABC");
  let_go (&f);
  ahoy_out_queue_drop (&f.queue, 3);
  assert_int_equal (f.n_freed, 0);
  ahoy_out_queue_drop (&f.queue, 1);
  assert_int_equal (f.n_freed, 1);
  ahoy_out_queue_clear (&f.queue);
  assert_int_equal (f.n_freed, 2);
  assert_int_equal (f.queue.bytes, 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_what_waits),
    cmocka_unit_test (test_bytes_go_with_their_last_range),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
