/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Has the machine's Avahi say by mDNS that here is a chat server.
 *
 * A connection of our own to the system bus: closing it withdraws all that was published over it. While Avahi is there and runs, there is one entry group.
 * Whatever changes (our name, a collision with somebody else's, Avahi's host name), the group is freed and a new one made: so whatever is still to
 * come about the old one is known by its path, and what its calls return by their cancellable. */

#include "net/ahoyd-publisher.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "wire/ahoy-bus.h"
#include "wire/ahoy-service.h"

#define GROUP_INTERFACE "org.freedesktop.Avahi.EntryGroup"
#define COLLISION_ERROR "org.freedesktop.Avahi.CollisionError"

/* Milliseconds. Avahi answers at once or not at all. */
#define CALL_TIMEOUT_MS 10000
/* Seconds until a bus that is not there is looked for again. */
#define RETRY_SECONDS 30
/* Names that are tried: on a network where more servers have the same one, somebody takes names for fun. */
#define RENAMES_MAX 32

/* Avahi's constants, which are part of its D-Bus interface. */
enum {
  SERVER_RUNNING = 2,
  GROUP_ESTABLISHED = 2,
  GROUP_COLLISION = 3,
  GROUP_FAILURE = 4,
  ANY_INTERFACE = -1,
  ANY_PROTOCOL = -1,
  PROTOCOL_IPV4 = 0,
  PROTOCOL_IPV6 = 1,
};

/* Where it is published. */
typedef struct {
  int interface;
  int protocol;
} Place;

struct _AhoydPublisher {
  /* Owned */
  GMainContext        *context;
  GCancellable        *life;
  GSource             *retry;
  GDBusConnection     *bus;    /* NULL: there is none */
  char                *avahi;  /* its unique name; NULL: it is not there */
  GCancellable        *run;    /* of one group; NULL: nothing is published, or being published */
  char                *group;  /* its path; NULL: not yet */
  char                *wanted; /* the server's name */
  char                *name;   /* what it is published as */
  GArray              *places;
  AhoydAnswersDescribe describe;
  /* Borrowed */
  GPtrArray *addresses;
  gpointer   data;

  guint    watch;
  guint    server_signals;
  guint    group_signals;
  guint    n_added;
  guint    n_renames;
  gboolean told_absence;
};

static void connect_to_bus (AhoydPublisher *self);
static void make_group (AhoydPublisher *self);

/* --- Where --- */

static gboolean
is_here (const struct ifaddrs *one,
         GInetAddress         *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (one->ifa_addr == NULL || one->ifa_addr->sa_family != (int) g_inet_address_get_family (address))
    return FALSE;
  if (one->ifa_addr->sa_family == AF_INET)
    return memcmp (&((const struct sockaddr_in *) one->ifa_addr)->sin_addr, bytes, sizeof (struct in_addr)) == 0;
  return memcmp (&((const struct sockaddr_in6 *) one->ifa_addr)->sin6_addr, bytes, sizeof (struct in6_addr)) == 0;
}

/* Returns: 0: it is on none. */
static guint
find_interface (GInetAddress *address)
{
  struct ifaddrs *all = NULL;
  guint           index = 0;

  if (getifaddrs (&all) < 0)
    return 0;
  for (struct ifaddrs *one = all; one != NULL && index == 0; one = one->ifa_next)
    if (is_here (one, address))
      index = if_nametoindex (one->ifa_name);
  freeifaddrs (all);
  return index;
}

static void
add_place (GArray             *places,
           GInetSocketAddress *socket_address)
{
  GInetAddress *address = g_inet_socket_address_get_address (socket_address);
  Place         place = { ANY_INTERFACE, g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 ? PROTOCOL_IPV6 : PROTOCOL_IPV4 };

  if (g_inet_address_get_is_loopback (address))
    return;
  if (!g_inet_address_get_is_any (address))
    {
      place.interface = (int) find_interface (address);
      if (place.interface == 0)
        return;
    }
  for (guint i = 0; i < places->len; i++)
    if (memcmp (&g_array_index (places, Place, i), &place, sizeof place) == 0)
      return;
  g_array_append_val (places, place);
}

/* Anew for every group: interfaces come and go. */
static void
find_places (AhoydPublisher *self)
{
  const Place everywhere = { ANY_INTERFACE, ANY_PROTOCOL };

  g_array_set_size (self->places, 0);
  if (self->addresses->len == 0)
    g_array_append_val (self->places, everywhere);
  for (guint i = 0; i < self->addresses->len; i++)
    add_place (self->places, self->addresses->pdata[i]);
}

/* --- One group --- */

static void
call (AhoydPublisher     *self,
      const char         *path,
      const char         *interface,
      const char         *method,
      GVariant           *arguments,
      const char         *returns,
      GAsyncReadyCallback callback)
{
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (self->context);

  g_dbus_connection_call (self->bus, self->avahi, path, interface, method, arguments, G_VARIANT_TYPE (returns), G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          CALL_TIMEOUT_MS, callback != NULL ? self->run : NULL, callback, self);
}

/* Returns: (transfer full) (nullable): NULL with @error, or without when nobody waits for it any more: then @data must not be touched. */
static GVariant *
finish_call (GObject      *bus,
             GAsyncResult *result,
             GError      **error)
{
  GVariant *returned = g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, error);

  if (returned == NULL && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_clear_error (error);
  return returned;
}

static void
withdraw (AhoydPublisher *self)
{
  g_cancellable_cancel (self->run);
  g_clear_object (&self->run);
  if (self->group != NULL && self->avahi != NULL && self->bus != NULL)
    call (self, self->group, GROUP_INTERFACE, "Free", NULL, "()", NULL);
  g_clear_pointer (&self->group, g_free);
}

/* Until Avahi comes anew, or the settings are read anew. */
static void
give_up (AhoydPublisher *self,
         const char     *why)
{
  g_info ("It is not published by mDNS: %s", why);
  withdraw (self);
}

/* Returns: (transfer full) (nullable): NULL when there is nothing to go on with: then @data must not be touched. */
static GVariant *
take_answer (GObject      *bus,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr (GError) error = NULL;
  GVariant          *returned = finish_call (bus, result, &error);

  if (error != NULL)
    give_up (data, error->message);
  return returned;
}

static void
on_alternative (GObject      *bus,
                GAsyncResult *result,
                gpointer      data)
{
  AhoydPublisher      *self = data;
  g_autoptr (GVariant) returned = take_answer (bus, result, data);
  const char          *name;

  if (returned == NULL)
    return;
  g_variant_get (returned, "(&s)", &name);
  g_free (self->name);
  self->name = ahoy_service_name (name);
  make_group (self);
}

static void
rename_service (AhoydPublisher *self)
{
  g_autofree char *name = g_strdup (self->name);

  g_info ("Another server on this network is called '%s'", self->name);
  if (self->n_renames++ == RENAMES_MAX)
    {
      give_up (self, "every name is taken");
      return;
    }
  withdraw (self);
  self->run = g_cancellable_new ();
  call (self, "/", AHOY_AVAHI_SERVER, "GetAlternativeServiceName", g_variant_new ("(s)", name), "(s)", on_alternative);
}

static void
on_committed (GObject      *bus,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr (GVariant) returned = take_answer (bus, result, data);
}

static void add_next (AhoydPublisher *self);

static void
on_added (GObject      *bus,
          GAsyncResult *result,
          gpointer      data)
{
  AhoydPublisher      *self = data;
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) returned = finish_call (bus, result, &error);
  g_autofree char     *name = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;

  if (returned != NULL)
    add_next (self);
  else if (g_strcmp0 (name, COLLISION_ERROR) == 0)
    rename_service (self);
  else if (error != NULL)
    give_up (self, error->message);
}

static void
add_next (AhoydPublisher *self)
{
  AhoyDiscoveryReply reply = { .extended = TRUE };
  const Place       *place;

  if (self->n_added == self->places->len)
    {
      call (self, self->group, GROUP_INTERFACE, "Commit", NULL, "()", on_committed);
      return;
    }
  place = &g_array_index (self->places, Place, self->n_added++);
  self->describe (&reply, self->data);
  call (self, self->group, GROUP_INTERFACE, "AddService",
        g_variant_new ("(iiussssq@aay)", place->interface, place->protocol, 0, self->name, AHOY_SERVICE_TYPE, "", "", reply.port,
                       ahoy_service_txt_new (&reply)),
        "()", on_added);
}

static void
on_group (GObject      *bus,
          GAsyncResult *result,
          gpointer      data)
{
  AhoydPublisher      *self = data;
  g_autoptr (GVariant) returned = take_answer (bus, result, data);

  if (returned == NULL)
    return;
  g_variant_get (returned, "(o)", &self->group);
  add_next (self);
}

static void
make_group (AhoydPublisher *self)
{
  withdraw (self);
  find_places (self);
  if (self->places->len == 0)
    {
      g_info ("It is not published by mDNS: it serves no address that others could reach");
      return;
    }
  self->n_added = 0;
  self->run = g_cancellable_new ();
  call (self, "/", AHOY_AVAHI_SERVER, "EntryGroupNew", NULL, "(o)", on_group);
}

static void
publish (AhoydPublisher *self)
{
  AhoyDiscoveryReply reply = { .extended = TRUE };

  self->describe (&reply, self->data);
  g_free (self->wanted);
  self->wanted = g_strdup (reply.name);
  g_free (self->name);
  self->name = ahoy_service_name (reply.name);
  self->n_renames = 0;
  make_group (self);
}

static void
on_group_signal (GDBusConnection *bus,
                 const char      *sender,
                 const char      *path,
                 const char      *interface,
                 const char      *signal,
                 GVariant        *arguments,
                 gpointer         data)
{
  AhoydPublisher *self = data;
  gint32          state;

  if (g_strcmp0 (path, self->group) != 0 || !g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(is)")))
    return;
  g_variant_get (arguments, "(is)", &state, NULL);
  if (state == GROUP_ESTABLISHED)
    g_message ("It is published by mDNS as '%s'", self->name);
  else if (state == GROUP_COLLISION)
    rename_service (self);
  else if (state == GROUP_FAILURE)
    give_up (self, "Avahi could not");
}

/* --- Avahi comes and goes --- */

static void
take_server_state (AhoydPublisher *self,
                   gint32          state)
{
  /* While its host name is probed for, and when that collides, what was published has to be published anew. */
  if (state != SERVER_RUNNING)
    withdraw (self);
  else if (self->run == NULL)
    publish (self);
}

static void
on_server_signal (GDBusConnection *bus,
                  const char      *sender,
                  const char      *path,
                  const char      *interface,
                  const char      *signal,
                  GVariant        *arguments,
                  gpointer         data)
{
  gint32 state;

  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(is)")))
    return;
  g_variant_get (arguments, "(is)", &state, NULL);
  take_server_state (data, state);
}

static void
on_server_state (GObject      *bus,
                 GAsyncResult *result,
                 gpointer      data)
{
  AhoydPublisher      *self = data;
  g_autoptr (GVariant) returned = take_answer (bus, result, data);
  gint32               state;

  if (returned == NULL)
    return;
  g_variant_get (returned, "(i)", &state);
  g_clear_object (&self->run); /* it was this question's */
  take_server_state (self, state);
}

static void
forget_avahi (AhoydPublisher *self)
{
  if (self->bus != NULL && self->server_signals != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->server_signals);
  if (self->bus != NULL && self->group_signals != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->group_signals);
  self->server_signals = 0;
  self->group_signals = 0;
  g_clear_pointer (&self->avahi, g_free);
  withdraw (self);
}

static void
on_avahi_appeared (GDBusConnection *bus,
                   const char      *name,
                   const char      *owner,
                   gpointer         data)
{
  AhoydPublisher                *self = data;
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (self->context);

  forget_avahi (self);
  self->avahi = g_strdup (owner);
  self->server_signals = g_dbus_connection_signal_subscribe (bus, owner, AHOY_AVAHI_SERVER, "StateChanged", "/", NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                             on_server_signal, self, NULL);
  self->group_signals = g_dbus_connection_signal_subscribe (bus, owner, GROUP_INTERFACE, "StateChanged", NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                            on_group_signal, self, NULL);
  self->run = g_cancellable_new ();
  call (self, "/", AHOY_AVAHI_SERVER, "GetState", NULL, "(i)", on_server_state);
}

static void
on_avahi_vanished (GDBusConnection *bus,
                   const char      *name,
                   gpointer         data)
{
  AhoydPublisher *self = data;

  forget_avahi (self);
  if (!self->told_absence)
    g_info ("No Avahi on this machine: the server is published by mDNS when there is one");
  self->told_absence = TRUE;
}

/* --- The bus comes and goes --- */

static gboolean
on_retry (gpointer data)
{
  AhoydPublisher *self = data;

  g_clear_pointer (&self->retry, g_source_unref);
  connect_to_bus (self);
  return G_SOURCE_REMOVE;
}

static void
try_later (AhoydPublisher *self)
{
  self->retry = g_timeout_source_new_seconds (RETRY_SECONDS);
  g_source_set_callback (self->retry, on_retry, self, NULL);
  g_source_attach (self->retry, self->context);
}

static void
drop_bus (AhoydPublisher *self)
{
  g_clear_handle_id (&self->watch, g_bus_unwatch_name);
  forget_avahi (self);
  if (self->bus == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->bus, self);
  g_dbus_connection_close (self->bus, NULL, NULL, NULL);
  g_clear_object (&self->bus);
}

static void
on_closed (AhoydPublisher *self)
{
  g_info ("The system bus is gone");
  drop_bus (self);
  try_later (self);
}

static void
on_connected (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr (GError)             error = NULL;
  g_autoptr (GDBusConnection)    bus = g_dbus_connection_new_for_address_finish (result, &error);
  g_autoptr (GMainContextPusher) pusher = NULL;
  AhoydPublisher                *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = data;
  if (bus == NULL)
    {
      g_debug ("The system bus cannot be used: %s", error->message);
      try_later (self);
      return;
    }
  pusher = g_main_context_pusher_new (self->context);
  self->bus = g_steal_pointer (&bus);
  g_signal_connect_swapped (self->bus, "closed", G_CALLBACK (on_closed), self);
  self->watch = g_bus_watch_name_on_connection (self->bus, AHOY_AVAHI, G_BUS_NAME_WATCHER_FLAGS_NONE, on_avahi_appeared, on_avahi_vanished,
                                                self, NULL);
}

static void
connect_to_bus (AhoydPublisher *self)
{
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (self->context);
  g_autofree char               *address = ahoy_bus_find_system ();

  if (address != NULL)
    g_dbus_connection_new_for_address (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                       NULL, self->life, on_connected, self);
  else
    try_later (self);
}

AhoydPublisher *
ahoyd_publisher_new (GMainContext        *context,
                     GPtrArray           *addresses,
                     AhoydAnswersDescribe describe,
                     gpointer             data)
{
  AhoydPublisher *self;

  g_return_val_if_fail (context != NULL && addresses != NULL && describe != NULL, NULL);

  self = g_new0 (AhoydPublisher, 1);
  self->context = g_main_context_ref (context);
  self->life = g_cancellable_new ();
  self->places = g_array_new (FALSE, FALSE, sizeof (Place));
  self->addresses = addresses;
  self->describe = describe;
  self->data = data;
  find_places (self);
  if (self->places->len > 0)
    connect_to_bus (self);
  else
    g_info ("It is not published by mDNS: it serves no address that others could reach");
  return self;
}

void
ahoyd_publisher_update (AhoydPublisher *publisher)
{
  AhoyDiscoveryReply reply = { .extended = TRUE };

  g_return_if_fail (publisher != NULL);

  publisher->describe (&reply, publisher->data);
  if (publisher->avahi == NULL || (publisher->run != NULL && g_strcmp0 (publisher->wanted, reply.name) == 0))
    return;
  withdraw (publisher);
  publisher->run = g_cancellable_new ();
  call (publisher, "/", AHOY_AVAHI_SERVER, "GetState", NULL, "(i)", on_server_state);
}

void
ahoyd_publisher_free (AhoydPublisher *publisher)
{
  g_return_if_fail (publisher != NULL);

  g_cancellable_cancel (publisher->life);
  g_object_unref (publisher->life);
  if (publisher->retry != NULL)
    g_source_destroy (publisher->retry);
  g_clear_pointer (&publisher->retry, g_source_unref);
  drop_bus (publisher);
  g_free (publisher->wanted);
  g_free (publisher->name);
  g_array_unref (publisher->places);
  g_main_context_unref (publisher->context);
  g_free (publisher);
}
