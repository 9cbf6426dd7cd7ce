/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tells whoever started the server how it is: a service manager that listens at $NOTIFY_SOCKET, as systemd does (nothing happens without
 * that), and the reader of --ready-fd. */

/* Serving. @fd (transfer full): -1: none. @udp: 0: no discovery. @id: the server's. Returns: FALSE with a G_IO_ERROR when nobody reads @fd any more. */
gboolean ahoyd_ready_serving (int         fd,
                              guint16     tcp,
                              guint16     udp,
                              const char *id,
                              GError    **error);
/* The settings are being read anew; and they were, whatever came of it. */
void ahoyd_ready_reloading (void);
void ahoyd_ready_reloaded (void);
void ahoyd_ready_stopping (void);
/* One line for `systemctl status`. */
void ahoyd_ready_status (const char *status);

G_END_DECLS
