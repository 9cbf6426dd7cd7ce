/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much of what was said may wait for the log before nobody is read who adds to it: a disk is slower than a network, and memory is what would
 * fill. Pure. */

/* Bytes of one person, and of all. When many are here each has a smaller share of the latter, but always one message. */
#define AHOYD_BACKLOG_PERSON (256 * 1024)
#define AHOYD_BACKLOG_ALL (64 * 1024 * 1024)

/* Whether somebody is not to be read: @own bytes of theirs wait, of @all that do, with so many people here. @stopped: they are not read already; then
 * some room must come first. Never when nothing of theirs waits: then nothing would wake them. */
gboolean ahoyd_backlog_stops (guint64  own,
                              guint64  all,
                              guint    n_online,
                              gboolean stopped);

G_END_DECLS
