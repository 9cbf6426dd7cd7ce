/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ui/ahoy-chat-bin.h"

G_BEGIN_DECLS

/* State 7: a thin bar that says that the connection is lost and when it is tried again; not there otherwise. Property "chat" (AhoyChat,
 * read-write). Its button activates win.retry-now. */

#define AHOY_TYPE_CONNECTION_BAR (ahoy_connection_bar_get_type ())
G_DECLARE_FINAL_TYPE (AhoyConnectionBar, ahoy_connection_bar, AHOY, CONNECTION_BAR, AhoyChatBin)

G_END_DECLS
