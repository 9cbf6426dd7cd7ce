/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-chat.h"
#include "core/connection/ahoy-known-servers.h"
#include "core/discovery/ahoy-finder.h"
#include "core/discovery/ahoy-neighbour.h"
#include "core/hosting/ahoy-host.h"
#include "core/identity/ahoy-keyring.h"
#include "ui/ahoy-settings.h"

G_BEGIN_DECLS

/* The way from "not connected" to "online": one step at a time, each with one clear way forward. No widgets. Main thread.
 *
 * Properties: "settings", "chat" (AhoyChat), "neighbour", "keyring" and "known-servers" (construct, never change), "step" AhoyStep (notify), "name" (what was typed as
 * one's name; read-write, never NULL; notify), "finder" (of the last search; notify), "aim" (address of the server that is asked or connected to, NULL: whoever answers; notify), "hosting" (a server runs as our
 * child; notify). */

typedef enum {
  AHOY_STEP_NAME,       /* 1. not connected */
  AHOY_STEP_ADDRESS,    /*    an address is being typed */
  AHOY_STEP_LOOKING,    /* 2. */
  AHOY_STEP_CHOOSING,   /* 3. several servers answered; or one that is not encrypted, and the person knows some that are */
  AHOY_STEP_NONE_FOUND, /* 4. */
  AHOY_STEP_HOSTING,    /*    the own server is starting */
  AHOY_STEP_CONNECTING,
  AHOY_STEP_TROUBLE,  /*    no connection, or no server could be started: ahoy_connector_get_trouble() */
  AHOY_STEP_CHANGED,  /*    full stop: another server than the known one, or not encrypted any more: ahoy_connector_accept_server() */
  AHOY_STEP_REPLACED, /*    the same person connected from somewhere else: ahoy_connector_reconnect() */
  AHOY_STEP_REFUSED,  /* 5. */
  AHOY_STEP_TALKING,  /* 6 and 7 */
} AhoyStep;

typedef enum {
  AHOY_TROUBLE_NONE,
  AHOY_TROUBLE_ADDRESS,  /* nobody is known under the address that was typed */
  AHOY_TROUBLE_CONNECT,  /* the chat's "failure" says more */
  AHOY_TROUBLE_HOST,     /* the own server did not start, or stopped: ahoy_connector_get_host_error() */
  AHOY_TROUBLE_HOST_LOG, /* so it did, because its log is lost or damaged: ahoy_connector_host_anew() */
} AhoyTrouble;

#define AHOY_CONNECTOR_PATIENCE_S 30

#define AHOY_TYPE_CONNECTOR (ahoy_connector_get_type ())
G_DECLARE_FINAL_TYPE (AhoyConnector, ahoy_connector, AHOY, CONNECTOR, GObject)

/* @chat connects as @keyring and @known_servers say, and @neighbour tells of its server; all but @chat are nullable. */
AhoyConnector *ahoy_connector_new (AhoySettings     *settings,
                                   AhoyChat         *chat,
                                   AhoyNeighbour    *neighbour,
                                   AhoyKeyring      *keyring,
                                   AhoyKnownServers *known_servers);

/* For this run, instead of the setting. */
void ahoy_connector_set_discovery_port (AhoyConnector *self,
                                        guint16        port);
/* For this run: the address that ahoy_connector_look() asks instead of everybody. NULL: everybody. */
void ahoy_connector_set_address (AhoyConnector *self,
                                 const char    *address);
/* Nobody looks: the last used server is taken from among several without asking, and trouble is tried again every AHOY_CONNECTOR_PATIENCE_S seconds.
 * (Where nobody was found, and when the network changes, it tries again by itself in any case: a session that starts before its network is there.) */
void ahoy_connector_set_unattended (AhoyConnector *self,
                                    gboolean       unattended);

/* "Connect": looks for servers; in step REFUSED asks again under the name as it is now. Nothing happens while the name is not allowed. */
void ahoy_connector_look (AhoyConnector *self);
/* Shows where an address can be typed. */
void ahoy_connector_ask_address (AhoyConnector *self);
/* Returns: FALSE when @address is none; nothing has happened then. */
gboolean ahoy_connector_look_at (AhoyConnector *self,
                                 const char    *address);
/* One of several. */
void ahoy_connector_choose (AhoyConnector *self,
                            AhoyServer    *server);
/* Starts a server on this computer and connects to it. @server_name: what others see in their lists. */
void ahoy_connector_host (AhoyConnector *self,
                          const char    *server_name);
/* In TROUBLE with HOST_LOG: the same, and the log that is of no use is set aside first. */
void ahoy_connector_host_anew (AhoyConnector *self);
void ahoy_connector_stop_hosting (AhoyConnector *self);
/* What was tried last, again. */
void ahoy_connector_retry (AhoyConnector *self);
/* In CHANGED: the person wants the server that was met, in place of the one that was known. Connects to it. */
void ahoy_connector_accept_server (AhoyConnector *self);
/* In REPLACED: comes back, which ends the other connection. In TALKING: connects anew, as who the keyring says one is now. */
void ahoy_connector_reconnect (AhoyConnector *self);
/* Back to step NAME, from wherever; disconnects. A hosted server goes on. */
void ahoy_connector_cancel (AhoyConnector *self);

AhoyStep    ahoy_connector_get_step (AhoyConnector *self);
const char *ahoy_connector_get_name (AhoyConnector *self);
void        ahoy_connector_set_name (AhoyConnector *self,
                                     const char    *name);
const char *ahoy_connector_get_aim (AhoyConnector *self);
gboolean    ahoy_connector_get_hosting (AhoyConnector *self);
/* Talking on the server that runs here, and not on another one while that goes on. */
gboolean    ahoy_connector_is_at_own_server (AhoyConnector *self);
AhoyTrouble ahoy_connector_get_trouble (AhoyConnector *self);
/* Untranslated, what the server's program said; NULL: nothing. */
const char *ahoy_connector_get_host_error (AhoyConnector *self);
AhoyChat   *ahoy_connector_get_chat (AhoyConnector *self);
/* Returns: (transfer none) (nullable): of the last search; the same until the next one starts. */
AhoyFinder   *ahoy_connector_get_finder (AhoyConnector *self);
guint16       ahoy_connector_get_discovery_port (AhoyConnector *self);
AhoySettings *ahoy_connector_get_settings (AhoyConnector *self);
/* Returns: (transfer none) (nullable). */
AhoyKeyring      *ahoy_connector_get_keyring (AhoyConnector *self);
AhoyKnownServers *ahoy_connector_get_pins (AhoyConnector *self);

G_END_DECLS
