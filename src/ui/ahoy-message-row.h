/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "ui/ahoy-timeline-item.h"

G_BEGIN_DECLS

/* One message as it is shown in AhoyTimeline. It names its list row for screen readers.
 *
 * Properties (notify): "item" AhoyTimelineItem or NULL. */

#define AHOY_TYPE_MESSAGE_ROW (ahoy_message_row_get_type ())
G_DECLARE_FINAL_TYPE (AhoyMessageRow, ahoy_message_row, AHOY, MESSAGE_ROW, GtkWidget)

AhoyTimelineItem *ahoy_message_row_get_item (AhoyMessageRow *self);

G_END_DECLS
