/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* PROTOCOL.md, "Four words": what two people in one room read to each other to know that they see the same key. Of a person's key or a
 * server's id; of the same key both are the same. Takes tens of milliseconds, on purpose: ask once and keep them, not in every bind of a
 * row. Any thread. */

/* @key_or_id: nullable. Returns: (transfer full) (nullable): "anchor maple river stone"; NULL: it is neither a key nor the id of one (a
 * server without TLS may call itself anything). */
char *ahoy_key_words (const char *key_or_id);

G_END_DECLS
