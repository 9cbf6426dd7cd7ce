/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the parts of the connector share: ahoy-connector.c (the object, its steps, and what is tried again), -again.c (what is tried again
 * by itself), -looking.c (which server), -dialing.c (the connection with it) and -hosting.c (the own server). */

#pragma once

#include "ui/ahoy-connector.h"

G_BEGIN_DECLS

/* What the person wanted last: "Try Again" wants it again. */
typedef enum {
  AHOY_CONNECTOR_WISH_LOOK,
  AHOY_CONNECTOR_WISH_ADDRESS,
  AHOY_CONNECTOR_WISH_SERVER,
  AHOY_CONNECTOR_WISH_HOST,
} AhoyConnectorWish;

/* Milliseconds. */
typedef struct {
  guint                   settle;   /* after a sign that the network changed */
  guint                   least;    /* between two searches where nobody was found; it grows with the time that nobody is … */
  guint                   most;     /* … but no longer than this */
  guint                   patience; /* unattended, after another trouble */
  const AhoyFinderTiming *search;   /* NULL: as searches are */
} AhoyConnectorTiming;

extern const AhoyConnectorTiming ahoy_connector_timing;

struct _AhoyConnector {
  GObject parent_instance;

  /* Owned */
  AhoySettings     *settings;
  AhoyKeyring      *keyring;
  AhoyKnownServers *known_servers;
  AhoyChat         *chat;
  AhoyNeighbour    *neighbour; /* tells others of the chat's server; nullable */
  AhoyFinder       *finder;
  AhoyHost         *host;
  AhoyServer       *server; /* the one chosen last */
  GPtrArray        *vain;   /* AhoyServer: what this search led to, and was not there */
  char             *name;
  char             *aim;
  char             *given_address; /* from the command line */
  char             *typed_address;
  char             *host_name;
  AhoyFinder       *quiet;    /* a search that nobody asked for, while one is under way */
  guint             again;    /* source: the next try that nobody asked for */
  guint             settling; /* source: the network has changed */

  AhoyStep            step;
  AhoyTrouble         trouble;
  AhoyConnectorWish   wish;
  guint16             discovery_port;
  gboolean            unattended;
  gboolean            on_a_claim; /* what is dialed nobody has chosen, and nothing is proved of it yet */
  guint               n_quiet;    /* such searches, since nobody was found */
  guint               tries;      /* that are made by itself, because the network has changed */
  gint64              stuck_since;
  AhoyConnectorTiming timing;
};

/* ---- ahoy-connector.c ---- */

void ahoy_connector_set_step (AhoyConnector *self,
                              AhoyStep       step);
/* To step TROUBLE. */
void     ahoy_connector_set_trouble (AhoyConnector *self,
                                     AhoyTrouble    trouble);
void     ahoy_connector_set_aim (AhoyConnector *self,
                                 const char    *aim);
void     ahoy_connector_notify_hosting (AhoyConnector *self);
gboolean ahoy_connector_name_is_allowed (AhoyConnector *self);
/* The search that pages show is this one. */
void ahoy_connector_set_finder (AhoyConnector *self,
                                AhoyFinder    *finder);

/* ---- ahoy-connector-again.c ---- */

void ahoy_connector_watch_network (AhoyConnector *self);
/* The step is another one, or somebody is or is not there to see it. */
void ahoy_connector_update_again (AhoyConnector *self);
void ahoy_connector_stop_again (AhoyConnector *self);

/* ---- ahoy-connector-looking.c ---- */

/* At the address that was typed last, again. */
void ahoy_connector_look_there_again (AhoyConnector *self);
void ahoy_connector_stop_looking (AhoyConnector *self);
/* Returns: (transfer full): one that has not begun. */
AhoyFinder *ahoy_connector_make_finder (AhoyConnector *self);
/* What a claim led to came to nothing. Returns: whether it looks for somebody else. */
gboolean ahoy_connector_look_further (AhoyConnector *self);
/* Goes on with what a search has found. */
void ahoy_connector_take_found (AhoyConnector *self,
                                AhoyFinder    *finder);

/* ---- ahoy-connector-hosting.c ---- */

/* Returns: (transfer none): the own server when that is the one that was found, on whichever way; else @server. */
AhoyServer *ahoy_connector_prefer_own_server (AhoyConnector *self,
                                              AhoyServer    *server);

/* ---- ahoy-connector-dialing.c ---- */

void ahoy_connector_follow_chat (AhoyConnector *self);
/* From any step. */
void ahoy_connector_dial (AhoyConnector *self,
                          AhoyServer    *server);
/* There is no connection, and the chat does not go on by itself. */
void ahoy_connector_fail (AhoyConnector *self);
/* From REFUSED: under the name as it is now. */
void ahoy_connector_dial_again (AhoyConnector *self);

G_END_DECLS
