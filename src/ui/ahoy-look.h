/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What the .ui file of a widget can bind only by way of another object. In GTK 4.8 <accessibility> takes only fixed words, a list row has no name of its
 * own, and bindings of a template's own properties are taken down in the wrong order. It lives as long as the widget.
 *
 * Properties (write-only): "widget" (GtkWidget, set once). For assistive technologies: "label", "description" and "placeholder" (strings; NULL: none), "invalid" (boolean), and "of-row"
 * (they are for the list row that the widget stands in). The widget's own, of the same name: "css-classes", "subtitle", "title", "tooltip-text", "visible". */

#define AHOY_TYPE_LOOK (ahoy_look_get_type ())
G_DECLARE_FINAL_TYPE (AhoyLook, ahoy_look, AHOY, LOOK, GObject)

G_END_DECLS
