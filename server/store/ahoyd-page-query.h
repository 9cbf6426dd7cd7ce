/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-event.h"

G_BEGIN_DECLS

/* Which messages a page is made of, the same in every store. Pure. */

/* Always such as the viewer may see. */
typedef enum {
  AHOYD_PAGE_ALL,  /* what is said in rooms, and whispers from and to the viewer */
  AHOYD_PAGE_ROOM, /* what is said in one room */
  AHOYD_PAGE_WITH, /* whispers between the viewer and one other */
  AHOYD_PAGE_HELD, /* whispers to the viewer */
} AhoydPageScope;

typedef struct {
  AhoydPageScope scope;
  const char    *viewer;         /* skeleton */
  const char    *with;           /* skeleton, for AHOYD_PAGE_WITH */
  guint64        room;           /* for AHOYD_PAGE_ROOM */
  const char    *text;           /* only those that hold this, see ahoyd-text-match.h; NULL: all */
  guint64        after;          /* ids above this */
  guint64        before;         /* ids below this; 0: no bound */
  guint64        whispers_after; /* and of whispers only ids above this: older ones were for somebody else who had the viewer's name */
  guint          limit;          /* messages, 1 or more */
  gsize          max_bytes;      /* of messages, with what surrounds their texts; one message may be more; 0: any */
  gboolean       newest;         /* when there are more: the newest of them, else the oldest */
} AhoydPageQuery;

/* Returns: (transfer full): with texts of its own. */
AhoydPageQuery *ahoyd_page_query_copy (const AhoydPageQuery *query);
void            ahoyd_page_query_free (AhoydPageQuery *query);

/* Whether such an event is meant, but for its text. @from, and @target where it is a person: skeletons. */
gboolean ahoyd_page_query_wants (const AhoydPageQuery *query,
                                 guint64               id,
                                 const char           *from,
                                 AhoyTarget            target);

/* A page while it is made. Zero it; clear it. */
typedef struct {
  GPtrArray *messages; /* (owned) AhoydEvent, in the order in which they were found */
  gsize      bytes;
} AhoydPageDraft;

/* @event (transfer full). Returns: FALSE: the page was full, and it is not on it. */
gboolean ahoyd_page_draft_add (AhoydPageDraft       *draft,
                               const AhoydPageQuery *query,
                               AhoydEvent           *event);
/* Puts them in the order of their ids. Returns: (transfer none). */
GPtrArray *ahoyd_page_draft_end (AhoydPageDraft       *draft,
                                 const AhoydPageQuery *query);
void       ahoyd_page_draft_clear (AhoydPageDraft *draft);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydPageQuery, ahoyd_page_query_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AhoydPageDraft, ahoyd_page_draft_clear)

G_END_DECLS
