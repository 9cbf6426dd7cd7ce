/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ui/ahoy-chat-bin.h"

G_BEGIN_DECLS

/* A thin bar while you are away, with the way back. Property "chat" AhoyChat or NULL. */

#define AHOY_TYPE_AWAY_BAR (ahoy_away_bar_get_type ())
G_DECLARE_FINAL_TYPE (AhoyAwayBar, ahoy_away_bar, AHOY, AWAY_BAR, AhoyChatBin)

G_END_DECLS
