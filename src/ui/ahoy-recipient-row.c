/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The row of a conversation in the list of recipients. */

#include "ahoy-config.h"

#include "ui/ahoy-recipient-row.h"

#include "ui/ahoy-closures.h"
#include "ui/ahoy-look.h"
#include "ui/ahoy-subject.h"

struct _AhoyRecipientRow {
  GtkWidget parent_instance;

  /* Owned */
  AhoyConversation *conversation;
  AhoySubject      *subject;
};

G_DEFINE_FINAL_TYPE (AhoyRecipientRow, ahoy_recipient_row, GTK_TYPE_WIDGET)

enum {
  PROP_CONVERSATION = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_conversation (AhoyRecipientRow *self, AhoyConversation *conversation)
{
  if (!g_set_object (&self->conversation, conversation))
    return;

  ahoy_subject_set (self->subject, conversation);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

static void
ahoy_recipient_row_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CONVERSATION:
      g_value_set_object (value, AHOY_RECIPIENT_ROW (object)->conversation);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_recipient_row_set_property (GObject      *object,
                                 guint         id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_CONVERSATION:
      set_conversation (AHOY_RECIPIENT_ROW (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_recipient_row_dispose (GObject *object)
{
  AhoyRecipientRow *self = AHOY_RECIPIENT_ROW (object);

  g_clear_object (&self->subject);
  g_clear_object (&self->conversation);
  gtk_widget_dispose_template (GTK_WIDGET (self), AHOY_TYPE_RECIPIENT_ROW);

  G_OBJECT_CLASS (ahoy_recipient_row_parent_class)->dispose (object);
}

static void
ahoy_recipient_row_class_init (AhoyRecipientRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ahoy_recipient_row_get_property;
  object_class->set_property = ahoy_recipient_row_set_property;
  object_class->dispose = ahoy_recipient_row_dispose;

  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-recipient-row.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "mark", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "label", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_has_changed);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_recipient_classes);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_title);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_trust);
}

static void
ahoy_recipient_row_init (AhoyRecipientRow *self)
{
  self->subject = ahoy_subject_new (self, properties[PROP_CONVERSATION]);
  gtk_widget_init_template (GTK_WIDGET (self));
}
