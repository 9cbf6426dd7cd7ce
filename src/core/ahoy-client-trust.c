/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which server the client takes for which. PROTOCOL.md, "TLS".
 *
 * What is known of a server is what its discovery reply claimed, what the pins remember, and what its handshake proved. It is looked at before anything is
 * dialed (what is claimed), after the handshake (what is proved), at the welcome (what the server calls itself), and when the log-in is accepted (whether it
 * is as much as it was before). Where they disagree it is a full stop, in every state; where TLS is expected nothing less is ever tried. Only a server that
 * has passed all of that is remembered. */

#include "core/ahoy-client-private.h"

#include "core/ahoy-keyring-private.h"
#include "core/ahoy-pins.h"
#include "core/ahoy-server-private.h"
#include "wire/ahoy-fingerprint.h"

static AhoyPin
check (AhoyClient  *self,
       const char  *name,
       const char  *id,
       gboolean     secure,
       char       **known)
{
  if (!self->pins)
    return AHOY_PIN_NEW;
  return ahoy_pins_check (self->pins, ahoy_server_get_host (self->server), ahoy_server_get_port (self->server), name, id, secure, known);
}

/* Whether it has to be TLS there or with @id, because it was. */
static gboolean
wants_secure (AhoyClient *self,
              const char *id)
{
  return self->pins && ahoy_pins_wants_secure (self->pins, ahoy_server_get_host (self->server), ahoy_server_get_port (self->server), id);
}

static gboolean
is_known_secure (AhoyClient *self)
{
  return wants_secure (self, ahoy_server_get_id (self->server));
}

/* All of them nullable; @known and @met stay the caller's. @downgrade: NONE: its key is another one. */
static void
stop (AhoyClient    *self,
      AhoyDowngrade  downgrade,
      const char    *known,
      const char    *met,
      const char    *met_name,
      gboolean       met_secure)
{
  if (ahoy_client_is_astray (self))
    { /* somebody lied about where the server is, and no more than that */
      ahoy_client_lose (self);
      return;
    }
  ahoy_client_forget_met (self);
  self->downgrade = downgrade;
  self->known_id = g_strdup (known);
  self->met_id = met && met[0] != '\0' ? g_strdup (met) : NULL;
  self->met_name = g_strdup (met_name);
  self->met_secure = met_secure;
  ahoy_client_stop (self, downgrade == AHOY_DOWNGRADE_NONE ? AHOY_FAILURE_KEY_CHANGED : AHOY_FAILURE_DOWNGRADED);
}

/* Whether @id and @name may be what is at this address. */
static gboolean
pass (AhoyClient *self,
      const char *name,
      const char *id,
      gboolean    secure)
{
  g_autofree char *known = NULL;

  switch (check (self, name, id, secure, &known))
    {
    case AHOY_PIN_CHANGED:
      stop (self, AHOY_DOWNGRADE_NONE, known, id, name, secure);
      return FALSE;
    case AHOY_PIN_DOWNGRADED:
      stop (self, wants_secure (self, known) ? AHOY_DOWNGRADE_PLAIN : AHOY_DOWNGRADE_NO_ID, known, id, name, secure);
      return FALSE;
    case AHOY_PIN_NEW:
    case AHOY_PIN_SAME:
    default:
      return TRUE;
    }
}

/* Whether a server with an id is known there, or the one it claims to be is. @known (out) (transfer full). */
static gboolean
is_known (AhoyClient  *self,
          char       **known)
{
  const char *claimed = ahoy_server_get_id (self->server);

  if (check (self, NULL, NULL, FALSE, known) == AHOY_PIN_DOWNGRADED)
    return TRUE;
  g_clear_pointer (known, g_free);
  if (claimed && check (self, NULL, claimed, TRUE, known) == AHOY_PIN_SAME)
    return TRUE;
  g_clear_pointer (known, g_free);
  return FALSE;
}

AhoyClientWay
ahoy_client_choose_way (AhoyClient *self)
{
  if (self->hint == AHOY_CLIENT_WAY_SECURE || ahoy_server_get_tls (self->server) || is_known_secure (self))
    return AHOY_CLIENT_WAY_SECURE;
  if (self->hint == AHOY_CLIENT_WAY_EITHER)
    return AHOY_CLIENT_WAY_EITHER;
  if (self->hint == AHOY_CLIENT_WAY_PLAIN || ahoy_server_get_heard (self->server))
    return AHOY_CLIENT_WAY_PLAIN;
  return AHOY_CLIENT_WAY_EITHER;
}

gboolean
ahoy_client_check_claim (AhoyClient *self)
{
  const char *id = ahoy_server_get_id (self->server);

  return !id || pass (self, ahoy_server_get_name (self->server), id, ahoy_client_choose_way (self) == AHOY_CLIENT_WAY_SECURE);
}

AhoyTls *
ahoy_client_get_tls (AhoyClient  *self,
                     GError     **error)
{
  if (!self->tls)
    self->tls = ahoy_tls_new (self->keyring ? ahoy_keyring_get_identity (self->keyring) : NULL, error);
  return self->tls;
}

void
ahoy_client_on_key_changed (AhoyClient *self)
{
  g_clear_pointer (&self->tls, ahoy_tls_unref);
}

gboolean
ahoy_client_check_proof (AhoyClient *self)
{
  const char *fingerprint = ahoy_link_get_peer_fingerprint (self->link);
  const char *claimed = ahoy_server_get_id (self->server);
  const char *name = ahoy_server_get_name (self->server);
  g_autofree char *id = g_strndup (fingerprint ? fingerprint : "", AHOY_ID_CHARS);

  if (claimed && !g_str_equal (claimed, id))
    {
      stop (self, AHOY_DOWNGRADE_NONE, claimed, id, name, TRUE);
      return FALSE;
    }
  if (!pass (self, name, id, TRUE))
    return FALSE;
  ahoy_server_set_extended (self->server, id, name, ahoy_server_get_users (self->server), TRUE);
  return TRUE;
}

gboolean
ahoy_client_check_unsecured (AhoyClient *self)
{
  const gboolean claims_less = !ahoy_server_get_tls (self->server);
  g_autofree char *known = NULL;

  if (!is_known_secure (self))
    return TRUE;
  is_known (self, &known);
  stop (self, AHOY_DOWNGRADE_PLAIN, known, claims_less ? ahoy_server_get_id (self->server) : NULL, ahoy_server_get_name (self->server), FALSE);
  return FALSE;
}

gboolean
ahoy_client_expects_extended (AhoyClient *self)
{
  g_autofree char *known = NULL;

  return ahoy_server_get_extended (self->server) || is_known (self, &known);
}

gboolean
ahoy_client_check_welcome (AhoyClient       *self,
                           const AhoyPacket *packet)
{
  const gboolean secure = ahoy_link_is_secure (self->link);
  const char *proved = secure ? ahoy_server_get_id (self->server) : NULL;

  if (proved && g_strcmp0 (packet->server_id, proved) != 0)
    { /* it says that it is another one than its key shows */
      stop (self, AHOY_DOWNGRADE_NONE, packet->server_id, proved, packet->server_name, TRUE);
      return FALSE;
    }
  if (ahoy_client_is_astray (self) && g_strcmp0 (packet->server_id, ahoy_server_get_id (self->server)) != 0)
    {
      ahoy_client_lose (self);
      return FALSE;
    }
  return pass (self, packet->server_name, packet->server_id, secure);
}

gboolean
ahoy_client_check_accepted (AhoyClient *self)
{
  const gboolean secure = ahoy_link_is_secure (self->link);
  g_autofree char *known = NULL;
  g_autoptr (GError) error = NULL;

  if (self->dialect != AHOY_DIALECT_EXTENDED)
    { /* nothing to remember it by */
      if (!is_known (self, &known) && !ahoy_client_is_astray (self))
        return TRUE;
      stop (self, AHOY_DOWNGRADE_CLASSIC, known, secure ? ahoy_server_get_id (self->server) : NULL, ahoy_server_get_name (self->server), secure);
      return FALSE;
    }
  if (!pass (self, ahoy_server_get_name (self->server), ahoy_server_get_id (self->server), secure))
    return FALSE;
  if (self->pins && !ahoy_pins_learn (self->pins, ahoy_server_get_host (self->server), ahoy_server_get_port (self->server),
                                      ahoy_server_get_name (self->server), ahoy_server_get_id (self->server), secure, &error))
    g_warning ("The server will not be known again: %s", error->message);
  return TRUE;
}

void
ahoy_client_forget_met (AhoyClient *self)
{
  g_clear_pointer (&self->known_id, g_free);
  g_clear_pointer (&self->met_id, g_free);
  g_clear_pointer (&self->met_name, g_free);
  self->met_secure = FALSE;
  self->downgrade = AHOY_DOWNGRADE_NONE;
}

void
ahoy_client_accept_server (AhoyClient *self)
{
  AhoyConversation *everyone;
  g_autofree char *draft = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (AHOY_IS_CLIENT (self));

  if (self->state != AHOY_CLIENT_OFFLINE || (self->failure != AHOY_FAILURE_KEY_CHANGED && self->failure != AHOY_FAILURE_DOWNGRADED))
    return;
  if (self->pins && !ahoy_pins_accept (self->pins, ahoy_server_get_host (self->server), ahoy_server_get_port (self->server), self->met_name,
                                       self->met_id, self->met_secure, &error))
    g_warning ("The server will not be known again: %s", error->message);
  if (self->account && g_strcmp0 (ahoy_account_get_server (self->account), self->met_id) != 0)
    { /* what was said, and what waits to be said, was for the other one; what is being typed nobody has sent to anybody */
      everyone = ahoy_roster_get_everyone (self->roster);
      draft = g_strdup (ahoy_conversation_get_draft (everyone));
      ahoy_client_forget_server (self);
      ahoy_conversation_set_draft (everyone, draft);
    }
  if (self->met_id)
    ahoy_server_set_extended (self->server, self->met_id, self->met_name, ahoy_server_get_users (self->server), self->met_secure);
  else
    ahoy_server_set_classic (self->server);
  ahoy_client_forget_met (self);
  ahoy_client_set_failure (self, AHOY_FAILURE_NONE);
}

const char *
ahoy_client_get_known_id (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->known_id;
}

const char *
ahoy_client_get_met_id (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->met_id;
}

AhoyDowngrade
ahoy_client_get_downgrade (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), AHOY_DOWNGRADE_NONE);

  return self->downgrade;
}
