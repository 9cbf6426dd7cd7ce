/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One message as it is shown in the timeline. */

#include "ui/ahoy-message-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/ahoy-markup.h"
#include "ui/ahoy-sentences.h"
#include "ui/ahoy-tint.h"

/* Pixels: an avatar and the space beside it; the space between the text and the state. */
#define GUTTER 48
#define STATE_SPACING 24

struct _AhoyMessageRow {
  GtkWidget parent_instance;

  /* Template */
  GtkWidget *day;
  GtkWidget *unread;
  GtkWidget *line;
  GtkWidget *block;
  GtkWidget *avatar;
  GtkWidget *header;
  GtkWidget *from;
  GtkWidget *lock;
  GtkWidget *privacy;
  GtkWidget *time;
  GtkWidget *text;
  GtkWidget *state;
  GtkWidget *state_word;
  GtkWidget *state_icon;

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

static void
show_classes (AhoyMessageRow *self,
              AhoyMessage    *message)
{
  static const char *const kinds[] = { "chat", "notice", "plain", "presence", "set-back", "key-changed", "undelivered", "undelivered" };
  const char              *text = ahoy_message_get_text (message);
  const char              *classes[8];
  guint                    n = 0;

  classes[n++] = kinds[ahoy_message_get_kind (message)];
  if (ahoy_timeline_item_get_starts_group (self->item))
    classes[n++] = "first";
  if (ahoy_message_is_own (message))
    classes[n++] = "own";
  if (ahoy_message_is_private (message))
    classes[n++] = "private";
  if (ahoy_message_is_mention (message))
    classes[n++] = "mention";
  if (ahoy_message_get_state (message) == AHOY_MESSAGE_FAILED)
    classes[n++] = "failed";
  if (text != NULL && ahoy_markup_only_emoji (text))
    classes[n++] = "emoji";
  classes[n] = NULL;

  gtk_widget_set_css_classes (GTK_WIDGET (self), classes);
}

static void
show_separators (AhoyMessageRow *self,
                 AhoyMessage    *message)
{
  gboolean starts_day = ahoy_timeline_item_get_starts_day (self->item);

  gtk_widget_set_visible (self->day, starts_day);
  gtk_widget_set_visible (self->unread, ahoy_timeline_item_get_first_unread (self->item));
  if (starts_day)
    {
      g_autofree char *day = ahoy_sentence_day (ahoy_message_get_time (message), g_get_real_time ());

      gtk_label_set_label (GTK_LABEL (self->day), day);
    }
}

static void
show_header (AhoyMessageRow *self,
             AhoyMessage    *message)
{
  AhoyMessageKind  kind = ahoy_message_get_kind (message);
  const char      *from = kind == AHOY_MESSAGE_NOTICE ? _ ("Notice") : ahoy_message_get_from (message);
  gboolean         shown = from != NULL && ahoy_sentence_is_talk (message) && ahoy_timeline_item_get_starts_group (self->item);
  g_autofree char *privacy = NULL;
  g_autofree char *clock = NULL;

  gtk_widget_set_margin_start (self->block, ahoy_sentence_is_talk (message) ? GUTTER : 0);
  gtk_widget_set_visible (self->avatar, shown);
  gtk_widget_set_visible (self->header, shown);
  if (!shown)
    return;

  privacy = ahoy_sentence_privacy (message);
  clock = ahoy_sentence_time (ahoy_message_get_time (message));
  adw_avatar_set_text (ADW_AVATAR (self->avatar), from);
  adw_avatar_set_show_initials (ADW_AVATAR (self->avatar), kind == AHOY_MESSAGE_CHAT);
  adw_avatar_set_icon_name (ADW_AVATAR (self->avatar), kind == AHOY_MESSAGE_CHAT ? NULL : "ahoy-notice-symbolic");
  ahoy_tint_avatar (ADW_AVATAR (self->avatar), ahoy_message_get_tint (message));
  gtk_label_set_label (GTK_LABEL (self->from), from);
  gtk_label_set_label (GTK_LABEL (self->time), clock);
  gtk_widget_set_visible (self->lock, privacy != NULL);
  gtk_widget_set_visible (self->privacy, privacy != NULL);
  if (privacy != NULL)
    gtk_label_set_label (GTK_LABEL (self->privacy), privacy);
}

static void
show_text (AhoyMessageRow *self,
           AhoyMessage    *message)
{
  g_autofree char *body = ahoy_sentence_body (message);
  g_autofree char *markup = ahoy_markup_from_text (body);
  gboolean         talk = ahoy_sentence_is_talk (message);

  gtk_label_set_markup (GTK_LABEL (self->text), markup);
  gtk_label_set_xalign (GTK_LABEL (self->text), talk ? 0.0f : 0.5f);
  gtk_label_set_justify (GTK_LABEL (self->text), talk ? GTK_JUSTIFY_LEFT : GTK_JUSTIFY_CENTER);
}

static void
show_state (AhoyMessageRow *self,
            AhoyMessage    *message)
{
  AhoyMessageState state = ahoy_message_get_state (message);
  int              width = 0;

  gtk_widget_set_visible (self->state, state != AHOY_MESSAGE_RECEIVED);
  if (state == AHOY_MESSAGE_RECEIVED)
    {
      gtk_widget_set_margin_end (self->text, 0);
      return;
    }

  gtk_label_set_label (GTK_LABEL (self->state_word), ahoy_sentence_state (state));
  gtk_image_set_from_icon_name (GTK_IMAGE (self->state_icon), ahoy_sentence_state_icon (state));
  /* What is on its way or lost says so; what went well whispers it under the pointer. */
  if (state == AHOY_MESSAGE_WAITING || state == AHOY_MESSAGE_FAILED)
    gtk_widget_add_css_class (self->state, "loud");
  else
    gtk_widget_remove_css_class (self->state, "loud");
  gtk_widget_measure (self->state, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  gtk_widget_set_margin_end (self->text, width + STATE_SPACING);
}

/* In GTK 4.8 a list row has no name of its own, and no way to give it one but this. */
static void
show_name (AhoyMessageRow *self,
           AhoyMessage    *message)
{
  GtkWidget       *row = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *name = ahoy_sentence_message (message);
  const char      *state = ahoy_sentence_state (ahoy_message_get_state (message));

  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, state != NULL ? state : "",
                                    -1);
}

static void
update (AhoyMessageRow *self)
{
  AhoyMessage *message = ahoy_timeline_item_get_message (self->item);

  show_classes (self, message);
  show_separators (self, message);
  show_header (self, message);
  show_text (self, message);
  show_state (self, message);
  show_name (self, message);
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
      ahoy_message_row_set_item (AHOY_MESSAGE_ROW (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_message_row_dispose (GObject *object)
{
  ahoy_message_row_set_item (AHOY_MESSAGE_ROW (object), NULL);
  g_clear_object (&AHOY_MESSAGE_ROW (object)->watch);
  gtk_widget_dispose_template (GTK_WIDGET (object), AHOY_TYPE_MESSAGE_ROW);

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

  gtk_widget_class_set_css_name (widget_class, "message");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-message-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, day);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, unread);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, line);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, block);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, header);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, from);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, lock);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, privacy);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, time);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, text);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, state);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, state_word);
  gtk_widget_class_bind_template_child (widget_class, AhoyMessageRow, state_icon);
  gtk_widget_class_bind_template_callback (widget_class, on_activate_link);
}

static void
ahoy_message_row_init (AhoyMessageRow *self)
{
  self->watch = g_signal_group_new (AHOY_TYPE_TIMELINE_ITEM);
  g_signal_group_connect_swapped (self->watch, "changed", G_CALLBACK (update), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

AhoyTimelineItem *
ahoy_message_row_get_item (AhoyMessageRow *self)
{
  g_return_val_if_fail (AHOY_IS_MESSAGE_ROW (self), NULL);

  return self->item;
}

void
ahoy_message_row_set_item (AhoyMessageRow   *self,
                           AhoyTimelineItem *item)
{
  g_return_if_fail (AHOY_IS_MESSAGE_ROW (self));
  g_return_if_fail (item == NULL || AHOY_IS_TIMELINE_ITEM (item));

  if (self->item == item)
    return;

  g_set_object (&self->item, item);
  if (item != NULL)
    {
      update (self);
    }
  if (self->watch != NULL)
    g_signal_group_set_target (self->watch, item);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}
