/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What is tried again with nobody asking for it: because some time has passed, or because the network is another one now.
 *
 * Where nobody was found it goes on looking, rarer and rarer, beside the page that says so; that page stays as it is until somebody is found, or until
 * what it says is no longer true. A network that has just come up is seldom whole at once (addresses, then names), so what came to nothing in spite of a
 * change is tried a few times more. */

#include "ahoy-config.h"

#include "ui/ahoy-connector-private.h"

/* The pause between two searches, in parts of the time that nobody was found. */
#define WAITED_PARTS 4
/* After the network has changed, until it is taken to be what it is. */
#define TRIES 3
/* One in so many searches that nobody asked for asks the addresses of small subnets one by one. */
#define SWEEPS_EVERY 4

const AhoyConnectorTiming ahoy_connector_timing = { .settle = 500, .least = 5000, .most = 30000, .patience = AHOY_CONNECTOR_PATIENCE_S * 1000 };

/* Everything that a person reads of a search that found nobody. */
static char *
sum_up (AhoyFinder *finder)
{
  GListModel *probes = ahoy_finder_get_probes (finder);
  GString    *sum = g_string_new (NULL);

  g_string_append_printf (sum, "%d", ahoy_finder_get_diagnosis (finder));
  for (guint i = 0; i < g_list_model_get_n_items (probes); i++)
    {
      g_autoptr (AhoyProbe) probe = g_list_model_get_item (probes, i);

      if (ahoy_probe_get_kind (probe) == AHOY_PROBE_SWEEP) /* not each of them does */
        continue;
      g_string_append_printf (sum, "|%d %s %s %s %d %d %d %d", ahoy_probe_get_kind (probe), ahoy_probe_get_interface (probe),
                              ahoy_probe_get_address (probe), ahoy_probe_get_target (probe), ahoy_probe_get_error (probe),
                              ahoy_probe_get_sent (probe) > 0, ahoy_probe_get_echo_heard (probe), ahoy_probe_get_replies (probe) > 0);
    }
  return g_string_free (sum, FALSE);
}

static void
drop_quiet (AhoyConnector *self)
{
  if (self->quiet == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->quiet, self);
  ahoy_finder_stop (self->quiet);
  g_clear_object (&self->quiet);
}

static void schedule (AhoyConnector *self);

static void
on_quiet_state (AhoyConnector *self)
{
  g_autoptr (AhoyFinder) quiet = NULL;
  g_autofree char       *before = NULL;
  g_autofree char       *now = NULL;

  if (ahoy_finder_get_state (self->quiet) == AHOY_FINDER_LOOKING)
    return;
  quiet = g_object_ref (self->quiet);
  drop_quiet (self);
  if (ahoy_finder_get_state (quiet) == AHOY_FINDER_FOUND)
    {
      ahoy_connector_take_found (self, quiet);
      return;
    }

  before = sum_up (self->finder);
  now = sum_up (quiet);
  schedule (self);
  if (!g_str_equal (before, now))
    ahoy_connector_set_finder (self, quiet);
}

static void
look_quietly (AhoyConnector *self)
{
  drop_quiet (self);
  self->quiet = ahoy_connector_make_finder (self);
  ahoy_finder_set_sweeps (self->quiet, self->n_quiet++ % SWEEPS_EVERY == 0);
  ahoy_finder_start (self->quiet);
  g_signal_connect_object (self->quiet, "notify::state", G_CALLBACK (on_quiet_state), self, G_CONNECT_SWAPPED);
}

static gboolean
on_again (gpointer data)
{
  AhoyConnector *self = data;

  self->again = 0;
  if (self->step == AHOY_STEP_NONE_FOUND)
    {
      look_quietly (self);
    }
  else
    {
      if (self->tries > 0)
        self->tries--;
      ahoy_connector_retry (self);
    }
  return G_SOURCE_REMOVE;
}

/* Several computers were switched on in the same moment, perhaps. */
static void
schedule (AhoyConnector *self)
{
  const gint64 waited = (g_get_monotonic_time () - self->stuck_since) / 1000;
  guint        ms = CLAMP (waited / WAITED_PARTS, self->timing.least, self->timing.most);

  g_clear_handle_id (&self->again, g_source_remove);
  if (self->step == AHOY_STEP_TROUBLE)
    ms = self->tries > 0 && self->trouble != AHOY_TROUBLE_HOST ? self->timing.least : self->timing.patience;
  self->again = g_timeout_add (ms * g_random_double_range (0.75, 1.25), on_again, self);
}

/* Somebody wants to be connected, and is not. */
static gboolean
is_on_its_way (AhoyConnector *self)
{
  return self->step == AHOY_STEP_LOOKING || self->step == AHOY_STEP_CONNECTING || self->step == AHOY_STEP_NONE_FOUND ||
         self->step == AHOY_STEP_TROUBLE;
}

void
ahoy_connector_update_again (AhoyConnector *self)
{
  g_clear_handle_id (&self->again, g_source_remove);
  drop_quiet (self);
  if (!is_on_its_way (self))
    self->tries = 0;
  self->stuck_since = g_get_monotonic_time ();
  self->n_quiet = 1;
  if (self->step == AHOY_STEP_NONE_FOUND ||
      (self->step == AHOY_STEP_TROUBLE && (self->unattended || (self->tries > 0 && self->trouble != AHOY_TROUBLE_HOST))))
    schedule (self);
}

/* The chat knows by itself what to do while there is a server to talk to. */
static gboolean
on_settled (gpointer data)
{
  AhoyConnector *self = data;

  self->settling = 0;
  if (is_on_its_way (self))
    self->tries = TRIES;
  switch (self->step)
    {
    case AHOY_STEP_NONE_FOUND:
      self->stuck_since = g_get_monotonic_time ();
      self->n_quiet = 0;
      g_clear_handle_id (&self->again, g_source_remove);
      look_quietly (self);
      break;
    case AHOY_STEP_LOOKING: /* on interfaces that there were when it began */
      if (g_list_model_get_n_items (ahoy_finder_get_servers (self->finder)) == 0)
        ahoy_connector_retry (self);
      break;
    case AHOY_STEP_TROUBLE:
      if (self->trouble != AHOY_TROUBLE_HOST)
        ahoy_connector_retry (self);
      break;
    case AHOY_STEP_CHOOSING: /* nobody takes a list away from whoever reads it */
      if (self->unattended)
        ahoy_connector_retry (self);
      break;
    case AHOY_STEP_NAME:
    case AHOY_STEP_ADDRESS:
    case AHOY_STEP_HOSTING:
    case AHOY_STEP_CONNECTING:
    case AHOY_STEP_CHANGED:
    case AHOY_STEP_REPLACED:
    case AHOY_STEP_REFUSED:
    case AHOY_STEP_TALKING:
      break;
    }
  return G_SOURCE_REMOVE;
}

/* One change is told in several parts. */
static void
on_network_changed (AhoyConnector *self)
{
  if (self->settling == 0)
    self->settling = g_timeout_add (self->timing.settle, on_settled, self);
}

/* The monitor is only asked to say that something changed: a LAN needs no default route. */
void
ahoy_connector_watch_network (AhoyConnector *self)
{
  self->timing = ahoy_connector_timing;
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed", G_CALLBACK (on_network_changed), self, G_CONNECT_SWAPPED);
}

void
ahoy_connector_stop_again (AhoyConnector *self)
{
  g_clear_handle_id (&self->again, g_source_remove);
  g_clear_handle_id (&self->settling, g_source_remove);
  drop_quiet (self);
}
