/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `1`: logging in. PROTOCOL.md, "Names". */

#include <string.h>

#include "features/ahoyd-features.h"
#include "state/ahoyd-tenure.h"
#include "wire/ahoy-name.h"

static void
refuse (AhoydSession *session,
        const char   *name,
        const char   *reason)
{
  AhoyPacket packet = { .kind = AHOY_PACKET_REFUSED, .name = name, .reason = reason };

  ahoyd_session_get_context (session)->stats->names_refused++;
  ahoyd_session_send (session, &packet);
  ahoyd_session_log_in_failed (session); /* the last thing: the session may be gone */
}

/* A log-in with a name that has a right form. */
typedef struct {
  AhoydSession *session; /* Borrowed */
  AhoydClaim   *claim;   /* what it waits for */
  gboolean      claimed; /* it has waited: another one with the same key that waits is no reason to wait again */
  char         *asked;   /* the name as it was sent */
  char         *name;
  char         *skeleton;
  char         *secret; /* its hash; NULL: none was shown */
  gboolean      resumes;
  guint64       since;
  char         *since_runs;
} Login;

static void
login_free (gpointer data)
{
  Login *login = data;

  if (login->claim != NULL)
    ahoyd_claim_cancel (login->claim);
  g_free (login->asked);
  g_free (login->name);
  g_free (login->skeleton);
  g_free (login->secret);
  g_free (login->since_runs);
  g_free (login);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Login, login_free)

static gboolean
owns_enough (const AhoydServerContext *server_context,
             const char               *key)
{
  guint limit = server_context->config->names_per_key;

  return limit > 0 && ahoyd_owners_count (server_context->owners, key) >= limit;
}

/* Whether it takes the place of somebody who is here: both have the same key, or none and the same secret. */
static gboolean
is_ghost (const Login *login)
{
  const AhoydServerContext *server_context = ahoyd_session_get_context (login->session);
  const char               *key = ahoyd_session_get_key (login->session);
  AhoydPerson              *holder = ahoyd_hub_find (server_context->hub, login->skeleton);

  if (holder == NULL || g_strcmp0 (ahoyd_person_get_key (holder), key) != 0)
    return FALSE;
  return key != NULL || ahoyd_tenure_is_held_by (server_context, login->skeleton, login->secret);
}

/* Whether it could be mistaken for another name, that somebody else owns or uses. Those who come back as they were here last are always let in,
 * also where both were there before anybody looked; and a ghost is known by the name it came with. */
static gboolean
looks_taken (const Login *login)
{
  const AhoydServerContext *server_context = ahoyd_session_get_context (login->session);
  const char               *key = ahoyd_session_get_key (login->session);

  if (is_ghost (login))
    return FALSE;
  if (key != NULL && g_strcmp0 (ahoyd_owners_find (server_context->owners, login->skeleton), key) == 0 &&
      g_strcmp0 (ahoyd_store_get_fact (server_context->store, "person", login->skeleton), login->name) == 0)
    return FALSE;
  return ahoyd_owners_has_look_alike (server_context->owners, login->name, key) || ahoyd_hub_has_look_alike (server_context->hub, login->name, key);
}

/* Why the name cannot be had; NULL: it can. */
static const char *
check_taken (const Login *login)
{
  const AhoydServerContext *server_context = ahoyd_session_get_context (login->session);
  const char               *key = ahoyd_session_get_key (login->session);
  const char               *owner = ahoyd_owners_find (server_context->owners, login->skeleton);
  AhoydPerson              *holder = ahoyd_hub_find (server_context->hub, login->skeleton);
  gboolean                  owned = owner != NULL && g_strcmp0 (owner, key) != 0;
  gboolean                  in_use = holder != NULL && !is_ghost (login);
  const char               *theirs = holder != NULL ? ahoyd_person_get_name (holder) : ahoyd_store_get_fact (server_context->store, "person", login->skeleton);
  g_autofree char          *folded = g_utf8_casefold (login->name, -1);
  g_autofree char          *folded_theirs = theirs != NULL ? g_utf8_casefold (theirs, -1) : NULL;

  if (!owned && !in_use && looks_taken (login))
    return "look-alike";
  if (!owned && !in_use)
    return owner == NULL && key != NULL && owns_enough (server_context, key) ? "too-many" : NULL;
  if (folded_theirs != NULL && strcmp (folded, folded_theirs) != 0)
    return "look-alike";
  return owned ? "owned" : "in-use";
}

static void
send_motd (AhoydSession *session,
           const char   *motd)
{
  g_auto (GStrv) lines = g_strsplit (motd, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      ahoyd_session_notice (session, "%s", lines[i]);
}

static void decide (Login *login);

static void
on_claimed (const GError *error,
            gpointer      data)
{
  Login *login = data;

  login->claim = NULL;
  login->claimed = TRUE;
  if (error != NULL)
    g_info ("The owner of the name %s is not on the disk yet: %s", login->name, error->message);
  /* Much may have happened since. */
  decide (ahoyd_session_go_on (login->session));
}

/* @data (transfer full). */
static void
decide (Login *data)
{
  g_autoptr (Login)         login = data;
  AhoydSession             *session = login->session;
  const AhoydServerContext *server_context = ahoyd_session_get_context (session);
  const char               *refusal;
  AhoydWho                  who = {
                     .name = login->name,
                     .skeleton = login->skeleton,
                     .key = ahoyd_session_get_key (session),
  };

  if (!ahoyd_session_has_place (session) && !is_ghost (login))
    {
      ahoyd_session_turn_away (session, login->asked);
      return;
    }
  refusal = check_taken (login);
  if (refusal != NULL)
    {
      refuse (session, login->asked, refusal);
      return;
    }
  if (!is_ghost (login))
    ahoyd_tenure_begin (server_context, login->skeleton, who.key, login->secret);
  if (who.key != NULL && (!login->claimed || ahoyd_owners_find (server_context->owners, login->skeleton) == NULL))
    {
      login->claim = ahoyd_owners_claim (server_context->owners, login->skeleton, who.key, on_claimed, login);
      ahoyd_owners_note_name (server_context->owners, login->skeleton, login->name);
      ahoyd_known_set_secret (server_context->known, login->skeleton, NULL);
    }
  if (login->claim != NULL)
    {
      ahoyd_session_wait (session, g_steal_pointer (&login), login_free);
      return;
    }
  who.kept = who.key == NULL && login->secret != NULL;
  who.whispers_after = ahoyd_owners_get_released (server_context->owners, login->skeleton);
  if (!ahoyd_session_enter (session, &who, who.kept ? login->secret : NULL, login->resumes, login->since, login->since_runs))
    return;
  g_debug ("Session %" G_GUINT64_FORMAT ": logged in as %s", ahoyd_session_get_serial (session), login->name);
  /* An extended peer was welcomed with it. */
  if (server_context->config->motd != NULL && !ahoyd_session_is_extended (session))
    send_motd (session, server_context->config->motd);
}

static void
on_log_in (AhoydSession     *session,
           const AhoyPacket *packet,
           gpointer          self)
{
  const char      *asked = packet->name != NULL ? packet->name : "";
  g_autofree char *name = ahoy_name_normalize (asked, NULL);
  Login           *login;

  if (packet->version >= AHOY_EXTENDED_VERSION)
    ahoyd_session_speak_extended (session);
  if (name == NULL)
    {
      refuse (session, asked, "invalid");
      return;
    }
  login = g_new0 (Login, 1);
  login->session = session;
  login->asked = g_strdup (asked);
  login->skeleton = ahoy_name_skeleton (name);
  login->name = g_steal_pointer (&name);
  if (ahoyd_session_is_extended (session) && packet->secret != NULL)
    login->secret = ahoyd_tenure_hash (ahoyd_session_get_context (session), login->skeleton, packet->secret);
  login->resumes = ahoyd_session_is_extended (session) &&
                   g_strcmp0 (packet->since_server, ahoyd_session_get_context (session)->server_id) == 0;
  login->since = packet->since;
  login->since_runs = g_strdup (packet->since_runs);
  decide (login);
}

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_LOGIN, AHOYD_STATE_LOBBY, AHOYD_COST_EVERYONE, 0, on_log_in },
};

const AhoydFeature ahoyd_log_in = { .name = "log-in", .verbs = verbs, .n_verbs = G_N_ELEMENTS (verbs) };
