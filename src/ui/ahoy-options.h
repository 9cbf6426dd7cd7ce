/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The command line, parsed and checked. Strings are NULL and numbers 0 when the option was not given. */
typedef struct {
  char    *name;
  char    *server;  /* HOST[:PORT], known to parse */
  char    *profile; /* absolute path */
  guint16  discovery_port;
  gboolean connect;
  gboolean background;
  gboolean version;
} AhoyOptions;

/* Parses @argv (NULL-terminated, argv[0] included, left as it is). --help prints and exits here.
 * @cwd: what a relative --profile is relative to (nullable: the current directory).
 * Returns: (transfer full): NULL with an error whose message is a sentence for people. */
AhoyOptions *ahoy_options_parse (const char *const *argv,
                                 const char        *cwd,
                                 GError           **error);
void         ahoy_options_free (AhoyOptions *options);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyOptions, ahoy_options_free)

G_END_DECLS
