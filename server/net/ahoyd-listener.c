/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The sockets that wait for connections. */

#define _GNU_SOURCE /* accept4() */
#include "net/ahoyd-listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections taken in one loop turn before those that are here get theirs. */
#define ACCEPT_BUDGET 64
/* Milliseconds without accepting when there is no descriptor or memory left for another connection. */
#define ACCEPT_PAUSE_MS 250
/* How often another free port is tried when one address has it and the next does not. */
#define PORT_TRIES 16

typedef struct {
  AhoyPollWatch  watch;
  int            fd;
  AhoydListener *owner;
} Door;

/* Room for an address of either family. */
typedef union {
  struct sockaddr     any;
  struct sockaddr_in  in;
  struct sockaddr_in6 in6;
} Native;

struct _AhoydListener {
  /* Owned */
  GPtrArray *doors;
  GSource   *pause; /* accepting goes on when it runs out */
  gboolean   short_of_descriptors;
  guint16    port;
  /* Borrowed */
  AhoyPoll             *poll;
  GMainContext         *context;
  AhoydListenerAccepted accepted;
  gpointer              data;
};

static void
door_free (gpointer data)
{
  Door *door = data;

  if (door->watch.poll != NULL)
    ahoy_poll_remove (&door->watch);
  close (door->fd);
  g_free (door);
}

static void
set_accepting (AhoydListener *self,
               gboolean       accepting)
{
  for (guint i = 0; i < self->doors->len; i++)
    ahoy_poll_modify (&((Door *) self->doors->pdata[i])->watch, accepting ? EPOLLIN : 0);
}

static gboolean
on_pause_over (gpointer data)
{
  AhoydListener *self = data;

  g_clear_pointer (&self->pause, g_source_unref);
  set_accepting (self, TRUE);
  return G_SOURCE_REMOVE;
}

/* The sockets stay readable: without a pause the loop would spin until somebody leaves. */
static void
pause_accepting (AhoydListener *self,
                 int            why)
{
  if (!self->short_of_descriptors)
    g_warning ("Cannot take more connections for now: %s", g_strerror (why));
  self->short_of_descriptors = TRUE;
  if (self->pause != NULL)
    return;
  set_accepting (self, FALSE);
  self->pause = g_timeout_source_new (ACCEPT_PAUSE_MS);
  g_source_set_callback (self->pause, on_pause_over, self, NULL);
  g_source_attach (self->pause, self->context);
}

static void
on_ready (AhoyPollWatch *watch,
          guint          events)
{
  Door          *door = (Door *) watch;
  AhoydListener *self = door->owner;

  for (guint i = 0; i < ACCEPT_BUDGET; i++)
    {
      Native    from = { 0 };
      socklen_t len = sizeof from;
      int       fd = accept4 (door->fd, &from.any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

      if (fd >= 0)
        {
          self->short_of_descriptors = FALSE;
          self->accepted (fd, &from.any, self->data);
        }
      else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        {
          pause_accepting (self, errno);
          return;
        }
      else if (errno == EAGAIN || errno == EWOULDBLOCK)
        {
          return;
        }
      /* Anything else is the fault of that one connection, gone before it was taken: see accept(2). */
    }
}

static int
listen_at (GInetSocketAddress *address,
           guint16             port)
{
  Native       native = { 0 };
  const gssize len = g_socket_address_get_native_size (G_SOCKET_ADDRESS (address));
  const int    on = 1;
  int          fd;

  if (!g_socket_address_to_native (G_SOCKET_ADDRESS (address), &native, sizeof native, NULL))
    {
      errno = EINVAL;
      return -1;
    }
  if (native.any.sa_family == AF_INET6)
    native.in6.sin6_port = htons (port);
  else
    native.in.sin_port = htons (port);

  fd = socket (native.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (native.any.sa_family == AF_INET6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (bind (fd, &native.any, len) < 0 || listen (fd, SOMAXCONN) < 0)
    {
      int why = errno;

      close (fd);
      errno = why;
      return -1;
    }
  return fd;
}

static guint16
port_of (int fd)
{
  Native    native = { 0 };
  socklen_t len = sizeof native;

  if (getsockname (fd, &native.any, &len) < 0)
    return 0;
  return ntohs (native.any.sa_family == AF_INET6 ? native.in6.sin6_port : native.in.sin_port);
}

static gboolean
is_no_such_family (int why)
{
  return why == EAFNOSUPPORT || why == EADDRNOTAVAIL || why == EPROTONOSUPPORT;
}

/* A link-local address on another interface is another one. */
static gboolean
is_same (GInetSocketAddress *one,
         GInetSocketAddress *other)
{
  return g_inet_address_equal (g_inet_socket_address_get_address (one), g_inet_socket_address_get_address (other)) &&
         (g_socket_address_get_family (G_SOCKET_ADDRESS (one)) != G_SOCKET_FAMILY_IPV6 ||
          g_inet_socket_address_get_scope_id (one) == g_inet_socket_address_get_scope_id (other));
}

/* Whether listening at an address before it, or at every one of its family, does for this one too. */
static gboolean
is_covered (GPtrArray *addresses,
            guint      index)
{
  GInetAddress *address = g_inet_socket_address_get_address (addresses->pdata[index]);

  for (guint i = 0; i < addresses->len; i++)
    {
      GInetAddress *other = g_inet_socket_address_get_address (addresses->pdata[i]);

      if (is_same (addresses->pdata[index], addresses->pdata[i]) ? i < index
                                                                 : g_inet_address_get_is_any (other) &&
                                                                     g_inet_address_get_family (address) == g_inet_address_get_family (other))
        return TRUE;
    }
  return FALSE;
}

/* @optional: a family that the kernel does not have is no error. Returns: 0 or an errno, with @at the address. */
static int
open_doors (AhoydListener       *self,
            GPtrArray           *addresses,
            guint16              port,
            gboolean             optional,
            GInetSocketAddress **at)
{
  int missing = 0;

  g_ptr_array_set_size (self->doors, 0);
  self->port = port;
  for (guint i = 0; i < addresses->len; i++)
    {
      Door *door;
      int   fd;

      if (is_covered (addresses, i))
        continue;
      *at = addresses->pdata[i];
      fd = listen_at (*at, self->port);
      if (fd < 0 && optional && is_no_such_family (errno))
        {
          missing = errno;
          continue;
        }
      if (fd < 0)
        return errno;
      self->port = port_of (fd);
      door = g_new0 (Door, 1);
      door->fd = fd;
      door->owner = self;
      door->watch.on_ready = on_ready;
      g_ptr_array_add (self->doors, door);
    }
  return self->doors->len > 0 ? 0 : missing;
}

static GPtrArray *
every_address (void)
{
  const GSocketFamily families[] = { G_SOCKET_FAMILY_IPV4, G_SOCKET_FAMILY_IPV6 };
  GPtrArray          *addresses = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autoptr (GInetAddress) any = g_inet_address_new_any (families[i]);

      g_ptr_array_add (addresses, g_inet_socket_address_new (any, 0));
    }
  return addresses;
}

AhoydListener *
ahoyd_listener_new (AhoyPoll             *poll,
                    GMainContext         *context,
                    GPtrArray            *addresses,
                    guint16               port,
                    AhoydListenerAccepted accepted,
                    gpointer              data,
                    GError              **error)
{
  g_autoptr (AhoydListener) self = NULL;
  g_autoptr (GPtrArray)     all = addresses->len > 0 ? g_ptr_array_ref (addresses) : every_address ();
  GInetSocketAddress       *at = NULL;
  int                       why = EADDRINUSE;

  g_return_val_if_fail (poll != NULL && accepted != NULL, NULL);

  self = g_new0 (AhoydListener, 1);
  self->doors = g_ptr_array_new_with_free_func (door_free);
  self->poll = ahoy_poll_ref (poll);
  self->context = context;
  self->accepted = accepted;
  self->data = data;

  for (guint i = 0; why == EADDRINUSE && i < (port == 0 ? PORT_TRIES : 1); i++)
    why = open_doors (self, all, port, addresses->len == 0, &at);
  if (why != 0)
    {
      g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (at));

      if (why == EADDRINUSE)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "TCP port %u is in use already (%s)", port, host);
      else
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (why), "Cannot listen at %s, TCP port %u: %s", host, port,
                     g_strerror (why));
      return NULL;
    }

  for (guint i = 0; i < self->doors->len; i++)
    {
      Door *door = self->doors->pdata[i];

      if (!ahoy_poll_add (poll, &door->watch, door->fd, EPOLLIN, error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

void
ahoyd_listener_free (AhoydListener *listener)
{
  g_return_if_fail (listener != NULL);

  if (listener->pause != NULL)
    {
      g_source_destroy (listener->pause);
      g_source_unref (listener->pause);
    }
  g_ptr_array_unref (listener->doors);
  ahoy_poll_unref (listener->poll);
  g_free (listener);
}

guint16
ahoyd_listener_get_port (AhoydListener *listener)
{
  return listener->port;
}
