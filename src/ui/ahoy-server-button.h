/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ui/ahoy-chat-bin.h"

G_BEGIN_DECLS

/* Title of the list of people: the name of the chat with a lock, and how many are online. Opens what is known about the server: address, whether it is
 * encrypted, and the four words people can compare. Properties: "chat" (AhoyChat, read-write; notify),
 * "secure" (boolean, read-only; notify): encrypted, the last time it was online. */

#define AHOY_TYPE_SERVER_BUTTON (ahoy_server_button_get_type ())
G_DECLARE_FINAL_TYPE (AhoyServerButton, ahoy_server_button, AHOY, SERVER_BUTTON, AhoyChatBin)

G_END_DECLS
