/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* AhoyPlace is where a message stands in what one person holds of one server's history. PROTOCOL.md, "Runs".
 *
 * What the server has stands at its id. Where the server's log was set back, what only we have stands behind the last id that we share with it: a
 * *copy*, whose path tells in which parting it was lost and where it stood before. So a place is made of the one before alone: the file and the
 * window come to the same one, each by itself, however little the window has read of it. A path is text, and of two the smaller comes first:
 *
 *   path    = *(parting before) [end]
 *   parting = 8HEXDIG    ; the how manieth it was
 *   before  = 16HEXDIG   ; the id, or that of the place
 *   end     = "~"        ; behind all that was lost in the last of these partings: the line that says so
 *
 * An empty path is the server's. Plain data, any thread. */
typedef struct {
  guint64 id;
  char   *path; /* NULL: as empty */
} AhoyPlace;

#define AHOY_PLACE_END "~"

/* Gives @place (initialized) another value; copies @path. */
void ahoy_place_set (AhoyPlace  *place,
                     guint64     id,
                     const char *path);
void ahoy_place_clear (AhoyPlace *place);
/* Returns: (transfer full): a place on the heap. */
AhoyPlace *ahoy_place_copy (const AhoyPlace *place);
void       ahoy_place_free (AhoyPlace *place);
/* Compares two places like strcmp() compares strings: what comes first in the history is smaller. */
int ahoy_place_compare (const AhoyPlace *a,
                        const AhoyPlace *b);
/* Whether only we have what stands there. */
gboolean ahoy_place_is_copy (const AhoyPlace *place);

/* Moves @place when it is lost: from @first on the history is no longer the server's, in the @parting-th parting. Returns: whether that changed the
 * place. */
gboolean ahoy_place_part (AhoyPlace *place,
                          guint64    first,
                          guint      parting);
/* Moves @place when it is @copy, or behind it: the server has that after all, as @id, and what was lost behind it stands behind it again. Returns:
 * whether that changed the place. */
gboolean ahoy_place_rejoin (AhoyPlace       *place,
                            const AhoyPlace *copy,
                            guint64          id);

/* Tells the places of the lines behind a copy, one for each parting it was lost in, the last parting's last. Returns: (transfer full): NULL-terminated
 * paths; the id is the copy's. */
char **ahoy_place_ends (const AhoyPlace *copy);

/* Returns: the id that a copy had before it was lost for the first time. */
guint64 ahoy_place_get_original (const AhoyPlace *place);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AhoyPlace, ahoy_place_clear)

G_END_DECLS
