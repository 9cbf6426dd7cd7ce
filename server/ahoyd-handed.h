/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whispers that were handed to a peer which cannot say that it has them: each has arrived when its last byte has. Pure. */

/* Zero it. */
typedef struct {
  /*< private >*/
  GArray *marks; /* Mark, in order; NULL: none */
} AhoydHanded;

/* More are not told apart: what came before the newest has arrived when that has. */
#define AHOYD_HANDED_MAX 1024

/* Everything up to the whisper @id will have arrived when so many bytes have; neither is less than the last one's. */
void    ahoyd_handed_add   (AhoydHanded *handed,
                            guint64      id,
                            guint64      bytes);
/* So many bytes have arrived. Returns: the newest whisper of which that is news; 0: none. */
guint64 ahoyd_handed_take  (AhoydHanded *handed,
                            guint64      bytes);
/* Whether anything is under way. */
gboolean ahoyd_handed_waits (const AhoydHanded *handed);
void    ahoyd_handed_clear (AhoydHanded *handed);

G_END_DECLS
