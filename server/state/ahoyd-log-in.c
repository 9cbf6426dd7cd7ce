/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who may come in, under which name, and in whose place. */

#include "state/ahoyd-log-in.h"

#include <string.h>

#include "net/ahoyd-rejector.h"
#include "store/ahoyd-people-table.h"
#include "wire/ahoy-name.h"

struct _AhoydLogIn {
  /* Borrowed */
  AhoydLogInParts         parts;
  AhoydOwners            *owners;
  AhoydKnown             *known;
  const AhoydLogInEvents *events;
  gpointer                data;
};

static void
refuse (AhoydLogIn   *self,
        AhoydSession *session,
        const char   *name,
        const char   *reason)
{
  AhoyPacket packet = { .kind = AHOY_PACKET_REFUSED, .name = name, .reason = reason };

  self->parts.stats->names_refused++;
  ahoyd_session_send (session, &packet);
  ahoyd_session_log_in_failed (session); /* the last thing: the session may be gone */
}

/* A log-in with a name that has a right form. */
typedef struct {
  AhoydLogIn   *owner;   /* Borrowed */
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

/* A session's slot while its log-in waits for a claim. */
static G_DEFINE_QUARK (ahoyd - log - in - waiting, waiting)

  static gboolean
  owns_enough (AhoydLogIn *self,
               const char *key)
{
  guint limit = self->parts.config->names_per_key;

  return limit > 0 && ahoyd_owners_count (self->owners, key) >= limit;
}

/* Whether it takes the place of somebody who is here: both have the same key, or none and the same secret. */
static gboolean
is_ghost (const Login *login)
{
  AhoydLogIn  *self = login->owner;
  const char  *key = ahoyd_session_get_key (login->session);
  AhoydPerson *holder = ahoyd_hub_find (self->parts.hub, login->skeleton);

  if (holder == NULL || g_strcmp0 (ahoyd_person_get_key (holder), key) != 0)
    return FALSE;
  return key != NULL || ahoyd_tenures_is_held_by (self->parts.tenures, login->skeleton, login->secret);
}

/* As whoever is remembered wrote it last. */
static const char *
get_known_name (AhoydLogIn *self,
                const char *skeleton)
{
  return ahoyd_people_get_name (ahoyd_store_get_rows (self->parts.store, &ahoyd_people_table), skeleton);
}

/* Whether it could be mistaken for another name, that somebody else owns or uses. Those who come back as they were here last are always let in,
 * also where both were there before anybody looked; and a ghost is known by the name it came with. */
static gboolean
looks_taken (const Login *login)
{
  AhoydLogIn *self = login->owner;
  const char *key = ahoyd_session_get_key (login->session);

  if (is_ghost (login))
    return FALSE;
  if (key != NULL && g_strcmp0 (ahoyd_owners_find (self->owners, login->skeleton), key) == 0 &&
      g_strcmp0 (get_known_name (self, login->skeleton), login->name) == 0)
    return FALSE;
  return ahoyd_owners_has_look_alike (self->owners, login->name, key) || ahoyd_hub_has_look_alike (self->parts.hub, login->name, key);
}

/* Why the name cannot be had; NULL: it can. */
static const char *
check_taken (const Login *login)
{
  AhoydLogIn      *self = login->owner;
  const char      *key = ahoyd_session_get_key (login->session);
  const char      *owner = ahoyd_owners_find (self->owners, login->skeleton);
  AhoydPerson     *holder = ahoyd_hub_find (self->parts.hub, login->skeleton);
  gboolean         owned = owner != NULL && g_strcmp0 (owner, key) != 0;
  gboolean         in_use = holder != NULL && !is_ghost (login);
  const char      *theirs = holder != NULL ? ahoyd_person_get_name (holder) : get_known_name (self, login->skeleton);
  g_autofree char *folded = g_utf8_casefold (login->name, -1);
  g_autofree char *folded_theirs = theirs != NULL ? g_utf8_casefold (theirs, -1) : NULL;

  if (!owned && !in_use && looks_taken (login))
    return "look-alike";
  if (!owned && !in_use)
    return owner == NULL && key != NULL && owns_enough (self, key) ? "too-many" : NULL;
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

/* Whether @session may be somebody who is not here yet. */
static gboolean
has_place (AhoydLogIn   *self,
           AhoydSession *session)
{
  return !ahoyd_session_is_extra (session) || (self->events->has_place (self->data) && ahoyd_session_has_place_there (session));
}

/* There is no place for @session, which asked for @name. It must not be used any more. */
static void
turn_away (AhoydLogIn   *self,
           AhoydSession *session,
           const char   *name)
{
  const AhoyPacket packet = { .kind = AHOY_PACKET_REFUSED, .name = name, .reason = "full" };

  self->parts.stats->full++;
  if (ahoyd_session_is_extended (session))
    ahoyd_session_send (session, &packet);
  ahoyd_session_close (session, ahoyd_session_is_extended (session) ? NULL : ahoyd_rejection_get_text (AHOYD_REJECTION_FULL));
}

/* --- Coming in --- */

static void
welcome (AhoydLogIn   *self,
         AhoydSession *session,
         const char   *name,
         guint64       parted)
{
  const AhoydConfig *config = self->parts.config;
  AhoyPacket         packet = {
            .kind = AHOY_PACKET_WELCOME,
            .version = AHOY_EXTENDED_VERSION,
            .server_id = self->parts.server_id,
            .server_name = config->name,
            .self = name,
            .last = ahoyd_store_get_last (self->parts.store),
            .keep_days = config->keep_days,
            .hidden = !config->neighbours,
            .parted = parted,
            .text = config->motd != NULL ? config->motd : "",
  };

  if (!ahoyd_session_is_extended (session))
    return;
  packet.run = ahoyd_store_get_run (self->parts.store);
  ahoyd_session_send (session, &packet);
}

static void
turn_out (AhoydSession *session)
{
  ahoyd_session_error (session, "replaced", NULL, "You have logged in from somewhere else, so this connection ends.");
  ahoyd_session_close (session, NULL);
}

/* @session goes on as @ghost, whose session ends without a leave. */
static void
replace (AhoydLogIn   *self,
         AhoydSession *session,
         AhoydPerson  *ghost)
{
  AhoydSession *old = ahoyd_session_find (ghost);

  g_debug ("Session %" G_GUINT64_FORMAT ": replaced by %" G_GUINT64_FORMAT, ahoyd_session_get_serial (old), ahoyd_session_get_serial (session));
  ahoyd_delivery_stop (self->parts.delivery, old);
  self->events->replaced (ghost, self->data);
  ahoyd_hub_take_over (self->parts.hub, ghost, ahoyd_session_get_serial (session), ahoyd_session_get_output (session));
  ahoyd_session_log_in (session, ahoyd_session_take_person (old));
  turn_out (old);
}

/* Whoever is logged in is here; writes that down when they own the name and do not only use it. */
static void
note_seen (AhoydLogIn   *self,
           AhoydSession *session)
{
  const char *skeleton = ahoyd_person_get_skeleton (ahoyd_session_get_person (session));
  const char *owner = ahoyd_owners_find (self->owners, skeleton);

  if (owner != NULL && g_strcmp0 (owner, ahoyd_session_get_key (session)) == 0)
    ahoyd_owners_note_seen (self->owners, skeleton);
}

/* Logs in, and begins to hand over what was missed: with `resumes` what came after `since`, or after what is shared with somebody who came so far in
 * `since_runs` (PROTOCOL.md, "Runs"). A ghost whose session was made later stays: then this one ends. Returns: FALSE: the session is gone. */
static gboolean
enter (const Login    *login,
       const AhoydWho *who)
{
  AhoydLogIn   *self = login->owner;
  AhoydSession *session = login->session;
  AhoydPerson  *ghost = ahoyd_hub_find (self->parts.hub, who->skeleton);
  const char   *name;
  guint64       parted;

  if (ghost != NULL && ahoyd_session_get_serial (ahoyd_session_find (ghost)) > ahoyd_session_get_serial (session))
    {
      /* This log-in was long on its way, and who sent it has come back on another connection meanwhile. */
      turn_out (session);
      return FALSE;
    }
  /* The others know a ghost by the name it came with. */
  parted = login->resumes ? ahoyd_store_get_parted (self->parts.store, login->since, login->since_runs) : 0;
  welcome (self, session, ghost != NULL ? ahoyd_person_get_name (ghost) : who->name, parted);
  if (ghost != NULL)
    replace (self, session, ghost);
  else
    ahoyd_session_log_in (session, ahoyd_hub_join (self->parts.hub, ahoyd_session_get_serial (session), who, ahoyd_session_get_output (session)));

  self->parts.stats->logins++;
  name = ahoyd_person_get_name (ahoyd_session_get_person (session));
  ahoyd_known_note_seen (self->known, who->skeleton, name);
  ahoyd_known_set_secret (self->known, who->skeleton, who->kept ? login->secret : NULL);
  ahoyd_owners_note_name (self->owners, who->skeleton, name);
  note_seen (self, session);
  ahoyd_delivery_begin (self->parts.delivery, session, login->resumes, parted > 0 ? parted - 1 : login->since);
  return self->events->online (session, self->data);
}

/* --- Deciding --- */

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
  ahoyd_session_steal_slot (login->session, waiting_quark ());
  ahoyd_session_resume (login->session);
  decide (login);
}

/* @data (transfer full). */
static void
decide (Login *data)
{
  g_autoptr (Login) login = data;
  AhoydSession     *session = login->session;
  AhoydLogIn       *self = login->owner;
  const char       *refusal;
  AhoydWho          who = {
             .name = login->name,
             .skeleton = login->skeleton,
             .key = ahoyd_session_get_key (session),
  };

  if (!has_place (self, session) && !is_ghost (login))
    {
      turn_away (self, session, login->asked);
      return;
    }
  refusal = check_taken (login);
  if (refusal != NULL)
    {
      refuse (self, session, login->asked, refusal);
      return;
    }
  if (!is_ghost (login))
    ahoyd_tenures_begin (self->parts.tenures, login->skeleton, who.key, login->secret);
  if (who.key != NULL && (!login->claimed || ahoyd_owners_find (self->owners, login->skeleton) == NULL))
    {
      login->claim = ahoyd_owners_claim (self->owners, login->skeleton, who.key, on_claimed, login);
      ahoyd_owners_note_name (self->owners, login->skeleton, login->name);
      ahoyd_known_set_secret (self->known, login->skeleton, NULL);
    }
  if (login->claim != NULL)
    {
      ahoyd_session_set_slot (session, waiting_quark (), g_steal_pointer (&login), login_free);
      ahoyd_session_pause (session);
      return;
    }
  who.kept = who.key == NULL && login->secret != NULL;
  who.whispers_after = ahoyd_owners_get_released (self->owners, login->skeleton);
  if (!enter (login, &who))
    return;
  g_debug ("Session %" G_GUINT64_FORMAT ": logged in as %s", ahoyd_session_get_serial (session), login->name);
  /* An extended peer was welcomed with it. */
  if (self->parts.config->motd != NULL && !ahoyd_session_is_extended (session))
    send_motd (session, self->parts.config->motd);
}

void
ahoyd_log_in_ask (AhoydLogIn       *self,
                  AhoydSession     *session,
                  const AhoyPacket *packet)
{
  const char      *asked = packet->name != NULL ? packet->name : "";
  g_autofree char *name = ahoy_name_normalize (asked, NULL);
  Login           *login;

  if (packet->version >= AHOY_EXTENDED_VERSION)
    ahoyd_session_speak_extended (session);
  if (name == NULL)
    {
      refuse (self, session, asked, "invalid");
      return;
    }
  login = g_new0 (Login, 1);
  login->owner = self;
  login->session = session;
  login->asked = g_strdup (asked);
  login->skeleton = ahoy_name_skeleton (name);
  login->name = g_steal_pointer (&name);
  if (ahoyd_session_is_extended (session) && packet->secret != NULL)
    login->secret = ahoyd_tenures_hash (self->parts.tenures, login->skeleton, packet->secret);
  login->resumes = ahoyd_session_is_extended (session) &&
                   g_strcmp0 (packet->since_server, self->parts.server_id) == 0;
  login->since = packet->since;
  login->since_runs = g_strdup (packet->since_runs);
  decide (login);
}

AhoydLogIn *
ahoyd_log_in_new (const AhoydLogInParts  *parts,
                  const AhoydLogInEvents *events,
                  gpointer                data)
{
  AhoydLogIn *self;

  g_return_val_if_fail (parts != NULL && parts->tenures != NULL && events != NULL, NULL);

  self = g_new0 (AhoydLogIn, 1);
  self->parts = *parts;
  self->owners = ahoyd_tenures_get_owners (parts->tenures);
  self->known = ahoyd_tenures_get_known (parts->tenures);
  self->events = events;
  self->data = data;
  return self;
}

void
ahoyd_log_in_free (AhoydLogIn *log_in)
{
  g_return_if_fail (log_in != NULL);

  g_free (log_in);
}

void
ahoyd_log_in_leave (AhoydLogIn   *log_in,
                    AhoydSession *session)
{
  AhoydPerson *person;
  const char  *skeleton;

  g_return_if_fail (log_in != NULL && session != NULL);

  ahoyd_delivery_stop (log_in->parts.delivery, session);
  person = ahoyd_session_get_person (session);
  if (person == NULL)
    return;
  skeleton = ahoyd_person_get_skeleton (person);
  log_in->events->offline (session, log_in->data);
  note_seen (log_in, session);
  ahoyd_delivery_look (log_in->parts.delivery, session);
  ahoyd_tenures_leave (log_in->parts.tenures, skeleton, ahoyd_session_get_key (session));
  ahoyd_known_note_left (log_in->known, skeleton, ahoyd_person_get_name (person));
  ahoyd_hub_leave (log_in->parts.hub, ahoyd_session_take_person (session), ahoyd_session_get_reason (session));
}
