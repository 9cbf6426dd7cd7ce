/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/ahoy-core-enums.h"
#include "core/connection/ahoy-server.h"
#include "core/discovery/ahoy-probe.h"

G_BEGIN_DECLS

/* Core's codes as sentences for people, in their language. No widgets. All are (transfer full). */

/* What is wrong with a name no server would take; NULL: nothing. */
char *ahoy_error_text_name_problem (const char *name);
/* Why the server refused @name. */
char *ahoy_error_text_refusal (AhoyRefusal refusal,
                               const char *name);
/* Why there is no connection with the server at @address. Of KEY_CHANGED and DOWNGRADED the heading: more below. */
char *ahoy_error_text_failure (AhoyFailure failure,
                               const char *address);
/* Why it is a full stop (KEY_CHANGED, DOWNGRADED): what was met where @name is known. @downgrade: NONE: another key. */
char *ahoy_error_text_changed_server (AhoyDowngrade downgrade,
                                      const char   *name);
/* What going on all the same means. */
char *ahoy_error_text_accept_server (AhoyDowngrade downgrade);
/* The likely cause when nobody answered on @port. */
char *ahoy_error_text_diagnosis (AhoyDiagnosis diagnosis,
                                 guint16       port);

/* Where a probe looked: "This computer", "eth0 (192.168.1.7)". */
char *ahoy_error_text_probe_place (AhoyProbe *probe);
/* What happened there. */
char *ahoy_error_text_probe_outcome (AhoyProbe *probe);

/* Its display name, else its address. */
char *ahoy_error_text_server_name (AhoyServer *server);
/* "192.168.1.7:24690 · 3 people online" */
char *ahoy_error_text_server_detail (AhoyServer *server);

/* One is on a server that is known, named @here, and not on @other (nullable): its name, where @n_left messages wait to be said. */
char *ahoy_error_text_elsewhere (const char *here,
                                 const char *other,
                                 guint       n_left);
/* The server named @name is not the one that is known under this name, which was last at @address (nullable). */
char *ahoy_error_text_namesake (const char *name,
                                const char *address);

/* Why what is said is not kept, of an error of ahoy-database.h; and what can be done about it. @open: it is tried again and again. */
char *ahoy_error_text_history_problem (const GError *error,
                                       const char   *path,
                                       gboolean      open);

/* What is wrong with the file of an identity or of the known servers, of an error of ahoy-keyring.h or ahoy-known-servers.h; with one to be imported. */
char *ahoy_error_text_file_problem (const GError *error);
char *ahoy_error_text_import_problem (const GError *error);

G_END_DECLS
