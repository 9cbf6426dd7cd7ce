/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Keeps a list of AhoyMessageRow at its end for as long as the reader is there. The only place that scrolls.
 *
 * Properties: "view" GtkListView and "scrolled" GtkScrolledWindow round it (construct only, not held), "following" (notify: the end is in sight and kept
 * there). */

#define AHOY_TYPE_FOLLOWER (ahoy_follower_get_type ())
G_DECLARE_FINAL_TYPE (AhoyFollower, ahoy_follower, AHOY, FOLLOWER, GObject)

gboolean ahoy_follower_get_following (AhoyFollower *self);
/* The list has changed: call after every change of the model. */
void ahoy_follower_list_changed (AhoyFollower *self);
/* Goes to the end and stays. */
void ahoy_follower_go_to_end (AhoyFollower *self);
/* Brings @position into sight; follows on only if the end is in sight then, too. */
void ahoy_follower_show (AhoyFollower *self,
                         guint         position);
/* The list has another content. Goes to the end, but not past @position: that is left at the top. G_MAXUINT: just to the end. */
void ahoy_follower_open (AhoyFollower *self,
                         guint         position);

G_END_DECLS
