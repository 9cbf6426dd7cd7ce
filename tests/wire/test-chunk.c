/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Frames that share memory. */

#include "wire/ahoy-chunk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static GBytes *
make_frame (gsize size,
            char  fill)
{
  char *data = g_malloc (size);

  memset (data, fill, size);
  return g_bytes_new_take (data, size);
}

static void
assert_holds (const AhoyRange *range,
              gsize            size,
              char             fill)
{
  const char *data = g_bytes_get_data (range->bytes, NULL);

  assert_int_equal (range->size, size);
  assert_true (range->start + range->size <= g_bytes_get_size (range->bytes));
  for (guint i = 0; i < size; i++)
    assert_int_equal (data[range->start + i], fill);
}

/* What happens to a frame of that many bytes, behind others in one chunk. */
static void
test_where_a_frame_goes (void **state)
{
  static const struct
  {
    gsize    used;
    gsize    size;
    gboolean follows;
    gboolean alone;
  } table[] = {
    { 1, 1, TRUE, FALSE },
    { 100, AHOY_CHUNK_FRAME_MAX, TRUE, FALSE },
    { 100, AHOY_CHUNK_FRAME_MAX + 1, FALSE, TRUE },
    { AHOY_CHUNK_SIZE - 7, 6, TRUE, FALSE },
    { AHOY_CHUNK_SIZE - 7, 7, TRUE, FALSE },
    { AHOY_CHUNK_SIZE - 7, 8, FALSE, FALSE },
    { AHOY_CHUNK_SIZE, 1, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      AhoyChunk          chunk = { 0 };
      AhoyRange          before = { 0 };
      AhoyRange          range;
      g_autoptr (GBytes) first = NULL;
      g_autoptr (GBytes) frame = make_frame (table[i].size, 'b');

      for (gsize used = 0, size; used < table[i].used; used += size)
        {
          g_autoptr (GBytes) filler = NULL;

          size = MIN (table[i].used - used, AHOY_CHUNK_FRAME_MAX);
          filler = make_frame (size, 'a');
          range = ahoy_chunk_append (&chunk, filler);
          assert_holds (&range, size, 'a');
          assert_int_equal (ahoy_range_follows (&range, &before), used > 0);
          before = range;
        }
      first = g_bytes_ref (before.bytes);

      range = ahoy_chunk_append (&chunk, frame);
      assert_holds (&range, table[i].size, 'b');
      assert_holds (&before, before.size, 'a');
      assert_int_equal (ahoy_range_follows (&range, &before), table[i].follows);
      assert_int_equal (range.bytes == first, table[i].follows);
      assert_int_equal (range.bytes == frame, table[i].alone);
      ahoy_chunk_clear (&chunk);
      assert_holds (&before, before.size, 'a'); /* as somebody kept it */
    }
}

static void
test_goes_on_behind_a_frame_that_stays_alone (void **state)
{
  AhoyChunk          chunk = { 0 };
  g_autoptr (GBytes) small = make_frame (10, 's');
  g_autoptr (GBytes) large = make_frame (AHOY_CHUNK_FRAME_MAX + 1, 'l');
  AhoyRange          first = ahoy_chunk_append (&chunk, small);
  AhoyRange          second;

  ahoy_chunk_append (&chunk, large);
  second = ahoy_chunk_append (&chunk, small);
  assert_true (ahoy_range_follows (&second, &first));
  assert_false (ahoy_range_follows (&first, &second));
  assert_false (ahoy_range_follows (&first, &first));
  ahoy_chunk_clear (&chunk);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_where_a_frame_goes),
    cmocka_unit_test (test_goes_on_behind_a_frame_that_stays_alone),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
