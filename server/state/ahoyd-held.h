/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* Which whispers wait for whom. PROTOCOL.md, "Whispers to people who are away". That is a table of the store (ahoyd-taken-table.h), so it outlives the process. */

/* @event is a whisper that was just committed. */
void ahoyd_held_note (AhoydStore       *store,
                      const AhoydEvent *event);

/* Everything up to @id has reached the person with that skeleton. */
void ahoyd_held_taken (AhoydStore *store,
                       const char *skeleton,
                       guint64     id);

/* The whispers that wait for somebody: after @after (out), up to @until (out). FALSE when there are none. */
gboolean ahoyd_held_get (AhoydStore *store,
                         const char *skeleton,
                         guint64    *after,
                         guint64    *until);

/* All that is known of the name with that skeleton goes, also what others keep: see ahoyd_store_forget_name(). */
void ahoyd_held_drop (AhoydStore *store,
                      const char *skeleton);

/* The name with that skeleton is somebody else's from now on: what is known of its owner goes, and whispers up to @until wait for
 * nobody. */
void ahoyd_held_forget (AhoydStore *store,
                        const char *skeleton,
                        guint64     until);

G_END_DECLS
