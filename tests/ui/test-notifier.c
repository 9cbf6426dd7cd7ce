/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What reaches the notification service of a session bus that is the test's own. */

#include "fake-chat.h"
#include "fixture.h"

#include <string.h>

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"
#include "support/test-loop.h"
#include "ui/ahoy-notification-style.h"
#include "ui/ahoy-notifier.h"

#define NOTIFICATIONS "org.freedesktop.Notifications"

static const char introspection[] =
  "<node><interface name='" NOTIFICATIONS "'>"
  "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/><arg type='a{sv}' direction='in'/>"
  "<arg type='i' direction='in'/><arg type='u' direction='out'/></method>"
  "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
  "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
  "</interface></node>";

typedef struct {
  char             *folder;
  AhoySettings     *settings;
  FakeChat         *chat;
  AhoyPerson       *bob;
  AhoyConversation *everyone;
  AhoyConversation *with_bob;
  AhoyNotifier     *notifier;

  GDBusConnection *bus; /* the service's own connection */
  guint            object;
  const char      *capability;
  guint            asked;
  guint            shown;
  guint            closed;
  char            *title;
  char            *body;
} Fixture;

/* One for all tests: GLib's backend does not survive the end of an application whose notifications are still shown. */
static GApplication *app;

static void
on_call (GDBusConnection       *bus,
         const char            *sender,
         const char            *path,
         const char            *interface,
         const char            *method,
         GVariant              *parameters,
         GDBusMethodInvocation *invocation,
         gpointer               data)
{
  Fixture *f = data;

  if (strcmp (method, "Notify") == 0)
    {
      g_free (f->title);
      g_free (f->body);
      g_variant_get_child (parameters, 3, "s", &f->title);
      g_variant_get_child (parameters, 4, "s", &f->body);
      f->shown++;
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", 1));
    }
  else if (strcmp (method, "GetCapabilities") == 0)
    {
      const char *capabilities[] = { "body", f->capability, NULL };

      f->asked++;
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(^as)", capabilities));
    }
  else
    {
      f->closed++;
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
}

static void
serve (Fixture *f)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call };
  g_autoptr (GDBusNodeInfo)         info = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autoptr (GError)                error = NULL;
  g_autoptr (GVariant)              owned = NULL;

  f->bus = g_dbus_connection_new_for_address_sync (g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
                                                   G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                     G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                   NULL, NULL, &error);
  assert_null (error);
  f->object = g_dbus_connection_register_object (f->bus, "/org/freedesktop/Notifications", info->interfaces[0], &vtable, f, NULL, &error);
  assert_null (error);
  owned = g_dbus_connection_call_sync (f->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", NOTIFICATIONS, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  assert_null (error);
}

static void assert_shown (Fixture *f,
                          guint    shown);

static int
set_up_with (void      **state,
             const char *capability)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->capability = capability;
  serve (f);
  f->settings = fixture_make_settings (&f->folder);
  f->chat = fake_chat_new ();
  f->bob = ahoy_person_new ("bob", "bob");
  f->everyone = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  f->with_bob = ahoy_conversation_new_person (f->bob);
  f->notifier = ahoy_notifier_new (app, AHOY_CHAT (f->chat), f->settings);
  assert_true (test_loop_until_count (NULL, &f->asked, 1));
  assert_shown (f, 0);
  *state = f;

  return 0;
}

static int
set_up (void **state)
{
  return set_up_with (state, "persistence");
}

static int
set_up_markup (void **state)
{
  return set_up_with (state, "body-markup");
}

static int
set_up_links (void **state)
{
  return set_up_with (state, "body-hyperlinks");
}

static int
set_up_pictures (void **state)
{
  return set_up_with (state, "body-images");
}

static int
tear_down (void **state)
{
  Fixture *f = *state;

  g_assert_finalize_object (f->notifier);
  g_assert_finalize_object (f->with_bob);
  g_assert_finalize_object (f->everyone);
  g_assert_finalize_object (f->bob);
  g_assert_finalize_object (f->chat);
  fixture_drop_settings (f->settings, f->folder);
  g_dbus_connection_unregister_object (f->bus, f->object);
  g_dbus_connection_close_sync (f->bus, NULL, NULL);
  g_object_unref (f->bus);
  g_free (f->title);
  g_free (f->body);
  g_free (f);

  return 0;
}

static void
say (Fixture          *f,
     AhoyConversation *conversation,
     const char       *text,
     AhoyMessageFlags  flags)
{
  const AhoyTarget        target = ahoy_conversation_is_room (conversation) ? ahoy_target_room (AHOY_ROOM_EVERYONE) : ahoy_target_person ("alice");
  g_autoptr (AhoyMessage) message = ahoy_message_new_chat ("bob", target, text, 0, 0, flags);

  g_signal_emit_by_name (f->chat, "message", conversation, message);
}

/* One of ours there and back. Messages keep their order, so what was sent before it, either way, has arrived. */
static void
assert_round_trip (GDBusConnection *bus)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) id = NULL;

  id = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId", NULL, NULL,
                                    G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  assert_null (error);
}

/* So many and no more, and the application knows. */
static void
assert_shown (Fixture *f,
              guint    shown)
{
  GDBusConnection *ours = g_application_get_dbus_connection (app);

  assert_true (test_loop_until_count (NULL, &f->shown, shown));
  assert_round_trip (ours);
  assert_round_trip (f->bus);
  assert_true (test_loop_settle (NULL));
  assert_round_trip (f->bus);
  assert_round_trip (ours);
  assert_true (test_loop_settle (NULL));
  assert_int_equal (f->shown, shown);
}

static void
shows_a_whisper (void **state)
{
  Fixture *f = *state;

  say (f, f->with_bob, "psst", 0);
  assert_shown (f, 1);
  assert_string_equal (f->title, "bob");
  assert_string_equal (f->body, "psst");
}

static void
shows_a_mention_and_nothing_else_of_everyone (void **state)
{
  Fixture *f = *state;

  say (f, f->everyone, "hello", 0);
  say (f, f->everyone, "alice?", AHOY_MESSAGE_OWN | AHOY_MESSAGE_MENTION);
  say (f, f->everyone, "alice!", AHOY_MESSAGE_MENTION);
  assert_shown (f, 1);
  assert_string_equal (f->title, "bob to everyone");
  assert_string_equal (f->body, "alice!");
}

static void
sums_up_a_flood (void **state)
{
  Fixture *f = *state;
  gint64   start = g_get_monotonic_time ();

  for (guint i = 0; i < 1000; i++)
    say (f, f->with_bob, i < 999 ? "psst" : "last", 0);
  assert_shown (f, 2); /* the first at once, and one for all others */
  assert_string_equal (f->body, "1000 new messages\nlast");
  /* Timers of whole seconds may come up to one early. */
  assert_true (g_get_monotonic_time () - start >= (AHOY_NOTIFIER_PAUSE_S - 1) * G_USEC_PER_SEC);
}

static void
keeps_quiet_of_what_is_seen (void **state)
{
  Fixture *f = *state;

  ahoy_notifier_set_watched (f->notifier, f->with_bob);
  say (f, f->with_bob, "seen", 0);
  ahoy_notifier_set_watched (f->notifier, f->everyone);
  say (f, f->with_bob, "seen among everything", 0);
  ahoy_notifier_set_watched (f->notifier, NULL);
  say (f, f->with_bob, "not seen", 0);
  assert_shown (f, 1);
  assert_string_equal (f->body, "not seen");
}

static void
takes_back_what_is_looked_at (void **state)
{
  Fixture *f = *state;

  say (f, f->with_bob, "psst", 0);
  assert_shown (f, 1);
  ahoy_notifier_set_watched (f->notifier, f->with_bob);
  assert_true (test_loop_until_count (NULL, &f->closed, 1));

  ahoy_notifier_set_watched (f->notifier, NULL);
  say (f, f->with_bob, "again", 0);
  assert_shown (f, 2);
  assert_string_equal (f->body, "again");
}

static void
obeys_the_preferences (void **state)
{
  Fixture   *f = *state;
  GSettings *store = ahoy_settings_get_store (f->settings);

  g_settings_set_boolean (store, "notify-whispers", FALSE);
  say (f, f->with_bob, "psst", 0);
  say (f, f->everyone, "alice!", AHOY_MESSAGE_MENTION);
  assert_shown (f, 1);
  assert_string_equal (f->body, "alice!");

  g_settings_set_boolean (store, "notify-whispers", TRUE);
  g_settings_set_boolean (store, "notify-mentions", FALSE);
  say (f, f->everyone, "alice!!", AHOY_MESSAGE_MENTION);
  say (f, f->with_bob, "psst", 0);
  assert_shown (f, 2);
  assert_string_equal (f->body, "psst");
}

#define HOSTILE "<b>you</b> & <a href=\"https://evil.example\">me</a> <img src='x'/>"

static void
is_as_typed_where_nobody_reads_tags (void **state)
{
  Fixture *f = *state;

  say (f, f->with_bob, HOSTILE, 0);
  assert_shown (f, 1);
  assert_string_equal (f->body, HOSTILE);
}

/* The service makes of it what was typed. */
static void
has_no_tags_where_they_are_read (void **state)
{
  Fixture *f = *state;

  say (f, f->with_bob, HOSTILE, 0);
  assert_shown (f, 1);
  assert_string_equal (f->body, "&lt;b&gt;you&lt;/b&gt; &amp; &lt;a href=\"https://evil.example\"&gt;me&lt;/a&gt; &lt;img src='x'/&gt;");
  assert_int_equal (f->asked, 1);
}

/* It may come at any time, also before the service has answered. */
static void
waits_for_the_answer (void **state)
{
  Fixture *f = *state;

  g_assert_finalize_object (f->notifier);
  f->notifier = ahoy_notifier_new (app, AHOY_CHAT (f->chat), f->settings);
  say (f, f->with_bob, "<i>", 0);
  assert_shown (f, 1);
  assert_string_equal (f->body, "&lt;i&gt;");
}

static void
turns_nothing_round (void **state)
{
  Fixture         *f = *state;
  g_autofree char *plain = ahoy_notification_isolate ("bob");
  g_autofree char *turned = ahoy_notification_isolate ("\u05d1\u05d5\u05d1");

  say (f, f->with_bob, "one \u202eowt\u202c \u2066three", 0);
  assert_shown (f, 1);
  assert_string_equal (f->body, "one owt three");
  assert_string_equal (plain, "bob");
  assert_string_equal (turned, "\u2068\u05d1\u05d5\u05d1\u2069");
}

static void
shortens_what_is_long (void **state)
{
  Fixture         *f = *state;
  g_autofree char *text = g_strnfill (5000, 'x');

  say (f, f->with_bob, text, 0);
  assert_shown (f, 1);
  assert_true (strlen (f->body) < 300);
  assert_true (g_str_has_suffix (f->body, "…"));
}

int
main (void)
{
#define TEST(f) cmocka_unit_test_setup_teardown (f, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    TEST (shows_a_whisper),
    TEST (shows_a_mention_and_nothing_else_of_everyone),
    TEST (sums_up_a_flood),
    TEST (keeps_quiet_of_what_is_seen),
    TEST (takes_back_what_is_looked_at),
    TEST (obeys_the_preferences),
    TEST (shortens_what_is_long),
    TEST (is_as_typed_where_nobody_reads_tags),
    cmocka_unit_test_setup_teardown (has_no_tags_where_they_are_read, set_up_markup, tear_down),
    cmocka_unit_test_setup_teardown (has_no_tags_where_they_are_read, set_up_links, tear_down),
    cmocka_unit_test_setup_teardown (has_no_tags_where_they_are_read, set_up_pictures, tear_down),
    cmocka_unit_test_setup_teardown (waits_for_the_answer, set_up_markup, tear_down),
    TEST (turns_nothing_round),
  };

  g_setenv ("GNOTIFICATION_BACKEND", "freedesktop", TRUE);
  app = g_application_new ("org.ahoychat.Ahoy.Test", G_APPLICATION_NON_UNIQUE);
  if (!g_application_register (app, NULL, NULL))
    return 1;

  return cmocka_run_group_tests (tests, NULL, NULL);
}
