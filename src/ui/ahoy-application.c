/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The process: command line, actions, the window's coming and going. */

#include "ahoy-config.h"

#include "ui/ahoy-application.h"

#include <stdio.h>

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "core/chat/ahoy-client.h"
#include "core/connector/ahoy-connector.h"
#include "core/discovery/ahoy-neighbour.h"
#include "ui/ahoy-broken-window.h"
#include "ui/ahoy-notifier.h"
#include "ui/ahoy-options.h"
#include "ui/ahoy-preferences.h"
#include "ui/ahoy-profile.h"
#include "ui/ahoy-settings.h"
#include "ui/ahoy-stop-hosting.h"
#include "ui/ahoy-window.h"

struct _AhoyApplication {
  AdwApplication parent_instance;

  /* Owned */
  AhoySettings  *settings;
  AhoyProfile   *profile;
  AhoyConnector *connector; /* NULL, as the notifier: the profile cannot be used */
  AhoyNotifier  *notifier;
  AhoyOptions   *options; /* of the last command line */
  GSignalGroup  *window_signals;
  GSignalGroup  *connector_signals;
  GSignalGroup  *profile_signals;
  GSignalGroup  *store_signals;
  guint          term_source;
  guint          int_source;

  /* Borrowed */
  AhoyWindow       *window;        /* NULL: none is there */
  AhoyBrokenWindow *broken_window; /* in its place without a connector */

  gboolean background; /* stays without a window, asked for on the command line */
  gboolean held;
};

G_DEFINE_FINAL_TYPE (AhoyApplication, ahoy_application, ADW_TYPE_APPLICATION)

static void
set_held (AhoyApplication *self,
          gboolean         held)
{
  if (self->held == held)
    return;
  self->held = held;
  if (held)
    g_application_hold (G_APPLICATION (self));
  else
    g_application_release (G_APPLICATION (self));
}

static gboolean
stays_without_window (AhoyApplication *self)
{
  gboolean wanted = self->background || g_settings_get_boolean (ahoy_settings_get_store (self->settings), "run-in-background");

  return wanted && self->connector != NULL && (ahoy_connector_get_step (self->connector) == AHOY_STEP_TALKING || ahoy_connector_get_hosting (self->connector));
}

static void
on_quit_answer (AhoyStopHostingAnswer answer,
                gpointer              data)
{
  if (answer == AHOY_STOP_HOSTING_STOP)
    g_application_quit (G_APPLICATION (data));
}

static void
quit (AhoyApplication *self)
{
  guint others = self->connector != NULL ? ahoy_stop_hosting_count_others (self->connector) : 0;

  if (others > 0 && self->window != NULL)
    {
      gtk_window_present (GTK_WINDOW (self->window));
      ahoy_stop_hosting_ask (GTK_WINDOW (self->window), others, FALSE, on_quit_answer, self);
    }
  else
    g_application_quit (G_APPLICATION (self));
}

static gboolean
on_close_request (AhoyApplication *self)
{
  if (stays_without_window (self))
    {
      set_held (self, TRUE);
      ahoy_connector_set_unattended (self->connector, TRUE);
      return GDK_EVENT_PROPAGATE;
    }
  if (ahoy_stop_hosting_count_others (self->connector) > 0)
    {
      quit (self);
      return GDK_EVENT_STOP;
    }

  set_held (self, FALSE);
  return GDK_EVENT_PROPAGATE;
}

static void
on_watched (AhoyApplication *self)
{
  ahoy_notifier_set_watched (self->notifier, self->window != NULL ? ahoy_window_get_watched (self->window) : NULL);
}

static void
on_window_gone (gpointer data,
                GObject *window)
{
  AhoyApplication *self = data;

  self->window = NULL;
  if (self->notifier != NULL)
    on_watched (self);
}

static gboolean begin (AhoyApplication *self);

/* Without a profile there is only the window that says so. */
static void
show_window (AhoyApplication *self)
{
  if (!begin (self))
    {
      gtk_window_present (GTK_WINDOW (self->broken_window));
      return;
    }
  if (self->window == NULL)
    {
      self->window = ahoy_window_new (ADW_APPLICATION (self), self->connector);
      g_object_weak_ref (G_OBJECT (self->window), on_window_gone, self);
      g_signal_group_set_target (self->window_signals, self->window);
      ahoy_window_set_history_problem (self->window, ahoy_profile_get_history_problem (self->profile));
    }
  gtk_window_present (GTK_WINDOW (self->window));
  ahoy_connector_set_unattended (self->connector, FALSE);
  set_held (self, FALSE);
}

static void
on_history_problem (AhoyApplication *self)
{
  if (self->window != NULL)
    ahoy_window_set_history_problem (self->window, ahoy_profile_get_history_problem (self->profile));
}

/* What waits for the disk is written before the program ends. Whoever still holds the chat holds one that has ended. */
static void
close_profile (AhoyApplication *self)
{
  if (self->connector != NULL)
    {
      g_autoptr (AhoyChat) chat = g_object_ref (ahoy_connector_get_chat (self->connector));

      g_clear_object (&self->connector);
      g_object_run_dispose (G_OBJECT (chat));
    }
  g_clear_object (&self->profile);
}

/* Without a window some questions can still only be answered in one. */
static void
on_step (AhoyApplication *self)
{
  AhoyStep step = ahoy_connector_get_step (self->connector);

  if (self->window == NULL && (step == AHOY_STEP_CHOOSING || step == AHOY_STEP_CHANGED || step == AHOY_STEP_REFUSED))
    show_window (self);
}

static void
on_preferences (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       data)
{
  AhoyApplication *self = data;

  show_window (self);
  if (self->window != NULL)
    ahoy_preferences_present (GTK_WINDOW (self->window), self->connector);
}

static void
on_about (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  AhoyApplication *self = data;
  /* Translators: whoever wrote the program. */
  const char *authors = _ ("The Ahoy authors");
  const char *developers[] = { authors, NULL };

  show_window (self);
  if (self->window == NULL)
    return;
  adw_show_about_window (GTK_WINDOW (self->window),
                         "application-name", "Ahoy",
                         "application-icon", AHOY_APP_ID,
                         "developer-name", authors,
                         "developers", developers,
                         "version", AHOY_VERSION,
                         "comments", _ ("Chat with the people on your network. No account, no internet."),
                         "copyright", _ ("© The Ahoy authors"),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         /* Translators: your name and address, to be shown in the About window; one translator a line. */
                         "translator-credits", _ ("translator-credits"),
                         NULL);
}

static void
on_quit (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  quit (data);
}

/* From a notification. */
static void
on_open_everyone (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       data)
{
  AhoyApplication *self = data;

  show_window (self);
  if (self->window != NULL)
    ahoy_window_open_everyone (self->window);
}

/* From a notification: the name of the person. */
static void
on_open_person (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       data)
{
  AhoyApplication *self = data;

  show_window (self);
  if (self->window != NULL)
    ahoy_window_open_person (self->window, g_variant_get_string (parameter, NULL));
}

/* Applies what the command line said, once there is a profile to go on with. */
static void
apply_options (AhoyApplication *self)
{
  const AhoyOptions *options = self->options;
  AhoyStep           step = ahoy_connector_get_step (self->connector);

  if (options->name != NULL)
    ahoy_connector_set_name (self->connector, options->name);
  if (options->server != NULL)
    ahoy_connector_set_address (self->connector, options->server);
  if (options->discovery_port != 0)
    ahoy_connector_set_discovery_port (self->connector, options->discovery_port);

  if (options->background)
    {
      self->background = TRUE;
      if (self->window == NULL)
        set_held (self, TRUE);
    }
  else
    show_window (self);

  ahoy_connector_set_unattended (self->connector, self->window == NULL);

  /* A second start with --connect does not tear anybody out of a conversation. */
  if ((options->connect || options->background) && (step == AHOY_STEP_NAME || step == AHOY_STEP_NONE_FOUND || step == AHOY_STEP_TROUBLE))
    ahoy_connector_look (self->connector);
}

static void
on_try_again (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       data)
{
  AhoyApplication *self = data;

  if (self->broken_window != NULL && begin (self))
    apply_options (self);
}

static const GActionEntry actions[] = {
  { .name = "try-again", .activate = on_try_again },
  { .name = "preferences", .activate = on_preferences },
  { .name = "about", .activate = on_about },
  { .name = "quit", .activate = on_quit },
  { .name = "open-everyone", .activate = on_open_everyone },
  { .name = "open-person", .activate = on_open_person, .parameter_type = "s" },
};

static const struct {
  const char *action;
  const char *accels[3];
} shortcuts[] = {
  { "app.quit", { "<Control>q" } },
  { "app.preferences", { "<Control>comma" } },
  { "window.close", { "<Control>w" } },
  { "win.show-help-overlay", { "<Control>question", "<Control>slash" } },
  { "win.cancel", { "Escape" } },
};

static void
tell_broken (AhoyApplication *self,
             AhoyProfileState state,
             const char      *path,
             const GError    *error)
{
  g_info ("%s", error->message);
  if (self->broken_window == NULL)
    {
      self->broken_window = ahoy_broken_window_new (ADW_APPLICATION (self));
      g_object_add_weak_pointer (G_OBJECT (self->broken_window), (gpointer *) &self->broken_window);
    }
  ahoy_broken_window_tell (self->broken_window, state, path, error);
}

/* The only place where the window's chat is one with a network. */
static AhoyConnector *
make_connector (AhoyApplication *self)
{
  AhoyKeyring              *keyring = ahoy_profile_get_keyring (self->profile);
  AhoyKnownServers         *known_servers = ahoy_profile_get_pins (self->profile);
  g_autoptr (AhoyClient)    client = ahoy_client_new_full (ahoy_profile_get_history (self->profile), keyring, known_servers);
  g_autoptr (AhoyNeighbour) neighbour = ahoy_neighbour_new (client);

  g_settings_bind (ahoy_settings_get_store (self->settings), "help-neighbours", neighbour, "enabled", G_SETTINGS_BIND_GET);
  return ahoy_connector_new (AHOY_MEMORY (self->settings), AHOY_CHAT (client), neighbour, keyring, known_servers);
}

/* Opens the profile, if that has not been done.
 * Returns: FALSE when it cannot be used; a window tells why. */
static gboolean
begin (AhoyApplication *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *path = NULL;
  AhoyProfileState   state;

  if (self->connector != NULL)
    return TRUE;

  state = ahoy_profile_open (self->profile, &path, &error);
  if (state != AHOY_PROFILE_FINE)
    {
      tell_broken (self, state, path, error);
      return FALSE;
    }

  self->connector = make_connector (self);
  g_signal_group_set_target (self->connector_signals, self->connector);
  self->notifier = ahoy_notifier_new (G_APPLICATION (self), ahoy_connector_get_chat (self->connector), self->settings);
  if (self->broken_window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->broken_window));

  return TRUE;
}

static gboolean
on_end_signal (gpointer data)
{
  g_application_quit (data);

  return G_SOURCE_CONTINUE;
}

static void
on_style_changed (AhoyApplication *self)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT, ADW_COLOR_SCHEME_FORCE_DARK };
  int                         style = g_settings_get_enum (ahoy_settings_get_store (self->settings), "style");

  g_return_if_fail (style >= 0 && style < (int) G_N_ELEMENTS (schemes));
  adw_style_manager_set_color_scheme (adw_application_get_style_manager (ADW_APPLICATION (self)), schemes[style]);
}

static void
ahoy_application_startup (GApplication *app)
{
  AhoyApplication *self = AHOY_APPLICATION (app);

  G_APPLICATION_CLASS (ahoy_application_parent_class)->startup (app);

  gtk_window_set_default_icon_name (AHOY_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), shortcuts[i].action, shortcuts[i].accels);

  self->profile = ahoy_profile_new (self->settings);
  g_signal_group_set_target (self->profile_signals, self->profile);
  self->term_source = g_unix_signal_add (SIGTERM, on_end_signal, self);
  self->int_source = g_unix_signal_add (SIGINT, on_end_signal, self);

  g_signal_group_set_target (self->store_signals, ahoy_settings_get_store (self->settings));
  on_style_changed (self);
}

static void
ahoy_application_activate (GApplication *app)
{
  show_window (AHOY_APPLICATION (app));
}

/* In the process that serves: ours when we are the first, else the one that was there. */
static int
ahoy_application_command_line (GApplication            *app,
                               GApplicationCommandLine *line)
{
  AhoyApplication        *self = AHOY_APPLICATION (app);
  g_auto (GStrv)          args = g_application_command_line_get_arguments (line, NULL);
  g_autoptr (GError)      error = NULL;
  g_autoptr (AhoyOptions) options = ahoy_options_parse ((const char *const *) args, g_application_command_line_get_cwd (line), &error);

  if (options == NULL)
    {
      g_application_command_line_printerr (line, "ahoy: %s\n", error->message);
      return 2;
    }

  g_clear_pointer (&self->options, ahoy_options_free);
  self->options = g_steal_pointer (&options);
  if (begin (self))
    apply_options (self);
  else
    gtk_window_present (GTK_WINDOW (self->broken_window));

  return 0;
}

/* Of one profile: a name on the bus that only the same folder has. */
static char *
make_application_id (const char *profile)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, profile, -1);

  return g_strdup_printf ("%s.Profile%.16s", AHOY_APP_ID, hash);
}

/* In every process, before it is known whether one is there already. */
static gboolean
ahoy_application_local_command_line (GApplication *app,
                                     char       ***arguments,
                                     int          *status)
{
  AhoyApplication        *self = AHOY_APPLICATION (app);
  g_autoptr (GError)      error = NULL;
  g_autoptr (AhoyOptions) options = ahoy_options_parse ((const char *const *) *arguments, NULL, &error);

  if (options == NULL)
    {
      fprintf (stderr, "ahoy: %s\n", error->message);
      *status = 2;
      return TRUE;
    }
  if (options->version)
    {
      printf ("ahoy %s\n", AHOY_VERSION);
      *status = 0;
      return TRUE;
    }
  if (!gtk_init_check ())
    {
      fprintf (stderr, "ahoy: %s\n", _ ("There is no display to open a window on (neither Wayland nor X11)"));
      *status = 1;
      return TRUE;
    }

  self->settings = ahoy_settings_new (options->profile, &error);
  if (self->settings == NULL)
    {
      fprintf (stderr, "ahoy: %s\n", error->message);
      *status = 1;
      return TRUE;
    }
  if (options->profile != NULL)
    {
      g_autofree char *id = make_application_id (options->profile);

      g_application_set_application_id (app, id);
      /* No desktop file has this id, without which GNOME's own notifications are refused; those of freedesktop.org are not. */
      g_setenv ("GNOTIFICATION_BACKEND", "freedesktop", FALSE);
    }

  return G_APPLICATION_CLASS (ahoy_application_parent_class)->local_command_line (app, arguments, status);
}

static void
ahoy_application_shutdown (GApplication *app)
{
  AhoyApplication *self = AHOY_APPLICATION (app);

  g_clear_handle_id (&self->term_source, g_source_remove);
  g_clear_handle_id (&self->int_source, g_source_remove);
  if (self->window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->window));
  if (self->broken_window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->broken_window));
  if (self->connector != NULL)
    ahoy_connector_cancel (self->connector);
  g_clear_object (&self->notifier);
  close_profile (self);

  G_APPLICATION_CLASS (ahoy_application_parent_class)->shutdown (app);
}

static void
ahoy_application_dispose (GObject *object)
{
  AhoyApplication *self = AHOY_APPLICATION (object);

  if (self->window != NULL)
    g_object_weak_unref (G_OBJECT (self->window), on_window_gone, self);
  self->window = NULL;
  g_clear_weak_pointer (&self->broken_window);
  g_clear_object (&self->window_signals);
  g_clear_object (&self->connector_signals);
  g_clear_object (&self->profile_signals);
  g_clear_object (&self->store_signals);
  g_clear_object (&self->notifier);
  close_profile (self);
  g_clear_pointer (&self->options, ahoy_options_free);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (ahoy_application_parent_class)->dispose (object);
}

static void
ahoy_application_class_init (AhoyApplicationClass *klass)
{
  GObjectClass      *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *app_class = G_APPLICATION_CLASS (klass);

  object_class->dispose = ahoy_application_dispose;
  app_class->startup = ahoy_application_startup;
  app_class->activate = ahoy_application_activate;
  app_class->command_line = ahoy_application_command_line;
  app_class->local_command_line = ahoy_application_local_command_line;
  app_class->shutdown = ahoy_application_shutdown;
}

static void
ahoy_application_init (AhoyApplication *self)
{
  self->window_signals = g_signal_group_new (AHOY_TYPE_WINDOW);
  g_signal_group_connect_swapped (self->window_signals, "close-request", G_CALLBACK (on_close_request), self);
  g_signal_group_connect_swapped (self->window_signals, "notify::watched", G_CALLBACK (on_watched), self);
  self->connector_signals = g_signal_group_new (AHOY_TYPE_CONNECTOR);
  g_signal_group_connect_swapped (self->connector_signals, "notify::step", G_CALLBACK (on_step), self);
  self->profile_signals = g_signal_group_new (AHOY_TYPE_PROFILE);
  g_signal_group_connect_swapped (self->profile_signals, "notify::history-problem", G_CALLBACK (on_history_problem), self);
  self->store_signals = g_signal_group_new (G_TYPE_SETTINGS);
  g_signal_group_connect_swapped (self->store_signals, "changed::style", G_CALLBACK (on_style_changed), self);
}

AhoyApplication *
ahoy_application_new (void)
{
  return g_object_new (AHOY_TYPE_APPLICATION,
                       "application-id", AHOY_APP_ID,
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE,
                       /* Not made of the id, which changes with the profile. */
                       "resource-base-path", "/org/ahoychat/Ahoy",
                       NULL);
}
