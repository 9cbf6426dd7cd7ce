/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Finds a text in a conversation. */

#include "ui/ahoy-search-bar.h"

#include <glib/gi18n.h>

#include "ui/ahoy-message-search.h"

struct _AhoySearchBar {
  GtkWidget parent_instance;

  /* Template */
  GtkSearchBar      *bar;
  GtkWidget         *entry;
  GtkWidget         *count;
  AhoyMessageSearch *search;

  /* Owned */
  AhoyConversation *conversation;
  AhoyMessage      *current; /* the chosen match; NULL: none yet */
  gboolean          active;
};

G_DEFINE_FINAL_TYPE (AhoySearchBar, ahoy_search_bar, GTK_TYPE_WIDGET)

enum {
  PROP_CONVERSATION = 1,
  PROP_ACTIVE,
  N_PROPS
};

enum {
  SHOW_MESSAGE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

/* Which of the matches is the chosen one, from the newest: 0 is the newest. */
static gboolean
find_current (AhoySearchBar *self,
              guint         *nth)
{
  GtkBitset  *matches = ahoy_message_search_get_matches (self->search);
  GListModel *messages = self->conversation != NULL ? ahoy_conversation_get_messages (self->conversation) : NULL;
  guint       n = gtk_bitset_get_size (matches);

  for (*nth = 0; self->current != NULL && *nth < n; (*nth)++)
    {
      g_autoptr (AhoyMessage) message = g_list_model_get_item (messages, gtk_bitset_get_nth (matches, n - 1 - *nth));

      if (message == self->current)
        return TRUE;
    }

  return FALSE;
}

static void
update_count (AhoySearchBar *self)
{
  guint            n = gtk_bitset_get_size (ahoy_message_search_get_matches (self->search));
  gboolean         asked = gtk_editable_get_text (GTK_EDITABLE (self->entry))[0] != '\0';
  g_autofree char *label = NULL;
  guint            nth;

  if (n > 0 && find_current (self, &nth))
    /* Translators: which match is shown, of how many: "2 of 7". */
    label = g_strdup_printf (_ ("%1$u of %2$u"), nth + 1, n);
  else if (n == 0 && asked && !ahoy_message_search_is_busy (self->search))
    label = g_strdup (_ ("Nothing found"));
  gtk_label_set_label (GTK_LABEL (self->count), label != NULL ? label : "");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "search.older", n > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "search.newer", n > 0);
}

static void
choose (AhoySearchBar *self,
        guint          nth)
{
  GtkBitset *matches = ahoy_message_search_get_matches (self->search);
  guint      n = gtk_bitset_get_size (matches);
  guint      position = gtk_bitset_get_nth (matches, n - 1 - nth % n);

  g_clear_object (&self->current);
  self->current = g_list_model_get_item (ahoy_conversation_get_messages (self->conversation), position);
  update_count (self);
  g_signal_emit (self, signals[SHOW_MESSAGE], 0, position);
}

static void
step (AhoySearchBar *self,
      gboolean       older)
{
  guint n = gtk_bitset_get_size (ahoy_message_search_get_matches (self->search));
  guint nth;

  if (n == 0)
    return;

  if (!find_current (self, &nth))
    choose (self, 0);
  else
    choose (self, older ? nth + 1 : nth + n - 1);
}

static void
on_older (AhoySearchBar *self)
{
  step (self, TRUE);
}

static void
on_newer (AhoySearchBar *self)
{
  step (self, FALSE);
}

static void
on_changed (AhoySearchBar *self)
{
  GtkBitset *matches = ahoy_message_search_get_matches (self->search);

  if (self->current == NULL && !gtk_bitset_is_empty (matches))
    choose (self, 0);
  else
    update_count (self);
}

static void
on_search_changed (AhoySearchBar *self)
{
  g_clear_object (&self->current);
  ahoy_message_search_set_text (self->search, self->active ? gtk_editable_get_text (GTK_EDITABLE (self->entry)) : NULL);
}

static void
older_action (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  on_older (AHOY_SEARCH_BAR (widget));
}

static void
newer_action (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  on_newer (AHOY_SEARCH_BAR (widget));
}

static void
set_conversation (AhoySearchBar    *self,
                  AhoyConversation *conversation)
{
  if (!g_set_object (&self->conversation, conversation))
    return;

  g_clear_object (&self->current);
  ahoy_message_search_set_messages (self->search, conversation != NULL ? ahoy_conversation_get_messages (conversation) : NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

static void
set_active (AhoySearchBar *self,
            gboolean       active)
{
  if (self->active == active)
    return;

  self->active = active;
  on_search_changed (self);
  if (!active)
    gtk_widget_activate_action (GTK_WIDGET (self), "chat.write", NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

static void
ahoy_search_bar_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  AhoySearchBar *self = AHOY_SEARCH_BAR (object);

  switch (id)
    {
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    case PROP_ACTIVE:
      g_value_set_boolean (value, self->active);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_search_bar_set_property (GObject      *object,
                              guint         id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  AhoySearchBar *self = AHOY_SEARCH_BAR (object);

  switch (id)
    {
    case PROP_CONVERSATION:
      set_conversation (self, g_value_get_object (value));
      break;
    case PROP_ACTIVE:
      set_active (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_search_bar_dispose (GObject *object)
{
  AhoySearchBar *self = AHOY_SEARCH_BAR (object);

  g_clear_object (&self->current);
  g_clear_object (&self->conversation);
  gtk_widget_dispose_template (GTK_WIDGET (self), AHOY_TYPE_SEARCH_BAR);

  G_OBJECT_CLASS (ahoy_search_bar_parent_class)->dispose (object);
}

static void
ahoy_search_bar_class_init (AhoySearchBarClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ahoy_search_bar_get_property;
  object_class->set_property = ahoy_search_bar_set_property;
  object_class->dispose = ahoy_search_bar_dispose;

  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SHOW_MESSAGE] = g_signal_new ("show-message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_UINT);

  g_type_ensure (AHOY_TYPE_MESSAGE_SEARCH);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-search-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoySearchBar, bar);
  gtk_widget_class_bind_template_child (widget_class, AhoySearchBar, entry);
  gtk_widget_class_bind_template_child (widget_class, AhoySearchBar, count);
  gtk_widget_class_bind_template_child (widget_class, AhoySearchBar, search);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_older);
  gtk_widget_class_bind_template_callback (widget_class, on_newer);
  gtk_widget_class_install_action (widget_class, "search.older", NULL, older_action);
  gtk_widget_class_install_action (widget_class, "search.newer", NULL, newer_action);
}

static void
ahoy_search_bar_init (AhoySearchBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_search_bar_connect_entry (self->bar, GTK_EDITABLE (self->entry));
  update_count (self);
}

void
ahoy_search_bar_open (AhoySearchBar *self)
{
  g_return_if_fail (AHOY_IS_SEARCH_BAR (self));

  gtk_search_bar_set_search_mode (self->bar, TRUE);
  gtk_widget_grab_focus (self->entry);
}
