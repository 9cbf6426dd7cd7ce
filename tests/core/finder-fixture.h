/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/discovery/ahoy-finder-private.h"
#include "support/fake-responder.h"

/* What tests of the finder share. Asserts with cmocka. */

/* A reply in the extended dialect, for fake_responder_answer_extended(). */
#define EXTENDED(port, id, name) port "|v=2|nonce=@NONCE@|id=" id "|name=" name "|users=3|tls=0"

/* Something is to be found: as patient as a loaded machine needs. */
extern const AhoyFinderTiming patient;
/* Nothing is: all attempts are made, and then it is over. */
extern const AhoyFinderTiming brief;

/* One that asks where @responder listens. */
AhoyFinder *make_finder (FakeResponder          *responder,
                         const AhoyFinderTiming *timing);
/* The same, and a whole search. */
AhoyFinder *search (FakeResponder          *responder,
                    const AhoyFinderTiming *timing);
void        wait_over (AhoyFinder *finder);

guint n_servers (AhoyFinder *finder);
/* (transfer none), both: the lists keep them. */
AhoyServer *server_at (AhoyFinder *finder,
                       guint       i);
AhoyProbe  *probe_of (AhoyFinder   *finder,
                      AhoyProbeKind kind);
