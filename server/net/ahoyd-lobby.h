/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Those who are connected and not logged in yet: all have the same time for it, so the one who came first is the next whose time is up, and one
 * timer serves any number. */

typedef struct _AhoydLobby AhoydLobby;

/* Embedded in whoever waits. Zero it. */
typedef struct {
  /*< private >*/
  GList  link; /* data: NULL when not waiting */
  gint64 deadline;
} AhoydLobbySeat;

/* The time of the one who sits there is up; they have left the lobby. */
typedef void (*AhoydLobbyTimeUp) (AhoydLobbySeat *seat,
                                  gpointer        data);

AhoydLobby *ahoyd_lobby_new (GMainContext    *context,
                             guint            timeout_ms,
                             AhoydLobbyTimeUp time_up,
                             gpointer         data);
/* Forgets those who wait. */
void ahoyd_lobby_free (AhoydLobby *lobby);

void ahoyd_lobby_enter (AhoydLobby     *lobby,
                        AhoydLobbySeat *seat);
/* Nothing happens when they are not in it. */
void ahoyd_lobby_leave (AhoydLobby     *lobby,
                        AhoydLobbySeat *seat);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydLobby, ahoyd_lobby_free)

G_END_DECLS
