/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

/* A folder of its own for each test, and other people's tools to make keys in it. */

typedef struct {
  char *dir;
  char *path; /* identity.pem: nothing there yet */
  char *mark; /* identity.id: nor there */
} IdentityFixture;

int identity_set_up (void **state);
int identity_tear_down (void **state);

/* Returns: (transfer full): @name in the folder. */
char *identity_path (IdentityFixture *fixture,
                     const char      *name);
/* How many files are in the folder. */
guint identity_n_files (IdentityFixture *fixture);
/* Returns: (transfer full): what is in @name. The test fails when it cannot be read. */
char *identity_contents (IdentityFixture *fixture,
                         const char      *name);
void  identity_write (IdentityFixture *fixture,
                      const char      *name,
                      const char      *contents);

/* Runs a shell's line in the folder; the test fails when it does. */
void identity_run (IdentityFixture *fixture,
                   const char      *line);
/* The fingerprint of the private key in @name by other means: openssl and coreutils. Returns: (transfer full). @options: e.g. "-passin
 * pass:x", or "". */
char *identity_second_opinion (IdentityFixture *fixture,
                               const char      *name,
                               const char      *options);

/* From now on no file can be made longer than @bytes, as on a disk that is full; -1: back to normal. */
void identity_limit_files (gint64 bytes);
