/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* One process: the command line, one connector, at most one window. Two run side by side with different profiles; the same profile twice is
 * the same process, which shows its window. */

#define AHOY_TYPE_APPLICATION (ahoy_application_get_type ())
G_DECLARE_FINAL_TYPE (AhoyApplication, ahoy_application, AHOY, APPLICATION, AdwApplication)

AhoyApplication *ahoy_application_new (void);

G_END_DECLS
