/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "wire/ahoy-link-private.h"

/* For tests of ahoy-link: a poll in a context of its own, and sides: one link, a record of what came out of it, and the raw socket of its
 * peer. */

typedef struct {
  GMainContext   *context;
  AhoyPoll       *poll;
  AhoyLinkShared *shared; /* Borrowed from the poll */
} LinkFixture;

/* cmocka's set-up and tear-down. Links of it are as patient as can be, so that a slow machine runs into none of their time limits. Tear-down
 * fails when links are still closing. */
int link_fixture_set_up (void **state);
int link_fixture_tear_down (void **state);

#define link_test(name) cmocka_unit_test_setup_teardown (name, link_fixture_set_up, link_fixture_tear_down)

/* For links that begin after it. Milliseconds, as AHOY_TLS_HANDSHAKE_MS, AHOY_LINK_LINGER_MS and AHOY_TLS_SILENCE_MS. */
void link_fixture_set_patience (LinkFixture *fixture,
                                guint        handshake_ms,
                                guint        linger_ms,
                                guint        silence_ms);

/* Iterates until nothing is ready any more; asserts that this comes to an end. */
void link_fixture_settle (LinkFixture *fixture);

/* What a callback does to its link. */
typedef enum {
  DO_NOTHING,
  DO_CLOSE,
  DO_ABORT,
  DO_UNREF,
  DO_PAUSE,
  DO_ECHO, /* every frame, not only the chosen one */
} Deed;

typedef struct {
  LinkFixture *fixture;
  AhoyLink    *link;
  int          fd; /* the peer's, non-blocking; -1 after side_hang_up() */

  GString    *log; /* frames as "type body;", faults as "!code;", ends as "#end;", the handshake as "+secure;" */
  guint       n_frames;
  guint       n_faults;
  guint       n_ended;
  guint       n_secured;
  guint       n_after_deed; /* callbacks that came after the deed was done */
  AhoyLinkEnd end;
  GQuark      error_domain;
  int         error_code; /* of the end; -1: none */
  char       *error_message;

  Deed     deed;
  guint    deed_at_frame; /* counted from 1; 0: at none */
  Deed     deed_on_fault;
  Deed     deed_on_ended;
  Deed     deed_on_secured;
  gboolean deed_done;
} Side;

extern const AhoyLinkEvents side_events;

/* A link over a local stream socket pair. */
Side *side_new (LinkFixture *fixture);
/* Without a link yet, for which @fd (out) is; of known size, as all of these pairs: the kernel takes more than two turns' reads and less
 * than half a megabyte. */
Side *side_new_on_pair (LinkFixture *fixture,
                        int         *fd);
/* Without a link yet: the test makes it, with side_events and the side as data. @fd (transfer full): the peer's end. */
Side *side_new_bare (LinkFixture *fixture,
                     int          fd);
void  side_free (Side *side);
/* The peer closes its descriptor. */
void side_hang_up (Side *side);

void peer_write (Side       *side,
                 const void *bytes,
                 gsize       len);
void peer_says (Side       *side,
                const char *text);
/* Returns: (transfer full): all that is there for the peer now. @eof (out) (optional). */
GString *peer_read (Side     *side,
                    gboolean *eof);
void     assert_peer_reads (Side       *side,
                            const char *expected,
                            gboolean    then_eof);

/* The link sends a chat frame. */
void side_send (Side       *side,
                const char *body);
/* Returns: (transfer full): a frame whose body is @len x-es. */
GBytes *long_frame (gsize len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Side, side_free)
