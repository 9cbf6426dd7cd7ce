/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which server it is to be. */

#include "core/connector/ahoy-server-search.h"

#include "core/ahoy-core-enum-types.h"

/* So many claims in one search may lead to nobody. */
#define VAIN_MAX 3

struct _AhoyServerSearch {
  GObject parent_instance;

  /* Owned */
  AhoyMemory       *memory;
  AhoyKnownServers *known_servers; /* nullable */
  AhoyFinder       *finder;
  AhoyFinder       *quiet; /* a search that nobody asked for, while one is under way */
  GPtrArray        *vain;  /* AhoyServer: what this search led to, and was not there */

  /* Borrowed */
  const AhoyFinderTiming *timing;

  guint16  discovery_port;
  gboolean at_address;
  gboolean waits; /* for the end of the finder's search */
};

enum {
  PROP_0,
  PROP_MEMORY,
  PROP_KNOWN_SERVERS,
  PROP_FINDER,
  N_PROPS
};

enum {
  ENDED,
  QUIET_ENDED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint       signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AhoyServerSearch, ahoy_server_search, G_TYPE_OBJECT)

/* Whoever shouts down the servers that a person trusts must not get them to talk in the clear without a word. An address was typed on purpose, and its
 * key is checked; and where the known servers want TLS, whatever a reply says, nothing less is spoken. */
static gboolean
is_doubtful (AhoyServerSearch *self,
             AhoyServer       *server)
{
  return !self->at_address && self->known_servers != NULL && !ahoy_server_get_tls (server) && ahoy_known_servers_has_secure (self->known_servers) &&
         !ahoy_known_servers_wants_secure (self->known_servers, ahoy_server_get_host (server), ahoy_server_get_port (server),
                                           ahoy_server_get_id (server));
}

/* Whoever nobody knows and claims to be where @known was met need not be asked about: @known is dialed, there as well, and a proof tells who it is. */
static gboolean
is_in_the_place_of (AhoyServerSearch *self,
                    AhoyServer       *other,
                    AhoyServer       *known)
{
  g_autofree char *there = NULL;

  if (self->known_servers == NULL || ahoy_server_get_known (other) || ahoy_server_get_id (known) == NULL)
    return FALSE;
  ahoy_known_servers_check (self->known_servers, ahoy_server_get_host (other), ahoy_server_get_port (other), NULL, FALSE, &there);
  return g_strcmp0 (there, ahoy_server_get_id (known)) == 0;
}

/* Whether somebody has to choose. @first: of @servers. */
static gboolean
are_several (AhoyServerSearch *self,
             GListModel       *servers,
             AhoyServer       *first)
{
  for (guint i = 1; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (AhoyServer) other = g_list_model_get_item (servers, i);

      if (!is_in_the_place_of (self, other, first))
        return TRUE;
    }
  return FALSE;
}

/* Who looks for somebody that the person knows gets no stranger instead, without a word. */
static gboolean
is_welcome (AhoyServerSearch *self,
            AhoyServer       *server)
{
  AhoyServer *missed = self->vain->len > 0 ? self->vain->pdata[0] : NULL;

  return missed == NULL || ahoy_server_get_known (server) || !(ahoy_server_get_known (missed) || ahoy_server_get_last_used (missed));
}

static void
end_found (AhoyServerSearch *self)
{
  GListModel            *servers = ahoy_finder_get_servers (self->finder);
  g_autoptr (AhoyServer) first = g_list_model_get_item (servers, 0);
  AhoyServerSearchEnd    end = AHOY_SERVER_SEARCH_FOUND;

  if (!is_welcome (self, first))
    end = AHOY_SERVER_SEARCH_IN_VAIN;
  else if (is_doubtful (self, first))
    end = AHOY_SERVER_SEARCH_DOUBTFUL;
  else if (are_several (self, servers, first))
    end = AHOY_SERVER_SEARCH_SEVERAL;
  g_signal_emit (self, signals[ENDED], 0, end, first);
}

static void
end_without (AhoyServerSearch   *self,
             AhoyServerSearchEnd end)
{
  g_signal_emit (self, signals[ENDED], 0, end, NULL);
}

static void
on_finder_state (AhoyServerSearch *self)
{
  AhoyFinderState state = ahoy_finder_get_state (self->finder);

  if (!self->waits || (state != AHOY_FINDER_FOUND && state != AHOY_FINDER_NONE))
    return;
  self->waits = FALSE;
  if (state == AHOY_FINDER_FOUND)
    end_found (self);
  else if (self->at_address)
    end_without (self, AHOY_SERVER_SEARCH_NO_ADDRESS);
  else
    end_without (self, self->vain->len > 0 ? AHOY_SERVER_SEARCH_IN_VAIN : AHOY_SERVER_SEARCH_NONE);
}

/* Returns: (transfer full): one that has not begun. */
static AhoyFinder *
make_finder (AhoyServerSearch *self)
{
  AhoyFinder      *finder = ahoy_finder_new (ahoy_server_search_get_discovery_port (self));
  g_autofree char *host = NULL;
  g_autofree char *id = NULL;
  guint16          port;

  if (ahoy_memory_get_last_server (self->memory, &host, &port, &id))
    ahoy_finder_set_last_used (finder, host, port, id);
  ahoy_finder_set_pins (finder, self->known_servers);
  if (self->timing != NULL)
    ahoy_finder_set_timing (finder, self->timing);
  return finder;
}

static void
set_finder (AhoyServerSearch *self,
            AhoyFinder       *finder)
{
  if (self->finder != NULL)
    g_signal_handlers_disconnect_by_data (self->finder, self);
  if (g_set_object (&self->finder, finder))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FINDER]);
}

static void
renew_finder (AhoyServerSearch *self)
{
  g_autoptr (AhoyFinder) finder = make_finder (self);

  ahoy_server_search_stop (self);
  set_finder (self, finder);
  g_signal_connect_object (finder, "notify::state", G_CALLBACK (on_finder_state), self, G_CONNECT_SWAPPED);
  self->waits = TRUE;
}

static void
look (AhoyServerSearch *self)
{
  self->at_address = FALSE;
  renew_finder (self);
  for (guint i = 0; i < self->vain->len; i++)
    ahoy_finder_overlook (self->finder, self->vain->pdata[i]);
  ahoy_finder_start (self->finder);
}

void
ahoy_server_search_start (AhoyServerSearch *self)
{
  g_return_if_fail (AHOY_IS_SERVER_SEARCH (self));

  g_ptr_array_set_size (self->vain, 0);
  look (self);
}

void
ahoy_server_search_start_at (AhoyServerSearch *self,
                             const char       *address)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (AHOY_IS_SERVER_SEARCH (self));
  g_return_if_fail (address != NULL);

  g_ptr_array_set_size (self->vain, 0);
  self->at_address = TRUE;
  renew_finder (self);
  if (ahoy_finder_start_at (self->finder, address, &error))
    return;
  g_debug ("%s", error->message);
  self->waits = FALSE;
  end_without (self, AHOY_SERVER_SEARCH_NO_ADDRESS);
}

gboolean
ahoy_server_search_further (AhoyServerSearch *self,
                            AhoyServer       *server)
{
  g_return_val_if_fail (AHOY_IS_SERVER_SEARCH (self), FALSE);
  g_return_val_if_fail (AHOY_IS_SERVER (server), FALSE);

  if (self->vain->len >= VAIN_MAX)
    return FALSE;
  g_ptr_array_add (self->vain, g_object_ref (server));
  look (self);
  return TRUE;
}

void
ahoy_server_search_stop (AhoyServerSearch *self)
{
  g_return_if_fail (AHOY_IS_SERVER_SEARCH (self));

  self->waits = FALSE;
  if (self->finder != NULL)
    ahoy_finder_stop (self->finder);
}

/* Everything that a person reads of a search that found nobody. */
static char *
sum_up (AhoyFinder *finder)
{
  GListModel *probes = ahoy_finder_get_probes (finder);
  GString    *sum = g_string_new (NULL);

  g_string_append_printf (sum, "%d", ahoy_finder_get_diagnosis (finder));
  for (guint i = 0; i < g_list_model_get_n_items (probes); i++)
    {
      g_autoptr (AhoyProbe) probe = g_list_model_get_item (probes, i);

      if (ahoy_probe_get_kind (probe) == AHOY_PROBE_SWEEP) /* not each of them does */
        continue;
      g_string_append_printf (sum, "|%d %s %s %s %d %d %d %d", ahoy_probe_get_kind (probe), ahoy_probe_get_interface (probe),
                              ahoy_probe_get_address (probe), ahoy_probe_get_target (probe), ahoy_probe_get_error (probe),
                              ahoy_probe_get_sent (probe) > 0, ahoy_probe_get_echo_heard (probe), ahoy_probe_get_replies (probe) > 0);
    }
  return g_string_free (sum, FALSE);
}

static void
on_quiet_state (AhoyServerSearch *self)
{
  g_autoptr (AhoyFinder) quiet = NULL;
  g_autofree char       *before = NULL;
  g_autofree char       *now = NULL;

  if (ahoy_finder_get_state (self->quiet) == AHOY_FINDER_LOOKING)
    return;
  quiet = g_object_ref (self->quiet);
  ahoy_server_search_stop_quiet (self);
  if (ahoy_finder_get_state (quiet) == AHOY_FINDER_FOUND)
    {
      set_finder (self, quiet);
      end_found (self);
      return;
    }

  before = sum_up (self->finder);
  now = sum_up (quiet);
  g_signal_emit (self, signals[QUIET_ENDED], 0);
  /* The page stays as it is until what it says is no longer true. */
  if (!g_str_equal (before, now))
    set_finder (self, quiet);
}

void
ahoy_server_search_look_quietly (AhoyServerSearch *self,
                                 gboolean          sweeps)
{
  g_return_if_fail (AHOY_IS_SERVER_SEARCH (self));
  g_return_if_fail (self->finder != NULL);

  ahoy_server_search_stop_quiet (self);
  self->quiet = make_finder (self);
  ahoy_finder_set_sweeps (self->quiet, sweeps);
  ahoy_finder_start (self->quiet);
  g_signal_connect_object (self->quiet, "notify::state", G_CALLBACK (on_quiet_state), self, G_CONNECT_SWAPPED);
}

void
ahoy_server_search_stop_quiet (AhoyServerSearch *self)
{
  g_return_if_fail (AHOY_IS_SERVER_SEARCH (self));

  if (self->quiet == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->quiet, self);
  ahoy_finder_stop (self->quiet);
  g_clear_object (&self->quiet);
}

gboolean
ahoy_server_search_is_quiet (AhoyServerSearch *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER_SEARCH (self), FALSE);

  return self->quiet != NULL;
}

AhoyFinder *
ahoy_server_search_get_finder (AhoyServerSearch *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER_SEARCH (self), NULL);

  return self->finder;
}

void
ahoy_server_search_set_discovery_port (AhoyServerSearch *self,
                                       guint16           port)
{
  g_return_if_fail (AHOY_IS_SERVER_SEARCH (self));

  self->discovery_port = port;
}

guint16
ahoy_server_search_get_discovery_port (AhoyServerSearch *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER_SEARCH (self), 0);

  return self->discovery_port != 0 ? self->discovery_port : ahoy_memory_get_discovery_port (self->memory);
}

void
ahoy_server_search_set_timing (AhoyServerSearch       *self,
                               const AhoyFinderTiming *timing)
{
  g_return_if_fail (AHOY_IS_SERVER_SEARCH (self));

  self->timing = timing;
}

static void
ahoy_server_search_dispose (GObject *object)
{
  AhoyServerSearch *self = AHOY_SERVER_SEARCH (object);

  ahoy_server_search_stop_quiet (self);
  g_clear_object (&self->finder);
  g_clear_object (&self->known_servers);
  g_clear_object (&self->memory);

  G_OBJECT_CLASS (ahoy_server_search_parent_class)->dispose (object);
}

static void
ahoy_server_search_finalize (GObject *object)
{
  g_ptr_array_unref (AHOY_SERVER_SEARCH (object)->vain);

  G_OBJECT_CLASS (ahoy_server_search_parent_class)->finalize (object);
}

static void
ahoy_server_search_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  if (id == PROP_FINDER)
    g_value_set_object (value, AHOY_SERVER_SEARCH (object)->finder);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ahoy_server_search_set_property (GObject      *object,
                                 guint         id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  AhoyServerSearch *self = AHOY_SERVER_SEARCH (object);

  switch (id)
    {
    case PROP_MEMORY:
      self->memory = g_value_dup_object (value);
      break;
    case PROP_KNOWN_SERVERS:
      self->known_servers = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_server_search_class_init (AhoyServerSearchClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags once = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = ahoy_server_search_dispose;
  object_class->finalize = ahoy_server_search_finalize;
  object_class->get_property = ahoy_server_search_get_property;
  object_class->set_property = ahoy_server_search_set_property;

  props[PROP_MEMORY] = g_param_spec_object ("memory", NULL, NULL, AHOY_TYPE_MEMORY, once);
  props[PROP_KNOWN_SERVERS] = g_param_spec_object ("known-servers", NULL, NULL, AHOY_TYPE_KNOWN_SERVERS, once);
  props[PROP_FINDER] = g_param_spec_object ("finder", NULL, NULL, AHOY_TYPE_FINDER,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[ENDED] = g_signal_new ("ended", AHOY_TYPE_SERVER_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                 AHOY_TYPE_SERVER_SEARCH_END, AHOY_TYPE_SERVER);
  signals[QUIET_ENDED] = g_signal_new ("quiet-ended", AHOY_TYPE_SERVER_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ahoy_server_search_init (AhoyServerSearch *self)
{
  self->vain = g_ptr_array_new_with_free_func (g_object_unref);
}

AhoyServerSearch *
ahoy_server_search_new (AhoyMemory       *memory,
                        AhoyKnownServers *known_servers)
{
  g_return_val_if_fail (AHOY_IS_MEMORY (memory), NULL);

  return g_object_new (AHOY_TYPE_SERVER_SEARCH, "memory", memory, "known-servers", known_servers, NULL);
}
