/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/dialect/ahoy-sender.h"

G_BEGIN_DECLS

/* AhoyClassicDialect is how one talks to a server of the original protocol: lines for people to read, that are made into messages; and the outbox has to be
 * asked what has become of ours, as nothing says so for sure. PROTOCOL.md, "Chat lines". Main thread; core only. */

typedef struct _AhoyClassicDialect AhoyClassicDialect;

/* @undelivered_ms: so long after a whisper, a notice may be about it. The others are borrowed. */
AhoyClassicDialect *ahoy_classic_dialect_new (const AhoyChatParts *chat,
                                              guint                undelivered_ms,
                                              AhoySender          *sender);
void                ahoy_classic_dialect_free (AhoyClassicDialect *self);
/* Returns: (transfer none). */
const AhoyInterpreter *ahoy_classic_dialect_get (AhoyClassicDialect *self);

/* It is over, or another archive: no notice is about what was said until now. */
void ahoy_classic_dialect_forget (AhoyClassicDialect *self);
/* The chat goes: there is nothing to look after. */
void ahoy_classic_dialect_stop (AhoyClassicDialect *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyClassicDialect, ahoy_classic_dialect_free)

G_END_DECLS
