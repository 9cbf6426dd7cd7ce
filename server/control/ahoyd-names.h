/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "state/ahoyd-hub.h"
#include "state/ahoyd-owners.h"

G_BEGIN_DECLS

/* What an operator may ask about names, whether a server runs (ahoyd-control.h) or not (ahoyd-names-command.h). */

/* @hub (nullable): who is here now.
 * Returns: (transfer full): a line for each name that has an owner, by name: NAME TAB KEY TAB SINCE TAB SEEN LF. KEY: a fingerprint.
 * SINCE, SEEN: seconds since 1970 UTC; 0: not known. SEEN of an owner who is here: "now". */
char *ahoyd_names_list (AhoydOwners *owners,
                        AhoydHub    *hub);

/* As ahoyd_owners_release(), for a @name as people write it. When NULL is returned, @refusal (out) (transfer full) is the sentence that
 * says why. */
AhoydClaim *ahoyd_names_release (AhoydOwners *owners,
                                 const char  *name,
                                 AhoydClaimed released,
                                 gpointer     data,
                                 char       **refusal);

G_END_DECLS
