/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The server that a person hosts on this computer. */

#include "core/connector/ahoy-own-server.h"

#include "core/hosting/ahoy-programs.h"

struct _AhoyOwnServer {
  GObject parent_instance;

  /* Owned */
  AhoyMemory       *memory;
  AhoyKnownServers *known_servers; /* nullable */
  AhoyHost         *host;          /* NULL: nobody wanted one yet */
};

enum {
  PROP_0,
  PROP_MEMORY,
  PROP_KNOWN_SERVERS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
static guint       changed;

G_DEFINE_FINAL_TYPE (AhoyOwnServer, ahoy_own_server, G_TYPE_OBJECT)

/* It told us its id itself, by a pipe that nobody else has: whoever was known at that port of this computer before, this one is no stranger. */
static void
know (AhoyOwnServer *self,
      AhoyServer    *server)
{
  const char        *host = ahoy_server_get_host (server);
  const char        *name = ahoy_server_get_name (server);
  const char        *id = ahoy_server_get_id (server);
  guint16            port = ahoy_server_get_port (server);
  g_autoptr (GError) error = NULL;

  if (self->known_servers == NULL || id == NULL ||
      ahoy_known_servers_check (self->known_servers, host, port, id, TRUE, NULL) == AHOY_SERVER_VERDICT_SAME)
    return;
  if (!ahoy_known_servers_accept (self->known_servers, host, port, name, id, TRUE, &error))
    g_warning ("The server will not be known again: %s", error->message);
}

static void
on_host_state (AhoyOwnServer *self)
{
  if (ahoy_host_get_state (self->host) == AHOY_HOST_RUNNING)
    know (self, ahoy_host_get_server (self->host));
  g_signal_emit (self, changed, 0);
}

void
ahoy_own_server_start (AhoyOwnServer *self,
                       const char    *server_name,
                       const char    *person,
                       const char    *key,
                       guint16        discovery_port,
                       gboolean       anew)
{
  g_return_if_fail (AHOY_IS_OWN_SERVER (self));
  g_return_if_fail (server_name != NULL && person != NULL);

  if (self->host == NULL)
    {
      g_autofree char *program = ahoy_programs_find_server ();
      g_autofree char *dir = ahoy_memory_dup_server_dir (self->memory);

      self->host = ahoy_host_new (program, dir, server_name, discovery_port);
      g_signal_connect_object (self->host, "notify::state", G_CALLBACK (on_host_state), self, G_CONNECT_SWAPPED);
    }
  /* What it is called, and whose chat it is, may be different from the last time. */
  ahoy_host_set_server_name (self->host, server_name);
  ahoy_host_set_claim (self->host, person, key);
  if (anew)
    ahoy_host_start_anew (self->host);
  else
    ahoy_host_start (self->host);
}

void
ahoy_own_server_stop (AhoyOwnServer *self)
{
  g_return_if_fail (AHOY_IS_OWN_SERVER (self));

  if (self->host != NULL)
    ahoy_host_stop (self->host);
}

AhoyHostState
ahoy_own_server_get_state (AhoyOwnServer *self)
{
  g_return_val_if_fail (AHOY_IS_OWN_SERVER (self), AHOY_HOST_STOPPED);

  return self->host != NULL ? ahoy_host_get_state (self->host) : AHOY_HOST_STOPPED;
}

gboolean
ahoy_own_server_is_running (AhoyOwnServer *self)
{
  return ahoy_own_server_get_state (self) == AHOY_HOST_RUNNING;
}

AhoyServer *
ahoy_own_server_get_server (AhoyOwnServer *self)
{
  g_return_val_if_fail (AHOY_IS_OWN_SERVER (self), NULL);

  return ahoy_own_server_is_running (self) ? ahoy_host_get_server (self->host) : NULL;
}

AhoyServer *
ahoy_own_server_prefer (AhoyOwnServer *self,
                        AhoyServer    *server)
{
  const char *id;

  g_return_val_if_fail (AHOY_IS_OWN_SERVER (self), server);
  g_return_val_if_fail (AHOY_IS_SERVER (server), NULL);

  id = ahoy_server_get_id (server);
  if (id != NULL && ahoy_own_server_is_running (self) && g_strcmp0 (id, ahoy_server_get_id (ahoy_host_get_server (self->host))) == 0)
    return ahoy_host_get_server (self->host);
  return server;
}

const char *
ahoy_own_server_get_error_text (AhoyOwnServer *self)
{
  g_return_val_if_fail (AHOY_IS_OWN_SERVER (self), NULL);

  return self->host != NULL ? ahoy_host_get_error_text (self->host) : NULL;
}

gboolean
ahoy_own_server_get_log_lost (AhoyOwnServer *self)
{
  g_return_val_if_fail (AHOY_IS_OWN_SERVER (self), FALSE);

  return self->host != NULL && ahoy_host_get_log_lost (self->host);
}

static void
ahoy_own_server_dispose (GObject *object)
{
  AhoyOwnServer *self = AHOY_OWN_SERVER (object);

  g_clear_object (&self->host);
  g_clear_object (&self->known_servers);
  g_clear_object (&self->memory);

  G_OBJECT_CLASS (ahoy_own_server_parent_class)->dispose (object);
}

static void
ahoy_own_server_set_property (GObject      *object,
                              guint         id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  AhoyOwnServer *self = AHOY_OWN_SERVER (object);

  switch (id)
    {
    case PROP_MEMORY:
      self->memory = g_value_dup_object (value);
      break;
    case PROP_KNOWN_SERVERS:
      self->known_servers = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_own_server_class_init (AhoyOwnServerClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags once = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = ahoy_own_server_dispose;
  object_class->set_property = ahoy_own_server_set_property;

  props[PROP_MEMORY] = g_param_spec_object ("memory", NULL, NULL, AHOY_TYPE_MEMORY, once);
  props[PROP_KNOWN_SERVERS] = g_param_spec_object ("known-servers", NULL, NULL, AHOY_TYPE_KNOWN_SERVERS, once);
  g_object_class_install_properties (object_class, N_PROPS, props);

  changed = g_signal_new ("changed", AHOY_TYPE_OWN_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ahoy_own_server_init (AhoyOwnServer *self)
{
}

AhoyOwnServer *
ahoy_own_server_new (AhoyMemory       *memory,
                     AhoyKnownServers *known_servers)
{
  g_return_val_if_fail (AHOY_IS_MEMORY (memory), NULL);

  return g_object_new (AHOY_TYPE_OWN_SERVER, "memory", memory, "known-servers", known_servers, NULL);
}
