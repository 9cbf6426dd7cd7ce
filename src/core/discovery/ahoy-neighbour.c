/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Tells others on our networks of the server we are on.
 *
 * It listens as ahoy-broadcast-loopback does, on sockets bound to the broadcast addresses: one that were bound to every address could keep requests
 * from a server on this computer. */

#include "core/discovery/ahoy-neighbour.h"

#include <string.h>

#include "core/discovery/ahoy-datagram-private.h"
#include "core/discovery/ahoy-help-queue-private.h"
#include "core/discovery/ahoy-interfaces-private.h"
#include "core/discovery/ahoy-neighbour-private.h"
#include "wire/ahoy-limits.h"

/* Datagrams in one turn of the loop: a flood must not stop the window. */
#define TURN_MAX 32
/* A forged sender is sent no more than so many times what was sent in its name. */
#define FACTOR_MAX 3

typedef struct {
  /* Owned */
  GSocket *socket;
  GSource *source;

  struct in_addr broadcast;
} Ear;

struct _AhoyNeighbour {
  GObject parent_instance;

  /* Owned */
  AhoyClient      *client;
  GNetworkMonitor *monitor;
  AhoyHelpQueue   *queue;
  GPtrArray       *ears;
  GPtrArray       *interfaces; /* AhoyInterface; NULL while it does not listen, as the next */
  GHashTable      *own;

  guint    timer;
  guint16  discovery_port;
  gboolean enabled;
};

G_DEFINE_FINAL_TYPE (AhoyNeighbour, ahoy_neighbour, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_CLIENT,
  PROP_ENABLED,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
ear_free (Ear *ear)
{
  g_source_destroy (ear->source);
  g_source_unref (ear->source);
  g_object_unref (ear->socket);
  g_free (ear);
}

/* What is told */

static gboolean
is_own (AhoyNeighbour *self,
        GInetAddress  *address)
{
  g_autofree char *text = g_inet_address_to_string (address);

  return g_hash_table_contains (self->own, text);
}

/* Fills what is to be known of the server (clear it) but for the nonce. FALSE when nothing is to be told. Where the server is this computer,
 * it answers itself. */
static gboolean
describe_server (AhoyNeighbour      *self,
                 AhoyDiscoveryReply *reply)
{
  if (!ahoy_client_describe_server (self->client, reply))
    return FALSE;
  if (!g_hash_table_contains (self->own, reply->at))
    return TRUE;

  ahoy_discovery_reply_clear (reply);
  return FALSE;
}

static const AhoyInterface *
find_interface (AhoyNeighbour *self,
                int            index,
                GInetAddress  *member)
{
  struct in_addr address;

  if (g_inet_address_get_family (member) != G_SOCKET_FAMILY_IPV4)
    return NULL;

  memcpy (&address, g_inet_address_to_bytes (member), sizeof address);
  for (guint i = 0; i < self->interfaces->len; i++)
    {
      const AhoyInterface *interface = g_ptr_array_index (self->interfaces, i);

      if (interface->index == index && interface->address.s_addr != htonl (INADDR_ANY) &&
          ((interface->address.s_addr ^ address.s_addr) & interface->netmask.s_addr) == 0)
        return interface;
    }

  return NULL;
}

/* To who asked, and to everybody there, so that the others know. */
static void
help (AhoyNeighbour  *self,
      const AhoyHelp *help)
{
  GInetAddress               *scanner = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (help->scanner));
  const AhoyInterface        *interface = find_interface (self, help->index, scanner);
  g_auto (AhoyDiscoveryReply) reply = { 0 };
  g_autoptr (GBytes)          data = NULL;
  g_autoptr (GSocketAddress)  everybody = NULL;
  struct sockaddr_in          sin = { .sin_family = AF_INET, .sin_port = htons (self->discovery_port) };
  Ear                        *mouth;

  if (interface == NULL || self->ears->len == 0 || !describe_server (self, &reply))
    return;

  memcpy (reply.nonce, help->nonce, sizeof (AhoyNonce));
  data = ahoy_discovery_reply_write (&reply, help->max);
  if (data == NULL)
    return;

  /* From the discovery port, as a server answers: what lets servers through a firewall lets us through as well. */
  mouth = g_ptr_array_index (self->ears, 0);
  sin.sin_addr = interface->broadcast;
  everybody = g_socket_address_new_from_native (&sin, sizeof sin);
  ahoy_datagram_send (mouth->socket, help->scanner, interface->index, interface->address, data);
  ahoy_datagram_send (mouth->socket, everybody, interface->index, interface->address, data);
}

static gint64
now_ms (void)
{
  return g_get_monotonic_time () / 1000;
}

static gboolean on_due (gpointer data);

static void
schedule (AhoyNeighbour *self)
{
  const gint64 due = ahoy_help_queue_get_due (self->queue);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (due >= 0)
    self->timer = g_timeout_add ((guint) MAX (due - now_ms (), 0), on_due, self);
}

static gboolean
on_due (gpointer data)
{
  AhoyNeighbour *self = data;

  self->timer = 0;
  for (;;)
    {
      g_auto (AhoyHelp) next = { 0 };

      if (!ahoy_help_queue_take (self->queue, now_ms (), &next))
        break;
      help (self, &next);
    }
  schedule (self);
  return G_SOURCE_REMOVE;
}

/* What is heard */

static void
take_request (AhoyNeighbour              *self,
              const AhoyDiscoveryRequest *request,
              GSocketAddress             *sender,
              int                         index,
              gsize                       len)
{
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (sender);
  GInetAddress       *address = g_inet_socket_address_get_address (inet);

  if (!request->help || g_inet_socket_address_get_port (inet) == 0 || is_own (self, address) || find_interface (self, index, address) == NULL)
    return;

  ahoy_help_queue_add (self->queue, sender, request->nonce, index, FACTOR_MAX * len, ahoy_client_get_n_online (self->client), now_ms ());
  schedule (self);
}

/* Only one that says what we would say spares us. */
static void
take_reply (AhoyNeighbour            *self,
            const AhoyDiscoveryReply *reply)
{
  g_auto (AhoyDiscoveryReply) ours = { 0 };

  if (reply->at == NULL || !describe_server (self, &ours))
    return;
  if (g_str_equal (reply->at, ours.at) && reply->port == ours.port && g_str_equal (reply->id, ours.id))
    ahoy_help_queue_drop (self->queue, reply->nonce);
}

static gboolean
on_readable (GSocket     *socket,
             GIOCondition condition,
             gpointer     data)
{
  AhoyNeighbour *self = data;

  for (int i = 0; i < TURN_MAX; i++)
    {
      guint8                      buffer[AHOY_DISCOVERY_MAX];
      AhoyDiscoveryRequest        request;
      g_auto (AhoyDiscoveryReply) reply = { 0 };
      g_autoptr (GSocketAddress)  sender = NULL;
      int                         index;
      gssize                      len = ahoy_datagram_receive (socket, &sender, &index, buffer, sizeof buffer);

      if (len < 0)
        break;
      if (len > AHOY_DISCOVERY_MAX || !G_IS_INET_SOCKET_ADDRESS (sender))
        continue;
      if (ahoy_discovery_request_parse (&request, buffer, len))
        take_request (self, &request, sender, index, len);
      else if (ahoy_discovery_reply_parse (&reply, buffer, len))
        take_reply (self, &reply);
    }

  return G_SOURCE_CONTINUE;
}

static void
open_ear (AhoyNeighbour *self,
          struct in_addr broadcast)
{
  Ear     *ear;
  GSocket *socket;

  for (guint i = 0; i < self->ears->len; i++)
    if (((Ear *) g_ptr_array_index (self->ears, i))->broadcast.s_addr == broadcast.s_addr)
      return;
  socket = ahoy_datagram_open_ipv4 (broadcast, self->discovery_port, TRUE, NULL);
  if (socket == NULL)
    return;

  ear = g_new0 (Ear, 1);
  ear->socket = socket;
  ear->broadcast = broadcast;
  ear->source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (ear->source, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (ear->source, NULL);
  g_ptr_array_add (self->ears, ear);
}

static void
stop (AhoyNeighbour *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_ptr_array_set_size (self->ears, 0);
  g_clear_pointer (&self->interfaces, g_ptr_array_unref);
  g_clear_pointer (&self->own, g_hash_table_unref);
  ahoy_help_queue_clear (self->queue);
}

/* Listens anew, or not at all. */
static void
update (AhoyNeighbour *self)
{
  g_auto (AhoyDiscoveryReply) reply = { 0 };

  stop (self);
  if (!self->enabled || self->discovery_port == 0)
    return;

  self->interfaces = ahoy_interfaces_list (&self->own);
  if (!describe_server (self, &reply))
    {
      stop (self);
      return;
    }

  for (guint i = 0; i < self->interfaces->len; i++)
    {
      const AhoyInterface *interface = g_ptr_array_index (self->interfaces, i);

      if (interface->broadcast.s_addr != htonl (INADDR_ANY))
        open_ear (self, interface->broadcast);
    }
  if (self->ears->len > 0)
    open_ear (self, (struct in_addr){ htonl (INADDR_BROADCAST) });
}

/* The object */

static void
ahoy_neighbour_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_ENABLED:
      g_value_set_boolean (value, AHOY_NEIGHBOUR (object)->enabled);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_neighbour_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_CLIENT:
      AHOY_NEIGHBOUR (object)->client = g_value_dup_object (value);
      break;
    case PROP_ENABLED:
      ahoy_neighbour_set_enabled (AHOY_NEIGHBOUR (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_neighbour_constructed (GObject *object)
{
  AhoyNeighbour *self = AHOY_NEIGHBOUR (object);

  G_OBJECT_CLASS (ahoy_neighbour_parent_class)->constructed (object);

  self->monitor = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect_object (self->monitor, "network-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

static void
ahoy_neighbour_dispose (GObject *object)
{
  AhoyNeighbour *self = AHOY_NEIGHBOUR (object);

  stop (self);
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->client);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (ahoy_neighbour_parent_class)->dispose (object);
}

static void
ahoy_neighbour_finalize (GObject *object)
{
  AhoyNeighbour *self = AHOY_NEIGHBOUR (object);

  ahoy_help_queue_free (self->queue);
  g_ptr_array_unref (self->ears);

  G_OBJECT_CLASS (ahoy_neighbour_parent_class)->finalize (object);
}

static void
ahoy_neighbour_class_init (AhoyNeighbourClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = ahoy_neighbour_constructed;
  object_class->dispose = ahoy_neighbour_dispose;
  object_class->finalize = ahoy_neighbour_finalize;
  object_class->get_property = ahoy_neighbour_get_property;
  object_class->set_property = ahoy_neighbour_set_property;

  props[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, AHOY_TYPE_CLIENT, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_ENABLED] = g_param_spec_boolean ("enabled", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ahoy_neighbour_init (AhoyNeighbour *self)
{
  self->queue = ahoy_help_queue_new (g_rand_new ());
  self->ears = g_ptr_array_new_with_free_func ((GDestroyNotify) ear_free);
  self->enabled = TRUE;
}

AhoyNeighbour *
ahoy_neighbour_new (AhoyClient *client)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (client), NULL);

  return g_object_new (AHOY_TYPE_NEIGHBOUR, "client", client, NULL);
}

void
ahoy_neighbour_set_discovery_port (AhoyNeighbour *self,
                                   guint16        port)
{
  g_return_if_fail (AHOY_IS_NEIGHBOUR (self));

  if (self->discovery_port == port)
    return;

  self->discovery_port = port;
  update (self);
}

void
ahoy_neighbour_set_enabled (AhoyNeighbour *self,
                            gboolean       enabled)
{
  g_return_if_fail (AHOY_IS_NEIGHBOUR (self));

  if (self->enabled == enabled)
    return;

  self->enabled = enabled;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ENABLED]);
}

gboolean
ahoy_neighbour_listens (AhoyNeighbour *self)
{
  g_return_val_if_fail (AHOY_IS_NEIGHBOUR (self), FALSE);
  return self->ears->len > 0;
}
