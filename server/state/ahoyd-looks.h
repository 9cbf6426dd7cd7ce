/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names by what they look like, so that a newcomer's can be compared with all of them at once. PROTOCOL.md, "Look-alikes". Each belongs to a
 * holder: a key, or whatever else tells people apart. Pure. */

typedef struct _AhoydLooks AhoydLooks;

AhoydLooks *ahoyd_looks_new (void);
void        ahoyd_looks_free (AhoydLooks *looks);

/* @name, whose skeleton that is, is @holder's from now on; what was known under that skeleton is forgotten. */
void ahoyd_looks_put (AhoydLooks *looks,
                      const char *skeleton,
                      const char *name,
                      const char *holder);
/* Forgets the name with that skeleton; nothing happens when it is not there. */
void ahoyd_looks_remove (AhoydLooks *looks,
                         const char *skeleton);

/* Whether @name and one of another holder than @self (NULL: of any) could be mistaken for each other. In a time that does not depend on how
 * many names there are. */
gboolean ahoyd_looks_like_another (AhoydLooks *looks,
                                   const char *name,
                                   const char *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydLooks, ahoyd_looks_free)

G_END_DECLS
