/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A TCP connection to @host (numeric, or a name: all its addresses are tried) and @port, never through a proxy: a LAN has none.
 * @timeout_ms: for all of it, looking up the name included; then G_IO_ERROR_TIMED_OUT. Main thread. */
void ahoy_dial_async (const char         *host,
                      guint16             port,
                      guint               timeout_ms,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            data);
/* Returns: (transfer full): the connected descriptor, or -1 with a G_IO_ERROR or G_RESOLVER_ERROR. */
int ahoy_dial_finish (GAsyncResult *result,
                      GError      **error);

G_END_DECLS
