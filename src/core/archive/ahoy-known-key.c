/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* By which key somebody is known. */

#include "core/archive/ahoy-known-key.h"

AhoyKnownKey *
ahoy_known_key_new (const AhoyKnownKey *from)
{
  AhoyKnownKey *self = g_memdup2 (from, sizeof *from);

  self->person = g_strdup (from->person);
  self->known = g_strdup (from->known);
  self->key = g_strdup (from->key);
  return self;
}

void
ahoy_known_key_free (AhoyKnownKey *self)
{
  g_free (self->person);
  g_free (self->known);
  g_free (self->key);
  g_free (self);
}

AhoyKnownKey *
ahoy_known_key_meet (const char *person,
                     const char *key,
                     gint64      now)
{
  AhoyKnownKey *self = g_new0 (AhoyKnownKey, 1);

  self->person = g_strdup (person);
  self->key = g_strdup (key);
  ahoy_known_key_accept (self, now);
  return self;
}

gboolean
ahoy_known_key_note (AhoyKnownKey *self,
                     const char   *key)
{
  if (g_strcmp0 (self->key, key) == 0)
    return FALSE;
  g_free (self->key);
  self->key = g_strdup (key);
  if (ahoy_known_key_changed (self))
    self->verified = FALSE;
  return TRUE;
}

void
ahoy_known_key_accept (AhoyKnownKey *self,
                       gint64        now)
{
  g_free (self->known);
  self->known = g_strdup (self->key);
  self->since = self->known ? now : 0;
  self->verified = FALSE;
}

gboolean
ahoy_known_key_changed (const AhoyKnownKey *self)
{
  return self->known && g_strcmp0 (self->key, self->known) != 0;
}
