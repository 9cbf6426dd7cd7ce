/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What a connector remembers: the calls into whoever keeps it. */

#include "core/connector/ahoy-memory.h"

G_DEFINE_INTERFACE (AhoyMemory, ahoy_memory, G_TYPE_OBJECT)

static void
ahoy_memory_default_init (AhoyMemoryInterface *iface)
{
}

char *
ahoy_memory_dup_name (AhoyMemory *self)
{
  g_return_val_if_fail (AHOY_IS_MEMORY (self), NULL);

  return AHOY_MEMORY_GET_IFACE (self)->dup_name (self);
}

void
ahoy_memory_set_name (AhoyMemory *self,
                      const char *name)
{
  g_return_if_fail (AHOY_IS_MEMORY (self) && name != NULL);

  AHOY_MEMORY_GET_IFACE (self)->set_name (self, name);
}

gboolean
ahoy_memory_get_last_server (AhoyMemory *self,
                             char      **host,
                             guint16    *port,
                             char      **id)
{
  g_return_val_if_fail (AHOY_IS_MEMORY (self) && host != NULL && port != NULL && id != NULL, FALSE);

  return AHOY_MEMORY_GET_IFACE (self)->get_last_server (self, host, port, id);
}

void
ahoy_memory_set_last_server (AhoyMemory *self,
                             const char *host,
                             guint16     port,
                             const char *id)
{
  g_return_if_fail (AHOY_IS_MEMORY (self) && host != NULL);

  AHOY_MEMORY_GET_IFACE (self)->set_last_server (self, host, port, id);
}

void
ahoy_memory_set_address (AhoyMemory *self,
                         const char *address)
{
  g_return_if_fail (AHOY_IS_MEMORY (self) && address != NULL);

  AHOY_MEMORY_GET_IFACE (self)->set_address (self, address);
}

guint16
ahoy_memory_get_discovery_port (AhoyMemory *self)
{
  g_return_val_if_fail (AHOY_IS_MEMORY (self), 0);

  return AHOY_MEMORY_GET_IFACE (self)->get_discovery_port (self);
}

char *
ahoy_memory_dup_server_dir (AhoyMemory *self)
{
  g_return_val_if_fail (AHOY_IS_MEMORY (self), NULL);

  return AHOY_MEMORY_GET_IFACE (self)->dup_server_dir (self);
}
