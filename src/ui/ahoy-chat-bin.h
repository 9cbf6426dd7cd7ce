/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

#include "core/chat/ahoy-chat.h"

G_BEGIN_DECLS

/* What the widgets that show something of a chat have in common. Property "chat" (AhoyChat or NULL; read-write; notify). */

#define AHOY_TYPE_CHAT_BIN (ahoy_chat_bin_get_type ())
G_DECLARE_DERIVABLE_TYPE (AhoyChatBin, ahoy_chat_bin, AHOY, CHAT_BIN, AdwBin)

struct _AhoyChatBinClass {
  AdwBinClass parent_class;

  /* Another chat is there, or none any more. Nullable. */
  void (*chat_changed) (AhoyChatBin *self);
};

/* Returns: (transfer none) (nullable). */
AhoyChat *ahoy_chat_bin_get_chat (AhoyChatBin *self);

/* To be called in init. From then on @callback is called with @self, and what the signal brings, when the chat emits @signal ("notify::state"): whichever
 * chat there is, and none once @self is disposed of. */
void ahoy_chat_bin_follow (AhoyChatBin *self,
                           const char  *signal,
                           GCallback    callback);

G_END_DECLS
