/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who says more than the log can take is not read. */

#include "state/ahoyd-backpressure.h"

#include "state/ahoyd-backlog.h"

/* A session's slot is set while it is paused for this. */
static G_DEFINE_QUARK (ahoyd - backpressure - stopped, stopped)

  static gboolean
  is_stopped (AhoydSession *session)
{
  return ahoyd_session_get_slot (session, stopped_quark ()) != NULL;
}

void
ahoyd_backpressure_update (AhoydHub     *hub,
                           AhoydSession *session)
{
  AhoydPerson *person;
  gboolean     stops;

  g_return_if_fail (hub != NULL && session != NULL);

  person = ahoyd_session_get_person (session);
  stops = ahoyd_backlog_stops (ahoyd_person_get_backlog (person), ahoyd_hub_get_backlog (hub), ahoyd_hub_get_n_online (hub), is_stopped (session));
  if (stops == is_stopped (session))
    return;
  ahoyd_session_set_slot (session, stopped_quark (), stops ? session : NULL, NULL);
  if (stops)
    ahoyd_session_pause (session);
  else
    ahoyd_session_resume (session);
}

void
ahoyd_backpressure_note_written (AhoydHub         *hub,
                                 const AhoydEvent *event)
{
  AhoydPerson  *author;
  AhoydSession *session;

  g_return_if_fail (hub != NULL && event != NULL);

  author = ahoyd_hub_find (hub, event->from_skeleton);
  if (author == NULL)
    return;
  session = ahoyd_session_find (author);
  if (is_stopped (session))
    ahoyd_backpressure_update (hub, session);
}
