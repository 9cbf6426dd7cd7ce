/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which chat this is, and whether others can listen. */

#include "ahoy-config.h"

#include "ui/ahoy-server-button.h"

#include <glib/gi18n.h>

#include "core/discovery/ahoy-own-addresses.h"
#include "ui/ahoy-closures.h"
#include "ui/ahoy-error-text.h"
#include "ui/ahoy-look.h"
#include "ui/ahoy-sentences.h"

struct _AhoyServerButton {
  AhoyChatBin parent_instance;

  /* Template */
  GtkMenuButton *button;
  GtkWidget     *popover;
  GtkLabel      *name_label;
  GtkLabel      *address_label;
  GtkWidget     *own_box;
  GtkLabel      *own_label;
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

enum {
  PROP_SECURE = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

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

static void on_addresses (AhoyServerButton *self);

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
on_addresses (AhoyServerButton *self)
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
on_chat (AhoyServerButton *self)
{
  AhoyChat *chat = get_chat (self);
  gboolean  secure = self->secure;

  if (chat != NULL && ahoy_chat_get_state (chat) == AHOY_CLIENT_ONLINE)
    secure = ahoy_chat_get_secure (chat);
  if (self->secure != secure)
    {
      self->secure = secure;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SECURE]);
    }
  if (gtk_widget_get_visible (self->popover))
    fill_popover (self);
}

static void
ahoy_server_button_chat_changed (AhoyChatBin *bin)
{
  on_chat (AHOY_SERVER_BUTTON (bin));
}

static void
ahoy_server_button_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_SECURE:
      g_value_set_boolean (value, AHOY_SERVER_BUTTON (object)->secure);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
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
  G_OBJECT_CLASS (klass)->get_property = ahoy_server_button_get_property;
  AHOY_CHAT_BIN_CLASS (klass)->chat_changed = ahoy_server_button_chat_changed;

  properties[PROP_SECURE] = g_param_spec_boolean ("secure", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-server-button.ui");
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_chat_name);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_chat_spoken);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_encrypted);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_lock_classes);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_lock_icon);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_n_online);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, button);
  gtk_widget_class_bind_template_child_full (widget_class, "lock_image", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "title_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "subtitle_label", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, popover);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, name_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, address_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, own_box);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, own_label);
  gtk_widget_class_bind_template_child_full (widget_class, "state_image", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "state_label", FALSE, 0);
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
  g_signal_group_connect_swapped (self->watch, "changed", G_CALLBACK (on_addresses), self);
  gtk_menu_button_set_create_popup_func (self->button, on_popup, self, NULL);
  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::server", G_CALLBACK (on_chat));
  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::state", G_CALLBACK (on_chat));
  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::secure", G_CALLBACK (on_chat));
}
