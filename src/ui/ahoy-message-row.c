/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One message as it is shown in the timeline. */

#include "ui/ahoy-message-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/ahoy-closures.h"
#include "ui/ahoy-look.h"
#include "ui/ahoy-markup.h"
#include "ui/ahoy-sentences.h"

/* Pixels: the space between the text and the state. */
#define STATE_SPACING 24

struct _AhoyMessageRow {
  GtkWidget parent_instance;

  /* Template */
  GtkWidget *state;

  /* Owned */
  AhoyTimelineItem *item;
  GSignalGroup     *watch;
};

G_DEFINE_FINAL_TYPE (AhoyMessageRow, ahoy_message_row, GTK_TYPE_WIDGET)

enum {
  PROP_ITEM = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* A closure that is not pure, as only GTK knows how wide the state is. It is asked anew when @word, @icon or @item are other ones. */
static int
room_for_state (AhoyMessageRow   *self,
                gboolean          visible,
                const char       *word,
                const char       *icon,
                AhoyTimelineItem *item)
{
  int width = 0;

  if (item == NULL || !visible)
    return 0;

  gtk_widget_measure (self->state, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);

  return width + STATE_SPACING;
}

static void
on_item_changed (AhoyMessageRow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

static void
set_item (AhoyMessageRow   *self,
          AhoyTimelineItem *item)
{
  if (!g_set_object (&self->item, item))
    return;

  g_signal_group_set_target (self->watch, item);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}

static gboolean
on_activate_link (GtkLabel       *label,
                  const char     *uri,
                  AhoyMessageRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (ahoy_markup_may_open (uri))
    gtk_show_uri (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, uri, GDK_CURRENT_TIME);

  return TRUE;
}

static gboolean
ahoy_message_row_query_tooltip (GtkWidget  *widget,
                                int         x,
                                int         y,
                                gboolean    keyboard,
                                GtkTooltip *tooltip)
{
  AhoyMessageRow  *self = AHOY_MESSAGE_ROW (widget);
  AhoyMessage     *message;
  g_autofree char *date = NULL;
  const char      *state;

  if (self->item == NULL)
    return FALSE;

  message = ahoy_timeline_item_get_message (self->item);
  date = ahoy_sentence_date_time (ahoy_message_get_time (message));
  state = ahoy_sentence_state (ahoy_message_get_state (message));
  if (state != NULL)
    {
      /* Translators: date and time, then the state of a message: "Monday, 3 March 2025, 14:03 · Delivered". */
      g_autofree char *both = g_strdup_printf (C_ ("tooltip", "%1$s · %2$s"), date, state);

      gtk_tooltip_set_text (tooltip, both);
    }
  else
    {
      gtk_tooltip_set_text (tooltip, date);
    }

  return TRUE;
}

static void
ahoy_message_row_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_ITEM:
      g_value_set_object (value, AHOY_MESSAGE_ROW (object)->item);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_message_row_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_ITEM:
      set_item (AHOY_MESSAGE_ROW (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_message_row_dispose (GObject *object)
{
  AhoyMessageRow *self = AHOY_MESSAGE_ROW (object);

  g_clear_object (&self->watch);
  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (self), AHOY_TYPE_MESSAGE_ROW);

  G_OBJECT_CLASS (ahoy_message_row_parent_class)->dispose (object);
}

static void
ahoy_message_row_class_init (AhoyMessageRowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ahoy_message_row_get_property;
  object_class->set_property = ahoy_message_row_set_property;
  object_class->dispose = ahoy_message_row_dispose;
  widget_class->query_tooltip = ahoy_message_row_query_tooltip;

  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, AHOY_TYPE_TIMELINE_ITEM,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_css_name (widget_class, "message");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-message-row.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "day", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "unread", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "line", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "block", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "avatar", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "header", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "from", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "lock", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "privacy", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "time", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "text", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, state);
  gtk_widget_class_bind_template_child_full (widget_class, "state_word", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "state_icon", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_author);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_author_classes);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_author_has_initials);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_author_icon);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_day);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_first_unread);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_has_author);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_has_state);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_is_set);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_message_classes);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_message_indent);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_message_justify);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_message_markup);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_message_spoken);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_message_time);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_message_xalign);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_privacy);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_starts_day);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_state);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_state_classes);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_state_icon);
  gtk_widget_class_bind_template_callback (widget_class, room_for_state);
  gtk_widget_class_bind_template_callback (widget_class, on_activate_link);
}

static void
ahoy_message_row_init (AhoyMessageRow *self)
{
  self->watch = g_signal_group_new (AHOY_TYPE_TIMELINE_ITEM);
  g_signal_group_connect_swapped (self->watch, "changed", G_CALLBACK (on_item_changed), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

AhoyTimelineItem *
ahoy_message_row_get_item (AhoyMessageRow *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE_ROW (self), NULL);

  return self->item;
}
