/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which features hear of what, and in which order. */

#include "core/features/ahoy-feature-set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static GString *heard;

static gpointer
start (const AhoyChatParts *chat,
       gconstpointer        options)
{
  g_string_append_printf (heard, "start-%s ", (const char *) options);
  return (gpointer) options;
}

static void
stop (gpointer self)
{
  g_string_append_printf (heard, "stop-%s ", (const char *) self);
}

static void
online (gpointer self)
{
  g_string_append_printf (heard, "online-%s ", (const char *) self);
}

static void
offline (gpointer self)
{
  g_string_append_printf (heard, "offline-%s ", (const char *) self);
}

static void
closed (gpointer self)
{
  g_string_append_printf (heard, "closed-%s ", (const char *) self);
}

static gboolean
refused (const char *code,
         gpointer    self)
{
  g_string_append_printf (heard, "refused-%s ", (const char *) self);
  return g_str_equal (code, self);
}

static void
wish (AhoyConversation *conversation,
      const char       *text,
      gpointer          self)
{
  g_string_append_printf (heard, "wish-%s:%s ", (const char *) self, text);
}

static const char *
get (gpointer self)
{
  return self;
}

static void
on_packet (const AhoyPacket *packet,
           gpointer          self)
{
  g_string_append_printf (heard, "packet-%s ", (const char *) self);
}

static const AhoyFeatureVerb one_verbs[] = {
  { AHOY_PACKET_TYPING, on_packet },
  { AHOY_PACKET_UNKNOWN, on_packet, .type = 'Y' },
};
static const AhoyFeatureVerb two_verbs[] = {
  { AHOY_PACKET_UNKNOWN, on_packet, .type = 'Z' },
};
static const AhoyTable one_table = { .name = "ones" };

static const AhoyFeature one = {
  .name = "one",
  .verbs = one_verbs,
  .n_verbs = G_N_ELEMENTS (one_verbs),
  .table = &one_table,
  .options = "1",
  .start = start,
  .stop = stop,
  .online = online,
  .offline = offline,
  .closed = closed,
  .refused = refused,
};
static const AhoyFeature nothing = { .name = "nothing" };
static const AhoyFeature two = {
  .name = "two",
  .verbs = two_verbs,
  .n_verbs = G_N_ELEMENTS (two_verbs),
  .options = "2",
  .start = start,
  .stop = stop,
  .wish = wish,
  .get = get,
  .online = online,
  .offline = offline,
  .closed = closed,
  .refused = refused,
};
static const AhoyFeature *const all[] = { &one, &nothing, &two, NULL };

static int
setup (void **state)
{
  static const AhoyChatParts chat;

  heard = g_string_new (NULL);
  *state = ahoy_feature_set_new (all, &chat);
  assert_string_equal (heard->str, "start-1 start-2 ");
  g_string_truncate (heard, 0);
  return 0;
}

static int
teardown (void **state)
{
  g_string_truncate (heard, 0);
  ahoy_feature_set_free (*state);
  assert_string_equal (heard->str, "stop-2 stop-1 ");
  g_string_free (heard, TRUE);
  return 0;
}

static void
what_begins_is_heard_in_order_and_what_ends_the_other_way (void **state)
{
  ahoy_feature_set_online (*state);
  ahoy_feature_set_offline (*state);
  ahoy_feature_set_closed (*state);
  assert_string_equal (heard->str, "online-1 online-2 offline-2 offline-1 closed-2 closed-1 ");
}

static void
a_packet_goes_to_the_one_that_takes_it (void **state)
{
  assert_true (ahoy_feature_set_take (*state, &(AhoyPacket){ .kind = AHOY_PACKET_TYPING }));
  assert_true (ahoy_feature_set_take (*state, &(AhoyPacket){ .kind = AHOY_PACKET_UNKNOWN, .type = 'Z' }));
  assert_true (ahoy_feature_set_take (*state, &(AhoyPacket){ .kind = AHOY_PACKET_UNKNOWN, .type = 'Y' }));
  assert_false (ahoy_feature_set_take (*state, &(AhoyPacket){ .kind = AHOY_PACKET_UNKNOWN, .type = 'X' }));
  assert_false (ahoy_feature_set_take (*state, &(AhoyPacket){ .kind = AHOY_PACKET_AWAY }));
  assert_string_equal (heard->str, "packet-1 packet-2 packet-1 ");
}

static void
a_refusal_is_asked_of_each_until_one_knows_it (void **state)
{
  assert_true (ahoy_feature_set_refused (*state, "1"));
  assert_true (ahoy_feature_set_refused (*state, "2"));
  assert_false (ahoy_feature_set_refused (*state, "3"));
  assert_string_equal (heard->str, "refused-1 refused-1 refused-2 refused-1 refused-2 ");
}

static void
a_wish_is_for_one_by_its_name (void **state)
{
  ahoy_feature_set_wish (*state, "two", NULL, "please");
  assert_string_equal (heard->str, "wish-2:please ");
  assert_string_equal (ahoy_feature_set_get (*state, "two"), "2");
}

static void
tables_are_those_of_all_that_have_one (void **state)
{
  g_autoptr (GPtrArray) tables = ahoy_feature_set_list_tables (all);

  assert_int_equal (tables->len, 2);
  assert_ptr_equal (tables->pdata[0], &one_table);
  assert_null (tables->pdata[1]);
}

#define TEST(test) cmocka_unit_test_setup_teardown (test, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (what_begins_is_heard_in_order_and_what_ends_the_other_way),
    TEST (a_packet_goes_to_the_one_that_takes_it),
    TEST (a_refusal_is_asked_of_each_until_one_knows_it),
    TEST (a_wish_is_for_one_by_its_name),
    TEST (tables_are_those_of_all_that_have_one),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
