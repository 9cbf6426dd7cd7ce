/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* State 7: the thin bar. */

#include "ahoy-config.h"

#include "ui/ahoy-connection-bar.h"

#include <glib/gi18n.h>

struct _AhoyConnectionBar {
  AhoyChatBin parent_instance;

  /* Template */
  GtkSpinner *spinner;
  GtkLabel   *label;
  GtkLabel   *countdown_label;
};

G_DEFINE_FINAL_TYPE (AhoyConnectionBar, ahoy_connection_bar, AHOY_TYPE_CHAT_BIN)

static guint
get_retry_in (AhoyChat *chat)
{
  guint seconds;

  g_object_get (chat, "retry-in", &seconds, NULL);
  return seconds;
}

/* A server with an id is found again at whatever address it has then. */
static char *
describe_wait (AhoyChat *chat,
               guint     seconds)
{
  AhoyServer *server = ahoy_chat_get_server (chat);

  if (server != NULL && ahoy_server_get_id (server) != NULL)
    return g_strdup_printf (ngettext ("Next attempt in %u second; also looking for it at other addresses",
                                      "Next attempt in %u seconds; also looking for it at other addresses", seconds),
                            seconds);
  return g_strdup_printf (ngettext ("Next attempt in %u second", "Next attempt in %u seconds", seconds), seconds);
}

static void
set_label (AhoyConnectionBar *self,
           const char        *text)
{
  if (g_str_equal (gtk_label_get_label (self->label), text))
    return;
  gtk_label_set_label (self->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->label), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
update (AhoyConnectionBar *self)
{
  AhoyChat        *chat = ahoy_chat_bin_get_chat (AHOY_CHAT_BIN (self));
  gboolean         lost = chat != NULL && ahoy_chat_get_state (chat) == AHOY_CLIENT_RECONNECTING;
  guint            seconds = lost ? get_retry_in (chat) : 0;
  gboolean         broken = FALSE;
  g_autofree char *text = NULL;

  if (lost)
    g_object_get (chat, "history-broken", &broken, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), lost);
  set_label (self, broken ? _ ("The server cannot read its history. Trying again…") : _ ("Reconnecting…"));
  /* It turns only while an attempt is under way: an outage may last, and each turn costs. */
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), seconds == 0);
  gtk_spinner_set_spinning (self->spinner, lost && seconds == 0);

  /* Below three seconds a countdown only flickers. */
  if (seconds >= 3)
    text = describe_wait (chat, seconds);
  gtk_label_set_label (self->countdown_label, text != NULL ? text : "");
}

static void
ahoy_connection_bar_chat_changed (AhoyChatBin *bin)
{
  update (AHOY_CONNECTION_BAR (bin));
}

static void
ahoy_connection_bar_class_init (AhoyConnectionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  AHOY_CHAT_BIN_CLASS (klass)->chat_changed = ahoy_connection_bar_chat_changed;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-connection-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyConnectionBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, AhoyConnectionBar, label);
  gtk_widget_class_bind_template_child (widget_class, AhoyConnectionBar, countdown_label);
}

static void
ahoy_connection_bar_init (AhoyConnectionBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::state", G_CALLBACK (update));
  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::retry-in", G_CALLBACK (update));
  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::history-broken", G_CALLBACK (update));
}
