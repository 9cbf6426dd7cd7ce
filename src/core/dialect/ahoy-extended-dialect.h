/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/dialect/ahoy-pace.h"
#include "core/dialect/ahoy-placer.h"

G_BEGIN_DECLS

/* AhoyExtendedDialect is how one talks to an extended server. PROTOCOL.md, "Types".
 *
 * Exactly once, in order: a line of ours is on the disk before it is on the wire, and leaves the outbox in the same transaction that keeps its
 * echo. The *position* is the newest id of an unbroken row of messages; the server replays what is behind it, and what is not behind it is a
 * repeat. Nothing that waits is sent before the replay is over: the replay may hold its echo.
 *
 * What it does not know itself it gives to the chat's features. Main thread; core only. */

typedef struct _AhoyExtendedDialect AhoyExtendedDialect;

/* All are borrowed. */
AhoyExtendedDialect *ahoy_extended_dialect_new (const AhoyChatParts *chat,
                                                AhoySender          *sender,
                                                AhoyPace            *pace,
                                                AhoyPlacer          *placer);
void                 ahoy_extended_dialect_free (AhoyExtendedDialect *self);
/* Returns: (transfer none). */
const AhoyInterpreter *ahoy_extended_dialect_get (AhoyExtendedDialect *self);

/* It is over: whether the server's history is broken is to be seen anew. */
void ahoy_extended_dialect_forget (AhoyExtendedDialect *self);

/* Whether the server could not go on with replays, more than once in a row: the chat's property "history-broken". */
gboolean ahoy_extended_dialect_is_broken (const AhoyExtendedDialect *self);
/* Whether the server that we are on does not want others to be told of it. */
gboolean ahoy_extended_dialect_is_hidden (const AhoyExtendedDialect *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyExtendedDialect, ahoy_extended_dialect_free)

G_END_DECLS
