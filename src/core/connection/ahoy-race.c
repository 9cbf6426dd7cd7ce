/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* From several places that a server may be at to one connection that proves it is. */

#include "core/connection/ahoy-race.h"

#include <glib/gstdio.h>

#include "core/connection/ahoy-dial.h"
#include "wire/ahoy-fingerprint.h"

typedef enum {
  RUNNER_WAITING,
  RUNNER_DIALING,
  RUNNER_SHAKING, /* hands */
  RUNNER_ENDED,
} RunnerState;

typedef struct {
  AhoyRacePlace place; /* first: it is what others see */

  /* Owned */
  RunnerState   state;
  GCancellable *dialing;
  AhoyLink     *link;

  /* Borrowed */
  AhoyRace *race;
} Runner;

struct _AhoyRace {
  /* Owned */
  AhoyPoll      *poll;
  AhoyTls       *tls; /* NULL: plainly */
  char          *id;
  GPtrArray     *runners;
  AhoyRaceTiming timing;
  guint          next_id;
  guint          grace_id;

  /* Borrowed */
  const AhoyRaceEvents *events;
  gpointer              data;
};

/* ---- One of them ---- */

static void
runner_stop (Runner *runner)
{
  if (runner->dialing)
    g_cancellable_cancel (runner->dialing);
  g_clear_object (&runner->dialing);
  if (runner->link)
    ahoy_link_abort (runner->link);
  g_clear_pointer (&runner->link, ahoy_link_unref);
  runner->state = RUNNER_ENDED;
}

static void
runner_free (gpointer data)
{
  Runner *runner = data;

  runner_stop (runner);
  g_free (runner->place.host);
  g_free (runner->place.id);
  g_clear_error (&runner->place.error);
  g_free (runner);
}

static guint
count (AhoyRace   *self,
       RunnerState state)
{
  guint n = 0;

  for (guint i = 0; i < self->runners->len; i++)
    n += ((Runner *) self->runners->pdata[i])->state == state;
  return n;
}

static void
end (AhoyRace *self)
{
  g_clear_handle_id (&self->next_id, g_source_remove);
  g_clear_handle_id (&self->grace_id, g_source_remove);
  for (guint i = 0; i < self->runners->len; i++)
    runner_stop (self->runners->pdata[i]);
}

static void
win (Runner *runner)
{
  AhoyRace *self = runner->race;
  AhoyLink *link = g_steal_pointer (&runner->link);

  end (self);
  self->events->on_won (self, &runner->place, link, self->data);
}

/* ---- Whose turn it is ---- */

/* Whether there is little hope left in those that are silent. */
static gboolean
is_waning (AhoyRace *self)
{
  gboolean better = FALSE;

  for (guint i = 0; i < self->runners->len; i++)
    {
      const Runner *runner = self->runners->pdata[i];

      if (runner->place.id)
        return TRUE;
      better |= runner->state != RUNNER_ENDED && !runner->place.spare;
    }
  return !better;
}

static void
lose (AhoyRace *self)
{
  end (self);
  self->events->on_lost (self, self->runners, self->data);
}

static gboolean
on_grace (gpointer data)
{
  AhoyRace *self = data;

  self->grace_id = 0;
  for (guint i = 0; i < self->runners->len; i++)
    {
      Runner *runner = self->runners->pdata[i];

      if (runner->state != RUNNER_ENDED)
        g_set_error_literal (&runner->place.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No answer while others answered");
    }
  lose (self);
  return G_SOURCE_REMOVE;
}

static void start_next (AhoyRace *self);

static gboolean
on_next (gpointer data)
{
  AhoyRace *self = data;

  self->next_id = 0;
  start_next (self);
  return G_SOURCE_REMOVE;
}

static void
update_grace (AhoyRace *self)
{
  if (self->grace_id == 0 && count (self, RUNNER_WAITING) == 0 && is_waning (self))
    self->grace_id = g_timeout_add (self->timing.grace, on_grace, self);
}

/* @runner came to nothing. */
static void
give_up (Runner       *runner,
         const GError *error)
{
  AhoyRace *self = runner->race;

  if (error)
    {
      g_debug ("Not at %s, port %u: %s", runner->place.host, runner->place.port, error->message);
      runner->place.error = g_error_copy (error);
    }
  runner_stop (runner);
  if (count (self, RUNNER_ENDED) == self->runners->len)
    {
      lose (self);
      return;
    }
  start_next (self);
  update_grace (self);
}

/* ---- The connection ---- */

static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{ /* none comes before the handshake is done, and then the link is another one's */
}

static void
on_fault (AhoyLink      *link,
          AhoyFrameFault fault,
          gpointer       data)
{
  give_up (data, NULL);
}

static void
on_ended (AhoyLink     *link,
          AhoyLinkEnd   end,
          const GError *error,
          gpointer      data)
{
  give_up (data, error);
}

static void
on_secured (AhoyLink *link,
            gpointer  data)
{
  Runner          *runner = data;
  const char      *fingerprint = ahoy_link_get_peer_fingerprint (link);
  g_autofree char *id = g_strndup (fingerprint ? fingerprint : "", AHOY_ID_CHARS);

  if (!runner->race->id || g_str_equal (runner->race->id, id))
    {
      win (runner);
      return;
    }
  g_debug ("Another server at %s, port %u", runner->place.host, runner->place.port);
  runner->place.id = g_steal_pointer (&id);
  give_up (runner, NULL);
}

static const AhoyLinkEvents link_events = {
  .on_frame = on_frame,
  .on_fault = on_fault,
  .on_ended = on_ended,
  .on_secured = on_secured,
};

static void
on_dialed (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Runner            *runner = data;
  g_autoptr (GError) error = NULL;
  int                fd = ahoy_dial_finish (result, &error);
  AhoyRace          *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* there may be no race any more */
    return;

  self = runner->race;
  g_clear_object (&runner->dialing);
  if (fd >= 0)
    {
      runner->place.connected = TRUE;
      runner->link = self->tls ? ahoy_link_new_secure (self->poll, fd, self->tls, &link_events, runner, &error)
                               : ahoy_link_new (self->poll, fd, &link_events, runner, &error);
    }
  if (!runner->link)
    give_up (runner, error);
  else if (!self->tls)
    win (runner);
  else
    runner->state = RUNNER_SHAKING;
}

static void
start_next (AhoyRace *self)
{
  g_clear_handle_id (&self->next_id, g_source_remove);
  for (guint i = 0; i < self->runners->len; i++)
    {
      Runner *runner = self->runners->pdata[i];

      if (runner->state != RUNNER_WAITING)
        continue;
      runner->state = RUNNER_DIALING;
      runner->dialing = g_cancellable_new ();
      ahoy_dial_async (runner->place.host, runner->place.port, self->timing.connect, runner->dialing, on_dialed, runner);
      break;
    }
  if (count (self, RUNNER_WAITING) > 0)
    self->next_id = g_timeout_add (self->timing.stagger, on_next, self);
  else
    update_grace (self);
}

/* ---- Public ---- */

AhoyRace *
ahoy_race_new (AhoyPoll             *poll,
               AhoyTls              *tls,
               const char           *id,
               const AhoyRaceTiming *timing,
               const AhoyRaceEvents *events,
               gpointer              data)
{
  AhoyRace *self = g_new0 (AhoyRace, 1);

  self->poll = ahoy_poll_ref (poll);
  self->tls = tls ? ahoy_tls_ref (tls) : NULL;
  self->id = g_strdup (id);
  self->runners = g_ptr_array_new_with_free_func (runner_free);
  self->timing = *timing;
  self->events = events;
  self->data = data;
  return self;
}

void
ahoy_race_free (AhoyRace *self)
{
  end (self);
  g_ptr_array_unref (self->runners);
  g_clear_pointer (&self->tls, ahoy_tls_unref);
  ahoy_poll_unref (self->poll);
  g_free (self->id);
  g_free (self);
}

void
ahoy_race_add (AhoyRace   *self,
               const char *host,
               guint16     port,
               gboolean    spare)
{
  Runner *runner;

  for (guint i = 0; i < self->runners->len; i++)
    {
      runner = self->runners->pdata[i];
      if (runner->place.port == port && g_ascii_strcasecmp (runner->place.host, host) == 0)
        return;
    }
  runner = g_new0 (Runner, 1);
  runner->place.host = g_strdup (host);
  runner->place.port = port;
  runner->place.spare = spare;
  runner->race = self;
  g_ptr_array_add (self->runners, runner);
}

void
ahoy_race_start (AhoyRace *self)
{
  g_return_if_fail (self->runners->len > 0);

  start_next (self);
}
