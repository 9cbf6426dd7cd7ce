/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The frame scanner on any bytes, cut in any way: the frames and the fault must not depend on the cuts. */

#include <string.h>

#include "fuzz.h"
#include "wire/ahoy-frame.h"
#include "wire/ahoy-limits.h"

/* A frame as where it lies in the input. */
typedef struct {
  gsize heading;
  gsize heading_len;
  char  type;
  gsize body;
  gsize body_len;
} Place;

typedef struct {
  GArray        *places;
  AhoyFrameFault fault;
} Taken;

/* @piece: how many bytes the next read brings, from how many came so far. */
typedef gsize (*Piece) (const uint8_t *data,
                        size_t         size,
                        gsize          so_far);

static gsize
whole (const uint8_t *data,
       size_t         size,
       gsize          so_far)
{
  return size;
}

static gsize
one_byte (const uint8_t *data,
          size_t         size,
          gsize          so_far)
{
  return 1;
}

/* Cuts where the input itself says. */
static gsize
as_it_falls (const uint8_t *data,
             size_t         size,
             gsize          so_far)
{
  return 1 + data[(so_far * 7 + size) % size] % 13;
}

static void
check_encoding (const AhoyFrame *frame,
                const uint8_t   *from,
                gsize            used)
{
  g_autoptr (GBytes) encoded = ahoy_frame_encode (frame->heading, (gssize) frame->heading_len, frame->type, frame->body,
                                                  (gssize) frame->body_len);
  gsize              len = g_bytes_get_size (encoded);

  /* Only what was skipped in front of it is lost. */
  g_assert (len <= used && len <= AHOY_FRAME_MAX);
  g_assert (memcmp (from + used - len, g_bytes_get_data (encoded, NULL), len) == 0);
}

static Taken
take_all (const uint8_t *data,
          size_t         size,
          Piece          piece)
{
  Taken            taken = { g_array_new (FALSE, FALSE, sizeof (Place)), AHOY_FRAME_FAULT_NONE };
  AhoyFrameScanner scanner = { 0 };
  gsize            start = 0;

  for (gsize end = 0; end < size;)
    {
      AhoyFrameResult result;

      end = MIN (size, end + piece (data, size, end));
      do
        {
          AhoyFrame frame;
          Place     place;
          gsize     used;

          result = ahoy_frame_take (&scanner, data + start, end - start, &used, &frame, &taken.fault);
          g_assert (used <= end - start);
          g_assert ((result == AHOY_FRAME_FAULTY) == (taken.fault != AHOY_FRAME_FAULT_NONE));
          if (result == AHOY_FRAME_FAULTY)
            return taken;
          if (result == AHOY_FRAME_TAKEN)
            {
              g_assert (used > 0);
              check_encoding (&frame, data + start, used);
              memset (&place, 0, sizeof place);
              place.heading = frame.heading != NULL ? (gsize) ((const uint8_t *) frame.heading - data) : G_MAXSIZE;
              place.heading_len = frame.heading_len;
              place.type = frame.type;
              place.body = (gsize) ((const uint8_t *) frame.body - data);
              place.body_len = frame.body_len;
              g_array_append_val (taken.places, place);
            }
          start += used;
        }
      while (result == AHOY_FRAME_TAKEN);
      g_assert (end - start < AHOY_FRAME_MAX);
    }
  return taken;
}

static void
assert_same (const Taken *a,
             const Taken *b)
{
  g_assert (a->fault == b->fault);
  g_assert (a->places->len == b->places->len);
  g_assert (a->places->len == 0 || memcmp (a->places->data, b->places->data, a->places->len * sizeof (Place)) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const Piece pieces[] = { one_byte, as_it_falls };
  Taken              expected;

  fuzz_make_criticals_fatal ();
  expected = take_all (data, size, whole);
  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      Taken taken = take_all (data, size, pieces[i]);

      assert_same (&expected, &taken);
      g_array_unref (taken.places);
    }
  g_array_unref (expected.places);
  return 0;
}
