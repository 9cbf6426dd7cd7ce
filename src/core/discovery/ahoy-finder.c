/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Finds servers on the LAN: when to ask, when to stop, and what a typed address means.
 *
 * A typed address is one target and its replies describe it, not whoever sent them: the server keeps the host that was
 * typed. When a port was typed too, that one is listed in any case; a server that names another one is listed besides it
 * if it listens on the typed port's UDP side (on one computer several servers may share the discovery port, and unicast
 * reaches just one of them), and instead of it if that port is its own and not the common discovery port. */

#include "core/discovery/ahoy-finder-private.h"

#include "core/ahoy-core-enum-types.h"
#include "core/connection/ahoy-server-private.h"
#include "core/discovery/ahoy-discovery-scanner-private.h"
#include "core/discovery/ahoy-domains-private.h"
#include "core/discovery/ahoy-mdns-private.h"
#include "core/discovery/ahoy-probe-private.h"
#include "core/discovery/ahoy-server-list-private.h"
#include "core/discovery/ahoy-srv-private.h"
#include "core/discovery/ahoy-sweep-private.h"
#include "wire/ahoy-limits.h"

static const AhoyFinderTiming default_timing = {
  .attempts = { 0, 300, 900, 2100 },
  .give_up = 4000,
  .give_up_typed = 1000,
  .window = 250,
  .sweep = 1500,
  .sweep_turn = 100,
  .sweep_settle = 500,
};

struct _AhoyFinder {
  GObject parent_instance;

  /* Owned */
  AhoyServerList       *servers;
  GListStore           *probes;
  char                 *last_host;
  char                 *typed_host;
  GStrv                 domains;    /* NULL: this computer's */
  AhoyDiscoveryScanner *scanner;    /* while looking; so are those that follow */
  AhoyMdns             *mdns;       /* NULL: at a typed address */
  AhoySrv              *srv;        /* NULL: what was typed is no domain */
  AhoyProbe            *neighbours; /* NULL: they were not asked yet */
  AhoySweep            *sweep;      /* while looking; NULL: not yet, or not wanted */
  GCancellable         *resolving;

  AhoyFinderTiming timing;
  AhoyFinderState  state;
  AhoyDiagnosis    diagnosis;
  guint16          discovery_port;
  guint16          last_port;
  guint16          typed_port; /* 0: none was typed */
  gint64           started;
  guint            n_attempts;
  guint            attempt_timer;
  guint            end_timer;
  guint            sweep_timer;
  gboolean         sweeps;
  gboolean         in_window;
  gboolean         typed_port_is_another; /* the server said so itself */
};

G_DEFINE_FINAL_TYPE (AhoyFinder, ahoy_finder, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_STATE,
  PROP_DIAGNOSIS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

/* The end of a search */

static void
clear_search (AhoyFinder *self)
{
  g_cancellable_cancel (self->resolving);
  g_clear_object (&self->resolving);
  g_clear_handle_id (&self->attempt_timer, g_source_remove);
  g_clear_handle_id (&self->end_timer, g_source_remove);
  g_clear_handle_id (&self->sweep_timer, g_source_remove);
  g_clear_pointer (&self->scanner, ahoy_discovery_scanner_free);
  g_clear_pointer (&self->sweep, ahoy_sweep_free);
  g_clear_pointer (&self->mdns, ahoy_mdns_free);
  g_clear_pointer (&self->srv, ahoy_srv_free);
  g_clear_object (&self->neighbours);
  self->n_attempts = 0;
  self->in_window = FALSE;
  self->typed_port_is_another = FALSE;
}

static void
set_state (AhoyFinder     *self,
           AhoyFinderState state,
           AhoyDiagnosis   diagnosis)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (self->diagnosis != diagnosis)
    {
      self->diagnosis = diagnosis;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DIAGNOSIS]);
    }
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
finish (AhoyFinder *self)
{
  gboolean direct = self->typed_host != NULL;

  if (self->srv != NULL)
    {
      direct = direct && !ahoy_srv_has_target (self->srv);
      ahoy_srv_hurry (self->srv);
    }
  if (self->typed_port != 0)
    direct = direct && !self->typed_port_is_another;
  else
    direct = direct && ahoy_server_list_get_n (self->servers) == 0;

  clear_search (self);
  if (direct)
    ahoy_server_list_add_unheard (self->servers, self->typed_host, self->typed_port != 0 ? self->typed_port : AHOY_DEFAULT_PORT);

  if (ahoy_server_list_get_n (self->servers) > 0)
    set_state (self, AHOY_FINDER_FOUND, AHOY_DIAGNOSIS_NONE);
  else
    set_state (self, AHOY_FINDER_NONE, ahoy_probes_diagnose (G_LIST_MODEL (self->probes)));
}

static gboolean
on_end (gpointer data)
{
  g_autoptr (AhoyFinder) self = g_object_ref (data);

  self->end_timer = 0;
  finish (self);
  return G_SOURCE_REMOVE;
}

static void
end_in (AhoyFinder *self,
        guint       ms)
{
  g_clear_handle_id (&self->end_timer, g_source_remove);
  self->end_timer = g_timeout_add (ms, on_end, self);
}

/* What comes back */

/* The first one of them all. */
static void
found (AhoyFinder *self)
{
  if (self->scanner == NULL || self->in_window)
    return;

  self->in_window = TRUE;
  end_in (self, self->timing.window);
}

/* FALSE when it tells nothing about the address that was typed. */
static gboolean
take_typed_reply (AhoyFinder               *self,
                  GSocketAddress           *sender,
                  const AhoyDiscoveryReply *reply)
{
  guint16 from = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (sender));

  if (reply->at != NULL || (!reply->extended && !ahoy_discovery_scanner_was_asked (self->scanner, sender)))
    return FALSE;
  if (self->typed_port != 0 && reply->port != self->typed_port)
    {
      if (from != self->typed_port)
        return FALSE;
      self->typed_port_is_another = from != self->discovery_port;
    }

  return ahoy_server_list_add_reply (self->servers, self->typed_host, reply) != NULL;
}

/* @host answered for @name, which a domain told. Its answer in the classic dialect, which says nothing of who it is, comes from there as well. */
static gboolean
take_named_reply (AhoyFinder               *self,
                  const char               *name,
                  const char               *host,
                  const AhoyDiscoveryReply *reply)
{
  AhoyServer *server = ahoy_server_list_add_reply (self->servers, name, reply);

  if (server != NULL && reply->extended)
    ahoy_server_list_add_alias (self->servers, server, host, reply->port);
  return server != NULL;
}

static void
on_reply (GSocketAddress           *sender,
          const AhoyDiscoveryReply *reply,
          gpointer                  data)
{
  g_autoptr (AhoyFinder) self = g_object_ref (data);
  g_autofree char       *host = ahoy_discovery_scanner_host_text (sender);
  const char            *name = self->srv != NULL ? ahoy_srv_note_reply (self->srv, sender, reply->port) : NULL;
  gboolean               taken;

  if (name != NULL && reply->at == NULL && (reply->extended || self->typed_host != NULL))
    taken = take_named_reply (self, name, host, reply);
  else if (self->typed_host != NULL)
    taken = take_typed_reply (self, sender, reply);
  else
    taken = ahoy_server_list_add_reply (self->servers, reply->at != NULL ? reply->at : host, reply) != NULL;
  if (taken && reply->at != NULL && self->neighbours != NULL)
    ahoy_probe_add_reply (self->neighbours);
  if (!taken || self->scanner == NULL)
    return;

  /* Of one address nothing better can come than an extended reply; a classic one may have an extended one behind it. */
  if (name == NULL && self->typed_host != NULL && reply->extended && (self->typed_port == 0 || self->typed_port == reply->port))
    {
      finish (self);
    }
  else
    {
      found (self);
    }
}

static void
on_published (const char               *host,
              const AhoyDiscoveryReply *reply,
              gpointer                  data)
{
  g_autoptr (AhoyFinder) self = g_object_ref (data);

  if (ahoy_server_list_add_reply (self->servers, host, reply) != NULL)
    found (self);
}

/* What goes out */

static gboolean on_attempt (gpointer data);

/* How many datagrams left by networks. */
static guint
count_sent (AhoyFinder *self)
{
  GListModel *probes = G_LIST_MODEL (self->probes);
  guint       sent = 0;

  for (guint i = 0; i < g_list_model_get_n_items (probes); i++)
    {
      g_autoptr (AhoyProbe) probe = g_list_model_get_item (probes, i);

      if (ahoy_probe_get_kind (probe) == AHOY_PROBE_INTERFACE)
        sent += ahoy_probe_get_sent (probe);
    }

  return sent;
}

/* The question to neighbours is the same datagram, with one more word in it. */
static void
note_neighbours (AhoyFinder *self,
                 guint       sent)
{
  g_autoptr (AhoyProbe) probe = NULL;

  if (sent == 0 || self->scanner == NULL)
    return;

  if (self->neighbours == NULL)
    {
      self->neighbours = ahoy_probe_new (AHOY_PROBE_NEIGHBOURS, NULL, NULL, NULL);
      ahoy_probe_add_sent (self->neighbours, sent);
      g_list_store_append (self->probes, self->neighbours);
      return;
    }
  probe = g_object_ref (self->neighbours);
  ahoy_probe_add_sent (probe, sent);
}

static void
attempt (AhoyFinder *self)
{
  const gboolean help = self->typed_host == NULL && self->n_attempts >= AHOY_FINDER_HELP_FROM && !self->in_window;
  const guint    sent = help ? count_sent (self) : 0;
  GHashTable    *own;

  ahoy_discovery_scanner_set_help (self->scanner, help);
  ahoy_discovery_scanner_ask (self->scanner, &own);
  if (help)
    note_neighbours (self, count_sent (self) - sent);
  if (own != NULL)
    ahoy_server_list_set_own (self->servers, own);

  if (self->scanner != NULL && ++self->n_attempts < AHOY_FINDER_ATTEMPTS)
    {
      gint64 elapsed = (g_get_monotonic_time () - self->started) / 1000;
      gint64 next = self->timing.attempts[self->n_attempts];

      g_clear_handle_id (&self->attempt_timer, g_source_remove);
      self->attempt_timer = g_timeout_add (MAX (next - elapsed, 0), on_attempt, self);
    }
}

static gboolean
on_attempt (gpointer data)
{
  g_autoptr (AhoyFinder) self = g_object_ref (data);

  self->attempt_timer = 0;
  attempt (self);
  return G_SOURCE_REMOVE;
}

static void
on_swept (gpointer data)
{
  AhoyFinder *self = data;
  gint64      elapsed = (g_get_monotonic_time () - self->started) / 1000;

  if (!self->in_window)
    end_in (self, MAX ((gint64) self->timing.give_up - elapsed, (gint64) self->timing.sweep_settle));
}

/* Nobody has answered so far. The search goes on until the last address was asked; the sweep itself is bounded. */
static gboolean
on_sweep (gpointer data)
{
  g_autoptr (AhoyFinder) self = g_object_ref (data);
  guint                  end_timer = self->end_timer;

  self->sweep_timer = 0;
  if (self->in_window)
    return G_SOURCE_REMOVE;

  self->sweep = ahoy_sweep_new (self->discovery_port, self->probes, self->timing.sweep_turn, on_reply, on_swept, self);
  /* Who looks at the probes may have ended the search. */
  if (ahoy_sweep_start (self->sweep) && self->sweep != NULL && self->end_timer == end_timer)
    g_clear_handle_id (&self->end_timer, g_source_remove);
  return G_SOURCE_REMOVE;
}

static void
add_address (AhoyFinder     *self,
             GSocketAddress *address,
             guint16         port)
{
  if (self->typed_host == NULL)
    {
      g_autofree char *host = ahoy_discovery_scanner_host_text (address);

      ahoy_server_list_add_last_used_address (self->servers, host);
    }
  ahoy_discovery_scanner_add_address (self->scanner, address, port);
}

static void
on_resolved (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr (GError)     error = NULL;
  GList                 *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);
  g_autoptr (AhoyFinder) self = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = g_object_ref (data);
  for (GList *l = addresses; l != NULL && self->scanner != NULL; l = l->next)
    {
      g_autoptr (GSocketAddress) address = g_inet_socket_address_new (l->data, self->discovery_port);

      add_address (self, address, self->typed_host != NULL ? self->typed_port : self->last_port);
    }
  g_resolver_free_addresses (addresses);

  /* No such name: whoever tries it directly learns that at once. */
  if (error != NULL && self->typed_host != NULL && self->scanner != NULL)
    finish (self);
}

static void
add_host (AhoyFinder *self,
          const char *host,
          guint16     port)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host, self->discovery_port);
  g_autoptr (GResolver)      resolver = NULL;

  if (address != NULL)
    {
      add_address (self, address, port);
      return;
    }

  resolver = g_resolver_get_default ();
  self->resolving = g_cancellable_new ();
  g_resolver_lookup_by_name_async (resolver, host, self->resolving, on_resolved, self);
}

/* What domains tell */

static void
on_srv_target (const char *host,
               guint16     port,
               GList      *addresses,
               gpointer    data)
{
  g_autoptr (AhoyFinder) self = g_object_ref (data);

  for (GList *l = addresses; l != NULL && self->scanner != NULL; l = l->next)
    {
      g_autoptr (GSocketAddress) address = g_inet_socket_address_new (l->data, self->discovery_port);

      ahoy_discovery_scanner_add_address (self->scanner, address, port);
    }
  /* As long as for any other address. */
  if (self->scanner != NULL && self->typed_host != NULL && !self->in_window)
    end_in (self, self->timing.give_up_typed);
}

/* It may be there all the same, as one that was typed may. */
static void
on_srv_unheard (const char *host,
                guint16     port,
                gpointer    data)
{
  g_autoptr (AhoyFinder) self = g_object_ref (data);

  if (ahoy_server_list_add_unheard (self->servers, host, port) != NULL)
    found (self);
}

/* A domain that has no SRV records is looked up as a host. */
static void
on_srv_none (gpointer data)
{
  g_autoptr (AhoyFinder) self = g_object_ref (data);

  if (self->typed_host != NULL)
    add_host (self, self->typed_host, self->typed_port);
}

static const AhoySrvEvents srv_events = { on_srv_target, on_srv_unheard, on_srv_none };

/* Who looks at the rows may end the search. */
static void
ask_domains (AhoyFinder        *self,
             const char *const *domains,
             guint              patience)
{
  AhoySrv *srv = ahoy_srv_new (domains, patience, self->probes, &srv_events, self);

  if (self->scanner != NULL)
    self->srv = srv;
  else
    ahoy_srv_free (srv);
}

static void
ask_avahi (AhoyFinder *self)
{
  AhoyMdns *mdns = ahoy_mdns_new (self->probes, on_published, self);

  if (self->scanner != NULL)
    self->mdns = mdns;
  else
    ahoy_mdns_free (mdns);
}

/* The object */

static void
ahoy_finder_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  AhoyFinder *self = AHOY_FINDER (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_DIAGNOSIS:
      g_value_set_enum (value, self->diagnosis);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ahoy_finder_dispose (GObject *object)
{
  clear_search (AHOY_FINDER (object));

  G_OBJECT_CLASS (ahoy_finder_parent_class)->dispose (object);
}

static void
ahoy_finder_finalize (GObject *object)
{
  AhoyFinder *self = AHOY_FINDER (object);

  ahoy_server_list_free (self->servers);
  g_object_unref (self->probes);
  g_free (self->last_host);
  g_free (self->typed_host);
  g_strfreev (self->domains);

  G_OBJECT_CLASS (ahoy_finder_parent_class)->finalize (object);
}

static void
ahoy_finder_class_init (AhoyFinderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = ahoy_finder_dispose;
  object_class->finalize = ahoy_finder_finalize;
  object_class->get_property = ahoy_finder_get_property;

  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, AHOY_TYPE_FINDER_STATE, AHOY_FINDER_IDLE, read);
  props[PROP_DIAGNOSIS] = g_param_spec_enum ("diagnosis", NULL, NULL, AHOY_TYPE_DIAGNOSIS, AHOY_DIAGNOSIS_NONE, read);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ahoy_finder_init (AhoyFinder *self)
{
  self->servers = ahoy_server_list_new ();
  self->probes = g_list_store_new (AHOY_TYPE_PROBE);
  self->timing = default_timing;
  self->sweeps = TRUE;
}

AhoyFinder *
ahoy_finder_new (guint16 discovery_port)
{
  AhoyFinder *self;

  g_return_val_if_fail (discovery_port != 0, NULL);

  self = g_object_new (AHOY_TYPE_FINDER, NULL);
  self->discovery_port = discovery_port;

  return self;
}

void
ahoy_finder_set_timing (AhoyFinder             *self,
                        const AhoyFinderTiming *timing)
{
  g_return_if_fail (AHOY_IS_FINDER (self));

  self->timing = *timing;
}

void
ahoy_finder_set_domains (AhoyFinder        *self,
                         const char *const *domains)
{
  g_return_if_fail (AHOY_IS_FINDER (self));

  g_strfreev (self->domains);
  self->domains = g_strdupv ((GStrv) domains);
}

void
ahoy_finder_set_last_used (AhoyFinder *self,
                           const char *host,
                           guint16     port,
                           const char *id)
{
  g_autofree char *copy = g_strdup (host);

  g_return_if_fail (AHOY_IS_FINDER (self));

  g_free (self->last_host);
  self->last_host = g_steal_pointer (&copy);
  self->last_port = port;
  ahoy_server_list_set_last_used (self->servers, self->last_host, port, id);
}

void
ahoy_finder_set_sweeps (AhoyFinder *self,
                        gboolean    sweeps)
{
  g_return_if_fail (AHOY_IS_FINDER (self));

  self->sweeps = sweeps;
}

void
ahoy_finder_set_pins (AhoyFinder       *self,
                      AhoyKnownServers *known_servers)
{
  g_return_if_fail (AHOY_IS_FINDER (self));
  g_return_if_fail (known_servers == NULL || AHOY_IS_KNOWN_SERVERS (known_servers));

  ahoy_server_list_set_pins (self->servers, known_servers);
}

void
ahoy_finder_overlook (AhoyFinder *self,
                      AhoyServer *server)
{
  g_return_if_fail (AHOY_IS_FINDER (self));
  g_return_if_fail (AHOY_IS_SERVER (server));

  for (guint i = 0; i < ahoy_server_get_n_places (server); i++)
    {
      guint16     port;
      const char *host = ahoy_server_get_place (server, i, &port);

      ahoy_server_list_overlook (self->servers, host, port);
    }
}

static void
begin (AhoyFinder *self)
{
  clear_search (self);
  ahoy_server_list_clear (self->servers);
  g_list_store_remove_all (self->probes);
  self->started = g_get_monotonic_time ();
  self->scanner = ahoy_discovery_scanner_new (self->discovery_port, self->probes, on_reply, self);

  g_object_freeze_notify (G_OBJECT (self));
  set_state (self, AHOY_FINDER_LOOKING, AHOY_DIAGNOSIS_NONE);
}

static void
go (AhoyFinder *self,
    guint       give_up)
{
  if (self->scanner != NULL)
    attempt (self);
  if (self->scanner != NULL)
    end_in (self, give_up);
  g_object_thaw_notify (G_OBJECT (self));
}

void
ahoy_finder_start (AhoyFinder *self)
{
  g_auto (GStrv) domains = NULL;

  g_return_if_fail (AHOY_IS_FINDER (self));

  g_clear_pointer (&self->typed_host, g_free);
  self->typed_port = 0;
  begin (self);

  ahoy_discovery_scanner_add_broadcasts (self->scanner);
  if (self->last_host != NULL && self->scanner != NULL)
    add_host (self, self->last_host, self->last_port);
  if (self->scanner != NULL)
    ask_avahi (self);
  domains = self->domains != NULL ? g_strdupv (self->domains) : ahoy_domains_list ();
  if (self->scanner != NULL)
    ask_domains (self, (const char *const *) domains, self->timing.give_up_typed);

  if (self->scanner != NULL && self->sweeps && self->timing.sweep != 0)
    self->sweep_timer = g_timeout_add (self->timing.sweep, on_sweep, self);
  go (self, self->timing.give_up);
}

gboolean
ahoy_finder_start_at (AhoyFinder *self,
                      const char *address,
                      GError    **error)
{
  g_autofree char *host = NULL;
  guint16          port;

  g_return_val_if_fail (AHOY_IS_FINDER (self), FALSE);
  g_return_val_if_fail (address != NULL, FALSE);

  if (!ahoy_server_parse_address (address, 0, &host, &port, error))
    return FALSE;

  g_free (self->typed_host);
  self->typed_host = g_steal_pointer (&host);
  self->typed_port = port;
  begin (self);
  if (port == 0 && ahoy_domains_may_be (self->typed_host))
    ask_domains (self, (const char *[]){ self->typed_host, NULL }, self->timing.give_up_typed / 2);
  else
    add_host (self, self->typed_host, self->typed_port);
  go (self, self->timing.give_up_typed);

  return TRUE;
}

void
ahoy_finder_stop (AhoyFinder *self)
{
  g_return_if_fail (AHOY_IS_FINDER (self));

  if (self->state != AHOY_FINDER_LOOKING)
    return;

  clear_search (self);
  set_state (self, AHOY_FINDER_IDLE, AHOY_DIAGNOSIS_NONE);
}

AhoyFinderState
ahoy_finder_get_state (AhoyFinder *self)
{
  g_return_val_if_fail (AHOY_IS_FINDER (self), AHOY_FINDER_IDLE);
  return self->state;
}

AhoyDiagnosis
ahoy_finder_get_diagnosis (AhoyFinder *self)
{
  g_return_val_if_fail (AHOY_IS_FINDER (self), AHOY_DIAGNOSIS_NONE);
  return self->diagnosis;
}

GListModel *
ahoy_finder_get_servers (AhoyFinder *self)
{
  g_return_val_if_fail (AHOY_IS_FINDER (self), NULL);
  return ahoy_server_list_get_model (self->servers);
}

GListModel *
ahoy_finder_get_probes (AhoyFinder *self)
{
  g_return_val_if_fail (AHOY_IS_FINDER (self), NULL);
  return G_LIST_MODEL (self->probes);
}

guint16
ahoy_finder_get_port (AhoyFinder *self)
{
  g_return_val_if_fail (AHOY_IS_FINDER (self), 0);
  return self->discovery_port;
}
