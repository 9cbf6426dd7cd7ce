/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Those who are connected and not logged in yet. */

#include "net/ahoyd-lobby.h"

struct _AhoydLobby {
  /* Owned */
  GSource         *timer;   /* ready at the deadline of the first */
  GQueue           waiting; /* AhoydLobbySeat.link, by deadline */
  gint64           timeout; /* µs */
  AhoydLobbyTimeUp time_up;
  /* Borrowed */
  gpointer data;
};

typedef struct {
  GSource     source;
  AhoydLobby *owner;
} LobbySource;

static void
arm (AhoydLobby *self)
{
  AhoydLobbySeat *first = g_queue_peek_head (&self->waiting);
  gint64          at = first != NULL ? first->deadline : -1;

  if (g_source_get_ready_time (self->timer) != at)
    g_source_set_ready_time (self->timer, at);
}

static gboolean
on_timer (GSource    *source,
          GSourceFunc func,
          gpointer    data)
{
  AhoydLobby     *self = ((LobbySource *) source)->owner;
  gint64          now = g_source_get_time (source);
  AhoydLobbySeat *first;

  while ((first = g_queue_peek_head (&self->waiting)) != NULL && first->deadline <= now)
    {
      ahoyd_lobby_leave (self, first);
      self->time_up (first, self->data);
    }
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs lobby_source_funcs = { .dispatch = on_timer };

AhoydLobby *
ahoyd_lobby_new (GMainContext    *context,
                 guint            timeout_ms,
                 AhoydLobbyTimeUp time_up,
                 gpointer         data)
{
  AhoydLobby *self;

  g_return_val_if_fail (time_up != NULL, NULL);

  self = g_new0 (AhoydLobby, 1);
  self->timeout = (gint64) timeout_ms * 1000;
  self->time_up = time_up;
  self->data = data;
  g_queue_init (&self->waiting);
  self->timer = g_source_new (&lobby_source_funcs, sizeof (LobbySource));
  ((LobbySource *) self->timer)->owner = self;
  g_source_set_static_name (self->timer, "ahoyd-lobby");
  g_source_attach (self->timer, context);
  return self;
}

void
ahoyd_lobby_free (AhoydLobby *lobby)
{
  g_return_if_fail (lobby != NULL);

  g_source_destroy (lobby->timer);
  g_source_unref (lobby->timer);
  g_free (lobby);
}

void
ahoyd_lobby_enter (AhoydLobby     *lobby,
                   AhoydLobbySeat *seat)
{
  g_return_if_fail (lobby != NULL && seat != NULL);
  g_return_if_fail (seat->link.data == NULL);

  seat->link.data = seat;
  seat->deadline = g_get_monotonic_time () + lobby->timeout;
  g_queue_push_tail_link (&lobby->waiting, &seat->link);
  arm (lobby);
}

void
ahoyd_lobby_leave (AhoydLobby     *lobby,
                   AhoydLobbySeat *seat)
{
  g_return_if_fail (lobby != NULL && seat != NULL);

  if (seat->link.data == NULL)
    return;
  g_queue_unlink (&lobby->waiting, &seat->link);
  seat->link.data = NULL;
  arm (lobby);
}
