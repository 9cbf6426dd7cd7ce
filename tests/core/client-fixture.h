/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/chat/ahoy-client-private.h"
#include "support/fake-classic.h"
#include "support/test-loop.h"

/* A client called alice with timings of milliseconds, and a fake server. What the client says is recorded. */
typedef struct {
  FakeClassic      *server;
  AhoyServer       *address; /* of the fake server */
  AhoyClient       *client;
  AhoyClientTimings timings;       /* of the next client; change, then fixture_renew() */
  GString          *states;        /* "connecting online " */
  GString          *messages;      /* of "message": "bob: hi | " */
  GPtrArray        *conversations; /* of "message" */
  guint             n_messages;
  guint             n_failed;
  AhoyFailure       failure; /* in "failed" */
} Fixture;

int fixture_setup (void **state);
int fixture_teardown (void **state);
/* Another client in place of the one there is. */
void fixture_renew (Fixture *f);
/* Connects, and waits until online. */
void fixture_online (Fixture *f);

/* A server that answered a search, and speaks the classic dialect alone. */
AhoyServer *fixture_found (const char *host,
                           guint16     port);

/* Iterates once, at most a moment. */
void fixture_iterate (void);

/* Iterates until @condition holds; a failure past the deadline. */
#define WAIT_UNTIL(condition)                                                             \
  G_STMT_START                                                                            \
  {                                                                                       \
    const gint64 wait_until_end = g_get_monotonic_time () + TEST_LOOP_DEADLINE_MS * 1000; \
    while (!(condition) && g_get_monotonic_time () < wait_until_end)                      \
      fixture_iterate ();                                                                 \
    assert_true (condition);                                                              \
  }                                                                                       \
  G_STMT_END

/* Iterates until the client has everything that the fake server has sent so far (and it has what the client sent): it sends a mark and
 * waits for it. */
void fixture_sync (Fixture *f);

/* The lines of a conversation as "alice: hi (waiting) | +bob -carol | * notice | = plain | bob>alice: psst". Free it. */
char *fixture_log (AhoyConversation *conversation);
/* The conversation with somebody, which must be there; NULL: everyone. */
AhoyConversation *fixture_with (Fixture    *f,
                                const char *name);
/* Fails when the conversation with @name (NULL: everyone) reads otherwise. */
void fixture_assert_log (Fixture    *f,
                         const char *name,
                         const char *expected);
/* Who has a conversation: "bob carol(off)". Free it. */
char *fixture_people (Fixture *f);
void  fixture_assert_people (Fixture    *f,
                             const char *expected);

#define CLIENT_TEST(test) cmocka_unit_test_setup_teardown (test, fixture_setup, fixture_teardown)
