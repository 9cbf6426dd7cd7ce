/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One connection: how it becomes somebody's, and is told what they missed. */

#include "net/ahoyd-session-private.h"

#include "net/ahoyd-rejector.h"
#include "state/ahoyd-held.h"

/* From now on it is @skeleton's. */
static void
leave_lobby (AhoydSession *self,
             const char   *skeleton)
{
  ahoyd_lobby_leave (self->server_context->lobby, &self->seat);
  ahoyd_address_limits_settle (self->server_context->address_limits, self->address_limit);
  self->purse = ahoyd_purses_hold (self->server_context->purses, skeleton);
  ahoyd_session_count_log_in (self);
}

void
ahoyd_session_leave_address (AhoydSession *self)
{
  const AhoydConfig        *config = self->server_context->config;
  const AhoydAllowanceTerms terms = ahoyd_allowance_terms (config->rate, config->burst, config->rate_bytes);

  ahoyd_address_limits_leave (self->server_context->address_limits, self->address_limit, self->purse == NULL);
  if (self->purse != NULL)
    ahoyd_purses_release (self->server_context->purses, self->purse, &terms, g_get_monotonic_time ());
}

void
ahoyd_session_note_seen (AhoydSession *self)
{
  const char *skeleton = ahoyd_person_get_skeleton (self->person);
  const char *owner = ahoyd_owners_find (self->server_context->owners, skeleton);

  if (owner != NULL && g_strcmp0 (owner, self->key) == 0)
    ahoyd_owners_note_seen (self->server_context->owners, skeleton);
}

void
ahoyd_session_note_taken (AhoydSession *self)
{
  gboolean more;
  guint64  id;

  if (!ahoyd_ack_tracker_waits (&self->ack_tracker))
    return;
  id = ahoyd_ack_tracker_take (&self->ack_tracker, ahoy_link_get_bytes_taken (self->output.link, &more));
  if (id > 0)
    ahoyd_held_taken (self->server_context->store, self->handed_to, id);
}

/* Everything up to the whisper @id is queued. */
static void
hand (AhoydSession *self,
      guint64       id)
{
  ahoyd_session_note_taken (self);
  if (self->handed_to == NULL)
    self->handed_to = g_strdup (ahoyd_person_get_skeleton (self->person));
  ahoyd_ack_tracker_add (&self->ack_tracker, id, ahoy_link_get_bytes_sent (self->output.link));
}

/* Who is not told how far they are comes back, and asks for it again. */
static void
on_replay_failed (AhoydSession *self)
{
  g_clear_pointer (&self->catch_up, ahoyd_catch_up_free);
  ahoyd_session_error (self, "history", NULL, "What you missed cannot be read at the moment. Please come back later.");
  ahoyd_session_close (self, NULL);
}

static void
on_caught_up (const GError *error,
              gpointer      data)
{
  AhoydSession             *self = data;
  const AhoydServerContext *server_context = self->server_context;
  const char               *skeleton = ahoyd_person_get_skeleton (self->person);
  AhoyPacket                packet = { .kind = AHOY_PACKET_CAUGHT_UP, .last = ahoyd_store_get_last (server_context->store) };

  if (error != NULL)
    {
      on_replay_failed (self);
      return;
    }
  g_clear_pointer (&self->catch_up, ahoyd_catch_up_free);
  if (self->output.dialect != AHOY_DIALECT_EXTENDED)
    hand (self, ahoyd_store_get_number (server_context->store, "held", skeleton));
  if (!server_context->events->caught_up (self, server_context->events_data))
    return;
  ahoyd_session_send (self, &packet);
}

/* Somebody who tells how far they were gets all that came after. Who does not gets what was whispered to them and never reached them. */
static void
catch_up (AhoydSession *self,
          gboolean      resumes,
          guint64       since)
{
  const AhoydServerContext *server_context = self->server_context;
  AhoydCatchUpParts         parts = { server_context->hub, server_context->store, &self->output, self->person };
  guint64                   last = ahoyd_store_get_last (server_context->store);
  guint64                   after = 0;
  guint64                   until = 0;

  if (!resumes)
    ahoyd_held_get (server_context->store, ahoyd_person_get_skeleton (self->person), &after, &until);
  self->catch_up = ahoyd_catch_up_new (&parts, resumes ? MIN (since, last) : last, after, MIN (until, last), on_caught_up, self);
}

void
ahoyd_session_wait (AhoydSession  *session,
                    gpointer       waits,
                    GDestroyNotify give_up)
{
  g_return_if_fail (session != NULL && session->person == NULL && session->waits == NULL);
  g_return_if_fail (waits != NULL && give_up != NULL);

  session->waits = waits;
  session->give_up = give_up;
  ahoyd_session_update_reading (session);
}

gpointer
ahoyd_session_go_on (AhoydSession *session)
{
  gpointer waits;

  g_return_val_if_fail (session != NULL && session->waits != NULL, NULL);

  waits = g_steal_pointer (&session->waits);
  ahoyd_session_update_reading (session);
  return waits;
}

static void
welcome (AhoydSession *self,
         const char   *name,
         guint64       parted)
{
  const AhoydServerContext *server_context = self->server_context;
  AhoyPacket                packet = {
                   .kind = AHOY_PACKET_WELCOME,
                   .version = AHOY_EXTENDED_VERSION,
                   .server_id = server_context->server_id,
                   .server_name = server_context->config->name,
                   .self = name,
                   .last = ahoyd_store_get_last (server_context->store),
                   .keep_days = server_context->config->keep_days,
                   .hidden = !server_context->config->neighbours,
                   .parted = parted,
                   .text = server_context->config->motd != NULL ? server_context->config->motd : "",
  };

  if (self->output.dialect != AHOY_DIALECT_EXTENDED)
    return;
  packet.run = ahoyd_store_get_run (server_context->store);
  ahoyd_session_send (self, &packet);
}

AhoydSession *
ahoyd_session_of (AhoydPerson *person)
{
  const AhoydPeerOutput *output = ahoyd_person_get_outlet (person);

  return (AhoydSession *) ((char *) output - G_STRUCT_OFFSET (AhoydSession, output));
}

void
ahoyd_session_note_whisper (const AhoydServerContext *server_context,
                            const AhoydEvent         *event)
{
  AhoydPerson *recipient;

  g_return_if_fail (server_context != NULL && event != NULL);

  ahoyd_held_note (server_context->store, event);
  recipient = ahoyd_hub_find (server_context->hub, event->target_skeleton);
  if (recipient != NULL && ahoyd_person_takes_silently (recipient))
    hand (ahoyd_session_of (recipient), event->id);
}

static void
turn_out (AhoydSession *self)
{
  ahoyd_session_error (self, "replaced", NULL, "You have logged in from somewhere else, so this connection ends.");
  ahoyd_session_close (self, NULL);
}

/* @self goes on as @person, whose session ends without a leave. */
static void
replace (AhoydSession *self,
         AhoydPerson  *person)
{
  AhoydSession *old = ahoyd_session_of (person);

  g_debug ("Session %" G_GUINT64_FORMAT ": replaced by %" G_GUINT64_FORMAT, old->serial, self->serial);
  ahoyd_session_note_taken (old);
  self->server_context->events->replaced (person, self->server_context->events_data);
  ahoyd_hub_take_over (self->server_context->hub, person, self->serial, &self->output);
  self->person = g_steal_pointer (&old->person);
  turn_out (old);
}

gboolean
ahoyd_session_enter (AhoydSession   *session,
                     const AhoydWho *who,
                     const char     *secret,
                     gboolean        resumes,
                     guint64         since,
                     const char     *since_runs)
{
  const AhoydServerContext *server_context;
  AhoydPerson              *ghost;
  guint64                   parted;

  g_return_val_if_fail (session != NULL && session->person == NULL, FALSE);
  g_return_val_if_fail (who != NULL, FALSE);

  server_context = session->server_context;
  ghost = ahoyd_hub_find (server_context->hub, who->skeleton);
  if (ghost != NULL && ahoyd_session_of (ghost)->serial > session->serial)
    {
      /* This log-in was long on its way, and who sent it has come back on another connection meanwhile. */
      turn_out (session);
      return FALSE;
    }
  /* The others know a ghost by the name it came with. */
  parted = resumes ? ahoyd_store_get_parted (server_context->store, since, since_runs) : 0;
  welcome (session, ghost != NULL ? ahoyd_person_get_name (ghost) : who->name, parted);
  if (ghost != NULL)
    replace (session, ghost);
  else
    session->person = ahoyd_hub_join (server_context->hub, session->serial, who, &session->output);

  leave_lobby (session, who->skeleton);
  server_context->stats->logins++;
  ahoyd_known_note_seen (server_context->known, who->skeleton, ahoyd_person_get_name (session->person));
  ahoyd_known_set_secret (server_context->known, who->skeleton, secret);
  ahoyd_owners_note_name (server_context->owners, who->skeleton, ahoyd_person_get_name (session->person));
  ahoyd_session_note_seen (session);
  catch_up (session, resumes, parted > 0 ? parted - 1 : since);
  return server_context->events->online (session, server_context->events_data);
}

gboolean
ahoyd_session_has_place (AhoydSession *session)
{
  g_return_val_if_fail (session != NULL, FALSE);

  return !session->extra || (session->server_context->sessions->length <= session->server_context->max_clients &&
                             ahoyd_address_limits_have_place (session->server_context->address_limits, session->address_limit));
}

void
ahoyd_session_turn_away (AhoydSession *session,
                         const char   *name)
{
  AhoyPacket packet = { .kind = AHOY_PACKET_REFUSED, .name = name, .reason = "full" };
  gboolean   extended;

  g_return_if_fail (session != NULL && session->person == NULL && name != NULL);

  session->server_context->stats->full++;
  extended = ahoyd_session_is_extended (session);
  if (extended)
    ahoyd_session_send (session, &packet);
  ahoyd_session_close (session, extended ? NULL : ahoyd_rejection_get_text (AHOYD_REJECTION_FULL));
}

void
ahoyd_session_log_in_failed (AhoydSession *session)
{
  g_return_if_fail (session != NULL && session->person == NULL);

  if (ahoyd_address_limits_fail (session->server_context->address_limits, session->address_limit, g_get_monotonic_time ()))
    return;
  session->server_context->stats->barred++;
  ahoyd_session_error (session, "busy", NULL, "%s", ahoyd_rejection_get_text (AHOYD_REJECTION_BARRED));
  ahoyd_session_close (session, NULL);
}
