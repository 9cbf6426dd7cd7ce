/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Asks this computer's Avahi who is published by mDNS.
 *
 * Each question has a connection of its own to the system bus: what Avahi signals over it is an answer to this question, even when it comes before the
 * browser's path does (Avahi does that), and closing it frees all that Avahi keeps for us. Signals are listened for from the one who has Avahi's name, by
 * unique name: nobody else on the bus can speak for it. */

#include "core/discovery/ahoy-mdns-private.h"

#include <errno.h>
#include <string.h>

#include "core/discovery/ahoy-probe-private.h"
#include "wire/ahoy-bus.h"
#include "wire/ahoy-service.h"

#define BROWSER_INTERFACE "org.freedesktop.Avahi.ServiceBrowser"
#define RESOLVED_TYPE "(iissssisqaayu)"
#define ITEM_TYPE "(iisssu)"

/* Instances that are asked about: a server has one for each interface and each version of IP. Whoever publishes ever more gets no further. */
#define ITEMS_MAX 512
/* Of these, at one time: Avahi keeps an object for each. */
#define PENDING_MAX 32
/* Milliseconds: a search is long over. */
#define CALL_TIMEOUT_MS 10000

enum {
  ANY_INTERFACE = -1,
  ANY_PROTOCOL = -1,
};

struct _AhoyMdns {
  /* Owned */
  AhoyProbe       *probe;
  GCancellable    *cancellable;
  GDBusConnection *bus;
  char            *avahi;   /* its unique name */
  GQueue           waiting; /* GVariant, of ITEM_TYPE */

  /* Borrowed */
  AhoyMdnsFunc on_reply;
  gpointer     data;

  guint    signals;
  guint    n_items;
  guint    n_pending;
  gboolean closed;
};

static void resolve_more (AhoyMdns *self);

static void
fail (AhoyMdns     *self,
      const GError *error)
{
  g_autofree char *remote = g_dbus_error_get_remote_error (error);
  gboolean         absent = g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
                    g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN);

  g_debug ("Avahi cannot be asked: %s", error->message);
  ahoy_probe_set_error (self->probe, absent ? ENOENT : remote == NULL ? ECONNREFUSED
                                                                      : EIO);
}

static void
finalize (AhoyMdns *self)
{
  g_queue_clear_full (&self->waiting, (GDestroyNotify) g_variant_unref);
  g_object_unref (self->probe);
  g_object_unref (self->cancellable);
  g_free (self->avahi);
}

/* Whether there is still somebody who wants to know. */
static gboolean
finish_call (GObject      *bus,
             GAsyncResult *result,
             GVariant    **returned,
             GError      **error)
{
  *returned = g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, error);
  return *returned != NULL || !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
call (AhoyMdns           *self,
      const char         *destination,
      const char         *path,
      const char         *interface,
      const char         *method,
      GVariant           *arguments,
      const char         *returns,
      GAsyncReadyCallback callback)
{
  g_dbus_connection_call (self->bus, destination, path, interface, method, arguments, G_VARIANT_TYPE (returns), G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          CALL_TIMEOUT_MS, self->cancellable, callback, self);
}

/* --- What is published --- */

/* Returns: (transfer full) (nullable): @address as the rest of us writes it; NULL when nobody can be connected to there. */
static char *
host_text (const char *text,
           gint32      interface)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  g_autofree char         *plain = NULL;

  if (address == NULL || g_inet_address_get_is_any (address) || g_inet_address_get_is_multicast (address))
    return NULL;

  plain = g_inet_address_to_string (address);
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 && g_inet_address_get_is_link_local (address))
    return interface > 0 ? g_strdup_printf ("%s%%%d", plain, interface) : NULL;
  return g_steal_pointer (&plain);
}

static void
take_resolved (AhoyMdns *self,
               GVariant *resolved)
{
  g_auto (AhoyDiscoveryReply) reply = { 0 };
  g_autoptr (GVariant)        txt = NULL;
  g_autofree char            *host = NULL;
  const char                 *name;
  const char                 *address;
  gint32                      interface;
  guint16                     port;

  g_variant_get (resolved, "(ii&s&s&s&si&sq@aayu)", &interface, NULL, &name, NULL, NULL, NULL, NULL, &address, &port, &txt, NULL);
  host = host_text (address, interface);
  if (host == NULL || !ahoy_service_txt_parse (&reply, name, port, txt))
    {
      g_debug ("What '%s' published makes no sense", name);
      return;
    }
  ahoy_probe_add_reply (self->probe);
  self->on_reply (host, &reply, self->data);
}

static void
on_resolved (GObject      *bus,
             GAsyncResult *result,
             gpointer      data)
{
  AhoyMdns            *self = data;
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) returned = NULL;

  if (!finish_call (bus, result, &returned, &error))
    return;

  self->n_pending--;
  g_rc_box_acquire (self);
  if (returned != NULL)
    take_resolved (self, returned);
  else
    g_debug ("Avahi does not know where: %s", error->message); /* it went away meanwhile */
  if (!self->closed)
    resolve_more (self);
  g_rc_box_release_full (self, (GDestroyNotify) finalize);
}

static void
resolve_more (AhoyMdns *self)
{
  while (self->n_pending < PENDING_MAX && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr (GVariant) item = g_queue_pop_head (&self->waiting);
      const char          *name;
      const char          *type;
      const char          *domain;
      gint32               interface;
      gint32               protocol;

      g_variant_get (item, "(ii&s&s&su)", &interface, &protocol, &name, &type, &domain, NULL);
      self->n_pending++;
      call (self, self->avahi, "/", AHOY_AVAHI_SERVER, "ResolveService",
            g_variant_new ("(iisssiu)", interface, protocol, name, type, domain, protocol, 0), RESOLVED_TYPE, on_resolved);
    }
}

static void
on_signal (GDBusConnection *bus,
           const char      *sender,
           const char      *path,
           const char      *interface,
           const char      *signal,
           GVariant        *arguments,
           gpointer         data)
{
  AhoyMdns *self = data;

  if (g_str_equal (signal, "Failure"))
    {
      ahoy_probe_set_error (self->probe, EIO);
      return;
    }
  if (!g_str_equal (signal, "ItemNew") || !g_variant_is_of_type (arguments, G_VARIANT_TYPE (ITEM_TYPE)) || self->n_items == ITEMS_MAX)
    return;

  self->n_items++;
  g_queue_push_tail (&self->waiting, g_variant_ref (arguments));
  resolve_more (self);
}

/* --- The question --- */

static void
on_browser (GObject      *bus,
            GAsyncResult *result,
            gpointer      data)
{
  AhoyMdns            *self = data;
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) returned = NULL;

  if (!finish_call (bus, result, &returned, &error))
    return;

  if (returned != NULL)
    ahoy_probe_add_sent (self->probe, 1);
  else
    fail (self, error);
}

static void
on_owner (GObject      *bus,
          GAsyncResult *result,
          gpointer      data)
{
  AhoyMdns            *self = data;
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) returned = NULL;

  if (!finish_call (bus, result, &returned, &error))
    return;
  if (returned == NULL)
    {
      fail (self, error);
      return;
    }

  g_variant_get (returned, "(s)", &self->avahi);
  self->signals = g_dbus_connection_signal_subscribe (self->bus, self->avahi, BROWSER_INTERFACE, NULL, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal,
                                                      self, NULL);
  call (self, self->avahi, "/", AHOY_AVAHI_SERVER, "ServiceBrowserNew",
        g_variant_new ("(iissu)", ANY_INTERFACE, ANY_PROTOCOL, AHOY_SERVICE_TYPE, "", 0), "(o)", on_browser);
}

static void
on_connected (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  AhoyMdns                   *self = data;
  g_autoptr (GError)          error = NULL;
  g_autoptr (GDBusConnection) bus = g_dbus_connection_new_for_address_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bus == NULL)
    {
      fail (self, error);
      return;
    }

  self->bus = g_steal_pointer (&bus);
  call (self, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetNameOwner", g_variant_new ("(s)", AHOY_AVAHI), "(s)",
        on_owner);
}

AhoyMdns *
ahoy_mdns_new (GListStore  *probes,
               AhoyMdnsFunc on_reply,
               gpointer     data)
{
  AhoyMdns        *self;
  g_autofree char *address = NULL;

  g_return_val_if_fail (G_IS_LIST_STORE (probes) && on_reply != NULL, NULL);

  self = g_rc_box_new0 (AhoyMdns);
  self->probe = ahoy_probe_new (AHOY_PROBE_MDNS, NULL, NULL, AHOY_SERVICE_TYPE);
  self->cancellable = g_cancellable_new ();
  self->on_reply = on_reply;
  self->data = data;
  g_queue_init (&self->waiting);

  address = ahoy_bus_find_system ();
  if (address != NULL)
    g_dbus_connection_new_for_address (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                       NULL, self->cancellable, on_connected, self);
  else
    ahoy_probe_set_error (self->probe, ENOENT);
  g_list_store_append (probes, self->probe);

  return self;
}

void
ahoy_mdns_free (AhoyMdns *self)
{
  g_return_if_fail (self != NULL);

  self->closed = TRUE;
  g_cancellable_cancel (self->cancellable);
  if (self->signals != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->signals);
  if (self->bus != NULL)
    g_dbus_connection_close (self->bus, NULL, NULL, NULL);
  g_clear_object (&self->bus);
  g_rc_box_release_full (self, (GDestroyNotify) finalize);
}
