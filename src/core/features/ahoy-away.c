/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The feature "away": what people say beside their names. PROTOCOL.md, "Typing and away". */

#include "core/features/ahoy-features.h"

#include <string.h>

#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"
#include "wire/ahoy-blank.h"

typedef struct {
  /* Owned */
  char *text; /* NULL: here */

  /* Borrowed */
  const AhoyChatParts *chat;
} Away;

static gpointer
start (const AhoyChatParts *chat,
       gconstpointer        options)
{
  Away *self = g_new0 (Away, 1);

  self->chat = chat;
  return self;
}

static void
stop (gpointer data)
{
  Away *self = data;

  g_free (self->text);
  g_free (self);
}

/* ---- Ours ---- */

static void
tell (const Away *self)
{
  ahoy_connection_send (self->chat->connection, &(AhoyPacket){ .kind = AHOY_PACKET_AWAY, .text = self->text ? self->text : "" });
}

static void
wish (AhoyConversation *conversation,
      const char       *text,
      gpointer          data)
{
  Away            *self = data;
  g_autofree char *clean = text ? ahoy_message_clean_text (text) : NULL;

  if (clean && ahoy_text_is_blank (g_strchug (clean)))
    g_clear_pointer (&clean, g_free);
  if (g_strcmp0 (self->text, clean) == 0)
    return;
  g_free (self->text);
  self->text = g_steal_pointer (&clean);
  if (ahoy_chat_parts_is_extended (self->chat))
    tell (self);
  g_object_notify (self->chat->chat, ahoy_away.name);
}

static const char *
get (gpointer data)
{
  return ((Away *) data)->text;
}

static void
online (gpointer data)
{
  const Away *self = data;

  if (self->text)
    tell (self);
}

/* ---- Others' ---- */

static void
note (AhoyPerson *person,
      const char *text)
{
  ahoy_person_set_away (person, ahoy_text_is_blank (text) ? NULL : text);
}

static void
described (AhoyPerson       *person,
           const AhoyPacket *packet,
           gpointer          data)
{
  note (person, packet->kind == AHOY_PACKET_LEFT ? NULL : packet->away);
}

static void
on_away (const AhoyPacket *packet,
         gpointer          data)
{
  const Away *self = data;
  AhoyPerson *person = ahoy_roster_find (self->chat->roster, packet->from);

  if (person)
    note (person, packet->text);
}

static const AhoyFeatureVerb verbs[] = {
  { AHOY_PACKET_AWAY, on_away },
};

const AhoyFeature ahoy_away = {
  .name = "away",
  .verbs = verbs,
  .n_verbs = G_N_ELEMENTS (verbs),
  .start = start,
  .stop = stop,
  .wish = wish,
  .get = get,
  .online = online,
  .described = described,
};
