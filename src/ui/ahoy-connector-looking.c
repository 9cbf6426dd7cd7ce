/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which server it is to be. The finder is made anew for every search, so that what the last one found stays readable until then.
 *
 * Whoever is first to answer may have lied, and the search is over soon after that. So where a claim led to nobody, the search goes on without what was
 * claimed of these places, and only when that finds nobody either it is said what became of the last one. */

#include "ahoy-config.h"

#include "ui/ahoy-connector-private.h"

/* So many claims in one search may lead to nobody. */
#define VAIN_MAX 3

/* Whoever shouts down the servers that a person trusts must not get them to talk in the clear without a word. An address was typed on
 * purpose, and its pin is checked; and where the known_servers want TLS, whatever a reply says, nothing less is spoken. */
static gboolean
is_doubtful (AhoyConnector *self,
             AhoyServer    *server)
{
  return self->wish == AHOY_CONNECTOR_WISH_LOOK && self->known_servers != NULL && !ahoy_server_get_tls (server) && ahoy_known_servers_has_secure (self->known_servers) && !ahoy_known_servers_wants_secure (self->known_servers, ahoy_server_get_host (server), ahoy_server_get_port (server), ahoy_server_get_id (server));
}

/* Whoever nobody knows and claims to be where @known was met need not be asked about: @known is dialed, there as well, and a proof tells who it is. */
static gboolean
is_in_the_place_of (AhoyConnector *self,
                    AhoyServer    *other,
                    AhoyServer    *known)
{
  g_autofree char *there = NULL;

  if (self->known_servers == NULL || ahoy_server_get_known (other) || ahoy_server_get_id (known) == NULL)
    return FALSE;
  ahoy_known_servers_check (self->known_servers, ahoy_server_get_host (other), ahoy_server_get_port (other), NULL, FALSE, &there);
  return g_strcmp0 (there, ahoy_server_get_id (known)) == 0;
}

/* Whether somebody has to choose. @first: of @servers. */
static gboolean
are_several (AhoyConnector *self,
             GListModel    *servers,
             AhoyServer    *first)
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
is_welcome (AhoyConnector *self,
            AhoyServer    *server)
{
  AhoyServer *missed = self->vain->len > 0 ? self->vain->pdata[0] : NULL;

  return missed == NULL || ahoy_server_get_known (server) || !(ahoy_server_get_known (missed) || ahoy_server_get_last_used (missed));
}

static void
say_what_became (AhoyConnector *self)
{
  g_autofree char *address = ahoy_server_dup_address (self->server);

  ahoy_connector_set_aim (self, address);
  ahoy_connector_fail (self);
}

static void
on_found (AhoyConnector *self)
{
  GListModel            *servers = ahoy_finder_get_servers (self->finder);
  g_autoptr (AhoyServer) first = g_list_model_get_item (servers, 0);
  gboolean               several = are_several (self, servers, first);

  if (!is_welcome (self, first))
    say_what_became (self);
  else if ((several && !(self->unattended && ahoy_server_get_last_used (first))) || is_doubtful (self, first))
    ahoy_connector_set_step (self, AHOY_STEP_CHOOSING);
  else
    {
      ahoy_connector_dial (self, first);
      self->on_a_claim = self->wish == AHOY_CONNECTOR_WISH_LOOK && !several;
    }
}

static void
on_finder_state (AhoyConnector *self)
{
  if (self->step != AHOY_STEP_LOOKING)
    return;

  switch (ahoy_finder_get_state (self->finder))
    {
    case AHOY_FINDER_FOUND:
      on_found (self);
      break;
    case AHOY_FINDER_NONE:
      if (self->wish == AHOY_CONNECTOR_WISH_ADDRESS)
        ahoy_connector_set_trouble (self, AHOY_TROUBLE_ADDRESS);
      else if (self->vain->len > 0)
        say_what_became (self);
      else
        ahoy_connector_set_step (self, AHOY_STEP_NONE_FOUND);
      break;
    case AHOY_FINDER_IDLE:
    case AHOY_FINDER_LOOKING:
      break;
    }
}

void
ahoy_connector_stop_looking (AhoyConnector *self)
{
  if (self->finder != NULL)
    ahoy_finder_stop (self->finder);
}

AhoyFinder *
ahoy_connector_make_finder (AhoyConnector *self)
{
  AhoyFinder      *finder = ahoy_finder_new (ahoy_connector_get_discovery_port (self));
  g_autofree char *host = NULL;
  g_autofree char *id = NULL;
  guint16          port;

  if (ahoy_settings_get_last_server (self->settings, &host, &port, &id))
    ahoy_finder_set_last_used (finder, host, port, id);
  ahoy_finder_set_pins (finder, self->known_servers);
  if (self->timing.search != NULL)
    ahoy_finder_set_timing (finder, self->timing.search);
  return finder;
}

static void
renew_finder (AhoyConnector *self)
{
  g_autoptr (AhoyFinder) finder = ahoy_connector_make_finder (self);

  ahoy_connector_stop_looking (self);
  ahoy_connector_set_finder (self, finder);
  g_signal_connect_object (finder, "notify::state", G_CALLBACK (on_finder_state), self, G_CONNECT_SWAPPED);
}

void
ahoy_connector_take_found (AhoyConnector *self,
                           AhoyFinder    *finder)
{
  ahoy_connector_set_finder (self, finder);
  on_found (self);
}

void
ahoy_connector_look_there_again (AhoyConnector *self)
{
  g_autoptr (GError) error = NULL;

  renew_finder (self);
  ahoy_connector_set_aim (self, self->typed_address);
  ahoy_connector_set_step (self, AHOY_STEP_LOOKING);
  if (!ahoy_finder_start_at (self->finder, self->typed_address, &error))
    {
      g_debug ("%s", error->message);
      ahoy_connector_set_trouble (self, AHOY_TROUBLE_ADDRESS);
    }
}

static void
look_there (AhoyConnector *self,
            const char    *address)
{
  self->wish = AHOY_CONNECTOR_WISH_ADDRESS;
  g_free (self->typed_address);
  self->typed_address = g_strdup (address);
  ahoy_connector_look_there_again (self);
}

/* For whoever answers. */
static void
look (AhoyConnector *self)
{
  ahoy_connector_set_aim (self, NULL);
  renew_finder (self);
  for (guint i = 0; i < self->vain->len; i++)
    ahoy_finder_overlook (self->finder, self->vain->pdata[i]);
  ahoy_connector_set_step (self, AHOY_STEP_LOOKING);
  ahoy_finder_start (self->finder);
}

void
ahoy_connector_look (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (!ahoy_connector_name_is_allowed (self))
    return;

  if (self->step == AHOY_STEP_REFUSED)
    {
      ahoy_connector_dial_again (self);
      return;
    }

  if (self->given_address != NULL)
    {
      look_there (self, self->given_address);
      return;
    }

  self->wish = AHOY_CONNECTOR_WISH_LOOK;
  g_ptr_array_set_size (self->vain, 0);
  look (self);
}

/* Where the server was met before, somebody else is, or it hides: no other place is a better one. */
static gboolean
is_full_stop (AhoyConnector *self)
{
  const AhoyFailure failure = ahoy_chat_get_failure (self->chat);
  const char       *known = ahoy_chat_get_known_id (self->chat);
  g_autofree char  *here = NULL;

  if (failure != AHOY_FAILURE_KEY_CHANGED && failure != AHOY_FAILURE_DOWNGRADED)
    return FALSE;
  if (self->known_servers != NULL)
    ahoy_known_servers_check (self->known_servers, ahoy_server_get_host (self->server), ahoy_server_get_port (self->server), NULL, FALSE, &here);
  return known == NULL || g_strcmp0 (here, known) == 0;
}

gboolean
ahoy_connector_look_further (AhoyConnector *self)
{
  if (!self->on_a_claim || self->vain->len >= VAIN_MAX || is_full_stop (self))
    return FALSE;
  self->on_a_claim = FALSE;
  g_ptr_array_add (self->vain, g_object_ref (self->server));
  look (self);
  return TRUE;
}

void
ahoy_connector_ask_address (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  ahoy_connector_set_step (self, AHOY_STEP_ADDRESS);
  /* From REFUSED there is a connection that nobody would use. */
  ahoy_chat_disconnect (self->chat);
}

gboolean
ahoy_connector_look_at (AhoyConnector *self,
                        const char    *address)
{
  g_autofree char *host = NULL;
  guint16          port;

  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), FALSE);
  g_return_val_if_fail (address != NULL, FALSE);

  if (!ahoy_server_parse_address (address, ahoy_connector_get_discovery_port (self), &host, &port, NULL))
    return FALSE;

  g_settings_set_string (ahoy_settings_get_store (self->settings), "address", address);
  look_there (self, address);
  return TRUE;
}

void
ahoy_connector_choose (AhoyConnector *self,
                       AhoyServer    *server)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));
  g_return_if_fail (AHOY_IS_SERVER (server));

  self->wish = AHOY_CONNECTOR_WISH_SERVER;
  ahoy_connector_dial (self, server);
}
