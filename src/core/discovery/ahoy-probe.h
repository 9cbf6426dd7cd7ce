/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "core/ahoy-core-enums.h"

G_BEGIN_DECLS

/* What happened on one interface (or at one address) while looking. Main thread. All notify.
 *
 * "kind" AhoyProbeKind, "interface" (name such as "eth0"; NULL for LIMITED and ADDRESS), "address" (ours on it; NULL
 * when it has none), "target" (where the request went; NULL when it could go nowhere; of SWEEP the subnet, as
 * "192.168.1.0/24"), "sent" (datagrams that left; of SWEEP the addresses they went to),
 * "error" (errno of the last failed send, 0: none; others may have left all the same), "echo-heard" (our own broadcast
 * came back to the port it was sent to: it left this computer's programs and no firewall here holds such datagrams back.
 * The kernel itself returns it, so it does not tell that anybody else got it), "replies" (well-formed ones that came in
 * there; for LIMITED those that came in by no interface that was asked), "trial" (AhoyTrial: whether what looks like an answer to a
 * broadcast gets in there). */

#define AHOY_TYPE_PROBE (ahoy_probe_get_type ())
G_DECLARE_FINAL_TYPE (AhoyProbe, ahoy_probe, AHOY, PROBE, GObject)

AhoyProbeKind ahoy_probe_get_kind (AhoyProbe *self);
const char   *ahoy_probe_get_interface (AhoyProbe *self);
const char   *ahoy_probe_get_address (AhoyProbe *self);
const char   *ahoy_probe_get_target (AhoyProbe *self);
guint         ahoy_probe_get_sent (AhoyProbe *self);
int           ahoy_probe_get_error (AhoyProbe *self);
gboolean      ahoy_probe_get_echo_heard (AhoyProbe *self);
guint         ahoy_probe_get_replies (AhoyProbe *self);
AhoyTrial     ahoy_probe_get_trial (AhoyProbe *self);

G_END_DECLS
