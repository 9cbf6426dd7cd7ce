/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Says who is writing just now.
 *
 * A screen reader has it as a status. It is set only when it becomes another sentence: somebody who goes on writing is told of once. */

#include "ui/ahoy-typing-line.h"

#include "ui/ahoy-closures.h"
#include "ui/ahoy-look.h"

struct _AhoyTypingLine {
  GtkWidget parent_instance;

  /* Owned */
  AhoyConversation *conversation;
};

G_DEFINE_FINAL_TYPE (AhoyTypingLine, ahoy_typing_line, GTK_TYPE_WIDGET)

enum {
  PROP_CONVERSATION = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
ahoy_typing_line_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CONVERSATION:
      g_value_set_object (value, AHOY_TYPING_LINE (object)->conversation);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_typing_line_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_CONVERSATION:
      if (g_set_object (&AHOY_TYPING_LINE (object)->conversation, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_typing_line_dispose (GObject *object)
{
  AhoyTypingLine *self = AHOY_TYPING_LINE (object);

  g_clear_object (&self->conversation);
  gtk_widget_dispose_template (GTK_WIDGET (self), AHOY_TYPE_TYPING_LINE);

  G_OBJECT_CLASS (ahoy_typing_line_parent_class)->dispose (object);
}

static void
ahoy_typing_line_class_init (AhoyTypingLineClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ahoy_typing_line_get_property;
  object_class->set_property = ahoy_typing_line_set_property;
  object_class->dispose = ahoy_typing_line_dispose;

  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_LOOK);
  g_type_ensure (AHOY_TYPE_TYPISTS);
  gtk_widget_class_set_css_name (widget_class, "typing");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-typing-line.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "label", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_typists);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_typing);
}

static void
ahoy_typing_line_init (AhoyTypingLine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
