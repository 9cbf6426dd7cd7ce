/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Hands somebody who came back what was said without them. */

#include "state/ahoyd-catch-up.h"

/* Messages, and bytes, read from the store at once: enough to keep a fast peer busy, little enough to hold for a slow one. */
#define PAGE_SIZE 200
#define PAGE_BYTES (256 * 1024)

struct _AhoydCatchUp {
  /* Owned */
  AhoydPage *page; /* asked for, not ready */
  guint64    position;
  guint64    asked; /* the newest id there was when the page was asked for: no later one is on it */
  guint64    held_position;
  guint64    held_until; /* 0: no whispers are held, or they have been handed over */
  /* Borrowed */
  AhoydCatchUpParts parts;
  AhoydCaughtUp     done;
  gpointer          data;
};

static void
on_page (const AhoydPageResult *result,
         gpointer               data)
{
  AhoydCatchUp *self = data;
  guint64      *position = self->held_until > 0 ? &self->held_position : &self->position;

  self->page = NULL;
  if (result->error != NULL)
    {
      self->done (result->error, self->data);
      return;
    }
  for (guint i = 0; i < result->messages->len; i++)
    ahoyd_hub_replay_one (self->parts.hub, self->parts.person, result->messages->pdata[i]);
  if (result->more)
    *position = result->reached;
  else if (self->held_until > 0)
    self->held_until = 0;
  else
    self->position = MAX (self->position, self->asked);
  ahoy_link_notify_drained (self->parts.output->link);
}

static void
ask (AhoydCatchUp  *self,
     AhoydPageQuery query)
{
  query.viewer = ahoyd_person_get_skeleton (self->parts.person);
  query.whispers_after = ahoyd_person_get_whispers_after (self->parts.person);
  query.limit = PAGE_SIZE;
  query.max_bytes = PAGE_BYTES;
  self->asked = ahoyd_store_get_last (self->parts.store);
  self->page = ahoyd_store_page (self->parts.store, &query, on_page, self);
}

void
ahoyd_catch_up_go_on (AhoydCatchUp *self)
{
  g_return_if_fail (self != NULL);

  if (self->page != NULL)
    return;
  if (self->held_until > 0)
    {
      ask (self, (AhoydPageQuery){ .scope = AHOYD_PAGE_HELD, .after = self->held_position, .before = self->held_until + 1 });
      return;
    }
  switch (ahoyd_hub_replay (self->parts.hub, self->parts.person, &self->position))
    {
    case AHOYD_REPLAY_DONE:
      self->parts.output->catching_up = FALSE;
      self->done (NULL, self->data);
      break;
    case AHOYD_REPLAY_MORE:
      ahoy_link_notify_drained (self->parts.output->link);
      break;
    case AHOYD_REPLAY_TOO_OLD:
      ask (self, (AhoydPageQuery){ .scope = AHOYD_PAGE_ALL, .after = self->position });
      break;
    default:
      g_assert_not_reached ();
    }
}

AhoydCatchUp *
ahoyd_catch_up_new (const AhoydCatchUpParts *parts,
                    guint64                  since,
                    guint64                  held_after,
                    guint64                  held_until,
                    AhoydCaughtUp            done,
                    gpointer                 data)
{
  AhoydCatchUp *self;

  g_return_val_if_fail (parts != NULL && done != NULL, NULL);

  self = g_new0 (AhoydCatchUp, 1);
  self->parts = *parts;
  self->position = since;
  self->held_position = held_after;
  self->held_until = held_until > held_after ? held_until : 0;
  self->done = done;
  self->data = data;
  parts->output->catching_up = TRUE;
  ahoy_link_notify_drained (parts->output->link);
  return self;
}

void
ahoyd_catch_up_free (AhoydCatchUp *self)
{
  g_return_if_fail (self != NULL);

  if (self->page != NULL)
    ahoyd_store_page_cancel (self->page);
  g_free (self);
}
