/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Lets a property that holds an object notify also when something about the object changes, so that closures over the object are asked anew.
 * Of a conversation that is its "unread" and whatever there is about its person; of any other object whatever there is. */

#define AHOY_TYPE_SUBJECT (ahoy_subject_get_type ())
G_DECLARE_FINAL_TYPE (AhoySubject, ahoy_subject, AHOY, SUBJECT, GObject)

/* @pspec: the property of @owner, which holds the subject and lets it go when it is disposed of. */
AhoySubject *ahoy_subject_new (gpointer    owner,
                               GParamSpec *pspec);
/* @object: nullable. Does not notify by itself. */
void ahoy_subject_set (AhoySubject *self,
                       gpointer     object);

G_END_DECLS
