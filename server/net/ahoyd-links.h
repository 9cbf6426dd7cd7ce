/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "wire/ahoy-poll.h"

G_BEGIN_DECLS

/* Tells that something about this machine's interfaces has changed: one came or went, up or down, or got or lost an IPv6 address. It does
 * not tell what (rtnetlink(7) is only listened to): who wants to know looks. */

typedef struct _AhoydLinks AhoydLinks;

/* At most once a turn. May not free the links. */
typedef void (*AhoydLinksChanged) (gpointer data);

/* Returns: (transfer full): NULL with a G_IO_ERROR when the kernel tells nothing. */
AhoydLinks *ahoyd_links_new (AhoyPoll         *poll,
                             AhoydLinksChanged changed,
                             gpointer          data,
                             GError          **error);
void        ahoyd_links_free (AhoydLinks *links);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydLinks, ahoyd_links_free)

G_END_DECLS
