/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The servers this person has met, so that another one in the place of one of them is noticed. Main thread; writing blocks.
 *
 * A server is known by its id, and under the addresses where it was. An address stands for one server, the last one there. What a server calls
 * itself stands for nobody: many computers give the same name by default, and anybody may copy one; ahoy_known_servers_dup_namesake() tells whose it
 * is too. A server is "secure" once its id was proved by TLS: from then on nothing less will do. Addresses are compared without regard to case,
 * to the way a number is written, or to whether an IPv6 address's scope is written as a number or as a name.
 *
 * @host and @port are what was dialed; @name (nullable) what the server calls itself; @id (nullable: it has none: a classic server) what
 * it proved, or when it is not @secure, what it claims. */

typedef enum {
  AHOY_SERVER_VERDICT_NEW,       /* nothing is known that speaks against it: connect and learn */
  AHOY_SERVER_VERDICT_SAME,      /* a server that is known, wherever it is now */
  AHOY_SERVER_VERDICT_CHANGED,   /* another one is known under this address */
  AHOY_SERVER_VERDICT_DOWNGRADED /* the one that is known had an id and now has none, or proved it and now does not */
} AhoyServerVerdict;

#define AHOY_TYPE_KNOWN_SERVERS (ahoy_known_servers_get_type ())
G_DECLARE_FINAL_TYPE (AhoyKnownServers, ahoy_known_servers, AHOY, KNOWN_SERVERS, GObject)

/* @path: nullable: in memory only. No such file: nobody is known yet.
 * Returns: (transfer full): NULL: the file is there and cannot be read, or is not what we wrote: a G_FILE_ERROR or G_KEY_FILE_ERROR that
 * names it. */
AhoyKnownServers *ahoy_known_servers_open (const char *path,
                                           GError    **error);

/* @known_id (out) (optional) (transfer full) (nullable): who is known there: for SAME @id, for NEW NULL. */
AhoyServerVerdict ahoy_known_servers_check (AhoyKnownServers *self,
                                            const char       *host,
                                            guint16           port,
                                            const char       *id,
                                            gboolean          secure,
                                            char            **known_id);

/* Whether only TLS will do there: one that is known there, or as @id (nullable), is secure. */
gboolean ahoy_known_servers_wants_secure (AhoyKnownServers *self,
                                          const char       *host,
                                          guint16           port,
                                          const char       *id);

/* Remembers a server that check() calls NEW or SAME, or that it was used again. What has no id is not remembered.
 * Returns: FALSE with a G_FILE_ERROR: it is not on the disk, but remembered for as long as the program runs. So for the next two. */
gboolean ahoy_known_servers_learn (AhoyKnownServers *self,
                                   const char       *host,
                                   guint16           port,
                                   const char       *name,
                                   const char       *id,
                                   gboolean          secure,
                                   GError          **error);
/* The person wants the server that was met, whatever check() says: from now on it is SAME (without an id: NEW). The one that was known
 * there is still known by its id, under its name and its other addresses. */
gboolean ahoy_known_servers_accept (AhoyKnownServers *self,
                                    const char       *host,
                                    guint16           port,
                                    const char       *name,
                                    const char       *id,
                                    gboolean          secure,
                                    GError          **error);
/* As if never met. */
gboolean ahoy_known_servers_forget (AhoyKnownServers *self,
                                    const char       *id,
                                    GError          **error);

/* Any secure server is known. */
gboolean ahoy_known_servers_has_secure (AhoyKnownServers *self);
/* @id (nullable) is known; and is secure. */
gboolean ahoy_known_servers_knows (AhoyKnownServers *self,
                                   const char       *id);
gboolean ahoy_known_servers_is_secure (AhoyKnownServers *self,
                                       const char       *id);

/* Returns: (transfer full) (nullable): the id of a known server that goes by @name (nullable; two that look alike are one name) and is not
 * @id (nullable): a secure one before others, the one used last before older ones. */
char *ahoy_known_servers_dup_namesake (AhoyKnownServers *self,
                                       const char       *name,
                                       const char       *id);
/* Returns: (transfer full): where @id (nullable) was met, the newest first: "192.168.1.7:24690", "[fd77::5]:24690"; empty when it is not known. */
char **ahoy_known_servers_dup_addresses (AhoyKnownServers *self,
                                         const char       *id);

/* Returns: (transfer full) (nullable): what it calls itself; NULL when it is not known. */
char *ahoy_known_servers_dup_name (AhoyKnownServers *self,
                                   const char       *id);

G_END_DECLS
