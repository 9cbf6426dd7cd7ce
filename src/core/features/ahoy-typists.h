/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who is writing just now. Nobody says that they have stopped: a name is here for a while after it was last noted. Main thread; core only. */

typedef struct _AhoyTypists AhoyTypists;

/* The names are others now. */
typedef void (*AhoyTypistsChanged) (gpointer data);

AhoyTypists *ahoy_typists_new (AhoyTypistsChanged changed,
                               gpointer           data);
void         ahoy_typists_free (AhoyTypists *self);

/* @name writes; for @ms, unless it is noted again. */
void ahoy_typists_note (AhoyTypists *self,
                        const char  *name,
                        guint        ms);
void ahoy_typists_drop (AhoyTypists *self,
                        const char  *name);
void ahoy_typists_clear (AhoyTypists *self);

/* Returns: (transfer none): NULL-terminated, in the order they began. */
const char *const *ahoy_typists_get_names (AhoyTypists *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyTypists, ahoy_typists_free)

G_END_DECLS
