/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/connector/ahoy-connector.h"

G_BEGIN_DECLS

/* Some, perhaps: who is not in their own chat does not see who is. */
#define AHOY_STOP_HOSTING_UNKNOWN G_MAXUINT

/* How many other people would lose their chat if the server hosted here stopped; 0 also when none is hosted. Or UNKNOWN. */
guint ahoy_stop_hosting_count_others (AhoyConnector *connector);

typedef enum {
  AHOY_STOP_HOSTING_CANCEL, /* do nothing of what was asked for */
  AHOY_STOP_HOSTING_KEEP,   /* go on with it, without stopping the server */
  AHOY_STOP_HOSTING_STOP,
} AhoyStopHostingAnswer;

typedef void (*AhoyStopHostingAnswered) (AhoyStopHostingAnswer answer,
                                         gpointer              data);

/* Asks once. @can_keep: whether the server could go on (not when the program quits).
 * @answered is called once, unless @parent is destroyed first; @data is borrowed and must live as long as @parent. */
void ahoy_stop_hosting_ask (GtkWindow              *parent,
                            guint                   n_others,
                            gboolean                can_keep,
                            AhoyStopHostingAnswered answered,
                            gpointer                data);

G_END_DECLS
