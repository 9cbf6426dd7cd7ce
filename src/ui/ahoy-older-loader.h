/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-conversation.h"
#include "ui/ahoy-follower.h"

G_BEGIN_DECLS

/* Asks a conversation for older messages when the reader comes near the top of those that are there, once at a time. Scrolls nothing: a list keeps the
 * visible row where it is when others come in above it.
 *
 * Properties: "scrolled" GtkScrolledWindow and "follower" AhoyFollower (construct only, not held), "conversation" AhoyConversation or NULL. */

#define AHOY_TYPE_OLDER_LOADER (ahoy_older_loader_get_type ())
G_DECLARE_FINAL_TYPE (AhoyOlderLoader, ahoy_older_loader, AHOY, OLDER_LOADER, GObject)

G_END_DECLS
