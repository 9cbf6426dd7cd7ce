/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The server: its parts, how they are wired, and its life. */

#include "ahoyd-server.h"

#include <sys/resource.h>
#include <unistd.h>

#include "ahoyd-chat.h"
#include "ahoyd-data-dir.h"
#include "ahoyd-ready.h"
#include "ahoyd-server-identity.h"
#include "control/ahoyd-control.h"
#include "control/ahoyd-log-file.h"
#include "features/ahoyd-feature-set.h"
#include "net/ahoyd-discovery-responder.h"
#include "net/ahoyd-listener.h"
#include "net/ahoyd-publisher.h"
#include "net/ahoyd-rejector.h"
#include "store/ahoyd-store-memory.h"
#include "store/ahoyd-store-sqlite.h"
#include "wire/ahoy-identity.h"
#include "wire/ahoy-limits.h"

/* Descriptors for all that is no client. */
#define SPARE_DESCRIPTORS (64 + AHOYD_REJECTOR_MAX + AHOYD_REJECTOR_HOPEFUL_MAX + EXTRA_SESSIONS_MAX)
/* Connections for which there is no place, but which prove the key of somebody who is here, until they have logged in. */
#define EXTRA_SESSIONS_MAX AHOYD_REJECTOR_HOPEFUL_MAX
/* How a server stops, in milliseconds from the beginning; the operator was promised five seconds. What people said is written for so long; what then
 * waits still is dropped, and its senders have it and will say it again. What is being written by then is waited for, for so long. Then everybody has
 * an orderly close to take the goodbye. */
#define STOP_GIVE_UP_MS 1200
#define STOP_GOODBYE_MS 1800
#define STOP_TIMEOUT_MS (STOP_GOODBYE_MS + AHOY_LINK_LINGER_MS)
/* Messages that the store in memory keeps. */
#define MESSAGES_KEPT 10000
#define STOP_CHECK_MS 20
/* The status line is for people: not more often than they read. */
#define STATUS_INTERVAL_MS 1000

struct _AhoydServer {
  /* Owned */
  GMainContext            *context;
  AhoydDataDir            *data_dir;
  gboolean                 log_due; /* a log must be there */
  AhoyIdentity            *identity;
  AhoyTls                 *tls;
  AhoyPoll                *poll;
  AhoydAddressLimits      *address_limits;
  AhoydRejector           *rejector;
  AhoydStore              *store;
  AhoydChat               *chat;
  AhoydControl            *control; /* NULL: it could not be made, or the server stops */
  AhoydListener           *listener;
  AhoydDiscoveryResponder *responder; /* NULL: no discovery */
  AhoydPublisher          *publisher; /* NULL: no mDNS */
  AhoydStats               stats;
  guint64                  last_serial;
  guint                    max_clients;
  GSource                 *status; /* armed while the status line is out of date */
  GSource                 *stop;   /* waits for the last goodbye */
  gint64                   stop_begun;
  gboolean                 gave_up; /* nobody waits any more for what was not written in time */
  void (*stopped) (gpointer data);
  gpointer stopped_data;
  /* Borrowed */
  const AhoydConfig *config;
};

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static GSource *
add_timeout (AhoydServer *self,
             guint        ms,
             GSourceFunc  func)
{
  GSource *source = g_timeout_source_new (ms);

  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, self->context);
  return source;
}

/* --- How it is --- */

static void
tell_status (AhoydServer *self)
{
  g_autofree char *line = g_strdup_printf ("Port %u, people online: %u", ahoyd_listener_get_port (self->listener),
                                           ahoyd_hub_get_n_online (ahoyd_chat_get_hub (self->chat)));

  ahoyd_ready_status (line);
}

static gboolean
on_status_time (gpointer data)
{
  AhoydServer *self = data;

  clear_source (&self->status);
  tell_status (self);
  return G_SOURCE_REMOVE;
}

static void
on_people_changed (gpointer data)
{
  AhoydServer *self = data;

  if (self->status == NULL && self->stop == NULL)
    self->status = add_timeout (self, STATUS_INTERVAL_MS, on_status_time);
}

/* --- Connections --- */

/* Somebody for whom there was no place has proved a key: whether that of somebody who is here. */
static gboolean
on_relent (AhoyLink          *link,
           AhoydAddressLimit *address_limit,
           guint64            serial,
           gpointer           data)
{
  AhoydServer *self = data;

  if (self->listener == NULL || ahoyd_chat_get_n_sessions (self->chat) >= self->max_clients + EXTRA_SESSIONS_MAX ||
      !ahoyd_hub_has_key (ahoyd_chat_get_hub (self->chat), ahoy_link_get_peer_fingerprint (link)))
    return FALSE;
  self->stats.full--; /* it was taken for turned away */
  self->stats.connections++;
  ahoyd_chat_add_extra (self->chat, link, address_limit, serial);
  return TRUE;
}

/* Returns: (nullable): where a newcomer comes from; NULL: nobody else is to come from there now, for that @rejection. With FILLED nobody is, either, unless
 * they take the place of somebody who is here. */
static AhoydAddressLimit *
welcome (AhoydServer           *self,
         const struct sockaddr *from,
         AhoydRejection        *rejection)
{
  AhoydAddressLimit *address_limit = NULL;

  switch (ahoyd_address_limits_enter (self->address_limits, from, g_get_monotonic_time (), &address_limit))
    {
    case AHOYD_CROWDED:
      self->stats.crowded++;
      *rejection = AHOYD_REJECTION_CROWDED;
      break;
    case AHOYD_BARRED:
      self->stats.barred++;
      *rejection = AHOYD_REJECTION_BARRED;
      break;
    case AHOYD_FILLED:
      *rejection = AHOYD_REJECTION_FILLED;
      break;
    case AHOYD_WELCOME:
    default:
      *rejection = AHOYD_REJECTION_FULL;
      break;
    }
  return address_limit;
}

static void
on_accepted (int                    fd,
             const struct sockaddr *from,
             gpointer               data)
{
  AhoydServer       *self = data;
  g_autoptr (GError) error = NULL;
  AhoydRejection     rejection;
  AhoydAddressLimit *address_limit = welcome (self, from, &rejection);

  if (address_limit == NULL)
    {
      ahoyd_rejector_tell (self->rejector, fd, rejection);
      return;
    }
  if (ahoyd_chat_get_n_sessions (self->chat) >= self->max_clients || rejection == AHOYD_REJECTION_FILLED)
    {
      self->stats.full++;
      ahoyd_rejector_hope (self->rejector, fd, rejection, address_limit, ++self->last_serial);
      return;
    }
  self->stats.connections++;
  if (ahoyd_chat_add (self->chat, fd, address_limit, ++self->last_serial, &error) == NULL)
    g_info ("Cannot serve a connection: %s", error->message);
}

static void
on_describe (AhoyDiscoveryReply *reply,
             gpointer            data)
{
  AhoydServer *self = data;

  reply->port = ahoyd_listener_get_port (self->listener);
  reply->id = (char *) ahoy_identity_get_id (self->identity);
  reply->name = self->config->name;
  reply->users = ahoyd_hub_get_n_online (ahoyd_chat_get_hub (self->chat));
  reply->tls = TRUE;
}

/* --- Start --- */

/* As many descriptors as the clients need, or as there are. Returns: how many clients that makes. */
static guint
raise_descriptor_limit (guint max_clients)
{
  const rlim_t  wanted = (rlim_t) max_clients + SPARE_DESCRIPTORS;
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= wanted)
    return max_clients;
  if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < wanted)
    {
      /* Only root may: worth the attempt. */
      const struct rlimit more = { wanted, wanted };

      if (setrlimit (RLIMIT_NOFILE, &more) == 0)
        return max_clients;
    }
  limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : MIN (wanted, limit.rlim_max);
  if (setrlimit (RLIMIT_NOFILE, &limit) < 0)
    getrlimit (RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= wanted)
    return max_clients;
  max_clients = MAX ((gint64) limit.rlim_cur - SPARE_DESCRIPTORS, 1);
  g_warning ("The limit of %" G_GUINT64_FORMAT " open files allows %u clients", (guint64) limit.rlim_cur, max_clients);
  return max_clients;
}

static gboolean
open_data (AhoydServer *self,
           GError     **error)
{
  self->data_dir = ahoyd_data_dir_open (self->config->data_dir, error);
  if (self->data_dir == NULL)
    return FALSE;
  /* Asked before there is a key in any case. */
  if (!ahoyd_log_file_is_due (ahoyd_data_dir_get_path (self->data_dir), &self->log_due, error))
    return FALSE;
  self->identity = ahoyd_server_identity_open (self->config, ahoyd_data_dir_get_path (self->data_dir), TRUE, error);
  if (self->identity == NULL)
    return FALSE;
  ahoyd_data_dir_record (self->data_dir, self->config->file, self->config->name);
  self->tls = ahoy_tls_new (self->identity, error);
  return self->tls != NULL;
}

static gboolean
open_store (AhoydServer               *self,
            const AhoydFeature *const *features,
            GError                   **error)
{
  g_autofree char        *path = g_build_filename (ahoyd_data_dir_get_path (self->data_dir), AHOYD_DATA_LOG, NULL);
  g_autoptr (GPtrArray)   tables = ahoyd_feature_set_list_tables (features);
  AhoydStoreSqliteOptions options = {
    .path = path,
    .tables = (const AhoydTableClass *const *) tables->pdata,
    .durability = self->config->durability,
    .keep = { self->config->keep_days, self->config->held_days, self->config->keep_mb },
  };

  self->store = self->config->store_on_disk ? ahoyd_log_file_open (ahoyd_data_dir_get_path (self->data_dir), &options, self->context, self->log_due,
                                                                   self->config->new_log, error)
                                            : ahoyd_store_memory_new (self->context, MESSAGES_KEPT);
  if (self->store == NULL)
    return FALSE;
  for (guint i = 0; !self->config->store_on_disk && tables->pdata[i] != NULL; i++)
    ahoyd_store_add_table (self->store, tables->pdata[i]);
  return TRUE;
}

/* Nobody chats worse without it. */
static void
open_control (AhoydServer *self)
{
  g_autoptr (GError) error = NULL;

  self->control = ahoyd_control_new (ahoyd_data_dir_get_path (self->data_dir), self->poll, ahoyd_chat_get_owners (self->chat), ahoyd_chat_get_hub (self->chat), &error);
  if (self->control == NULL)
    g_warning ("'ahoyd names' cannot reach this server: %s", error->message);
}

/* Whether that was all, for good or ill: FALSE: the port cannot be had, and another one may do. */
static gboolean
listen_at (AhoydServer *self,
           guint16      port,
           gboolean     or_another,
           GError     **error)
{
  const gboolean     remembered = port != self->config->port && port != 0;
  g_autoptr (GError) inner = NULL;

  self->listener = ahoyd_listener_new (self->poll, self->context, self->config->bind, port, on_accepted, self, &inner);
  if (self->listener != NULL)
    return TRUE;
  if (or_another && (remembered || g_error_matches (inner, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)))
    {
      g_message ("%s: taking another one", inner->message);
      return FALSE;
    }
  g_propagate_error (error, g_steal_pointer (&inner));
  return TRUE;
}

/* A port that nobody named is the one it was: clients have it written down. */
static gboolean
open_listener (AhoydServer *self,
               GError     **error)
{
  const AhoydConfig *config = self->config;
  gboolean           named = config->port_given && config->port != 0;
  guint16            before = named ? 0 : ahoyd_data_dir_get_port (self->data_dir);
  guint16            port;

  if ((before == 0 || !listen_at (self, before, TRUE, error)) && (config->port == 0 || !listen_at (self, config->port, !config->port_given, error)))
    listen_at (self, 0, FALSE, error);
  if (self->listener == NULL)
    return FALSE;
  port = ahoyd_listener_get_port (self->listener);
  if (port != config->port && !config->port_given)
    g_message ("Where there is a firewall, it has to let that one in: sudo ufw allow %u/tcp", port);
  if (!named)
    ahoyd_data_dir_set_port (self->data_dir, port != config->port ? port : 0);
  return TRUE;
}

static gboolean
open_responder (AhoydServer *self,
                GError     **error)
{
  const AhoydConfig *config = self->config;

  if (config->no_discovery)
    return TRUE;
  self->responder = ahoyd_discovery_responder_new (self->poll, config->bind, config->discovery_port, &self->stats, on_describe, self, error);
  return self->responder != NULL;
}

static void
set_publisher (AhoydServer *self)
{
  const AhoydConfig *config = self->config;

  if (!config->mdns || config->no_discovery)
    g_clear_pointer (&self->publisher, ahoyd_publisher_free);
  else if (self->publisher == NULL)
    self->publisher = ahoyd_publisher_new (self->context, config->bind, on_describe, self);
  else
    ahoyd_publisher_update (self->publisher);
}

static AhoydAddressLimitsConfig
address_limits_config (const AhoydConfig *config)
{
  return (AhoydAddressLimitsConfig){
    .max_here = config->max_clients_per_address,
    .max_waiting = config->max_pending,
    .max_failures = config->failed_logins,
    .person = ahoyd_allowance_terms (config->rate, config->burst, config->rate_bytes),
  };
}

static void
tell_where (AhoydServer *self)
{
  g_autofree char *found_on = self->responder != NULL ? ahoyd_discovery_responder_to_string (self->responder) : NULL;

  g_message ("'%s' serves TCP port %u", self->config->name, ahoyd_server_get_port (self));
  if (found_on != NULL)
    g_message ("It is found on %s", found_on);
}

AhoydServer *
ahoyd_server_new (const AhoydConfig         *config,
                  const AhoydFeature *const *features,
                  GMainContext              *context,
                  GError                   **error)
{
  g_autoptr (AhoydServer)  self = NULL;
  AhoydAddressLimitsConfig limits;
  AhoydChatParts           parts;

  g_return_val_if_fail (config != NULL && config->name != NULL && config->classic_charset != NULL && features != NULL, NULL);

  self = g_new0 (AhoydServer, 1);
  self->context = g_main_context_ref (context != NULL ? context : g_main_context_default ());
  self->config = config;
  self->max_clients = raise_descriptor_limit (config->max_clients);

  self->poll = ahoy_poll_new (self->context, error);
  if (self->poll == NULL || !open_data (self, error))
    return NULL;
  limits = address_limits_config (config);
  self->address_limits = ahoyd_address_limits_new (&limits, (guint64) g_random_int () << 32 | g_random_int ());
  self->rejector = ahoyd_rejector_new (self->poll, self->tls, config->classic_charset, self->address_limits, config->regrets_wait_ms,
                                       on_relent, self);
  if (!open_store (self, features, error))
    return NULL;
  parts = (AhoydChatParts){
    .config = config,
    .poll = self->poll,
    .tls = self->tls,
    .store = self->store,
    .address_limits = self->address_limits,
    .stats = &self->stats,
    .server_id = ahoy_identity_get_id (self->identity),
  };
  /* Before there is a socket that anybody could log in at: names may be claimed. */
  self->chat = ahoyd_chat_new (&parts, features, on_people_changed, self);
  ahoyd_chat_set_max_sessions (self->chat, self->max_clients);
  if (!open_listener (self, error) || !open_responder (self, error))
    return NULL;
  open_control (self);
  set_publisher (self);

  tell_where (self);
  tell_status (self);
  return g_steal_pointer (&self);
}

/* --- Change --- */

/* What is not copied anywhere is read from the config when it is needed. */
void
ahoyd_server_reload (AhoydServer *server)
{
  const AhoydConfig       *config;
  AhoydAddressLimitsConfig limits;

  g_return_if_fail (server != NULL);

  config = server->config;
  ahoyd_data_dir_record (server->data_dir, config->file, config->name);
  server->max_clients = raise_descriptor_limit (config->max_clients);
  ahoyd_chat_set_max_sessions (server->chat, server->max_clients);
  limits = address_limits_config (config);
  ahoyd_address_limits_set_limits (server->address_limits, &limits);
  ahoyd_store_set_keep (server->store, &(const AhoydKeep){ config->keep_days, config->held_days, config->keep_mb });
  if (server->listener != NULL)
    set_publisher (server);
}

/* --- Stop --- */

/* First what people said before is heard, then comes the goodbye, then all that takes its time. */
static gboolean
on_stop_check (gpointer data)
{
  AhoydServer *self = data;
  gint64       ms = (g_get_monotonic_time () - self->stop_begun) / G_TIME_SPAN_MILLISECOND;

  if (ms >= STOP_GIVE_UP_MS && !self->gave_up)
    {
      self->gave_up = TRUE;
      ahoyd_store_give_up (self->store);
    }
  if (ms < STOP_GOODBYE_MS && ahoyd_store_get_n_pending (self->store) > 0)
    return G_SOURCE_CONTINUE;
  if (ahoyd_chat_get_n_sessions (self->chat) > 0)
    ahoyd_chat_say_goodbye (self->chat);
  if (ms < STOP_TIMEOUT_MS && ahoy_link_n_closing (self->poll) > 0)
    return G_SOURCE_CONTINUE;
  clear_source (&self->stop);
  self->stopped (self->stopped_data);
  return G_SOURCE_REMOVE;
}

void
ahoyd_server_stop (AhoydServer *server,
                   void (*stopped) (gpointer data),
                   gpointer data)
{
  g_autofree char *stats = NULL;

  g_return_if_fail (server != NULL && stopped != NULL);
  g_return_if_fail (server->listener != NULL);

  stats = ahoyd_stats_to_string (&server->stats);
  g_message ("Stopping: %s", stats);
  server->stopped = stopped;
  server->stopped_data = data;
  server->stop_begun = g_get_monotonic_time ();
  server->stop = add_timeout (server, STOP_CHECK_MS, on_stop_check);
  clear_source (&server->status);
  g_clear_pointer (&server->publisher, ahoyd_publisher_free);
  g_clear_pointer (&server->responder, ahoyd_discovery_responder_free);
  g_clear_pointer (&server->listener, ahoyd_listener_free);
  g_clear_pointer (&server->control, ahoyd_control_free);
  ahoyd_chat_stop_reading (server->chat);
}

void
ahoyd_server_free (AhoydServer *server)
{
  g_return_if_fail (server != NULL);

  clear_source (&server->stop);
  g_clear_pointer (&server->publisher, ahoyd_publisher_free);
  g_clear_pointer (&server->responder, ahoyd_discovery_responder_free);
  g_clear_pointer (&server->listener, ahoyd_listener_free);
  g_clear_pointer (&server->control, ahoyd_control_free);
  g_clear_pointer (&server->chat, ahoyd_chat_free);
  clear_source (&server->status);
  g_clear_pointer (&server->store, ahoyd_store_free);
  g_clear_pointer (&server->rejector, ahoyd_rejector_free);
  g_clear_pointer (&server->address_limits, ahoyd_address_limits_free);
  g_clear_pointer (&server->poll, ahoy_poll_unref);
  g_clear_pointer (&server->tls, ahoy_tls_unref);
  g_clear_object (&server->identity);
  g_clear_pointer (&server->data_dir, ahoyd_data_dir_free);
  g_main_context_unref (server->context);
  g_free (server);
}

guint16
ahoyd_server_get_port (AhoydServer *server)
{
  g_return_val_if_fail (server != NULL && server->listener != NULL, 0);

  return ahoyd_listener_get_port (server->listener);
}

guint16
ahoyd_server_get_discovery_port (AhoydServer *server)
{
  g_return_val_if_fail (server != NULL, 0);

  return server->responder != NULL ? ahoyd_discovery_responder_get_port (server->responder) : 0;
}

const char *
ahoyd_server_get_id (AhoydServer *server)
{
  g_return_val_if_fail (server != NULL, NULL);

  return ahoy_identity_get_id (server->identity);
}

guint
ahoyd_server_get_n_sessions (AhoydServer *server)
{
  g_return_val_if_fail (server != NULL, 0);

  return ahoyd_chat_get_n_sessions (server->chat);
}

guint
ahoyd_server_get_n_online (AhoydServer *server)
{
  g_return_val_if_fail (server != NULL, 0);

  return ahoyd_hub_get_n_online (ahoyd_chat_get_hub (server->chat));
}
