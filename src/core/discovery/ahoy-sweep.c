/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Asks every address of small subnets, one by one.
 *
 * Nobody is at most of the addresses, so each question keeps the kernel asking for a hardware address for three seconds, and the datagram
 * waiting so long. That is why it is paced, and why the socket is one of its own: what waits in it would keep the search's other questions
 * from being sent. */

#include "core/discovery/ahoy-sweep-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "core/discovery/ahoy-datagram-private.h"
#include "core/discovery/ahoy-interfaces-private.h"
#include "core/discovery/ahoy-probe-private.h"
#include "wire/ahoy-limits.h"

/* Datagrams in one turn of the loop: a flood must not stop the window. */
#define TURN_MAX 64

/* The kernel grants what its administrator allows, which is as much as 160 addresses take that do not answer. */
#define SEND_BUFFER (1 << 20)

typedef struct {
  /* Owned */
  AhoyProbe *probe;

  int            index; /* of its interface */
  struct in_addr source;
  guint32        next; /* host byte order, as the next two */
  guint32        last;
} Subnet;

struct _AhoySweep {
  /* Owned */
  GPtrArray  *subnets;
  GListStore *probes;
  GHashTable *own; /* our own addresses, as text */
  GSocket    *socket;
  GSource    *readable;
  GBytes     *requests[2];

  /* Borrowed */
  AhoyDiscoveryScannerFunc on_reply;
  AhoySweepFunc            on_asked;
  gpointer                 data;

  AhoyNonce nonce;
  guint16   discovery_port;
  guint     turn_ms;
  guint     turn_timer;
  guint     turns_left; /* a socket that takes nothing must not keep the search from ending */
  guint     current;    /* subnet */
  gboolean  closed;
};

static void
subnet_free (Subnet *subnet)
{
  g_object_unref (subnet->probe);
  g_free (subnet);
}

static void
finalize (AhoySweep *self)
{
  g_ptr_array_unref (self->subnets);
  g_object_unref (self->probes);
  g_clear_pointer (&self->own, g_hash_table_unref);
  for (guint i = 0; i < G_N_ELEMENTS (self->requests); i++)
    g_bytes_unref (self->requests[i]);
}

static void
release (AhoySweep *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) finalize);
}

/* What comes back */

/* The one on the interface that a reply came in by; the first when there is none, for one may answer by another way than it was asked. */
static Subnet *
subnet_of (AhoySweep *self,
           int        index)
{
  for (guint i = 0; i < self->subnets->len; i++)
    {
      Subnet *subnet = g_ptr_array_index (self->subnets, i);

      if (subnet->index == index)
        return subnet;
    }

  return g_ptr_array_index (self->subnets, 0);
}

static gboolean
on_readable (GSocket     *socket,
             GIOCondition condition,
             gpointer     data)
{
  AhoySweep *self = g_rc_box_acquire (data);

  for (int i = 0; i < TURN_MAX && !self->closed; i++)
    {
      guint8                      buffer[AHOY_DISCOVERY_MAX];
      g_auto (AhoyDiscoveryReply) reply = { 0 };
      g_autoptr (GSocketAddress)  sender = NULL;
      int                         index;
      gssize                      len = ahoy_datagram_receive (socket, &sender, &index, buffer, sizeof buffer);

      if (len < 0)
        break;
      if (len > AHOY_DISCOVERY_MAX || !G_IS_INET_SOCKET_ADDRESS (sender) || !ahoy_discovery_reply_parse (&reply, buffer, len))
        continue;
      if (reply.extended && g_ascii_strcasecmp (reply.nonce, self->nonce) != 0)
        continue;

      ahoy_probe_add_reply (subnet_of (self, index)->probe);
      if (!self->closed)
        self->on_reply (sender, &reply, self->data);
    }

  release (self);
  return G_SOURCE_CONTINUE;
}

/* What goes out */

static gboolean
is_own (AhoySweep     *self,
        struct in_addr address)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_bytes ((const guint8 *) &address, G_SOCKET_FAMILY_IPV4);
  g_autofree char         *text = g_inet_address_to_string (inet);

  return g_hash_table_contains (self->own, text);
}

/* Returns: 0, else the errno. */
static int
ask (AhoySweep     *self,
     const Subnet  *subnet,
     struct in_addr address)
{
  struct sockaddr_in         sin = { .sin_family = AF_INET, .sin_port = htons (self->discovery_port), .sin_addr = address };
  g_autoptr (GSocketAddress) to = g_socket_address_new_from_native (&sin, sizeof sin);

  for (guint i = 0; i < G_N_ELEMENTS (self->requests); i++)
    {
      int error = ahoy_datagram_send (self->socket, to, subnet->index, subnet->source, self->requests[i]);

      if (error != 0)
        return error;
    }

  return 0;
}

/* One batch, or less when the socket takes no more for now. */
static void
ask_batch (AhoySweep *self,
           Subnet    *subnet)
{
  guint asked = 0;
  int   refused = 0;

  for (guint n = 0; n < AHOY_SWEEP_BATCH && subnet->next <= subnet->last; subnet->next++)
    {
      struct in_addr address = { htonl (subnet->next) };
      int            error;

      if (is_own (self, address))
        continue;
      error = ask (self, subnet, address);
      if (error == EAGAIN || error == ENOBUFS)
        break;
      if (error == 0)
        asked++;
      else
        refused = error;
      n++;
    }

  /* Where nobody can be asked (a firewall, or the interface went down) it is not tried for seconds. */
  if (asked == 0 && refused != 0 && ahoy_probe_get_sent (subnet->probe) == 0)
    subnet->next = subnet->last + 1;
  ahoy_probe_add_sent (subnet->probe, asked);
  if (refused != 0)
    ahoy_probe_set_error (subnet->probe, refused);
}

static gboolean
on_turn (gpointer data)
{
  AhoySweep *self = g_rc_box_acquire (data);
  gboolean   goes_on = TRUE;

  if (self->current < self->subnets->len && self->turns_left > 0)
    {
      Subnet *subnet = g_ptr_array_index (self->subnets, self->current);

      self->turns_left--;
      ask_batch (self, subnet);
      if (subnet->next > subnet->last)
        self->current++;
      goes_on = !self->closed;
    }
  else
    {
      goes_on = FALSE;
      self->turn_timer = 0;
      self->on_asked (self->data);
    }

  release (self);
  return goes_on;
}

static void
add_subnet (AhoySweep           *self,
            const AhoyInterface *interface,
            guint               *total)
{
  guint32                  mask = ntohl (interface->netmask.s_addr);
  guint32                  base = ntohl (interface->address.s_addr) & mask;
  guint32                  hosts = ~mask;
  struct in_addr           network = { htonl (base) };
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_bytes ((const guint8 *) &network, G_SOCKET_FAMILY_IPV4);
  g_autofree char         *text = g_inet_address_to_string (inet);
  g_autofree char         *target = NULL;
  Subnet                  *subnet;

  if (interface->broadcast.s_addr == htonl (INADDR_ANY) || hosts == 0 || hosts >= AHOY_SWEEP_SUBNET_MAX || *total + hosts >= AHOY_SWEEP_MAX)
    return;

  *total += hosts;
  target = g_strdup_printf ("%s/%d", text, 32 - g_bit_storage (hosts));
  subnet = g_new0 (Subnet, 1);
  subnet->probe = ahoy_probe_new (AHOY_PROBE_SWEEP, interface->name, NULL, target);
  subnet->index = interface->index;
  subnet->source = interface->address;
  /* A subnet of two has neither an address of its own nor one to broadcast to. */
  subnet->next = hosts > 1 ? base + 1 : base;
  subnet->last = hosts > 1 ? base + hosts - 1 : base + hosts;
  g_ptr_array_add (self->subnets, subnet);
}

static gboolean
open_socket (AhoySweep *self)
{
  self->socket = ahoy_datagram_open_ipv4 ((struct in_addr){ htonl (INADDR_ANY) }, 0, FALSE, NULL);
  if (self->socket == NULL)
    return FALSE;

  g_socket_set_option (self->socket, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER, NULL);
  self->readable = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->readable, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->readable, NULL);
  return TRUE;
}

AhoySweep *
ahoy_sweep_new (guint16                  discovery_port,
                GListStore              *probes,
                guint                    turn_ms,
                AhoyDiscoveryScannerFunc on_reply,
                AhoySweepFunc            on_asked,
                gpointer                 data)
{
  AhoySweep           *self = g_rc_box_new0 (AhoySweep);
  AhoyDiscoveryRequest extended = { .extended = TRUE };
  AhoyDiscoveryRequest classic = { .extended = FALSE };

  ahoy_nonce_fill (self->nonce);
  memcpy (extended.nonce, self->nonce, sizeof (AhoyNonce));
  self->requests[0] = ahoy_discovery_request_write (&extended);
  self->requests[1] = ahoy_discovery_request_write (&classic);
  self->subnets = g_ptr_array_new_with_free_func ((GDestroyNotify) subnet_free);
  self->probes = g_object_ref (probes);
  self->on_reply = on_reply;
  self->on_asked = on_asked;
  self->data = data;
  self->discovery_port = discovery_port;
  self->turn_ms = turn_ms;

  return self;
}

gboolean
ahoy_sweep_start (AhoySweep *self)
{
  g_autoptr (GPtrArray) interfaces = ahoy_interfaces_list (&self->own);
  guint                 total = 0;

  for (guint i = 0; i < interfaces->len; i++)
    add_subnet (self, g_ptr_array_index (interfaces, i), &total);
  if (self->subnets->len == 0 || !open_socket (self))
    return FALSE;

  /* Twice what it takes when the socket takes everything. */
  self->turns_left = 2 * (total / AHOY_SWEEP_BATCH + self->subnets->len);
  self->turn_timer = g_timeout_add (self->turn_ms, on_turn, self);

  g_rc_box_acquire (self);
  for (guint i = 0; i < self->subnets->len && !self->closed; i++)
    g_list_store_append (self->probes, ((Subnet *) g_ptr_array_index (self->subnets, i))->probe);
  release (self);
  return TRUE;
}

void
ahoy_sweep_free (AhoySweep *self)
{
  self->closed = TRUE;
  g_clear_handle_id (&self->turn_timer, g_source_remove);
  if (self->readable != NULL)
    g_source_destroy (self->readable);
  g_clear_pointer (&self->readable, g_source_unref);
  g_clear_object (&self->socket);
  release (self);
}
