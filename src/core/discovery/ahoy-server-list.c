/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The servers that answered one search, each once. */

#include "core/discovery/ahoy-server-list-private.h"

#include <string.h>

#include "core/connection/ahoy-server-private.h"

/* No list for people is longer; whoever answers under ever new ids gets no further, and none that is known has to stay out for it. */
#define SERVERS_MAX 256

struct _AhoyServerList {
  /* Owned */
  GListStore       *servers;
  GHashTable       *by_address; /* "address:port", every one that answered -> AhoyServer */
  GHashTable       *own;
  GHashTable       *last_addresses;
  GHashTable       *overlooked; /* "address:port" */
  char             *last_host;
  char             *last_id;
  AhoyKnownServers *known_servers; /* NULL: none */

  guint16 last_port;
};

AhoyServerList *
ahoy_server_list_new (void)
{
  AhoyServerList *self = g_new0 (AhoyServerList, 1);

  self->servers = g_list_store_new (AHOY_TYPE_SERVER);
  self->by_address = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->last_addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->overlooked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
ahoy_server_list_free (AhoyServerList *self)
{
  g_object_unref (self->servers);
  g_hash_table_unref (self->by_address);
  g_hash_table_unref (self->own);
  g_hash_table_unref (self->last_addresses);
  g_hash_table_unref (self->overlooked);
  g_free (self->last_host);
  g_free (self->last_id);
  g_clear_object (&self->known_servers);
  g_free (self);
}

GListModel *
ahoy_server_list_get_model (AhoyServerList *self)
{
  return G_LIST_MODEL (self->servers);
}

guint
ahoy_server_list_get_n (AhoyServerList *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->servers));
}

void
ahoy_server_list_clear (AhoyServerList *self)
{
  g_hash_table_remove_all (self->by_address);
  g_hash_table_remove_all (self->last_addresses);
  g_list_store_remove_all (self->servers);
}

void
ahoy_server_list_set_own (AhoyServerList *self,
                          GHashTable     *own)
{
  g_hash_table_unref (self->own);
  self->own = own;
}

void
ahoy_server_list_set_last_used (AhoyServerList *self,
                                const char     *host,
                                guint16         port,
                                const char     *id)
{
  g_free (self->last_host);
  self->last_host = g_strdup (host);
  g_free (self->last_id);
  self->last_id = g_strdup (id);
  self->last_port = port;
  g_hash_table_remove_all (self->last_addresses);
}

void
ahoy_server_list_add_last_used_address (AhoyServerList *self,
                                        const char     *host)
{
  g_hash_table_add (self->last_addresses, g_strdup (host));
}

void
ahoy_server_list_overlook (AhoyServerList *self,
                           const char     *host,
                           guint16         port)
{
  g_hash_table_add (self->overlooked, g_strdup_printf ("%s:%u", host, port));
}

static gboolean
is_overlooked (AhoyServerList *self,
               const char     *host,
               guint16         port)
{
  g_autofree char *place = g_strdup_printf ("%s:%u", host, port);

  return g_hash_table_contains (self->overlooked, place);
}

void
ahoy_server_list_set_pins (AhoyServerList   *self,
                           AhoyKnownServers *known_servers)
{
  g_set_object (&self->known_servers, known_servers);
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return address != NULL && g_inet_address_get_is_loopback (address);
}

/* Such an address means something on one of this computer's interfaces only: nobody can be told it. */
static gboolean
is_link_local (const char *host)
{
  return strchr (host, '%') != NULL;
}

/* Whether a server at both is rather reached, and shown, at @host. */
static gboolean
is_better (const char *host,
           const char *other)
{
  if (is_loopback (host) != is_loopback (other))
    return is_loopback (host);
  if (is_loopback (host))
    return strchr (host, ':') == NULL && strchr (other, ':') != NULL;
  return !is_link_local (host) && is_link_local (other);
}

/* Two keys are equal where two addresses are of one server that has no id. */
static char *
make_key (AhoyServerList *self,
          const char     *host,
          guint16         port)
{
  gboolean here = is_loopback (host) || g_hash_table_contains (self->own, host);

  return g_strdup_printf ("%s:%u", here ? "here" : host, port);
}

static gboolean
is_last_used (AhoyServerList *self,
              AhoyServer     *server)
{
  g_autofree char *key = NULL;
  g_autofree char *last_key = NULL;

  if (self->last_host == NULL)
    return FALSE;
  if (self->last_id != NULL && ahoy_server_get_id (server) != NULL)
    return g_str_equal (self->last_id, ahoy_server_get_id (server));
  if (self->last_port != ahoy_server_get_port (server))
    return FALSE;
  if (g_hash_table_contains (self->last_addresses, ahoy_server_get_host (server)))
    return TRUE;

  key = make_key (self, ahoy_server_get_host (server), self->last_port);
  last_key = make_key (self, self->last_host, self->last_port);
  return g_str_equal (key, last_key);
}

/* Tells @server what the known_servers say of it. */
static void
introduce (AhoyServerList *self,
           AhoyServer     *server)
{
  const char      *id = ahoy_server_get_id (server);
  gboolean         known = self->known_servers != NULL && ahoy_known_servers_knows (self->known_servers, id);
  g_autofree char *namesake = NULL;

  if (self->known_servers != NULL && !known)
    namesake = ahoy_known_servers_dup_namesake (self->known_servers, ahoy_server_get_name (server), id);
  ahoy_server_set_known (server, known, namesake);
}

/* 0: the one used last, 1: one that is known, 2: all others. */
static guint
rank (AhoyServer *server)
{
  return ahoy_server_get_last_used (server) ? 0 : ahoy_server_get_known (server) ? 1
                                                                                 : 2;
}

/* Behind all that rank before it, or as it does. */
static guint
place_of (AhoyServerList *self,
          AhoyServer     *server)
{
  guint position = 0;

  for (guint i = 0; i < ahoy_server_list_get_n (self); i++)
    {
      g_autoptr (AhoyServer) other = g_list_model_get_item (G_LIST_MODEL (self->servers), i);

      if (other != server && rank (other) <= rank (server))
        position++;
    }
  return position;
}

/* Puts @server where it belongs, now that more is known about it. */
static void
settle (AhoyServerList *self,
        AhoyServer     *server)
{
  const guint before = rank (server);
  guint       position;

  introduce (self, server);
  ahoy_server_set_last_used (server, is_last_used (self, server));

  if (!g_list_store_find (self->servers, server, &position))
    {
      g_list_store_insert (self->servers, place_of (self, server), server);
    }
  else if (rank (server) < before)
    {
      g_list_store_remove (self->servers, position);
      g_list_store_insert (self->servers, place_of (self, server), server);
    }
}

static AhoyServer *
find_by_id (AhoyServerList *self,
            const char     *id)
{
  for (guint i = 0; i < ahoy_server_list_get_n (self); i++)
    {
      g_autoptr (AhoyServer) server = g_list_model_get_item (G_LIST_MODEL (self->servers), i);

      if (g_strcmp0 (ahoy_server_get_id (server), id) == 0)
        return server; /* the list holds it */
    }

  return NULL;
}

/* @server turned out to be @other, which stays. */
static void
merge (AhoyServerList *self,
       AhoyServer     *server,
       AhoyServer     *other)
{
  GHashTableIter iter;
  gpointer       value;
  guint          position;

  g_hash_table_iter_init (&iter, self->by_address);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (value == server)
      g_hash_table_iter_replace (&iter, g_object_ref (other));

  if (g_list_store_find (self->servers, server, &position))
    g_list_store_remove (self->servers, position);
}

/* The last one in the list makes room, when it is nobody that the person knows. */
static gboolean
make_room (AhoyServerList *self)
{
  const guint            last = ahoy_server_list_get_n (self) - 1;
  g_autoptr (AhoyServer) server = g_list_model_get_item (G_LIST_MODEL (self->servers), last);
  GHashTableIter         iter;
  gpointer               value;

  if (rank (server) < 2)
    return FALSE;
  g_hash_table_iter_init (&iter, self->by_address);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (value == server)
      g_hash_table_iter_remove (&iter);
  g_list_store_remove (self->servers, last);
  return TRUE;
}

/* @id: nullable. */
static AhoyServer *
add_new (AhoyServerList *self,
         const char     *key,
         const char     *host,
         guint16         port,
         const char     *id)
{
  const gboolean         welcome = id != NULL && (g_strcmp0 (id, self->last_id) == 0 || (self->known_servers != NULL && ahoy_known_servers_knows (self->known_servers, id)));
  g_autoptr (AhoyServer) server = NULL;

  if (ahoy_server_list_get_n (self) >= SERVERS_MAX && !(welcome && make_room (self)))
    return NULL;

  server = ahoy_server_new (host, port);
  g_hash_table_replace (self->by_address, g_strdup (key), g_object_ref (server));
  return server; /* the table holds it */
}

/* Another address from where a reply came in the name of @server. 127.0.0.1 stays when the network goes, and where it was met before it is
 * likely to be. */
static void
add_place (AhoyServerList *self,
           AhoyServer     *server,
           const char     *host,
           guint16         port)
{
  const char      *first = ahoy_server_get_host (server);
  g_autofree char *known = NULL;
  gboolean         better = FALSE;

  if (is_better (host, first))
    better = ahoy_server_get_port (server) == port;
  else if (self->known_servers != NULL && !is_better (first, host))
    better = ahoy_known_servers_check (self->known_servers, host, port, NULL, FALSE, &known) != AHOY_SERVER_VERDICT_NEW && g_strcmp0 (known, ahoy_server_get_id (server)) == 0;
  ahoy_server_add_place (server, host, port, better);
}

AhoyServer *
ahoy_server_list_add_reply (AhoyServerList           *self,
                            const char               *host,
                            const AhoyDiscoveryReply *reply)
{
  g_autofree char *key = make_key (self, host, reply->port);
  AhoyServer      *server = g_hash_table_lookup (self->by_address, key);

  if (is_overlooked (self, host, reply->port))
    return NULL;
  if (reply->extended)
    {
      AhoyServer *same = find_by_id (self, reply->id);

      if (same != NULL)
        {
          if (server == NULL)
            g_hash_table_insert (self->by_address, g_strdup (key), g_object_ref (same));
          else if (server != same && ahoy_server_get_id (server) == NULL)
            merge (self, server, same);
          server = same;
        }
      else if (server != NULL && ahoy_server_get_id (server) != NULL)
        {
          server = NULL; /* another key, another server */
        }
    }

  if (server == NULL)
    server = add_new (self, key, host, reply->port, reply->extended ? reply->id : NULL);
  if (server == NULL)
    return NULL;

  ahoy_server_set_heard (server);
  /* Its answer in the extended dialect has told more, and where it is. */
  if (!reply->extended && ahoy_server_get_id (server) != NULL)
    return server;
  /* Anybody may reply in a server's name: what one reply says of TLS, another does not take back. */
  if (reply->extended)
    ahoy_server_set_extended (server, reply->id, reply->name, reply->users != AHOY_USERS_UNKNOWN ? (int) MIN (reply->users, G_MAXINT) : -1,
                              reply->tls || ahoy_server_get_tls (server));
  add_place (self, server, host, reply->port);
  settle (self, server);

  return server;
}

void
ahoy_server_list_add_alias (AhoyServerList *self,
                            AhoyServer     *server,
                            const char     *host,
                            guint16         port)
{
  g_autofree char *key = make_key (self, host, port);
  AhoyServer      *other = g_hash_table_lookup (self->by_address, key);

  if (other == NULL)
    g_hash_table_insert (self->by_address, g_steal_pointer (&key), g_object_ref (server));
  else if (other != server && ahoy_server_get_id (other) == NULL)
    merge (self, other, server);
}

AhoyServer *
ahoy_server_list_add_unheard (AhoyServerList *self,
                              const char     *host,
                              guint16         port)
{
  g_autofree char *key = make_key (self, host, port);
  AhoyServer      *server = g_hash_table_lookup (self->by_address, key);

  if (is_overlooked (self, host, port))
    return NULL;
  if (server == NULL)
    server = add_new (self, key, host, port, NULL);
  if (server != NULL)
    settle (self, server);

  return server;
}
