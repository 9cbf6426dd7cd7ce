/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

/* The UDP half of a server, saying whatever a test wants it to. On the default main context. */

typedef struct _FakeBeacon FakeBeacon;

/* @host: "0.0.0.0" to hear broadcasts, or one address. @port: 0 takes a free one. The port can be shared with other beacons. */
FakeBeacon *fake_beacon_new  (const char *host,
                              guint16     port);
void        fake_beacon_free (FakeBeacon *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeBeacon, fake_beacon_free)

guint16 fake_beacon_get_port (FakeBeacon *self);

/* The datagrams that answer each request of that dialect, "@NONCE@" in them standing for the request's. "|" is written for US.
 * Each call adds one more; before the first there is silence. */
void    fake_beacon_answer_classic  (FakeBeacon *self,
                                     const char *reply);
void    fake_beacon_answer_extended (FakeBeacon *self,
                                     const char *reply);

/* What it heard. */
guint       fake_beacon_get_n_classic  (FakeBeacon *self);
guint       fake_beacon_get_n_extended (FakeBeacon *self);
/* Different nonces among those, and g_get_monotonic_time() of the first request with the @i-th one. */
guint       fake_beacon_get_n_nonces   (FakeBeacon *self);
gint64      fake_beacon_get_heard_at   (FakeBeacon *self,
                                        guint       i);
