/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which chat this is, and whether others can listen. */

#include "ahoy-config.h"

#include "ui/ahoy-server-button.h"

#include <glib/gi18n.h>

#include "core/discovery/ahoy-own-addresses.h"
#include "ui/ahoy-error-text.h"
#include "ui/ahoy-sentences.h"

struct _AhoyServerButton {
  AhoyChatBin parent_instance;

  /* Template */
  GtkMenuButton *button;
  GtkImage      *lock_image;
  GtkLabel      *title_label;
  GtkLabel      *subtitle_label;
  GtkWidget     *popover;
  GtkLabel      *name_label;
  GtkLabel      *address_label;
  GtkWidget     *own_box;
  GtkLabel      *own_label;
  GtkImage      *state_image;
  GtkLabel      *state_label;
  GtkWidget     *words_box;
  GtkLabel      *words_label;
  GtkLabel      *hint_label;
  GtkButton     *copy_button;
  GtkLabel      *id_label;

  /* Owned */
  GSignalGroup     *watch;      /* of the addresses */
  AhoyOwnAddresses *addresses;  /* NULL: not needed yet */
  char             *invitation; /* what is copied; NULL: nobody else can come in */

  gboolean secure; /* the last time it was online: a lost connection is no other one */
};

G_DEFINE_FINAL_TYPE (AhoyServerButton, ahoy_server_button, AHOY_TYPE_CHAT_BIN)

static AhoyChat *
get_chat (AhoyServerButton *self)
{
  return ahoy_chat_bin_get_chat (AHOY_CHAT_BIN (self));
}

static AhoyServer *
get_server (AhoyServerButton *self)
{
  AhoyChat *chat = get_chat (self);

  return chat != NULL ? ahoy_chat_get_server (chat) : NULL;
}

static void
update_button (AhoyServerButton *self)
{
  AhoyChat   *chat = get_chat (self);
  AhoyServer *server = get_server (self);
  const char *name = server != NULL && ahoy_server_get_name (server) != NULL ? ahoy_server_get_name (server) : _ ("Ahoy");
  guint       n_online = chat != NULL ? ahoy_chat_get_n_online (chat) : 0;
  /* Translators: in the header of the list of people; how many are online, you included. */
  g_autofree char *online = g_strdup_printf (ngettext ("%u online", "%u online", n_online), n_online);
  const char      *state = self->secure ? _ ("encrypted") : _ ("not encrypted");
  /* Translators: what the button of a chat is called: %1$s is the name of the chat, %2$s is "encrypted" or "not encrypted". */
  g_autofree char *label = g_strdup_printf (_ ("About this chat: %1$s, %2$s"), name, state);

  gtk_label_set_label (self->title_label, name);
  gtk_label_set_label (self->subtitle_label, online);
  gtk_image_set_from_icon_name (self->lock_image, self->secure ? "channel-secure-symbolic" : "channel-insecure-symbolic");
  if (self->secure)
    gtk_widget_remove_css_class (GTK_WIDGET (self->lock_image), "warning");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->lock_image), "warning");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), self->secure ? _ ("Encrypted") : _ ("Not encrypted"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void update_own (AhoyServerButton *self);

/* Of the host: nobody else can do anything with the address that the host has. */
static void
fill_own (AhoyServerButton *self,
          AhoyServer       *server,
          const char       *name,
          const char       *words)
{
  gboolean         own = ahoy_server_get_own (server);
  g_auto (GStrv)   addresses = NULL;
  g_autofree char *lines = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->address_label), !own);
  gtk_widget_set_visible (self->own_box, own);
  gtk_widget_set_visible (GTK_WIDGET (self->copy_button), own);
  g_clear_pointer (&self->invitation, g_free);
  if (!own)
    return;

  if (self->addresses == NULL)
    {
      self->addresses = ahoy_own_addresses_new ();
      g_signal_group_set_target (self->watch, self->addresses);
    }
  addresses = ahoy_own_addresses_dup (self->addresses, ahoy_server_get_port (server));
  lines = g_strjoinv ("\n", addresses);
  if (*lines != '\0')
    gtk_label_set_label (self->own_label, lines);
  else
    gtk_label_set_label (self->own_label, ahoy_own_addresses_has_network (self->addresses)
                                            ? _ ("They find this chat by themselves. There is no address to type.")
                                            : _ ("This computer is in no network now. Nobody else can come in."));
  self->invitation = ahoy_sentence_invitation (name, (const char *const *) addresses, words);
  gtk_button_set_label (self->copy_button, _ ("Copy Address and Words"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->copy_button), self->invitation != NULL);
}

static const char *
hint (gboolean has_words,
      gboolean own)
{
  if (!has_words)
    return _ ("Others on this network can read along, and nobody can check whose chat this is. Do not write secrets here.");
  if (own)
    return _ ("Tell the address to whoever does not find this chat. Compare these four words with your guests. If they see the same, nobody sits between them and this chat.");
  return _ ("Compare these four words with somebody beside you. If you both see the same, nobody sits between you and this chat.");
}

static void
fill_popover (AhoyServerButton *self)
{
  AhoyServer      *server = get_server (self);
  const char      *id = server != NULL && self->secure ? ahoy_server_get_id (server) : NULL;
  g_autofree char *words = NULL;
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;

  if (server == NULL)
    return;

  words = id != NULL ? ahoy_sentence_four_words (id) : NULL;
  name = ahoy_error_text_server_name (server);
  address = ahoy_server_dup_address (server);
  gtk_label_set_label (self->name_label, name);
  gtk_label_set_label (self->address_label, address);
  gtk_image_set_from_icon_name (self->state_image, self->secure ? "channel-secure-symbolic" : "channel-insecure-symbolic");
  gtk_label_set_label (self->state_label, self->secure ? _ ("Encrypted") : _ ("Not encrypted"));
  gtk_widget_set_visible (self->words_box, words != NULL);
  gtk_label_set_label (self->words_label, words != NULL ? words : "");
  gtk_label_set_label (self->hint_label, hint (words != NULL, ahoy_server_get_own (server)));
  fill_own (self, server, name, words);
  gtk_label_set_label (self->id_label, id != NULL ? id : "");
  gtk_widget_set_visible (GTK_WIDGET (self->id_label), id != NULL);
}

/* It takes its size when it is shown, so it is filled before; and not sooner, because the words take a moment to make. */
static void
on_popup (GtkMenuButton *button,
          gpointer       data)
{
  fill_popover (data);
}

/* What is shown is true as long as it is shown. */
static void
update_own (AhoyServerButton *self)
{
  if (gtk_widget_get_visible (self->popover))
    fill_popover (self);
}

static void
on_copy (AhoyServerButton *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->invitation);
  gtk_button_set_label (self->copy_button, _ ("Copied"));
}

static void
update (AhoyServerButton *self)
{
  AhoyChat *chat = get_chat (self);

  if (chat != NULL && ahoy_chat_get_state (chat) == AHOY_CLIENT_ONLINE)
    self->secure = ahoy_chat_get_secure (chat);
  update_button (self);
  if (gtk_widget_get_visible (self->popover))
    fill_popover (self);
}

static void
ahoy_server_button_chat_changed (AhoyChatBin *bin)
{
  update (AHOY_SERVER_BUTTON (bin));
}

static void
ahoy_server_button_finalize (GObject *object)
{
  AhoyServerButton *self = AHOY_SERVER_BUTTON (object);

  g_clear_object (&self->watch);
  g_clear_object (&self->addresses);
  g_clear_pointer (&self->invitation, g_free);

  G_OBJECT_CLASS (ahoy_server_button_parent_class)->finalize (object);
}

static void
ahoy_server_button_class_init (AhoyServerButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ahoy_server_button_finalize;
  AHOY_CHAT_BIN_CLASS (klass)->chat_changed = ahoy_server_button_chat_changed;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-server-button.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, button);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, lock_image);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, title_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, popover);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, name_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, address_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, own_box);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, own_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, state_image);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, state_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, words_box);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, words_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, hint_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, copy_button);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, id_label);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
}

static void
ahoy_server_button_init (AhoyServerButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->watch = g_signal_group_new (AHOY_TYPE_OWN_ADDRESSES);
  g_signal_group_connect_swapped (self->watch, "changed", G_CALLBACK (update_own), self);
  gtk_menu_button_set_create_popup_func (self->button, on_popup, self, NULL);
  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::server", G_CALLBACK (update));
  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::state", G_CALLBACK (update));
  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::secure", G_CALLBACK (update));
  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::n-online", G_CALLBACK (update_button));
}
