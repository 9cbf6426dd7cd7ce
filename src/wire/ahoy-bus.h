/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How to reach Avahi, the machine's own resolver of multicast DNS. */

#define AHOY_AVAHI "org.freedesktop.Avahi"
#define AHOY_AVAHI_SERVER "org.freedesktop.Avahi.Server"

/* Returns: (transfer full) (nullable): the address of this machine's system bus, as GDBus takes it; NULL when there is none. Does not block. */
char *ahoy_bus_find_system (void);

G_END_DECLS
