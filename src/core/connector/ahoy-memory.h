/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a connector remembers from one run to the next, wherever that is kept: the window's settings, or whatever a command line has. Main thread. */

#define AHOY_TYPE_MEMORY (ahoy_memory_get_type ())
G_DECLARE_INTERFACE (AhoyMemory, ahoy_memory, AHOY, MEMORY, GObject)

/* Each is what its namesake below says. None may be NULL. */
struct _AhoyMemoryInterface {
  GTypeInterface parent_interface;

  char *(*dup_name) (AhoyMemory *self);
  void (*set_name) (AhoyMemory *self,
                    const char *name);
  gboolean (*get_last_server) (AhoyMemory *self,
                               char      **host,
                               guint16    *port,
                               char      **id);
  void (*set_last_server) (AhoyMemory *self,
                           const char *host,
                           guint16     port,
                           const char *id);
  void (*set_address) (AhoyMemory *self,
                       const char *address);
  guint16 (*get_discovery_port) (AhoyMemory *self);
  char *(*dup_server_dir) (AhoyMemory *self);
};

/* Returns: (transfer full): the name of last time, else one to propose; may be empty. */
char *ahoy_memory_dup_name (AhoyMemory *self);
void  ahoy_memory_set_name (AhoyMemory *self,
                            const char *name);
/* Returns: FALSE when no server was used yet. @host and @id (out) (transfer full); @id is NULL when the server has none. */
gboolean ahoy_memory_get_last_server (AhoyMemory *self,
                                      char      **host,
                                      guint16    *port,
                                      char      **id);
void     ahoy_memory_set_last_server (AhoyMemory *self,
                                      const char *host,
                                      guint16     port,
                                      const char *id);
/* The address that was typed last. */
void ahoy_memory_set_address (AhoyMemory *self,
                              const char *address);
/* UDP port on which servers are looked for. */
guint16 ahoy_memory_get_discovery_port (AhoyMemory *self);
/* Returns: (transfer full): the folder for the data of a server that is hosted here. */
char *ahoy_memory_dup_server_dir (AhoyMemory *self);

G_END_DECLS
