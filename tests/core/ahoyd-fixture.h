/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "client-fixture.h"

/* The real server ($AHOYD) on loopback, with a folder of its own. */
typedef struct {
  char        *dir; /* for other files, too */
  GSubprocess *ahoyd;
  guint16      port; /* 0: any; it stays the same from the first start on */
  guint        rate; /* messages a second; 0: any number */
} AhoydFixture;

void ahoyd_fixture_open (AhoydFixture *h);
/* Starts it again, and waits until it serves. */
void ahoyd_fixture_start (AhoydFixture *h);
void ahoyd_fixture_kill (AhoydFixture *h);
/* The server that starts next is a new one. */
void ahoyd_fixture_forget (AhoydFixture *h);
void ahoyd_fixture_close (AhoydFixture *h);
