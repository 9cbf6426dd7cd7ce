/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "state/ahoyd-hub.h"
#include "state/ahoyd-owners.h"
#include "wire/ahoy-poll.h"

G_BEGIN_DECLS

/* The operator's door: a stream socket `control` in the data folder of a server that runs, mode 0600. A connection asks one line, gets the
 * answer, and is closed. UTF-8.
 *
 *   question = "list" LF
 *            / "release " name LF
 *   answer   = *(row LF) "ok" LF          ; row: see ahoyd_names_list(); it holds a tab
 *            / "no " sentence LF          ; what cannot be, without a full stop
 *
 * An answer without its last line was cut off. */

/* Bytes in a question: a name is 32 characters. */
#define AHOYD_CONTROL_QUESTION_MAX 1024
/* Milliseconds to ask, and to take the answer. */
#define AHOYD_CONTROL_TIMEOUT_MS 10000
/* Those who ask at the same time. */
#define AHOYD_CONTROL_CONNECTIONS 8

typedef struct _AhoydControl AhoydControl;

/* @folder: a data folder that is locked. A socket that a killed server left there is replaced. The rest: borrowed.
 * Returns: (transfer full): NULL with a G_IO_ERROR. */
AhoydControl *ahoyd_control_new (const char  *folder,
                                 AhoyPoll    *poll,
                                 AhoydOwners *owners,
                                 AhoydHub    *hub,
                                 GError     **error);
/* Takes the socket away. */
void ahoyd_control_free (AhoydControl *control);

/* Asks the server that has @folder; blocks. @question: without the LF.
 * Returns: (transfer full): the rows; NULL with G_IO_ERROR_NOT_FOUND or _CONNECTION_REFUSED when no server listens there,
 * G_IO_ERROR_FAILED and its sentence when it says no, or another G_IO_ERROR. */
char *ahoyd_control_ask (const char *folder,
                         const char *question,
                         GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydControl, ahoyd_control_free)

G_END_DECLS
