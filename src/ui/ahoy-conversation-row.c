/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A conversation as it is shown in the sidebar. */

#include "ahoy-config.h"

#include "ui/ahoy-conversation-row.h"

#include "ui/ahoy-closures.h"
#include "ui/ahoy-look.h"
#include "ui/ahoy-subject.h"

struct _AhoyConversationRow {
  GtkWidget parent_instance;

  /* Owned */
  AhoyConversation *conversation;
  AhoySubject      *subject;
};

G_DEFINE_FINAL_TYPE (AhoyConversationRow, ahoy_conversation_row, GTK_TYPE_WIDGET)

enum {
  PROP_CONVERSATION = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_conversation (AhoyConversationRow *self, AhoyConversation *conversation)
{
  if (!g_set_object (&self->conversation, conversation))
    return;

  ahoy_subject_set (self->subject, conversation);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
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
      set_conversation (AHOY_CONVERSATION_ROW (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_conversation_row_dispose (GObject *object)
{
  AhoyConversationRow *self = AHOY_CONVERSATION_ROW (object);

  g_clear_object (&self->subject);
  g_clear_object (&self->conversation);
  gtk_widget_dispose_template (GTK_WIDGET (self), AHOY_TYPE_CONVERSATION_ROW);

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

  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_css_name (widget_class, "person");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-conversation-row.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "avatar", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "words", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "title", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "presence", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "changed", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "verified", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "unread", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_avatar_classes);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_avatar_icon);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_badge);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_has_changed);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_has_unread);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_is_verified);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_person_name);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_presence);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_row_classes);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_shows_presence);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_spoken);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_title);
}

static void
ahoy_conversation_row_init (AhoyConversationRow *self)
{
  self->subject = ahoy_subject_new (self, properties[PROP_CONVERSATION]);
  gtk_widget_init_template (GTK_WIDGET (self));
}

AhoyConversation *
ahoy_conversation_row_get_conversation (AhoyConversationRow *self)
{
  g_return_val_if_fail (AHOY_IS_CONVERSATION_ROW (self), NULL);

  return self->conversation;
}
