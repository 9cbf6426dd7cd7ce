/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Lays out one wrapping label, whose least width is the same whatever its height. */

#define AHOY_TYPE_TEXT_LAYOUT (ahoy_text_layout_get_type ())
G_DECLARE_FINAL_TYPE (AhoyTextLayout, ahoy_text_layout, AHOY, TEXT_LAYOUT, GtkLayoutManager)

G_END_DECLS
