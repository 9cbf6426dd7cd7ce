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
} House;

void house_open   (House *h);
/* Starts it again, and waits until it serves. */
void house_start  (House *h);
void house_kill   (House *h);
/* The server that starts next is a new one. */
void house_forget (House *h);
void house_close  (House *h);
