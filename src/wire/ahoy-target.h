/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whom something is said to: a room, or one person. PROTOCOL.md, "Rooms". A small value that borrows its string; a zeroed one is the room that
 * everybody is in. Pure; any thread. */

typedef enum {
  AHOY_TARGET_ROOM,
  AHOY_TARGET_PERSON,
} AhoyTargetKind;

/* The room that everybody is in, and the only one that classic peers hear. */
#define AHOY_ROOM_EVERYONE G_GUINT64_CONSTANT (0)

typedef struct {
  AhoyTargetKind kind;
  guint64        room;   /* of a room: its number */
  const char    *person; /* of a person: the name, or whatever the owner of this value compares people by; never NULL. Else NULL */
} AhoyTarget;

/* Everyone's room, for initializers. */
#define AHOY_TARGET_INIT_EVERYONE                         \
  {                                                       \
    .kind = AHOY_TARGET_ROOM, .room = AHOY_ROOM_EVERYONE, \
  }
#define AHOY_TARGET_INIT_PERSON(name)             \
  {                                               \
    .kind = AHOY_TARGET_PERSON, .person = (name), \
  }

static inline AhoyTarget
ahoy_target_room (guint64 room)
{
  return (AhoyTarget){ .kind = AHOY_TARGET_ROOM, .room = room };
}

static inline AhoyTarget
ahoy_target_person (const char *person)
{
  g_assert (person != NULL);
  return (AhoyTarget){ .kind = AHOY_TARGET_PERSON, .person = person };
}

static inline gboolean
ahoy_target_is_person (AhoyTarget target)
{
  return target.kind == AHOY_TARGET_PERSON;
}

static inline gboolean
ahoy_target_is_everyone (AhoyTarget target)
{
  return target.kind == AHOY_TARGET_ROOM && target.room == AHOY_ROOM_EVERYONE;
}

/* People are the same when their strings are: who compares names gives skeletons. */
static inline gboolean
ahoy_target_equal (AhoyTarget one,
                   AhoyTarget other)
{
  if (one.kind != other.kind)
    return FALSE;
  return ahoy_target_is_person (one) ? g_str_equal (one.person, other.person) : one.room == other.room;
}

G_END_DECLS
