/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-clock.h"
#include "store/ahoyd-database.h"

G_BEGIN_DECLS

/* What of a log is forgotten, and when: what is too old, as soon as the clock can be believed (ahoyd-clock-watch.h), and what is too much, at any time. Done in
 * small slices between commits; each call blocks on the disk for one. Used by the thread that has the database. */

typedef struct _AhoydRetention AhoydRetention;

/* What the operator is told, whom nothing in the log is from or for any more, and which whispers wait for nobody any more. Each is NULL when there is
 * nothing. */
typedef struct {
  GPtrArray *lines;    /* (element-type utf8) */
  GPtrArray *gone;     /* (element-type utf8) skeletons */
  GPtrArray *whispers; /* (element-type AhoydForgotWhisper) */
} AhoydRetentionNews;

/* @db (borrowed), @clock (borrowed): must outlive it. */
AhoydRetention *ahoyd_retention_new (AhoydDatabase    *db,
                                     const AhoydClock *clock,
                                     const AhoydKeep  *keep,
                                     GError          **error);
void            ahoyd_retention_free (AhoydRetention *retention);

void ahoyd_retention_set_keep (AhoydRetention  *retention,
                               const AhoydKeep *keep);

/* Within the transaction of messages that are stamped now: a clock that has jumped is in the log no later than the first stamp by it. Otherwise
 * whoever starts after a crash would believe the right clock and take the wrong stamps for old ones. When that is committed, ahoyd_retention_noted(). */
gboolean ahoyd_retention_note_clock (AhoydRetention *retention,
                                     GError        **error);
void     ahoyd_retention_noted (AhoydRetention *retention);
/* Looks at the clock, remembers what it says, and begins to take away what is too old by it. Every hour or so, and at the end. */
gboolean ahoyd_retention_look (AhoydRetention *retention,
                               GError        **error);
/* @n messages were added, which took @bytes: takes away more than that when there is too much. @more (out): ahoyd_retention_go_on()
 * has something to do. */
gboolean ahoyd_retention_make_room (AhoydRetention *retention,
                                    guint           n,
                                    guint64         bytes,
                                    gboolean       *more,
                                    GError        **error);
/* Does a little of what is to be done. @more (out): call again. */
gboolean ahoyd_retention_go_on (AhoydRetention *retention,
                                gboolean       *more,
                                GError        **error);

/* Moves what there is to be told to @news (transfer full). */
void ahoyd_retention_take_news (AhoydRetention     *retention,
                                AhoydRetentionNews *news);
void ahoyd_retention_news_clear (AhoydRetentionNews *news);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydRetention, ahoyd_retention_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AhoydRetentionNews, ahoyd_retention_news_clear)

G_END_DECLS
