/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Tells how the body of a notification must be written. */

#include "ui/ahoy-notification-style.h"

#include <string.h>

#define SERVICE "org.freedesktop.Notifications"
#define SERVICE_PATH "/org/freedesktop/Notifications"
/* GLib prefers it, where it is there. */
#define GNOME_SERVICE "org.gtk.Notifications"
/* Milliseconds for an answer: it may have to be started. */
#define PATIENCE 5000

typedef enum {
  UNKNOWN,
  ASKED,
  PLAIN,
  MARKUP,
} Style;

struct _AhoyNotificationStyle {
  /* Owned */
  GDBusConnection *bus; /* NULL: none, and nothing is shown */
  GCancellable    *cancellable;
  guint            watch;
  char            *owner; /* NULL: it is not running */

  Style    style;
  gboolean unsure; /* there was no answer */

  /* Borrowed */
  AhoyNotificationStyleKnown known;
  gpointer                   data;
};

static gboolean
is_sandboxed (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) || g_getenv ("SNAP") != NULL || g_strcmp0 (g_getenv ("GTK_USE_PORTAL"), "1") == 0;
}

/* Another service, or another start of it, may read otherwise. That we have started it ourselves is no news. */
static void
on_appeared (GDBusConnection *bus,
             const char      *name,
             const char      *owner,
             gpointer         data)
{
  AhoyNotificationStyle *self = data;

  if ((self->unsure || (self->owner != NULL && !g_str_equal (self->owner, owner))) && self->style != ASKED)
    self->style = UNKNOWN;
  g_free (self->owner);
  self->owner = g_strdup (owner);
}

static void
on_vanished (GDBusConnection *bus,
             const char      *name,
             gpointer         data)
{
  AhoyNotificationStyle *self = data;

  if (self->owner != NULL && self->style != ASKED)
    self->style = UNKNOWN;
  g_clear_pointer (&self->owner, g_free);
}

AhoyNotificationStyle *
ahoy_notification_style_new (GApplication              *app,
                             AhoyNotificationStyleKnown known,
                             gpointer                   data)
{
  AhoyNotificationStyle *self = g_new0 (AhoyNotificationStyle, 1);
  const char            *backend = g_getenv ("GNOTIFICATION_BACKEND");

  self->known = known;
  self->data = data;
  self->cancellable = g_cancellable_new ();
  self->bus = g_application_get_dbus_connection (app);
  if (self->bus == NULL || (backend != NULL ? !g_str_equal (backend, "freedesktop") : is_sandboxed ()))
    {
      self->bus = NULL;
      self->style = PLAIN;
      return self;
    }
  g_object_ref (self->bus);
  self->watch = g_bus_watch_name_on_connection (self->bus, SERVICE, G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared, on_vanished, self, NULL);
  ahoy_notification_style_ask (self); /* it is known by the time it is needed */

  return self;
}

void
ahoy_notification_style_free (AhoyNotificationStyle *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->watch, g_bus_unwatch_name);
  g_object_unref (self->cancellable);
  g_clear_object (&self->bus);
  g_free (self->owner);
  g_free (self);
}

static void
settle (AhoyNotificationStyle *self,
        Style                  style)
{
  self->style = style;
  self->known (self->data);
}

static void
on_capabilities (GObject      *bus,
                 GAsyncResult *result,
                 gpointer      data)
{
  AhoyNotificationStyle  *self = data;
  g_autoptr (GError)      error = NULL;
  g_autoptr (GVariant)    answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &error);
  g_autofree const char **capabilities = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* and @self is gone */
    return;
  self->unsure = answer == NULL;
  if (answer == NULL)
    {
      g_info ("The notification service does not say what it reads: %s", error->message);
      settle (self, MARKUP);
      return;
    }
  g_variant_get (answer, "(^a&s)", &capabilities);
  /* Whoever says that it shows links or pictures reads at least their tags. */
  settle (self, g_strv_contains (capabilities, "body-markup") || g_strv_contains (capabilities, "body-hyperlinks") ||
                    g_strv_contains (capabilities, "body-images")
                  ? MARKUP
                  : PLAIN);
}

static void
on_gnome (GObject      *bus,
          GAsyncResult *result,
          gpointer      data)
{
  AhoyNotificationStyle *self = data;
  g_autoptr (GError)     error = NULL;
  g_autoptr (GVariant)   answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &error);
  gboolean               has_owner = FALSE;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer != NULL)
    g_variant_get (answer, "(b)", &has_owner);
  if (has_owner && g_getenv ("GNOTIFICATION_BACKEND") == NULL)
    {
      settle (self, PLAIN);
      return;
    }
  g_dbus_connection_call (self->bus, SERVICE, SERVICE_PATH, SERVICE, "GetCapabilities", NULL, G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE,
                          PATIENCE, self->cancellable, on_capabilities, self);
}

gboolean
ahoy_notification_style_ask (AhoyNotificationStyle *self)
{
  if (self->style != UNKNOWN)
    return self->style != ASKED;
  self->style = ASKED;
  g_dbus_connection_call (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
                          g_variant_new ("(s)", GNOME_SERVICE), G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE, PATIENCE, self->cancellable,
                          on_gnome, self);

  return FALSE;
}

char *
ahoy_notification_style_write (AhoyNotificationStyle *self,
                               const char            *text)
{
  GString *body = g_string_new (text);

  if (self->style != PLAIN)
    { /* quotes need nothing outside of tags, and not every service knows their names */
      g_string_replace (body, "&", "&amp;", 0);
      g_string_replace (body, "<", "&lt;", 0);
      g_string_replace (body, ">", "&gt;", 0);
    }

  return g_string_free (body, FALSE);
}

/* ---- Directions ---- */

static gboolean
is_turn (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

char *
ahoy_notification_drop_turns (const char *text)
{
  GString *straight = g_string_sized_new (strlen (text));

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (!is_turn (g_utf8_get_char (at)))
      g_string_append_len (straight, at, g_utf8_next_char (at) - at);

  return g_string_free (straight, FALSE);
}

char *
ahoy_notification_isolate (const char *name)
{
  g_autofree char *straight = ahoy_notification_drop_turns (name);

  for (const char *at = straight; *at != '\0'; at++)
    if ((guchar) *at >= 0x80)
      return g_strdup_printf ("\u2068%s\u2069", straight);

  return g_steal_pointer (&straight);
}
