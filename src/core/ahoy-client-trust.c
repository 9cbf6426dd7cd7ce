/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whom the client trusts: which server it takes for which, and which key for whose. PROTOCOL.md, "TLS" and "Identity". */

#include "core/ahoy-client-private.h"

#include "core/ahoy-person-private.h"

const char *
ahoy_client_get_known_id (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->known_id;
}

const char *
ahoy_client_get_met_id (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->met_id;
}

void
ahoy_client_accept_server (AhoyClient *self)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));

  g_clear_pointer (&self->known_id, g_free);
  g_clear_pointer (&self->met_id, g_free);
}

void
ahoy_client_set_verified (AhoyClient *self,
                          AhoyPerson *person,
                          gboolean    verified)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));
  g_return_if_fail (AHOY_IS_PERSON (person));

  if (!ahoy_person_get_known_key (person) || ahoy_person_get_changed (person))
    return;
  ahoy_person_set_key (person, ahoy_person_get_key (person), ahoy_person_get_known_key (person), ahoy_person_get_known_since (person), verified);
}

void
ahoy_client_accept_key (AhoyClient *self,
                        AhoyPerson *person)
{
  const char *key;

  g_return_if_fail (AHOY_IS_CLIENT (self));
  g_return_if_fail (AHOY_IS_PERSON (person));

  if (!ahoy_person_get_changed (person))
    return;
  key = ahoy_person_get_key (person);
  ahoy_person_set_key (person, key, key, key ? g_get_real_time () / G_USEC_PER_SEC : 0, FALSE);
}
