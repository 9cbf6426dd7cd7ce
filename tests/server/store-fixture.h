/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-clock.h"
#include "store/ahoyd-database.h"
#include "store/ahoyd-log-reader.h"
#include "store/ahoyd-store.h"

/* A store with somebody who writes down what it announces. */

typedef enum {
  STORE_COMMITTED,
  STORE_REPEATED,
  STORE_REJECTED,
} StoreOutcome;

typedef struct {
  AhoydStore            *store;
  GMainContext          *context;
  char                  *dir;      /* of the sqlite store */
  char                  *path;     /* of its file */
  GPtrArray             *messages; /* AhoydEvent, in the order announced */
  GArray                *outcomes; /* StoreOutcome of each */
  GArray                *errors;   /* int: the G_IO_ERROR code of each, 0 where there was none */
  guint                  n_announced;
  gboolean               appending;
  gboolean               announced_inside; /* the fault: announced from inside append */
  guint                  answer;           /* append so many more from the announcements */
  AhoydKeep              keep;             /* of the sqlite store, when it opens */
  AhoydReadOptions       reading;
  const AhoydTableClass *table; /* of the sqlite store, when it opens: one more */
  AhoydClock             clock; /* what it knows the time from; set by store_fixture_set_clock() */
  gint64                 real;
  gint64                 elapsed;
  GPtrArray             *gone;      /* skeletons that retention has seen the last of */
  GPtrArray             *forgotten; /* skeletons of names that were given up */
} StoreFixture;

int store_fixture_setup_memory (void **state);
int store_fixture_setup_sqlite (void **state);
int store_fixture_teardown (void **state);

/* Closes the store as a stopped server does, and opens what is on the disk again; what was announced so far is forgotten. FALSE when it does not open. */
gboolean store_fixture_reopen (StoreFixture *f,
                               GError      **error);

/* Another store was put into it. */
void store_fixture_listen (StoreFixture *f);

/* From now on the sqlite store's clocks stand still, and say this; milliseconds. */
void store_fixture_set_clock (StoreFixture *f,
                              gint64        real,
                              gint64        elapsed);

void store_fixture_say (StoreFixture *f,
                        const char   *from,
                        const char   *to,
                        const char   *text,
                        const char   *cid);
/* Until so many were announced in all; asserts that they come. */
void store_fixture_wait (StoreFixture *f,
                         guint         n);

const AhoydEvent *store_fixture_nth (StoreFixture *f,
                                     guint         i);
StoreOutcome      store_fixture_outcome (StoreFixture *f,
                                         guint         i);
