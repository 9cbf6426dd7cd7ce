/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ui/ahoy-chat-bin.h"

G_BEGIN_DECLS

/* Says, quietly and as long as it is so, that the server takes only so many messages at a time. Stands beside the typing line, and takes no room of its
 * own, so that the messages do not jump. */

#define AHOY_TYPE_PACE_LINE (ahoy_pace_line_get_type ())
G_DECLARE_FINAL_TYPE (AhoyPaceLine, ahoy_pace_line, AHOY, PACE_LINE, AhoyChatBin)

G_END_DECLS
