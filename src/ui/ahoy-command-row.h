/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A line for a terminal, to be selected or copied. Properties "title" (for which program; AdwPreferencesRow's), "command". */

#define AHOY_TYPE_COMMAND_ROW (ahoy_command_row_get_type ())
G_DECLARE_FINAL_TYPE (AhoyCommandRow, ahoy_command_row, AHOY, COMMAND_ROW, AdwPreferencesRow)

/* NULL hides the row. */
void ahoy_command_row_set_command (AhoyCommandRow *self,
                                   const char     *command);

G_END_DECLS
