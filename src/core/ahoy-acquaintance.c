/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* By which key somebody is known. */

#include "core/ahoy-acquaintance.h"

AhoyAcquaintance *
ahoy_acquaintance_new (const AhoyAcquaintance *from)
{
  AhoyAcquaintance *self = g_memdup2 (from, sizeof *from);

  self->person = g_strdup (from->person);
  self->known = g_strdup (from->known);
  self->key = g_strdup (from->key);
  return self;
}

void
ahoy_acquaintance_free (AhoyAcquaintance *self)
{
  g_free (self->person);
  g_free (self->known);
  g_free (self->key);
  g_free (self);
}

AhoyAcquaintance *
ahoy_acquaintance_meet (const char *person,
                        const char *key,
                        gint64      now)
{
  AhoyAcquaintance *self = g_new0 (AhoyAcquaintance, 1);

  self->person = g_strdup (person);
  self->key = g_strdup (key);
  ahoy_acquaintance_accept (self, now);
  return self;
}

gboolean
ahoy_acquaintance_note (AhoyAcquaintance *self,
                        const char       *key)
{
  if (g_strcmp0 (self->key, key) == 0)
    return FALSE;
  g_free (self->key);
  self->key = g_strdup (key);
  if (ahoy_acquaintance_changed (self))
    self->verified = FALSE;
  return TRUE;
}

void
ahoy_acquaintance_accept (AhoyAcquaintance *self,
                          gint64            now)
{
  g_free (self->known);
  self->known = g_strdup (self->key);
  self->since = self->known ? now : 0;
  self->verified = FALSE;
}

gboolean
ahoy_acquaintance_changed (const AhoyAcquaintance *self)
{
  return self->known && g_strcmp0 (self->key, self->known) != 0;
}
