/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The button that tells which chat this is, and whether others can listen. */

#include "ahoy-config.h"

#include "ui/ahoy-server-button.h"

#include "core/discovery/ahoy-own-addresses.h"
#include "ui/ahoy-closures.h"
#include "ui/ahoy-look.h"

struct _AhoyServerButton {
  AhoyChatBin parent_instance;

  /* Template */
  GtkMenuButton *button;
  GtkWidget     *popover;
  GtkLabel      *words_label;

  /* Owned */
  GSignalGroup     *watch;     /* of the addresses */
  AhoyOwnAddresses *addresses; /* NULL: not needed yet */

  gboolean secure; /* the last time it was online: a lost connection is no other one */
  gboolean opening;
  gboolean copied;
};

enum {
  PROP_SECURE = 1,
  PROP_ABOUT,
  PROP_ADDRESSES,
  PROP_COPIED,
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

/* What is shown is true as long as it is shown; the words of whoever nobody looks at are not made. */
static AhoyServer *
get_about (AhoyServerButton *self)
{
  return self->opening || (self->popover != NULL && gtk_widget_get_visible (self->popover)) ? get_server (self) : NULL;
}

static void
set_copied (AhoyServerButton *self,
            gboolean          copied)
{
  self->copied = copied;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COPIED]);
}

static void
on_about (AhoyServerButton *self)
{
  AhoyServer *server = get_about (self);

  if (server == NULL)
    return;

  if (self->addresses == NULL && ahoy_server_get_own (server))
    {
      self->addresses = ahoy_own_addresses_new ();
      g_signal_group_set_target (self->watch, self->addresses);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ABOUT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ADDRESSES]);
  set_copied (self, FALSE);
}

/* It takes its size when it is shown, so it is filled before. */
static void
on_popup (GtkMenuButton *button,
          gpointer       data)
{
  AhoyServerButton *self = data;

  self->opening = TRUE;
  on_about (self);
  self->opening = FALSE;
}

static void
on_copy (AhoyServerButton *self)
{
  AhoyServer      *server = get_server (self);
  g_autofree char *invitation = server != NULL ? ahoy_closure_invitation (NULL, server, self->addresses, gtk_label_get_label (self->words_label)) : NULL;

  if (invitation == NULL)
    return;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), invitation);
  set_copied (self, TRUE);
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
  on_about (self);
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
  AhoyServerButton *self = AHOY_SERVER_BUTTON (object);

  switch (id)
    {
    case PROP_SECURE:
      g_value_set_boolean (value, self->secure);
      break;
    case PROP_ABOUT:
      g_value_set_object (value, get_about (self));
      break;
    case PROP_ADDRESSES:
      g_value_set_object (value, self->addresses);
      break;
    case PROP_COPIED:
      g_value_set_boolean (value, self->copied);
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
  properties[PROP_ABOUT] = g_param_spec_object ("about", NULL, NULL, AHOY_TYPE_SERVER, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ADDRESSES] = g_param_spec_object ("addresses", NULL, NULL, AHOY_TYPE_OWN_ADDRESSES, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_COPIED] = g_param_spec_boolean ("copied", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-server-button.ui");
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_chat_name);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_chat_spoken);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_encrypted);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_lock_classes);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_lock_icon);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_n_online);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_copy_label);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_has_addresses);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_is_own);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_is_set);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_not);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_own_addresses);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_server_address);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_server_hint);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_server_id);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_server_name);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_server_words);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, button);
  gtk_widget_class_bind_template_child_full (widget_class, "lock_image", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "title_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "subtitle_label", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, popover);
  gtk_widget_class_bind_template_child_full (widget_class, "name_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "address_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "own_box", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "own_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "state_image", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "state_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "words_box", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, AhoyServerButton, words_label);
  gtk_widget_class_bind_template_child_full (widget_class, "hint_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "copy_button", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "id_label", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
}

static void
ahoy_server_button_init (AhoyServerButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->watch = g_signal_group_new (AHOY_TYPE_OWN_ADDRESSES);
  g_signal_group_connect_swapped (self->watch, "changed", G_CALLBACK (on_about), self);
  gtk_menu_button_set_create_popup_func (self->button, on_popup, self, NULL);
  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::server", G_CALLBACK (on_chat));
  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::state", G_CALLBACK (on_chat));
  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::secure", G_CALLBACK (on_chat));
}
