/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What is tried again with nobody asking for it. */

#include "core/connector/ahoy-try-again.h"

/* The pause between two searches, in parts of the time that nobody was found. */
#define WAITED_PARTS 4
/* After the network has changed, until it is taken to be what it is. */
#define TRIES 3
/* One in so many searches that nobody asked for asks the addresses of small subnets one by one. */
#define SWEEPS_EVERY 4

typedef enum {
  RESTING,  /* nobody wants to be connected, or somebody is; the chat knows by itself what to do while there is a server to talk to */
  CHOOSING, /* somebody reads a list; nobody takes it away from them */
  LOOKING,  /* on interfaces that there were when it began */
  CONNECTING,
  NONE_FOUND,
  TROUBLE,
  HOST_TROUBLE, /* the own server did not start: the network has nothing to do with it */
} State;

struct _AhoyTryAgain {
  GObject parent_instance;

  AhoyTryAgainTiming timing;
  State              state;
  gboolean           unattended;
  guint              planned;  /* source: the next try */
  guint              settling; /* source: the network has changed */
  guint              n_quiet;  /* quiet searches, since nobody was found */
  guint              tries;    /* that are made by itself, because the network has changed */
  gint64             stuck_since;
};

enum {
  RETRY,
  LOOK_QUIETLY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AhoyTryAgain, ahoy_try_again, G_TYPE_OBJECT)

static void
look_quietly (AhoyTryAgain *self)
{
  g_signal_emit (self, signals[LOOK_QUIETLY], 0, self->n_quiet++ % SWEEPS_EVERY == 0);
}

static gboolean
on_planned (gpointer data)
{
  AhoyTryAgain *self = data;

  self->planned = 0;
  if (self->state == NONE_FOUND)
    {
      look_quietly (self);
    }
  else
    {
      if (self->tries > 0)
        self->tries--;
      g_signal_emit (self, signals[RETRY], 0);
    }
  return G_SOURCE_REMOVE;
}

/* Several computers were switched on in the same moment, perhaps. */
static void
plan (AhoyTryAgain *self,
      guint         ms)
{
  g_clear_handle_id (&self->planned, g_source_remove);
  self->planned = g_timeout_add (ms * g_random_double_range (0.75, 1.25), on_planned, self);
}

static void
plan_search (AhoyTryAgain *self)
{
  const gint64 waited = (g_get_monotonic_time () - self->stuck_since) / 1000;

  plan (self, CLAMP (waited / WAITED_PARTS, self->timing.least, self->timing.most));
}

/* Somebody wants to be connected, and is not. */
static gboolean
is_on_its_way (AhoyTryAgain *self)
{
  return self->state != RESTING && self->state != CHOOSING;
}

static void
update (AhoyTryAgain *self)
{
  g_clear_handle_id (&self->planned, g_source_remove);
  if (!is_on_its_way (self))
    self->tries = 0;
  self->stuck_since = g_get_monotonic_time ();
  self->n_quiet = 1;
  if (self->state == NONE_FOUND)
    plan_search (self);
  else if (self->state == TROUBLE && self->tries > 0)
    plan (self, self->timing.least);
  else if ((self->state == TROUBLE || self->state == HOST_TROUBLE) && self->unattended)
    plan (self, self->timing.patience);
}

static gboolean
on_settled (gpointer data)
{
  AhoyTryAgain *self = data;

  self->settling = 0;
  if (is_on_its_way (self))
    self->tries = TRIES;
  switch (self->state)
    {
    case NONE_FOUND:
      self->stuck_since = g_get_monotonic_time ();
      self->n_quiet = 0;
      g_clear_handle_id (&self->planned, g_source_remove);
      look_quietly (self);
      break;
    case CHOOSING:
      if (self->unattended)
        g_signal_emit (self, signals[RETRY], 0);
      break;
    case LOOKING:
    case TROUBLE:
      g_signal_emit (self, signals[RETRY], 0);
      break;
    case RESTING:
    case CONNECTING:
    case HOST_TROUBLE:
      break;
    }
  return G_SOURCE_REMOVE;
}

/* One change is told in several parts. */
static void
on_network_changed (AhoyTryAgain *self)
{
  if (self->settling == 0)
    self->settling = g_timeout_add (self->timing.settle, on_settled, self);
}

static State
state_in (AhoyStep    step,
          AhoyTrouble trouble)
{
  switch (step)
    {
    case AHOY_STEP_LOOKING:
      return LOOKING;
    case AHOY_STEP_CHOOSING:
      return CHOOSING;
    case AHOY_STEP_NONE_FOUND:
      return NONE_FOUND;
    case AHOY_STEP_CONNECTING:
      return CONNECTING;
    case AHOY_STEP_TROUBLE:
      return trouble == AHOY_TROUBLE_HOST ? HOST_TROUBLE : TROUBLE;
    case AHOY_STEP_NAME:
    case AHOY_STEP_ADDRESS:
    case AHOY_STEP_HOSTING:
    case AHOY_STEP_CHANGED:
    case AHOY_STEP_REPLACED:
    case AHOY_STEP_REFUSED:
    case AHOY_STEP_TALKING:
    default:
      return RESTING;
    }
}

void
ahoy_try_again_set_step (AhoyTryAgain *self,
                         AhoyStep      step,
                         AhoyTrouble   trouble)
{
  g_return_if_fail (AHOY_IS_TRY_AGAIN (self));

  self->state = state_in (step, trouble);
  update (self);
}

void
ahoy_try_again_set_unattended (AhoyTryAgain *self,
                               gboolean      unattended)
{
  g_return_if_fail (AHOY_IS_TRY_AGAIN (self));

  if (self->unattended == unattended)
    return;
  self->unattended = unattended;
  update (self);
}

gboolean
ahoy_try_again_get_unattended (AhoyTryAgain *self)
{
  g_return_val_if_fail (AHOY_IS_TRY_AGAIN (self), FALSE);

  return self->unattended;
}

void
ahoy_try_again_go_on (AhoyTryAgain *self)
{
  g_return_if_fail (AHOY_IS_TRY_AGAIN (self));

  if (self->state == NONE_FOUND)
    plan_search (self);
}

void
ahoy_try_again_set_timing (AhoyTryAgain             *self,
                           const AhoyTryAgainTiming *timing)
{
  g_return_if_fail (AHOY_IS_TRY_AGAIN (self));
  g_return_if_fail (timing != NULL);

  self->timing = *timing;
}

gboolean
ahoy_try_again_is_planned (AhoyTryAgain *self)
{
  g_return_val_if_fail (AHOY_IS_TRY_AGAIN (self), FALSE);

  return self->planned != 0;
}

gboolean
ahoy_try_again_is_settling (AhoyTryAgain *self)
{
  g_return_val_if_fail (AHOY_IS_TRY_AGAIN (self), FALSE);

  return self->settling != 0;
}

static void
ahoy_try_again_dispose (GObject *object)
{
  AhoyTryAgain *self = AHOY_TRY_AGAIN (object);

  g_clear_handle_id (&self->planned, g_source_remove);
  g_clear_handle_id (&self->settling, g_source_remove);

  G_OBJECT_CLASS (ahoy_try_again_parent_class)->dispose (object);
}

static void
ahoy_try_again_class_init (AhoyTryAgainClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ahoy_try_again_dispose;

  signals[RETRY] = g_signal_new ("retry", AHOY_TYPE_TRY_AGAIN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LOOK_QUIETLY] =
    g_signal_new ("look-quietly", AHOY_TYPE_TRY_AGAIN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
ahoy_try_again_init (AhoyTryAgain *self)
{
  self->timing = (AhoyTryAgainTiming){ .settle = 500, .least = 5000, .most = 30000, .patience = AHOY_TRY_AGAIN_PATIENCE_S * 1000 };
  /* The monitor is only asked to say that something changed: a LAN needs no default route. */
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed", G_CALLBACK (on_network_changed), self, G_CONNECT_SWAPPED);
}

AhoyTryAgain *
ahoy_try_again_new (void)
{
  return g_object_new (AHOY_TYPE_TRY_AGAIN, NULL);
}
