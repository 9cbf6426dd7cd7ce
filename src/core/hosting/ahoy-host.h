/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "core/ahoy-core-enums.h"
#include "core/connection/ahoy-server.h"

G_BEGIN_DECLS

/* "Host a chat here": runs ahoyd on this computer as a child with its own data folder. Main thread. The child ends with
 * this object, and with this process however that ends (asked by SIGTERM each time: it says goodbye to everyone).
 *
 * Properties (notify): "state" AhoyHostState, "error-text" (what the child said on stderr when it FAILED; untranslated), "log-lost" (FAILED, because what was
 * said until now is gone or damaged: ahoy_host_start_anew() is a way out). */

#define AHOY_TYPE_HOST (ahoy_host_get_type ())
G_DECLARE_FINAL_TYPE (AhoyHost, ahoy_host, AHOY, HOST, GObject)

/* @program: path of ahoyd. @data_dir: made when missing, mode 0700. @server_name: shown to others. @discovery_port: UDP. */
AhoyHost *ahoy_host_new (const char *program,
                         const char *data_dir,
                         const char *server_name,
                         guint16     discovery_port);

/* Counts from the next start on. @server_name: as for ahoy_host_new(). */
void ahoy_host_set_server_name (AhoyHost   *self,
                                const char *server_name);
/* Counts from the next start on: nobody but who proves @key can log in as @name, from the first moment on; except a name that somebody else owns there already.
 * Each nullable: nothing is claimed. */
void ahoy_host_set_claim (AhoyHost   *self,
                          const char *name,
                          const char *key);

/* STARTING, then RUNNING (ahoy_host_get_server()) or FAILED. A host that runs already is left alone. */
void ahoy_host_start (AhoyHost *self);
/* Like ahoy_host_start(), but a log that is lost or damaged is set aside first, as a file that nobody reads and nobody deletes. One that is in order goes on. */
void ahoy_host_start_anew (AhoyHost *self);
/* SIGTERM; SIGKILL after 5 s. STOPPED when it is gone, and until then as it was; started meanwhile, it starts again then. */
void          ahoy_host_stop (AhoyHost *self);
AhoyHostState ahoy_host_get_state (AhoyHost *self);
const char   *ahoy_host_get_error_text (AhoyHost *self);
gboolean      ahoy_host_get_log_lost (AhoyHost *self);
/* Returns: (transfer none) (nullable): 127.0.0.1 and its port while RUNNING, with the id that it has told us and nobody else can prove; it is our own
 * (ahoy_server_get_own()). */
AhoyServer *ahoy_host_get_server (AhoyHost *self);

G_END_DECLS
