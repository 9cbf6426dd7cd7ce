/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Keeps a list at its end for as long as the reader is there.
 *
 * GtkListView only estimates the heights of rows that it has not laid out, so its adjustment is never written here: that hides the newest row every
 * other time. The list's own action "list.scroll-to-item" is right once the rows are laid out, hence once at the change and again in the next frames.
 *
 * "There" is geometry: the last row's bottom is inside the viewport. It is looked at only after the reader did something (wheel, key, press, touch),
 * two frames later when that has taken effect, and as long as it may go on by itself, because the adjustment also moves when rows are measured. Until
 * then nothing is scrolled, and what counts is the row that was the last one when the reader did it: what has arrived since is not held against them. */

#include "ui/ahoy-follower.h"

#include "ui/ahoy-message-row.h"

/* Frames until a scroll or a change has settled. */
#define SETTLE_FRAMES 2
/* Frames in which what the reader did may still move the list: paging is animated. */
#define AFTERMATH_FRAMES 30

struct _AhoyFollower {
  GObject parent_instance;

  /* Owned */
  GSignalGroup *adjustment;
  gboolean      following;
  gboolean      held;          /* a button or finger is down in the list */
  guint         scroll_frames; /* frames in which to scroll to the end once more */
  guint         look_frames;   /* frames until looking where the reader is; 0: not about to */
  guint         open_position; /* to bring into sight after the end was reached; G_MAXUINT: none */
  gpointer      last;          /* the item that was the last when the reader did something; NULL: whichever is the last now */
  guint         aftermath;     /* frames in which @last counts, and any movement may be the reader's */
  guint         tick;

  /* Borrowed */
  GtkListView       *view;
  GtkScrolledWindow *scrolled;
};

G_DEFINE_FINAL_TYPE (AhoyFollower, ahoy_follower, G_TYPE_OBJECT)

enum {
  PROP_VIEW = 1,
  PROP_SCROLLED,
  PROP_FOLLOWING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static guint
count (AhoyFollower *self)
{
  GtkSelectionModel *model = self->view != NULL ? gtk_list_view_get_model (self->view) : NULL;

  return model != NULL ? g_list_model_get_n_items (G_LIST_MODEL (model)) : 0;
}

static gpointer
dup_last_item (AhoyFollower *self)
{
  guint n = count (self);

  return n > 0 ? g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->view)), n - 1) : NULL;
}

static void
scroll_to (AhoyFollower *self,
           guint         position)
{
  if (position < count (self))
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", position);
}

static void
scroll_to_end (AhoyFollower *self)
{
  scroll_to (self, count (self) - 1);
}

static void
set_following (AhoyFollower *self,
               gboolean      following)
{
  if (self->following == following)
    return;

  self->following = following;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOWING]);
}

/* Whether the bottom of the row that shows @item is inside the viewport. */
static gboolean
shows_bottom_of (AhoyFollower *self,
                 gpointer      item)
{
  GtkWidget *view = GTK_WIDGET (self->view);

  for (GtkWidget *child = gtk_widget_get_last_child (view); child != NULL; child = gtk_widget_get_prev_sibling (child))
    {
      GtkWidget      *row = gtk_widget_get_first_child (child);
      graphene_rect_t bounds;

      if (!AHOY_IS_MESSAGE_ROW (row) || (gpointer) ahoy_message_row_get_item (AHOY_MESSAGE_ROW (row)) != item)
        continue;

      /* A row out of sight stays where it was allocated last. */
      return gtk_widget_get_child_visible (child) && gtk_widget_compute_bounds (child, view, &bounds) && bounds.origin.y + bounds.size.height <= gtk_widget_get_height (view) + 1.0f;
    }

  return FALSE;
}

static void
look (AhoyFollower *self)
{
  g_autoptr (GObject) last = self->last != NULL ? g_object_ref (self->last) : dup_last_item (self);

  set_following (self, last == NULL || shows_bottom_of (self, last));
  if (self->following)
    ahoy_follower_list_changed (self);
  else
    g_clear_object (&self->last);
}

static gboolean
on_tick (GtkWidget     *view,
         GdkFrameClock *clock,
         gpointer       data)
{
  AhoyFollower *self = data;

  if (self->look_frames > 0 && !self->held && --self->look_frames == 0)
    look (self);

  if (self->scroll_frames > 0 && self->following && self->look_frames == 0)
    {
      scroll_to_end (self);
      if (--self->scroll_frames == 0 && self->open_position != G_MAXUINT)
        {
          guint position = self->open_position;

          self->open_position = G_MAXUINT;
          ahoy_follower_show (self, position);
        }
    }

  if (self->aftermath > 0)
    self->aftermath--;
  if (self->aftermath > 0 || self->look_frames > 0 || (self->scroll_frames > 0 && self->following))
    return G_SOURCE_CONTINUE;

  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
need_tick (AhoyFollower *self)
{
  if (self->tick == 0 && self->view != NULL)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self->view), on_tick, self, NULL);
}

static void
look_soon (AhoyFollower *self)
{
  self->look_frames = SETTLE_FRAMES;
  need_tick (self);
}

/* The list is being moved by somebody else. */
static void
begin_aftermath (AhoyFollower *self)
{
  if (self->following && (self->last == NULL || self->aftermath == 0))
    {
      g_clear_object (&self->last);
      self->last = dup_last_item (self);
    }
  self->aftermath = AFTERMATH_FRAMES;
  look_soon (self);
}

static void
on_touched (AhoyFollower *self)
{
  self->open_position = G_MAXUINT;
  begin_aftermath (self);
}

static gboolean
on_event (AhoyFollower *self,
          GdkEvent     *event)
{
  switch ((int) gdk_event_get_event_type (event))
    {
    case GDK_BUTTON_PRESS:
      self->held = gdk_button_event_get_button (event) == GDK_BUTTON_PRIMARY;
      on_touched (self);
      break;
    case GDK_TOUCH_BEGIN:
      self->held = TRUE;
      on_touched (self);
      break;
    case GDK_MOTION_NOTIFY:
      /* The release went elsewhere, to a menu perhaps. */
      if ((gdk_event_get_modifier_state (event) & GDK_BUTTON1_MASK) == 0)
        self->held = FALSE;
      break;
    case GDK_BUTTON_RELEASE:
    case GDK_TOUCH_END:
    case GDK_TOUCH_CANCEL:
    case GDK_SCROLL:
    case GDK_KEY_PRESS:
      self->held = FALSE;
      on_touched (self);
      break;
    default:
      break;
    }

  return GDK_EVENT_PROPAGATE;
}

static void
on_value_changed (AhoyFollower *self)
{
  if (!self->following || self->aftermath > 0)
    look_soon (self);
}

/* The window is resized: that moves the end, and the reader did not. */
static void
on_page_size (AhoyFollower *self)
{
  if (self->following && !self->held)
    {
      self->look_frames = 0;
      self->aftermath = 0;
    }
  ahoy_follower_list_changed (self);
}

static void
ahoy_follower_constructed (GObject *object)
{
  AhoyFollower       *self = AHOY_FOLLOWER (object);
  GtkEventController *events = gtk_event_controller_legacy_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  G_OBJECT_CLASS (ahoy_follower_parent_class)->constructed (object);

  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_object (events, "event", G_CALLBACK (on_event), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->scrolled), events);
  g_signal_connect_object (focus, "enter", G_CALLBACK (on_touched), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->scrolled), focus);

  self->adjustment = g_signal_group_new (GTK_TYPE_ADJUSTMENT);
  g_signal_group_connect_swapped (self->adjustment, "value-changed", G_CALLBACK (on_value_changed), self);
  g_signal_group_connect_swapped (self->adjustment, "notify::upper", G_CALLBACK (ahoy_follower_list_changed), self);
  g_signal_group_connect_swapped (self->adjustment, "notify::page-size", G_CALLBACK (on_page_size), self);
  g_signal_group_set_target (self->adjustment, gtk_scrolled_window_get_vadjustment (self->scrolled));
}

static void
ahoy_follower_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  AhoyFollower *self = AHOY_FOLLOWER (object);

  switch (id)
    {
    case PROP_FOLLOWING:
      g_value_set_boolean (value, self->following);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_follower_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  AhoyFollower *self = AHOY_FOLLOWER (object);

  switch (id)
    {
    case PROP_VIEW:
      g_set_weak_pointer (&self->view, g_value_get_object (value));
      break;
    case PROP_SCROLLED:
      g_set_weak_pointer (&self->scrolled, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_follower_dispose (GObject *object)
{
  AhoyFollower *self = AHOY_FOLLOWER (object);

  g_clear_object (&self->adjustment);
  if (self->tick != 0 && self->view != NULL)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->view), self->tick);
  self->tick = 0;
  g_clear_object (&self->last);
  g_clear_weak_pointer (&self->view);
  g_clear_weak_pointer (&self->scrolled);

  G_OBJECT_CLASS (ahoy_follower_parent_class)->dispose (object);
}

static void
ahoy_follower_class_init (AhoyFollowerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = ahoy_follower_constructed;
  object_class->get_property = ahoy_follower_get_property;
  object_class->set_property = ahoy_follower_set_property;
  object_class->dispose = ahoy_follower_dispose;

  properties[PROP_VIEW] = g_param_spec_object ("view", NULL, NULL, GTK_TYPE_LIST_VIEW,
                                               G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SCROLLED] = g_param_spec_object ("scrolled", NULL, NULL, GTK_TYPE_SCROLLED_WINDOW,
                                                   G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FOLLOWING] = g_param_spec_boolean ("following", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ahoy_follower_init (AhoyFollower *self)
{
  self->following = TRUE;
  self->open_position = G_MAXUINT;
}

gboolean
ahoy_follower_get_following (AhoyFollower *self)
{
  g_return_val_if_fail (AHOY_IS_FOLLOWER (self), FALSE);

  return self->following;
}

void
ahoy_follower_list_changed (AhoyFollower *self)
{
  g_return_if_fail (AHOY_IS_FOLLOWER (self));

  if (!self->following)
    return;

  if (self->look_frames == 0 && !self->held)
    scroll_to_end (self);
  self->scroll_frames = SETTLE_FRAMES;
  need_tick (self);
}

void
ahoy_follower_go_to_end (AhoyFollower *self)
{
  g_return_if_fail (AHOY_IS_FOLLOWER (self));

  ahoy_follower_open (self, G_MAXUINT);
}

void
ahoy_follower_show (AhoyFollower *self,
                    guint         position)
{
  g_return_if_fail (AHOY_IS_FOLLOWER (self));

  begin_aftermath (self);
  scroll_to (self, position);
}

void
ahoy_follower_open (AhoyFollower *self,
                    guint         position)
{
  g_return_if_fail (AHOY_IS_FOLLOWER (self));

  self->held = FALSE;
  self->look_frames = 0;
  self->aftermath = 0;
  g_clear_object (&self->last);
  self->open_position = position;
  set_following (self, TRUE);
  ahoy_follower_list_changed (self);
}
