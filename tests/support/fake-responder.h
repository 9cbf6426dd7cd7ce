/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

/* The UDP half of a server, saying whatever a test wants it to. On the default main context. */

typedef struct _FakeResponder FakeResponder;

/* @host: "0.0.0.0" to hear broadcasts, or one address. @port: 0 takes a free one. The port can be shared with other responders. */
FakeResponder *fake_responder_new (const char *host,
                                   guint16     port);
void           fake_responder_free (FakeResponder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeResponder, fake_responder_free)

guint16 fake_responder_get_port (FakeResponder *self);

/* The datagrams that answer each request of that dialect, "@NONCE@" in them standing for the request's. "|" is written for US.
 * Each call adds one more; before the first there is silence. */
void fake_responder_answer_classic (FakeResponder *self,
                                    const char    *reply);
void fake_responder_answer_extended (FakeResponder *self,
                                     const char    *reply);

/* What it heard. */
guint fake_responder_get_n_classic (FakeResponder *self);
guint fake_responder_get_n_extended (FakeResponder *self);
/* Different nonces among those, and g_get_monotonic_time() of the first request with the @i-th one. */
guint  fake_responder_get_n_nonces (FakeResponder *self);
gint64 fake_responder_get_heard_at (FakeResponder *self,
                                    guint          i);
