/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Has older messages loaded when they are about to be wanted.
 *
 * The adjustment changes in the middle of a layout, and while a list is being opened it passes the top on its way to the end. So it is looked at in the
 * frame after, and not as long as the list is kept at its end, unless everything there is fits into the window. */

#include "ui/ahoy-older-loader.h"

struct _AhoyOlderLoader {
  GObject parent_instance;

  /* Owned */
  AhoyConversation *conversation;
  GSignalGroup     *older; /* of the conversation */
  GSignalGroup     *adjustment;
  GSignalGroup     *mapping;   /* of the scrolled window */
  GSignalGroup     *following; /* of the follower */
  guint             tick;

  /* Borrowed */
  GtkScrolledWindow *scrolled;
  AhoyFollower      *follower;
};

G_DEFINE_FINAL_TYPE (AhoyOlderLoader, ahoy_older_loader, G_TYPE_OBJECT)

enum {
  PROP_SCROLLED = 1,
  PROP_FOLLOWER,
  PROP_CONVERSATION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
is_near_top (AhoyOlderLoader *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  double         page = gtk_adjustment_get_page_size (adjustment);
  double         above = gtk_adjustment_get_value (adjustment) - gtk_adjustment_get_lower (adjustment);
  double         all = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_lower (adjustment);

  if (all <= page)
    return TRUE;

  return above < page && !ahoy_follower_get_following (self->follower);
}

static gboolean
on_tick (GtkWidget     *scrolled,
         GdkFrameClock *clock,
         gpointer       data)
{
  AhoyOlderLoader *self = data;

  self->tick = 0;
  if (self->conversation != NULL && self->follower != NULL && is_near_top (self))
    ahoy_conversation_load_older (self->conversation);

  return G_SOURCE_REMOVE;
}

static void
look_soon (AhoyOlderLoader *self)
{
  gboolean may_ask = self->conversation != NULL && ahoy_conversation_get_has_older (self->conversation) &&
                     !ahoy_conversation_get_loading_older (self->conversation);

  if (may_ask && self->tick == 0 && self->scrolled != NULL && gtk_widget_get_mapped (GTK_WIDGET (self->scrolled)))
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self->scrolled), on_tick, self, NULL);
}

/* At the very top nothing moves any more, but who goes on scrolling wants more: the last attempt may have come to nothing. */
static gboolean
on_scroll (AhoyOlderLoader *self,
           double           dx,
           double           dy)
{
  if (dy < 0)
    look_soon (self);

  return GDK_EVENT_PROPAGATE;
}

static void
set_conversation (AhoyOlderLoader  *self,
                  AhoyConversation *conversation)
{
  if (!g_set_object (&self->conversation, conversation))
    return;

  g_signal_group_set_target (self->older, conversation);
  look_soon (self);
}

static void
ahoy_older_loader_constructed (GObject *object)
{
  AhoyOlderLoader    *self = AHOY_OLDER_LOADER (object);
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  G_OBJECT_CLASS (ahoy_older_loader_parent_class)->constructed (object);

  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect_object (scroll, "scroll", G_CALLBACK (on_scroll), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->scrolled), scroll);
  g_signal_group_set_target (self->mapping, self->scrolled);
  g_signal_group_set_target (self->adjustment, gtk_scrolled_window_get_vadjustment (self->scrolled));
  g_signal_group_set_target (self->following, self->follower);
}

static void
ahoy_older_loader_set_property (GObject      *object,
                                guint         id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  AhoyOlderLoader *self = AHOY_OLDER_LOADER (object);

  switch (id)
    {
    case PROP_SCROLLED:
      g_set_weak_pointer (&self->scrolled, g_value_get_object (value));
      break;
    case PROP_FOLLOWER:
      g_set_weak_pointer (&self->follower, g_value_get_object (value));
      break;
    case PROP_CONVERSATION:
      set_conversation (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_older_loader_dispose (GObject *object)
{
  AhoyOlderLoader *self = AHOY_OLDER_LOADER (object);

  if (self->tick != 0 && self->scrolled != NULL)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->scrolled), self->tick);
  self->tick = 0;
  g_clear_object (&self->older);
  g_clear_object (&self->adjustment);
  g_clear_object (&self->mapping);
  g_clear_object (&self->following);
  g_clear_object (&self->conversation);
  g_clear_weak_pointer (&self->scrolled);
  g_clear_weak_pointer (&self->follower);

  G_OBJECT_CLASS (ahoy_older_loader_parent_class)->dispose (object);
}

static void
ahoy_older_loader_class_init (AhoyOlderLoaderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = ahoy_older_loader_constructed;
  object_class->set_property = ahoy_older_loader_set_property;
  object_class->dispose = ahoy_older_loader_dispose;

  properties[PROP_SCROLLED] = g_param_spec_object ("scrolled", NULL, NULL, GTK_TYPE_SCROLLED_WINDOW,
                                                   G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FOLLOWER] = g_param_spec_object ("follower", NULL, NULL, AHOY_TYPE_FOLLOWER,
                                                   G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                       G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ahoy_older_loader_init (AhoyOlderLoader *self)
{
  self->older = g_signal_group_new (AHOY_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->older, "notify::has-older", G_CALLBACK (look_soon), self);
  self->adjustment = g_signal_group_new (GTK_TYPE_ADJUSTMENT);
  g_signal_group_connect_swapped (self->adjustment, "value-changed", G_CALLBACK (look_soon), self);
  g_signal_group_connect_swapped (self->adjustment, "changed", G_CALLBACK (look_soon), self);
  self->mapping = g_signal_group_new (GTK_TYPE_WIDGET);
  g_signal_group_connect_data (self->mapping, "map", G_CALLBACK (look_soon), self, NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  self->following = g_signal_group_new (AHOY_TYPE_FOLLOWER);
  g_signal_group_connect_swapped (self->following, "notify::following", G_CALLBACK (look_soon), self);
}
