/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The feature "typing": what AhoyTyping has to do with a chat. */

#include "core/features/ahoy-features.h"
#include "core/features/ahoy-typing.h"

static const AhoyTypingTiming usual = { .every = 3000, .lasts = 6000 };

typedef struct {
  /* Owned */
  AhoyTyping *typing;

  /* Borrowed */
  const AhoyChatParts *chat;
} Typing;

static void
on_send (const AhoyPacket *packet,
         gpointer          data)
{
  const Typing *self = data;

  ahoy_connection_send (self->chat->connection, packet);
}

static gpointer
start (const AhoyChatParts *chat,
       gconstpointer        options)
{
  Typing *self = g_new0 (Typing, 1);

  self->chat = chat;
  self->typing = ahoy_typing_new (chat->roster, options ? options : &usual, on_send, self);
  return self;
}

static void
stop (gpointer data)
{
  Typing *self = data;

  ahoy_typing_free (self->typing);
  g_free (self);
}

static void
wish (AhoyConversation *conversation,
      const char       *text,
      gpointer          data)
{
  const Typing *self = data;

  if (ahoy_chat_parts_is_extended (self->chat))
    ahoy_typing_write (self->typing, conversation, g_get_monotonic_time ());
}

static void
on_typing (const AhoyPacket *packet,
           gpointer          data)
{
  const Typing *self = data;

  if (ahoy_chat_parts_is_extended (self->chat))
    ahoy_typing_take (self->typing, packet);
}

static void
said (AhoyConversation        *where,
      const AhoyStoredMessage *stored,
      gpointer                 data)
{
  ahoy_typing_note_said (((Typing *) data)->typing, where, stored->from);
}

static void
offline (gpointer data)
{
  ahoy_typing_go_offline (((Typing *) data)->typing);
}

static const AhoyFeatureVerb verbs[] = {
  { AHOY_PACKET_TYPING, on_typing },
};

const AhoyFeature ahoy_typing = {
  .name = "typing",
  .verbs = verbs,
  .n_verbs = G_N_ELEMENTS (verbs),
  .start = start,
  .stop = stop,
  .wish = wish,
  .closed = offline,
  .said = said,
  .offline = offline,
};
