/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "state/ahoyd-tenure.h"

G_BEGIN_DECLS

/* Names that are somebody's before anybody can log in: --claim. PROTOCOL.md, "Owning a name". */

/* Each of @claims (element-type AhoydConfigClaim) is owned by its key when this returns, and that is on the disk (or, where nothing can be written, is
 * so as long as this server runs); except a name that is another key's, or looks like one: that stays as it is, and the log says so. What was whispered to
 * whoever had the name without a key is for nobody then. Before anybody is there. Blocks. */
void ahoyd_claims_make (AhoydTenures *tenures,
                        AhoydStore   *store,
                        GPtrArray    *claims);

G_END_DECLS
