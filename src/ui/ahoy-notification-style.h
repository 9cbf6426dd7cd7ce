/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How the body of a notification must be written to be read as it was said. GNotification's body is plain text, and so it is for a portal and for
 * GNOME's own service; but to every other service GLib hands it as it is, and one that says "body-markup" reads tags in it. */

typedef struct _AhoyNotificationStyle AhoyNotificationStyle;

/* Called when the style is known. */
typedef void (*AhoyNotificationStyleKnown) (gpointer data);

/* @app: registered (borrowed). */
AhoyNotificationStyle *ahoy_notification_style_new (GApplication              *app,
                                                    AhoyNotificationStyleKnown known,
                                                    gpointer                   data);
void                   ahoy_notification_style_free (AhoyNotificationStyle *self);

/* Returns: FALSE when the service must be asked first: @known is called, soon, whatever it answers. A service that takes the place of
 * another is asked again. */
gboolean ahoy_notification_style_ask (AhoyNotificationStyle *self);
/* Returns: (transfer full): @text for the body. A service that does not say what it reads is taken to read tags. */
char *ahoy_notification_style_write (AhoyNotificationStyle *self,
                                     const char            *text);

/* Returns: (transfer full): @text without what turns it or its neighbours round. */
char *ahoy_notification_drop_turns (const char *text);
/* Returns: (transfer full): @name for the middle of a sentence, which goes on in its own direction. */
char *ahoy_notification_isolate (const char *name);

G_END_DECLS
