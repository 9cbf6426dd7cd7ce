/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Says in which chat one is, when that is not the one that was expected. */

#include "ui/ahoy-whereabouts.h"

#include "ui/ahoy-error-text.h"

/* Seconds; there may be two sentences to read. */
#define TIMEOUT 12

struct _AhoyWhereabouts {
  /* Owned */
  AhoyChat         *chat;
  GSignalGroup     *watch;
  AhoyKnownServers *known_servers;
  AdwToast         *toast; /* the last one; NULL: none yet */
  char             *told;  /* the id of the server where it was said last; NULL: where one is now there was nothing to say */

  /* Borrowed */
  AdwToastOverlay *toasts;
  AhoyAnnouncer   *announcer;
};

/* A title of its own ends after one line. */
static void
show (AhoyWhereabouts *self,
      const char      *text)
{
  AdwToast  *toast = adw_toast_new ("");
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "max-width-chars", 50,
                                   "xalign", 0.0, NULL);

  adw_toast_set_custom_title (toast, label);
  adw_toast_set_timeout (toast, TIMEOUT);
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  g_set_object (&self->toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
  ahoy_announcer_say (self->announcer, text);
}

/* Where @id was; NULL: nowhere that is known. */
static char *
last_address (AhoyWhereabouts *self,
              const char      *id)
{
  g_auto (GStrv) addresses = ahoy_known_servers_dup_addresses (self->known_servers, id);

  return g_strdup (addresses[0]);
}

/* The name of @id, else its address. */
static char *
name_of (AhoyWhereabouts *self,
         const char      *id)
{
  char *name = ahoy_known_servers_dup_name (self->known_servers, id);

  return name != NULL && *name != '\0' ? name : (g_free (name), last_address (self, id));
}

/* What there is to say at @server; NULL: nothing. */
static char *
describe (AhoyWhereabouts *self,
          AhoyServer      *server)
{
  const char      *missed = ahoy_chat_get_missed_id (self->chat);
  const char      *namesake = ahoy_server_get_namesake (server);
  g_autofree char *here = ahoy_error_text_server_name (server);
  g_autofree char *other = NULL;

  if (missed != NULL)
    {
      other = name_of (self, missed);
      return ahoy_error_text_elsewhere (here, other, ahoy_chat_get_n_left (self->chat));
    }
  if (namesake == NULL)
    return NULL;
  other = last_address (self, namesake);
  return ahoy_error_text_namesake (here, other);
}

static void
on_state (AhoyWhereabouts *self)
{
  AhoyServer      *server = ahoy_chat_get_server (self->chat);
  const char      *id = server != NULL ? ahoy_server_get_id (server) : NULL;
  g_autofree char *text = NULL;

  if (self->known_servers == NULL || id == NULL || ahoy_chat_get_state (self->chat) != AHOY_CLIENT_ONLINE)
    return;
  text = describe (self, server);
  if (text != NULL && g_strcmp0 (self->told, id) != 0)
    show (self, text);
  g_free (self->told);
  self->told = text != NULL ? g_strdup (id) : NULL;
}

AhoyWhereabouts *
ahoy_whereabouts_new (AhoyChat         *chat,
                      AhoyKnownServers *known_servers,
                      AdwToastOverlay  *toasts,
                      AhoyAnnouncer    *announcer)
{
  AhoyWhereabouts *self = g_new0 (AhoyWhereabouts, 1);

  self->chat = g_object_ref (chat);
  self->known_servers = known_servers != NULL ? g_object_ref (known_servers) : NULL;
  self->toasts = toasts;
  self->announcer = announcer;
  self->watch = g_signal_group_new (G_TYPE_OBJECT);
  g_signal_group_connect_swapped (self->watch, "notify::state", G_CALLBACK (on_state), self);
  g_signal_group_set_target (self->watch, chat);
  return self;
}

void
ahoy_whereabouts_free (AhoyWhereabouts *self)
{
  g_object_unref (self->watch);
  g_object_unref (self->chat);
  g_clear_object (&self->known_servers);
  g_clear_object (&self->toast);
  g_free (self->told);
  g_free (self);
}
