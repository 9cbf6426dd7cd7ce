/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tells whoever started the server how it is: systemd (nothing happens without it) and the reader of --ready-fd. */

/* Serving. @fd (transfer full): -1: none. @udp: 0: no discovery. Returns: FALSE with a G_IO_ERROR when nobody reads @fd any more. */
gboolean ahoyd_ready_serving  (int       fd,
                               guint16   tcp,
                               guint16   udp,
                               GError  **error);
void     ahoyd_ready_stopping (void);
/* One line for `systemctl status`. */
void     ahoyd_ready_status   (const char *status);

G_END_DECLS
