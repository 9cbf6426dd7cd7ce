/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A conversation as it is shown in the sidebar. */

#include "ui/ahoy-conversation-row.h"

#include <adwaita.h>

#include "ui/ahoy-sentences.h"
#include "ui/ahoy-tint.h"

/* Past this the badge says "99+": the number itself is of no use any more. */
#define MAX_BADGE 99

struct _AhoyConversationRow {
  GtkWidget parent_instance;

  /* Template */
  GtkWidget *avatar;
  GtkWidget *words;
  GtkWidget *title;
  GtkWidget *presence;
  GtkWidget *changed;
  GtkWidget *verified;
  GtkWidget *unread;

  /* Owned */
  AhoyConversation *conversation;
};

G_DEFINE_FINAL_TYPE (AhoyConversationRow, ahoy_conversation_row, GTK_TYPE_WIDGET)

enum {
  PROP_CONVERSATION = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update (AhoyConversationRow *self)
{
  AhoyPerson      *person = ahoy_conversation_get_person (self->conversation);
  gboolean         online = person == NULL || ahoy_person_get_online (person);
  gboolean         away = online && person != NULL && ahoy_person_get_away (person) != NULL;
  const char      *title = ahoy_sentence_title (self->conversation);
  g_autofree char *presence = ahoy_sentence_presence_of (self->conversation);
  g_autofree char *name = ahoy_sentence_conversation (self->conversation);
  guint            unread = ahoy_conversation_get_unread (self->conversation);
  g_autofree char *badge = unread > MAX_BADGE ? g_strdup_printf ("%u+", MAX_BADGE) : g_strdup_printf ("%u", unread);
  GtkWidget       *row = gtk_widget_get_parent (GTK_WIDGET (self));

  adw_avatar_set_text (ADW_AVATAR (self->avatar), person != NULL ? title : "");
  adw_avatar_set_icon_name (ADW_AVATAR (self->avatar), person != NULL ? NULL : "system-users-symbolic");
  ahoy_tint_avatar (ADW_AVATAR (self->avatar), person != NULL ? ahoy_person_get_tint (person) : 0);
  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_label_set_label (GTK_LABEL (self->presence), presence);
  gtk_widget_set_visible (self->presence, !online || away);
  gtk_widget_set_visible (self->changed, person != NULL && ahoy_person_get_changed (person));
  gtk_widget_set_visible (self->verified, person != NULL && !ahoy_person_get_changed (person) && ahoy_person_get_verified (person));
  gtk_label_set_label (GTK_LABEL (self->unread), badge);
  gtk_widget_set_visible (self->unread, unread > 0);
  if (online)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "offline");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "offline");

  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
ahoy_conversation_row_get_property (GObject    *object,
                                    guint       id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CONVERSATION:
      g_value_set_object (value, AHOY_CONVERSATION_ROW (object)->conversation);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_conversation_row_set_property (GObject      *object,
                                    guint         id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_CONVERSATION:
      ahoy_conversation_row_set_conversation (AHOY_CONVERSATION_ROW (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_conversation_row_dispose (GObject *object)
{
  ahoy_conversation_row_set_conversation (AHOY_CONVERSATION_ROW (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), AHOY_TYPE_CONVERSATION_ROW);

  G_OBJECT_CLASS (ahoy_conversation_row_parent_class)->dispose (object);
}

static void
ahoy_conversation_row_class_init (AhoyConversationRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ahoy_conversation_row_get_property;
  object_class->set_property = ahoy_conversation_row_set_property;
  object_class->dispose = ahoy_conversation_row_dispose;

  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "person");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-conversation-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyConversationRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, AhoyConversationRow, words);
  gtk_widget_class_bind_template_child (widget_class, AhoyConversationRow, title);
  gtk_widget_class_bind_template_child (widget_class, AhoyConversationRow, presence);
  gtk_widget_class_bind_template_child (widget_class, AhoyConversationRow, changed);
  gtk_widget_class_bind_template_child (widget_class, AhoyConversationRow, verified);
  gtk_widget_class_bind_template_child (widget_class, AhoyConversationRow, unread);
}

static void
ahoy_conversation_row_init (AhoyConversationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AhoyConversation *
ahoy_conversation_row_get_conversation (AhoyConversationRow *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION_ROW (self), NULL);

  return self->conversation;
}

void
ahoy_conversation_row_set_conversation (AhoyConversationRow *self,
                                        AhoyConversation    *conversation)
{
  AhoyPerson *person;

  g_return_if_fail (AHOY_IS_CONVERSATION_ROW (self));
  g_return_if_fail (conversation == NULL || AHOY_IS_CONVERSATION (conversation));

  if (self->conversation == conversation)
    return;

  person = self->conversation != NULL ? ahoy_conversation_get_person (self->conversation) : NULL;
  if (person != NULL)
    g_signal_handlers_disconnect_by_func (person, update, self);
  if (self->conversation != NULL)
    g_signal_handlers_disconnect_by_func (self->conversation, update, self);

  g_set_object (&self->conversation, conversation);
  if (conversation != NULL)
    {
      person = ahoy_conversation_get_person (conversation);
      g_signal_connect_object (conversation, "notify::unread", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      if (person != NULL)
        g_signal_connect_object (person, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      update (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}
