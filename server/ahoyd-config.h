/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "ahoyd-config-error.h"
#include "store/ahoyd-database.h"
#include "wire/ahoy-charset.h"

G_BEGIN_DECLS

/* What the operator asked for: the command line over the key file over the defaults. One table in ahoyd-options.c holds every
 * option; an option and its key in the file's [ahoyd] group have one name. A new setting is a row there and a field here. */

#define AHOYD_CONFIG_GROUP "ahoyd"
/* The commands: the first word. */
#define AHOYD_CONFIG_COMMAND_NAMES "names"
#define AHOYD_CONFIG_COMMAND_BACKUP "backup"
#define AHOYD_CONFIG_COMMAND_RESTORE "restore"
#define AHOYD_CLASSIC_CHARSET_DEFAULT "GB18030"
#define AHOYD_MAX_CLIENTS_DEFAULT 4096
/* Several classes behind one router; not everybody's places. */
#define AHOYD_MAX_CLIENTS_PER_ADDRESS_DEFAULT 512
/* Messages a second of one person, at once after a pause, and bytes a second: more than anybody types or pastes. */
#define AHOYD_RATE_DEFAULT 10
#define AHOYD_BURST_DEFAULT 40
#define AHOYD_RATE_BYTES_DEFAULT 65536
/* A class or an office behind one address that comes back when the server does; not a flood. */
#define AHOYD_MAX_PENDING_DEFAULT 64
/* A person tries a handful of names. */
#define AHOYD_FAILED_LOGINS_DEFAULT 30
/* Names that one key may own: a person's at home, at work and in other alphabets. */
#define AHOYD_NAMES_PER_KEY_DEFAULT 16
#define AHOYD_KEEP_DAYS_DEFAULT 365
#define AHOYD_HELD_DAYS_DEFAULT 730
#define AHOYD_KEEP_MB_DEFAULT 1000

/* A name that is somebody's before they have logged in. */
typedef struct {
  char *name; /* normalised */
  char *key;  /* a fingerprint */
} AhoydConfigClaim;

typedef struct {
  guint16         port;           /* TCP; 0: any that is free */
  gboolean        port_given;     /* asked for: it is that one or none */
  guint16         discovery_port; /* UDP; 0: any that is free */
  gboolean        no_discovery;
  gboolean        mdns;       /* with discovery */
  gboolean        neighbours; /* clients may tell others on their networks of this server */
  GPtrArray      *bind;       /* (element-type GInetSocketAddress) port 0; empty: every address */
  char           *name;       /* shown in lists of servers; NULL until ahoyd_config_parse(): this computer's name */
  char           *data_dir;   /* NULL: see ahoyd-data-dir.h */
  char           *motd;       /* NULL: none; may have several lines */
  AhoyCharset    *classic_charset;
  gboolean        require_tls;
  char           *tls_key;         /* NULL: the server's own */
  char           *tls_certificate; /* NULL: the server's own; set when tls_key is */
  guint           max_clients;
  guint           max_clients_per_address; /* 0: any number */
  guint           rate;                    /* messages a second of one person; 0: any number */
  guint           burst;                   /* messages at once */
  guint           rate_bytes;              /* bytes a second of one person; 0: any number */
  guint           max_pending;             /* from one address, not logged in; 0: any number */
  guint           failed_logins;           /* a minute from one address; 0: any number */
  guint           names_per_key;           /* that it may own; 0: any number */
  GPtrArray      *claims;                  /* (element-type AhoydConfigClaim) in the order they were given */
  gboolean        store_on_disk;
  AhoydDurability durability;
  guint           keep_days; /* 0: for ever */
  guint           held_days; /* for whispers that nobody has got, when it is more than keep_days; 0: for ever */
  guint           keep_mb;   /* 0: any size */
  int             ready_fd;  /* -1: none */
  gboolean        serving;   /* read anew while the server serves: what --ready-fd named was closed long ago */
  char           *file;      /* the key file; NULL: none */
  GStrv           words;     /* a command and what belongs to it; NULL: none, serve */
  gboolean        version;   /* only say which version this is */
  gboolean        show_id;   /* only say whose server it would be */
  gboolean        check;     /* only say whether this makes sense */
  gboolean        debug;     /* the log tells in detail what happens */
  GHashTable     *places;    /* name of an option -> where it was given */
  gboolean        new_log;   /* a log that cannot be used is set aside, and a new one begun */

  /* No options: for tests. */
  guint login_timeout_ms;
  guint regrets_wait_ms;
} AhoydConfig;

/* Returns: (transfer full): the defaults. */
AhoydConfig *ahoyd_config_new (void);
void         ahoyd_config_free (AhoydConfig *config);

/* Reads @args (with the program's name first) and the key file they name. `--help` prints and exits.
 * Returns: FALSE with an AHOYD_CONFIG_ERROR for a mistake, or a G_FILE_ERROR when the file cannot be read. */
gboolean ahoyd_config_parse (AhoydConfig       *config,
                             const char *const *args,
                             GError           **error);

/* Returns: (transfer full): @option with where it was given, "FILE:LINE: OPTION" or "--OPTION", for the beginning of a sentence. */
char *ahoyd_config_dup_place (const AhoydConfig *config,
                              const char        *option);

/* The names of settings, for a sentence. */
typedef struct {
  GPtrArray *now;   /* (element-type const char *) static: they changed */
  GPtrArray *later; /* (element-type const char *) static: they are to change, which takes a start of the server */
} AhoydConfigChanges;

/* Reads the same @args and the file they name once more. What can change while the server serves is in @config afterwards: whatever came
 * from there before is freed. @changes: its arrays are filled.
 * Returns: FALSE with the errors of ahoyd_config_parse(): nothing has changed. */
gboolean ahoyd_config_reload (AhoydConfig        *config,
                              const char *const  *args,
                              AhoydConfigChanges *changes,
                              GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydConfig, ahoyd_config_free)

G_END_DECLS
