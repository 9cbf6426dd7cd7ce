/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Looks again and again for one server that is away. */

#include "core/connection/ahoy-tracker.h"

/* The pause between two searches, in parts of the time that the server is away: whoever comes back after a while is found again before that
 * while is longer by a quarter. */
#define AWAY_PARTS 4

struct _AhoyTracker {
  /* Owned */
  AhoyFinder *finder; /* while it looks */
  char       *host;
  char       *id; /* NULL: nobody is looked for */
  guint       timer;

  /* Borrowed */
  gpointer data;

  AhoyTrackerFound  found;
  AhoyTrackerTiming timing;
  guint16           discovery_port;
  guint16           port;
  gint64            since; /* g_get_monotonic_time () */
  guint             n_ended;
};

static void search (AhoyTracker *self);

AhoyTracker *
ahoy_tracker_new (guint16                  discovery_port,
                  const AhoyTrackerTiming *timing,
                  AhoyTrackerFound         found,
                  gpointer                 data)
{
  AhoyTracker *self = g_new0 (AhoyTracker, 1);

  g_assert (discovery_port != 0);

  self->discovery_port = discovery_port;
  self->timing = *timing;
  self->found = found;
  self->data = data;
  return self;
}

static void
drop_finder (AhoyTracker *self)
{
  if (!self->finder)
    return;
  g_signal_handlers_disconnect_by_data (self->finder, self);
  ahoy_finder_stop (self->finder);
  g_clear_object (&self->finder);
}

static void
stop (AhoyTracker *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  drop_finder (self);
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->id, g_free);
}

void
ahoy_tracker_free (AhoyTracker *self)
{
  stop (self);
  g_free (self);
}

static gboolean
on_timer (gpointer data)
{
  AhoyTracker *self = data;

  self->timer = 0;
  search (self);
  return G_SOURCE_REMOVE;
}

/* A room full of clients loses its server in the same moment. */
static void
search_in (AhoyTracker *self,
           guint        ms)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (ms * g_random_double_range (0.75, 1.25), on_timer, self);
}

/* Returns: (transfer full) (nullable): whoever claims to be it. */
static AhoyServer *
find (AhoyTracker *self)
{
  GListModel *servers = ahoy_finder_get_servers (self->finder);

  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (AhoyServer) server = g_list_model_get_item (servers, i);

      if (g_strcmp0 (ahoy_server_get_id (server), self->id) == 0)
        return g_steal_pointer (&server);
    }
  return NULL;
}

static void
on_finder_state (AhoyTracker *self)
{
  const gint64           away = (g_get_monotonic_time () - self->since) / 1000;
  g_autoptr (AhoyServer) server = NULL;

  if (ahoy_finder_get_state (self->finder) == AHOY_FINDER_LOOKING)
    return;
  server = find (self);
  self->n_ended++;
  drop_finder (self);
  search_in (self, CLAMP (away / AWAY_PARTS, self->timing.least, self->timing.most));
  if (server)
    self->found (server, self->data); /* who may end us */
}

static void
search (AhoyTracker *self)
{
  self->finder = ahoy_finder_new (self->discovery_port);
  ahoy_finder_set_timing (self->finder, &self->timing.search);
  ahoy_finder_set_last_used (self->finder, self->host, self->port, self->id);
  ahoy_finder_start (self->finder);
  g_signal_connect_swapped (self->finder, "notify::state", G_CALLBACK (on_finder_state), self);
}

void
ahoy_tracker_start (AhoyTracker *self,
                    const char  *host,
                    guint16      port,
                    const char  *id)
{
  if (g_strcmp0 (self->id, id) == 0)
    return;
  stop (self);
  self->host = g_strdup (host);
  self->id = g_strdup (id);
  self->port = port;
  self->since = g_get_monotonic_time ();
  self->n_ended = 0;
  search_in (self, self->timing.first);
}

void
ahoy_tracker_hasten (AhoyTracker *self)
{
  if (!self->id)
    return;
  drop_finder (self);
  self->since = g_get_monotonic_time ();
  search_in (self, self->timing.soon);
}

guint
ahoy_tracker_get_n_ended (AhoyTracker *self)
{
  return self->n_ended;
}
