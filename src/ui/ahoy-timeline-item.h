/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-message.h"

G_BEGIN_DECLS

/* A message where it stands: knows the message before it, and so whether it begins a group or a day. Made by AhoyTimelineModel when asked for.
 *
 * Signals:
 *   "changed" (): something a row shows is different now. */

#define AHOY_TYPE_TIMELINE_ITEM (ahoy_timeline_item_get_type ())
G_DECLARE_FINAL_TYPE (AhoyTimelineItem, ahoy_timeline_item, AHOY, TIMELINE_ITEM, GObject)

/* @registry: message -> item, held by the model; the item takes itself out when it dies. */
AhoyTimelineItem *ahoy_timeline_item_new (AhoyMessage *message,
                                          GHashTable  *registry);

AhoyMessage *ahoy_timeline_item_get_message (AhoyTimelineItem *self);
/* Another sender, minute, receiver or kind than the message before it. */
gboolean ahoy_timeline_item_get_starts_group (AhoyTimelineItem *self);
/* Another local day than the message before it, or the first message there is. */
gboolean ahoy_timeline_item_get_starts_day (AhoyTimelineItem *self);
/* The "New messages" line stands above it. */
gboolean ahoy_timeline_item_get_first_unread (AhoyTimelineItem *self);

/* The two setters are for AhoyTimelineModel. @previous: NULL for the first message. */
void ahoy_timeline_item_set_previous (AhoyTimelineItem *self,
                                      AhoyMessage      *previous);
void ahoy_timeline_item_set_first_unread (AhoyTimelineItem *self,
                                          gboolean          first_unread);
/* Today has become another day. */
void ahoy_timeline_item_day_changed (AhoyTimelineItem *self);

G_END_DECLS
