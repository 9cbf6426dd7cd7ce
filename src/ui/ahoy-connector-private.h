/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the parts of the connector share: ahoy-connector.c (the object, its steps, and what is tried again), -looking.c (which server),
 * -dialing.c (the connection with it) and -hosting.c (the own server). */

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

struct _AhoyConnector {
  GObject parent_instance;

  /* Owned */
  AhoySettings *settings;
  AhoyKeyring  *keyring;
  AhoyPins     *pins;
  AhoyClient   *client;
  AhoyFinder   *finder;
  AhoyHost     *host;
  AhoyServer   *server; /* the one chosen last */
  char         *name;
  char         *aim;
  char         *given_address; /* from the command line */
  char         *typed_address;
  char         *host_name;
  guint         patience; /* source: tries again, unattended */

  /* Borrowed */
  AhoyHistory *history;

  AhoyStep          step;
  AhoyTrouble       trouble;
  AhoyConnectorWish wish;
  guint16           discovery_port;
  gboolean          unattended;
};

/* ---- ahoy-connector.c ---- */

void     ahoy_connector_set_step        (AhoyConnector *self,
                                         AhoyStep       step);
/* To step TROUBLE. */
void     ahoy_connector_set_trouble     (AhoyConnector *self,
                                         AhoyTrouble    trouble);
void     ahoy_connector_set_aim         (AhoyConnector *self,
                                         const char    *aim);
void     ahoy_connector_notify_hosting  (AhoyConnector *self);
gboolean ahoy_connector_name_is_allowed (AhoyConnector *self);

/* ---- ahoy-connector-looking.c ---- */

/* At the address that was typed last, again. */
void ahoy_connector_look_there_again (AhoyConnector *self);
void ahoy_connector_stop_looking     (AhoyConnector *self);

/* ---- ahoy-connector-hosting.c ---- */

/* Returns: (transfer none): the own server when that is the one that was found, on whichever way; else @server. */
AhoyServer *ahoy_connector_prefer_own_server (AhoyConnector *self,
                                              AhoyServer    *server);

/* ---- ahoy-connector-dialing.c ---- */

void ahoy_connector_make_client (AhoyConnector *self);
/* From any step. */
void ahoy_connector_dial        (AhoyConnector *self,
                                 AhoyServer    *server);
/* From REFUSED: under the name as it is now. */
void ahoy_connector_dial_again  (AhoyConnector *self);

G_END_DECLS
