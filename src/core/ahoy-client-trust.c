/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whom the client trusts: which server it takes for which. PROTOCOL.md, "TLS". */

#include "core/ahoy-client-private.h"

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
