/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "wire/ahoy-link.h"

G_BEGIN_DECLS

/* One attempt to reach a server that may be at any of several places: who claims to be there need not be it, and an address that is silent must
 * not hold up the others. The places are tried one after the other, each a moment after the one before or as soon as one has failed, in the
 * manner of RFC 8305; the first that proves the id that is wanted has won, and the others are closed. No place has heard anything but our
 * TLS handshake until then. PROTOCOL.md, "What a client remembers". Main thread; core only.
 *
 * Without TLS nothing is proved: the first that takes the connection has won. */

typedef struct _AhoyRace AhoyRace;

/* Milliseconds. */
typedef struct {
  guint connect; /* for a TCP connection */
  guint stagger; /* until the next place is tried as well */
  guint grace;   /* for those that are silent, once somebody else has answered, or nothing better than spare places is left */
} AhoyRaceTiming;

typedef struct {
  char    *host;
  guint16  port;
  gboolean spare; /* nobody has claimed it lately */

  gboolean connected;
  char    *id;    /* proved, and not the one that is wanted; NULL: none was proved */
  GError  *error; /* why not; NULL: it closed the connection, or has won */
} AhoyRacePlace;

typedef struct {
  /* @link (transfer full): open, and after a handshake where there is TLS; its events are still to be set. */
  void (*on_won) (AhoyRace            *race,
                  const AhoyRacePlace *place,
                  AhoyLink            *link,
                  gpointer             data);
  /* @places: AhoyRacePlace, all of them, in their order; they live as long as the race. */
  void (*on_lost) (AhoyRace  *race,
                   GPtrArray *places,
                   gpointer   data);
} AhoyRaceEvents;

/* @tls: nullable: plainly. @id: nullable: whichever is proved first. @events: static; one of them is called, once, never from within
 * ahoy_race_start(), and may free the race. */
AhoyRace *ahoy_race_new (AhoyPoll             *poll,
                         AhoyTls              *tls,
                         const char           *id,
                         const AhoyRaceTiming *timing,
                         const AhoyRaceEvents *events,
                         gpointer              data);
/* Before it starts. What is there already is not added again. */
void ahoy_race_add (AhoyRace   *self,
                    const char *host,
                    guint16     port,
                    gboolean    spare);
/* At least one place was added. */
void ahoy_race_start (AhoyRace *self);
/* Ends what is under way; nothing is called any more. */
void ahoy_race_free (AhoyRace *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyRace, ahoy_race_free)

G_END_DECLS
