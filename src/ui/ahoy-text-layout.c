/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The layout round a wrapping label.
 *
 * GtkLabel of GTK 4.8 gives one least width when it is asked without a height, and another, larger one when it is asked for the width at
 * some height. A box that puts a label beside something asks both ways, finds that they do not agree, and complains. Here the answer is always
 * the first: a label that wraps anywhere is right at that width, it only grows taller. */

#include "ui/ahoy-text-layout.h"

struct _AhoyTextLayout {
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (AhoyTextLayout, ahoy_text_layout, GTK_TYPE_LAYOUT_MANAGER)

static GtkSizeRequestMode
ahoy_text_layout_get_request_mode (GtkLayoutManager *layout,
                                   GtkWidget        *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
ahoy_text_layout_measure (GtkLayoutManager *layout,
                          GtkWidget        *widget,
                          GtkOrientation    orientation,
                          int               for_size,
                          int              *minimum,
                          int              *natural,
                          int              *minimum_baseline,
                          int              *natural_baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  if (child == NULL)
    return;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    for_size = -1;
  gtk_widget_measure (child, orientation, for_size, minimum, natural, minimum_baseline, natural_baseline);
}

static void
ahoy_text_layout_allocate (GtkLayoutManager *layout,
                           GtkWidget        *widget,
                           int               width,
                           int               height,
                           int               baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  if (child != NULL)
    gtk_widget_allocate (child, width, height, baseline, NULL);
}

static void
ahoy_text_layout_class_init (AhoyTextLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = ahoy_text_layout_get_request_mode;
  layout_class->measure = ahoy_text_layout_measure;
  layout_class->allocate = ahoy_text_layout_allocate;
}

static void
ahoy_text_layout_init (AhoyTextLayout *self)
{
}
