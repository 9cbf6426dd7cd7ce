/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One connection: whether it is read, what it may send, and whether its peer is still there.
 *
 * A peer that sends more than it may loses nothing by it. What has come is taken, on credit, and then nothing is read until the debt is paid: the
 * kernel keeps the rest, and in the end the peer's own writing waits. So with what is said faster than the log can take it. */

#include "net/ahoyd-session-private.h"

#include "state/ahoyd-backlog.h"
#include "state/ahoyd-tenure.h"
#include "wire/ahoy-limits.h"

/* Microseconds after the last debt for which the peer is not told of the next: it is the same episode. */
#define SLOW_DOWN_PAUSE_US (5 * G_TIME_SPAN_SECOND)
/* Microseconds after which a peer is read again, whatever it owes, if only to see whether it has left. */
#define DEBT_MAX_US G_TIME_SPAN_MINUTE
/* Bytes that may have come without being in a frame: an unfinished one, and one read. */
#define UNFRAMED_MAX (AHOY_FRAME_MAX + AHOY_LINK_READ_BUDGET)

static gboolean
is_read (AhoydSession *self)
{
  return !self->deaf && self->debt == NULL && self->waits == NULL && !self->backed_up && self->paused == 0;
}

void
ahoyd_session_update_reading (AhoydSession *self)
{
  ahoy_link_set_reading (self->output.link, is_read (self));
}

/* ---- Debts ---- */

void
ahoyd_session_clear_debt (AhoydSession *self)
{
  if (self->debt != NULL)
    g_source_destroy (self->debt);
  g_clear_pointer (&self->debt, g_source_unref);
}

static gboolean
on_debt_paid (gpointer data)
{
  AhoydSession *self = data;

  g_clear_pointer (&self->debt, g_source_unref);
  ahoyd_session_update_reading (self);
  return G_SOURCE_REMOVE;
}

/* Nothing is read for @debt µs. */
static void
owe (AhoydSession *self,
     gint64        debt,
     gint64        now)
{
  gint64 until = debt < G_MAXINT64 - now ? now + debt : G_MAXINT64;

  if (debt == 0 || self->deaf)
    return;
  if (self->debt != NULL)
    {
      g_source_set_ready_time (self->debt, MAX (until, g_source_get_ready_time (self->debt)));
      return;
    }
  self->debt = g_timeout_source_new (0);
  g_source_set_ready_time (self->debt, until);
  g_source_set_callback (self->debt, on_debt_paid, self, NULL);
  g_source_attach (self->debt, self->server_context->context);
  ahoyd_session_update_reading (self);
}

void
ahoyd_session_charge (AhoydSession *session,
                      guint         cost)
{
  static const AhoydQuotaTerms terms = { AHOYD_WORK_RATE, AHOYD_WORK_BURST };
  gint64                       now = g_get_monotonic_time ();

  g_return_if_fail (session != NULL);

  owe (session, ahoyd_quota_take (&session->work, &terms, cost, now), now);
}

void
ahoyd_session_charge_time (AhoydSession *session,
                           gint64        us)
{
  ahoyd_session_charge (session, (guint) CLAMP (us * AHOYD_WORK_TIME_SHARE * AHOYD_WORK_RATE / G_USEC_PER_SEC, 0, G_MAXINT));
}

/* ---- What it sends ---- */

static AhoydAllowanceTerms
person_terms (AhoydSession *self)
{
  const AhoydConfig *config = self->server_context->config;

  return ahoyd_allowance_terms (config->rate, config->burst, config->rate_bytes);
}

/* Once for a row of debts. */
static void
tell_to_slow_down (AhoydSession *self,
                   gint64        debt,
                   gint64        now)
{
  const AhoyPacket packet = {
    .kind = AHOY_PACKET_ERROR,
    .code = "slow-down",
    .wait_ms = (guint) (debt / 1000 + 1),
    .text = "That is more than this server takes at once. It reads on in a moment, and nothing is lost.",
  };

  if (debt == 0)
    return;
  if (self->output.dialect == AHOY_DIALECT_EXTENDED && now >= self->slow_until)
    ahoyd_session_send (self, &packet);
  self->slow_until = now + debt + SLOW_DOWN_PAUSE_US;
}

/* Returns: µs until what is owed for all that is paid. */
static gint64
spend (AhoydSession *self,
       guint64       messages,
       guint64       bytes,
       gint64        now)
{
  const AhoydAllowanceTerms terms = person_terms (self);
  AhoydAllowance           *allowance = self->purse != NULL ? ahoyd_purse_open (self->purse) : &self->own;
  gint64                    theirs = ahoyd_allowance_take (allowance, &terms, messages, bytes, now);
  gint64                    all = ahoyd_address_limits_spend (self->server_context->address_limits, self->address_limit, messages, bytes, now);
  gint64                    debt = MIN (MAX (theirs, all), DEBT_MAX_US);

  self->server_context->stats->slowed += debt > 0 && self->debt == NULL;
  owe (self, debt, now);
  return debt;
}

void
ahoyd_session_begin_reading (AhoydSession *self)
{
  gint64 now = g_get_monotonic_time ();

  /* Who comes from where too much was sent waits, or coming again and again would be free. */
  owe (self, ahoyd_address_limits_spend (self->server_context->address_limits, self->address_limit, 0, 0, now), now);
}

void
ahoyd_session_count_frame (AhoydSession    *self,
                           const AhoyFrame *frame)
{
  guint64 size = (frame->heading != NULL ? frame->heading_len + 1 : 0) + frame->body_len + 3;

  self->heard = g_get_monotonic_time ();
  self->counted += size;
  tell_to_slow_down (self, spend (self, 0, size, self->heard), self->heard);
}

void
ahoyd_session_count_messages (AhoydSession *session,
                              guint         n)
{
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (session != NULL);

  tell_to_slow_down (session, spend (session, n, 0, now), now);
}

void
ahoyd_session_count_log_in (AhoydSession *self)
{
  spend (self, AHOYD_LOG_IN_MESSAGES, 0, g_get_monotonic_time ());
}

/* What is no frame, between frames, is seen by nobody but the link. */
static void
count_unframed (AhoydSession *self,
                gint64        now)
{
  guint64 came = ahoy_link_get_bytes_in (self->output.link);

  if (came <= self->counted + UNFRAMED_MAX)
    return;
  spend (self, 0, came - UNFRAMED_MAX - self->counted, now);
  self->counted = came - UNFRAMED_MAX;
}

/* ---- What waits for the log ---- */

void
ahoyd_session_update_backlog (AhoydSession *session)
{
  AhoydHub *hub;
  gboolean  backed_up;

  g_return_if_fail (session != NULL && session->person != NULL);

  hub = session->server_context->hub;
  backed_up = ahoyd_backlog_stops (ahoyd_person_get_backlog (session->person), ahoyd_hub_get_backlog (hub), ahoyd_hub_get_n_online (hub),
                                   session->backed_up);
  if (backed_up == session->backed_up)
    return;
  session->backed_up = backed_up;
  ahoyd_session_update_reading (session);
}

void
ahoyd_session_note_written (const AhoydServerContext *server_context,
                            const AhoydEvent         *event)
{
  AhoydPerson  *author;
  AhoydSession *session;

  g_return_if_fail (server_context != NULL && event != NULL);

  ahoyd_tenure_note_written (server_context); /* first: somebody may leave in what follows */
  author = ahoyd_hub_find (server_context->hub, event->from_skeleton);
  if (author == NULL)
    return;
  session = ahoyd_session_of (author);
  if (session->backed_up)
    ahoyd_session_update_backlog (session);
}

/* ---- Whether it is there ---- */

static AhoydLifeSigns
life_signs (AhoydSession *self)
{
  AhoyLink      *link = self->output.link;
  guint64        sent = ahoy_link_get_bytes_sent (link);
  gint64         heard = ahoy_link_get_last_heard (link);
  gboolean       more = FALSE;
  AhoydLifeSigns signs = {
    .heard = MAX (heard, self->heard), /* frames that were left when reading stopped are heard later than they came */
    .taken = self->arrived,
    .can_answer = self->output.dialect == AHOY_DIALECT_EXTENDED && self->person != NULL && !self->deaf,
    .is_read = is_read (self),
  };

  /* Asking the kernel costs something, and most peers have nothing new. */
  if (sent != self->arrived)
    signs.taken = ahoy_link_get_bytes_taken (link, &more);
  if (more && sent > signs.taken)
    signs.outstanding = sent - signs.taken;
  self->arrived = signs.taken;
  return signs;
}

gboolean
ahoyd_session_keep_alive (AhoydSession *session,
                          gint64        now)
{
  const AhoyPacket ping = { .kind = AHOY_PACKET_PING, .n = (guint64) now };
  AhoydLifeVerdict verdict;
  AhoydLifeSigns   signs;

  g_return_val_if_fail (session != NULL, TRUE);

  count_unframed (session, now);
  ahoyd_session_note_taken (session);
  signs = life_signs (session);
  verdict = ahoyd_life_look (&session->life, &signs, now);
  if (verdict == AHOYD_LIFE_ASK)
    ahoyd_session_send (session, &ping);
  return verdict != AHOYD_LIFE_LOST;
}
