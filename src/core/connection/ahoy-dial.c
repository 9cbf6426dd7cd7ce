/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* From a host and a port to a connected descriptor. */

#include "core/connection/ahoy-dial.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

typedef struct {
  /* Owned */
  GCancellable *attempt; /* the caller's cancellable and the deadline both end it */
  gulong        cancelled_id;
  guint         deadline_id;
  gboolean      timed_out;
} Dial;

static void
dial_free (gpointer data)
{
  Dial *dial = data;

  g_clear_handle_id (&dial->deadline_id, g_source_remove);
  g_object_unref (dial->attempt);
  g_free (dial);
}

static void
close_fd (gpointer data)
{
  close (GPOINTER_TO_INT (data));
}

static gboolean
on_deadline (gpointer data)
{
  Dial *dial = g_task_get_task_data (data);

  dial->deadline_id = 0;
  dial->timed_out = TRUE;
  g_cancellable_cancel (dial->attempt);
  return G_SOURCE_REMOVE;
}

static void
on_cancelled (GCancellable *cancellable,
              gpointer      data)
{
  g_cancellable_cancel (data);
}

static void
on_connected (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr (GTask)             task = data;
  Dial                         *dial = g_task_get_task_data (task);
  g_autoptr (GError)            error = NULL;
  g_autoptr (GSocketConnection) connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  int                           fd;

  g_clear_handle_id (&dial->deadline_id, g_source_remove);
  if (dial->cancelled_id)
    g_cancellable_disconnect (g_task_get_cancellable (task), dial->cancelled_id);
  dial->cancelled_id = 0;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (!connection && dial->timed_out)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No answer in time");
      return;
    }
  if (!connection)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* GSocketConnection closes its own descriptor with itself; ours lives on. */
  fd = fcntl (g_socket_get_fd (g_socket_connection_get_socket (connection)), F_DUPFD_CLOEXEC, 3);
  if (fd < 0)
    {
      int saved = errno;

      g_task_return_new_error (task, G_IO_ERROR, g_io_error_from_errno (saved), "%s", g_strerror (saved));
      return;
    }
  g_task_return_pointer (task, GINT_TO_POINTER (fd), close_fd);
}

void
ahoy_dial_async (const char         *host,
                 guint16             port,
                 guint               timeout_ms,
                 GCancellable       *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer            data)
{
  GTask                         *task = g_task_new (NULL, cancellable, callback, data);
  g_autoptr (GSocketConnectable) address = g_network_address_new (host, port);
  g_autoptr (GSocketClient)      client = g_socket_client_new ();
  Dial                          *dial = g_new0 (Dial, 1);

  g_task_set_source_tag (task, ahoy_dial_async);
  g_task_set_task_data (task, dial, dial_free);
  dial->attempt = g_cancellable_new ();
  dial->deadline_id = g_timeout_add (timeout_ms, on_deadline, task);
  if (cancellable)
    dial->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), g_object_ref (dial->attempt), g_object_unref);

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, address, dial->attempt, on_connected, task);
}

int
ahoy_dial_finish (GAsyncResult *result,
                  GError      **error)
{
  gpointer fd;
  GError  *failure = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, ahoy_dial_async), -1);

  fd = g_task_propagate_pointer (G_TASK (result), &failure);
  if (failure)
    {
      g_propagate_error (error, failure);
      return -1;
    }
  return GPOINTER_TO_INT (fd);
}
