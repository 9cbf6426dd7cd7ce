/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The message pane: list, following, choosing and copying. */

#include "ui/ahoy-timeline.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/ahoy-closures.h"
#include "ui/ahoy-follower.h"
#include "ui/ahoy-look.h"
#include "ui/ahoy-message-row.h"
#include "ui/ahoy-older-loader.h"
#include "ui/ahoy-sentences.h"
#include "ui/ahoy-text-window.h"
#include "ui/ahoy-timeline-model.h"

/* A trickle is shown in the next frame. More than TRICKLE rows in a PERIOD (microseconds) come in one piece each PERIOD. */
#define PERIOD (G_USEC_PER_SEC / 5)
#define TRICKLE 10

struct _AhoyTimeline {
  GtkWidget parent_instance;

  /* Template */
  GtkWidget         *overlay;
  GtkWidget         *scrolled;
  GtkListView       *view;
  GtkSelectionModel *selection;
  AhoyTimelineModel *model;
  AhoyFollower      *follower;
  AhoyOlderLoader   *older_loader;
  GMenuModel        *row_menu;
  GtkWidget         *loading;
  GtkWidget         *older_failed;
  GtkWidget         *empty;

  /* Owned */
  GtkWidget *popover;
  guint      n_new;
  guint      tick;
  gint64     period_start;
  guint      period_rows;
};

G_DEFINE_FINAL_TYPE (AhoyTimeline, ahoy_timeline, GTK_TYPE_WIDGET)

enum {
  PROP_CONVERSATION = 1,
  PROP_FOLLOWING,
  PROP_N_NEW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* How many there are below. */

static void
set_n_new (AhoyTimeline *self,
           guint         n_new)
{
  if (self->n_new == n_new)
    return;

  self->n_new = n_new;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_NEW]);
}

static void
on_following (AhoyTimeline *self)
{
  AhoyConversation *conversation = ahoy_timeline_get_conversation (self);
  gboolean          following = ahoy_follower_get_following (self->follower);

  if (following)
    set_n_new (self, 0);
  /* What one reads must not be dropped. */
  if (conversation != NULL)
    ahoy_conversation_set_held (conversation, !following);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "timeline.newest", !ahoy_follower_get_following (self->follower));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOWING]);
}

/* What came in. */

static void
open_at_first_unread (AhoyTimeline *self)
{
  AhoyConversation *conversation = ahoy_timeline_get_conversation (self);
  AhoyMessage      *first_unread = conversation != NULL ? ahoy_conversation_get_first_unread (conversation) : NULL;

  ahoy_follower_open (self->follower, ahoy_timeline_model_find (self->model, first_unread));
}

/* Whether nothing but what waits to be sent is below @position. */
static gboolean
is_newest (AhoyTimeline *self,
           guint         position)
{
  AhoyMessage *below = ahoy_timeline_model_peek_message (self->model, position + 1);

  return below == NULL || ahoy_message_get_state (below) == AHOY_MESSAGE_WAITING;
}

static void
count_new (AhoyTimeline *self,
           guint         position,
           guint         added)
{
  guint n_new = self->n_new;

  for (guint i = position; i < position + added; i++)
    {
      AhoyMessage *message = ahoy_timeline_model_peek_message (self->model, i);

      if (!ahoy_message_is_own (message) && ahoy_sentence_is_talk (message))
        n_new++;
    }

  set_n_new (self, n_new);
}

static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       data)
{
  AhoyTimeline *self = AHOY_TIMELINE (widget);
  guint         pending = ahoy_timeline_model_get_pending (self->model);
  gint64        now = gdk_frame_clock_get_frame_time (clock);

  if (now - self->period_start >= PERIOD)
    {
      self->period_start = now;
      self->period_rows = 0;
    }
  if (self->period_rows > 0 && self->period_rows + pending > TRICKLE)
    return G_SOURCE_CONTINUE;

  self->period_rows += pending;
  self->tick = 0;
  ahoy_timeline_model_check_day (self->model);
  ahoy_timeline_model_flush (self->model);

  return G_SOURCE_REMOVE;
}

static void
on_pending (AhoyTimeline *self)
{
  if (self->tick == 0 && ahoy_timeline_model_get_pending (self->model) > 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

static void
on_items_changed (AhoyTimeline *self,
                  guint         position,
                  guint         removed,
                  guint         added)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  gtk_widget_set_visible (self->empty, n == 0);
  if (added == n)
    {
      open_at_first_unread (self);
      return;
    }

  /* What comes in further up is older. */
  if (added > 0 && is_newest (self, position + added - 1) && !ahoy_follower_get_following (self->follower))
    count_new (self, position, added);
  ahoy_follower_list_changed (self->follower);
}

/* Choosing and copying. */

static char *
dup_chosen_text (AhoyTimeline *self)
{
  g_autoptr (GtkBitset) chosen = gtk_selection_model_get_selection (self->selection);
  GtkBitsetIter         iter;
  guint                 position;
  GString              *text = g_string_new (NULL);

  if (gtk_bitset_get_size (chosen) == 1)
    {
      AhoyMessage     *message = ahoy_timeline_model_peek_message (self->model, gtk_bitset_get_minimum (chosen));
      g_autofree char *body = ahoy_sentence_body (message);

      return g_string_free (g_string_append (text, body), FALSE);
    }

  for (gboolean valid = gtk_bitset_iter_init_first (&iter, chosen, &position); valid; valid = gtk_bitset_iter_next (&iter, &position))
    {
      g_autofree char *line = ahoy_sentence_message (ahoy_timeline_model_peek_message (self->model, position));

      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, line);
    }

  return g_string_free (text, FALSE);
}

static void
on_selection_changed (AhoyTimeline *self)
{
  g_autoptr (GtkBitset) chosen = gtk_selection_model_get_selection (self->selection);
  gboolean              any = !gtk_bitset_is_empty (chosen);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "timeline.copy", any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "timeline.select-text", any);
}

static void
copy (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  g_autofree char *text = dup_chosen_text (AHOY_TIMELINE (widget));

  if (text[0] != '\0')
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
select_text (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  g_autofree char *text = dup_chosen_text (AHOY_TIMELINE (widget));
  GtkRoot         *root = gtk_widget_get_root (widget);
  GtkWidget       *window = ahoy_text_window_new (text);

  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  gtk_window_present (GTK_WINDOW (window));
}

static void
newest (GtkWidget  *widget,
        const char *action,
        GVariant   *parameter)
{
  ahoy_timeline_go_to_newest (AHOY_TIMELINE (widget));
}

static void
load_older (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  AhoyConversation *conversation = ahoy_timeline_get_conversation (AHOY_TIMELINE (widget));

  if (conversation != NULL)
    ahoy_conversation_load_older (conversation);
}

/* The menu of a row. */

static AhoyMessageRow *
row_of (GtkWidget *widget)
{
  GtkWidget *child = widget != NULL ? gtk_widget_get_first_child (widget) : NULL;

  /* @widget: the list's own row round ours, which has the focus; or anything inside ours. */
  if (AHOY_IS_MESSAGE_ROW (child))
    return AHOY_MESSAGE_ROW (child);

  return widget != NULL ? AHOY_MESSAGE_ROW (gtk_widget_get_ancestor (widget, AHOY_TYPE_MESSAGE_ROW)) : NULL;
}

static void
popup (AhoyTimeline   *self,
       AhoyMessageRow *row,
       double          x,
       double          y)
{
  guint position = ahoy_timeline_model_find (self->model, ahoy_timeline_item_get_message (ahoy_message_row_get_item (row)));

  if (position == G_MAXUINT)
    return;
  if (!gtk_selection_model_is_selected (self->selection, position))
    gtk_selection_model_select_item (self->selection, position, TRUE);

  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &(GdkRectangle){ x, y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
on_secondary_pressed (GtkGestureClick *gesture,
                      int              n_press,
                      double           x,
                      double           y,
                      AhoyTimeline    *self)
{
  GtkWidget      *picked = gtk_widget_pick (GTK_WIDGET (self->view), x, y, GTK_PICK_DEFAULT);
  AhoyMessageRow *row = row_of (picked);
  double          at_x, at_y;

  /* A link has a menu of its own. */
  if (row == NULL || (GTK_IS_LABEL (picked) && gtk_label_get_current_uri (GTK_LABEL (picked)) != NULL))
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_translate_coordinates (GTK_WIDGET (self->view), GTK_WIDGET (self), x, y, &at_x, &at_y);
  popup (self, row, at_x, at_y);
}

static void
menu (GtkWidget  *widget,
      const char *action,
      GVariant   *parameter)
{
  AhoyTimeline   *self = AHOY_TIMELINE (widget);
  GtkRoot        *root = gtk_widget_get_root (widget);
  GtkWidget      *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  AhoyMessageRow *row = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->view)) ? row_of (focus) : NULL;
  graphene_rect_t bounds;

  if (row != NULL && gtk_widget_compute_bounds (GTK_WIDGET (row), widget, &bounds))
    popup (self, row, bounds.origin.x + 24, bounds.origin.y + bounds.size.height / 2);
}

static void
ahoy_timeline_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ahoy_timeline_parent_class)->map (widget);

  ahoy_timeline_model_check_day (AHOY_TIMELINE (widget)->model);
}

static gboolean
ahoy_timeline_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (AHOY_TIMELINE (widget)->view));
}

static void
ahoy_timeline_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  AhoyTimeline *self = AHOY_TIMELINE (object);

  switch (id)
    {
    case PROP_CONVERSATION:
      g_value_set_object (value, ahoy_timeline_get_conversation (self));
      break;
    case PROP_FOLLOWING:
      g_value_set_boolean (value, self->follower == NULL || ahoy_follower_get_following (self->follower));
      break;
    case PROP_N_NEW:
      g_value_set_uint (value, self->n_new);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_timeline_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_CONVERSATION:
      ahoy_timeline_set_conversation (AHOY_TIMELINE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_timeline_dispose (GObject *object)
{
  AhoyTimeline     *self = AHOY_TIMELINE (object);
  AhoyConversation *conversation = ahoy_timeline_get_conversation (self);

  if (conversation != NULL)
    ahoy_conversation_set_held (conversation, FALSE);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), AHOY_TYPE_TIMELINE);

  G_OBJECT_CLASS (ahoy_timeline_parent_class)->dispose (object);
}

static void
ahoy_timeline_class_init (AhoyTimelineClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ahoy_timeline_get_property;
  object_class->set_property = ahoy_timeline_set_property;
  object_class->dispose = ahoy_timeline_dispose;
  widget_class->map = ahoy_timeline_map;
  widget_class->grab_focus = ahoy_timeline_grab_focus;

  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FOLLOWING] = g_param_spec_boolean ("following", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_NEW] = g_param_spec_uint ("n-new", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_FOLLOWER);
  g_type_ensure (AHOY_TYPE_MESSAGE_ROW);
  g_type_ensure (AHOY_TYPE_OLDER_LOADER);
  g_type_ensure (AHOY_TYPE_TIMELINE_MODEL);
  gtk_widget_class_set_css_name (widget_class, "timeline");
  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-timeline.ui");
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_empty);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_newest);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_newest_spoken);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_not);
  gtk_widget_class_bind_template_child (widget_class, AhoyTimeline, overlay);
  gtk_widget_class_bind_template_child (widget_class, AhoyTimeline, scrolled);
  gtk_widget_class_bind_template_child (widget_class, AhoyTimeline, view);
  gtk_widget_class_bind_template_child (widget_class, AhoyTimeline, selection);
  gtk_widget_class_bind_template_child (widget_class, AhoyTimeline, model);
  gtk_widget_class_bind_template_child (widget_class, AhoyTimeline, follower);
  gtk_widget_class_bind_template_child (widget_class, AhoyTimeline, older_loader);
  gtk_widget_class_bind_template_child (widget_class, AhoyTimeline, loading);
  gtk_widget_class_bind_template_child (widget_class, AhoyTimeline, older_failed);
  gtk_widget_class_bind_template_child (widget_class, AhoyTimeline, row_menu);
  gtk_widget_class_bind_template_child (widget_class, AhoyTimeline, empty);
  gtk_widget_class_bind_template_child_full (widget_class, "newest", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "newest_button", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "newest_label", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, on_items_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_pending);
  gtk_widget_class_bind_template_callback (widget_class, on_selection_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_following);
  gtk_widget_class_bind_template_callback (widget_class, on_secondary_pressed);

  gtk_widget_class_install_action (widget_class, "timeline.newest", NULL, newest);
  gtk_widget_class_install_action (widget_class, "timeline.load-older", NULL, load_older);
  gtk_widget_class_install_action (widget_class, "timeline.copy", NULL, copy);
  gtk_widget_class_install_action (widget_class, "timeline.select-text", NULL, select_text);
  gtk_widget_class_install_action (widget_class, "timeline.menu", NULL, menu);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "timeline.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Insert, GDK_CONTROL_MASK, "timeline.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "timeline.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "timeline.menu", NULL);
}

static void
ahoy_timeline_init (AhoyTimeline *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->popover = gtk_popover_menu_new_from_model (self->row_menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));

  on_selection_changed (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "timeline.newest", !ahoy_follower_get_following (self->follower));
}

AhoyConversation *
ahoy_timeline_get_conversation (AhoyTimeline *self)
{
  g_return_val_if_fail (AHOY_IS_TIMELINE (self), NULL);

  return self->model != NULL ? ahoy_timeline_model_get_conversation (self->model) : NULL;
}

void
ahoy_timeline_set_conversation (AhoyTimeline     *self,
                                AhoyConversation *conversation)
{
  AhoyConversation *old;

  g_return_if_fail (AHOY_IS_TIMELINE (self));
  g_return_if_fail (conversation == NULL || AHOY_IS_CONVERSATION (conversation));

  old = ahoy_timeline_model_get_conversation (self->model);
  if (old == conversation)
    return;

  if (old != NULL)
    {
      /* It has been read; the line would be in the way next time. */
      ahoy_conversation_forget_unread (old);
      ahoy_conversation_set_held (old, FALSE);
    }

  gtk_selection_model_unselect_all (self->selection);
  ahoy_timeline_model_set_conversation (self->model, conversation);
  set_n_new (self, 0);
  open_at_first_unread (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

gboolean
ahoy_timeline_go_to_newest (AhoyTimeline *self)
{
  g_return_val_if_fail (AHOY_IS_TIMELINE (self), FALSE);

  if (ahoy_follower_get_following (self->follower))
    return FALSE;

  ahoy_follower_go_to_end (self->follower);

  return TRUE;
}

void
ahoy_timeline_show_message (AhoyTimeline *self,
                            guint         position)
{
  g_return_if_fail (AHOY_IS_TIMELINE (self));

  ahoy_timeline_model_flush (self->model);
  gtk_selection_model_select_item (self->selection, position, TRUE);
  ahoy_follower_show (self->follower, position);
}
