/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What only the finder may do with a probe. */

#pragma once

#include "core/discovery/ahoy-probe.h"

G_BEGIN_DECLS

AhoyProbe *ahoy_probe_new (AhoyProbeKind kind,
                           const char   *interface,
                           const char   *address,
                           const char   *target);
/* An interface got its address while we were looking. */
void ahoy_probe_set_addresses (AhoyProbe  *self,
                               const char *address,
                               const char *target);
void ahoy_probe_add_sent (AhoyProbe *self,
                          guint      datagrams);
void ahoy_probe_set_error (AhoyProbe *self,
                           int        error);
void ahoy_probe_set_echo_heard (AhoyProbe *self);
void ahoy_probe_add_reply (AhoyProbe *self);
/* A trial only ever goes up: what was heard once is heard. */
void ahoy_probe_set_trial (AhoyProbe *self,
                           AhoyTrial  trial);

/* The likely cause when nobody answered @probes. */
AhoyDiagnosis ahoy_probes_diagnose (GListModel *probes);

G_END_DECLS
