/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which messages a page is made of. */

#include "store/ahoyd-page-query.h"

#include <string.h>

/* What a message costs besides its text. */
#define MESSAGE_OVERHEAD 128

AhoydPageQuery *
ahoyd_page_query_copy (const AhoydPageQuery *query)
{
  AhoydPageQuery *copy;

  g_return_val_if_fail (query != NULL, NULL);

  copy = g_memdup2 (query, sizeof *query);
  copy->viewer = g_strdup (query->viewer);
  copy->with = g_strdup (query->with);
  copy->text = g_strdup (query->text);
  return copy;
}

void
ahoyd_page_query_free (AhoydPageQuery *query)
{
  g_return_if_fail (query != NULL);

  g_free ((char *) query->viewer);
  g_free ((char *) query->with);
  g_free ((char *) query->text);
  g_free (query);
}

gboolean
ahoyd_page_query_wants (const AhoydPageQuery *query,
                        guint64               id,
                        const char           *from,
                        AhoyTarget            target)
{
  const char *to = target.person;
  gboolean    mine, to_me;

  if (id <= query->after || (query->before != 0 && id >= query->before))
    return FALSE;
  if (!ahoy_target_is_person (target))
    return query->scope == AHOYD_PAGE_ALL || (query->scope == AHOYD_PAGE_ROOM && query->room == target.room);
  if (id <= query->whispers_after)
    return FALSE;
  mine = strcmp (from, query->viewer) == 0;
  to_me = strcmp (to, query->viewer) == 0;
  switch (query->scope)
    {
    case AHOYD_PAGE_ALL:
      return mine || to_me;
    case AHOYD_PAGE_ROOM:
      return FALSE;
    case AHOYD_PAGE_WITH:
      return (mine && strcmp (to, query->with) == 0) || (to_me && strcmp (from, query->with) == 0);
    case AHOYD_PAGE_HELD:
      return to_me;
    default:
      g_return_val_if_reached (FALSE);
    }
}

gboolean
ahoyd_page_draft_add (AhoydPageDraft       *draft,
                      const AhoydPageQuery *query,
                      AhoydEvent           *event)
{
  gsize bytes = strlen (event->text) + MESSAGE_OVERHEAD;

  if (draft->messages == NULL)
    draft->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoyd_event_unref);
  if (draft->messages->len == query->limit ||
      (draft->messages->len > 0 && query->max_bytes > 0 && draft->bytes + bytes > query->max_bytes))
    {
      ahoyd_event_unref (event);
      return FALSE;
    }
  draft->bytes += bytes;
  g_ptr_array_add (draft->messages, event);
  return TRUE;
}

GPtrArray *
ahoyd_page_draft_end (AhoydPageDraft       *draft,
                      const AhoydPageQuery *query)
{
  if (draft->messages == NULL)
    draft->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoyd_event_unref);
  for (guint i = 0; query->newest && i < draft->messages->len / 2; i++)
    {
      gpointer *at = draft->messages->pdata;
      gpointer  swap = at[i];

      at[i] = at[draft->messages->len - 1 - i];
      at[draft->messages->len - 1 - i] = swap;
    }
  return draft->messages;
}

void
ahoyd_page_draft_clear (AhoydPageDraft *draft)
{
  g_clear_pointer (&draft->messages, g_ptr_array_unref);
}
