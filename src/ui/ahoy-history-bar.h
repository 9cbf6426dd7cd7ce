/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A thin bar when what is said cannot be kept on this computer, until it is closed. Chatting goes on.
 *
 * Property "problem": the sentence; NULL: there is none (notify: closing it does that, too). */

#define AHOY_TYPE_HISTORY_BAR (ahoy_history_bar_get_type ())
G_DECLARE_FINAL_TYPE (AhoyHistoryBar, ahoy_history_bar, AHOY, HISTORY_BAR, AdwBin)

G_END_DECLS
