/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One connection, from accept() to its end.
 *
 * A peer that sends more than it may loses nothing by it. What has come is taken, on credit, and then nothing is read until the debt is paid: the
 * kernel keeps the rest, and in the end the peer's own writing waits. */

#include "net/ahoyd-session.h"

#include "net/ahoyd-life.h"
#include "net/ahoyd-reading-gate.h"
#include "net/ahoyd-rejector.h"
#include "wire/ahoy-limits.h"

/* Microseconds after the last debt for which the peer is not told of the next: it is the same episode. */
#define SLOW_DOWN_PAUSE_US (5 * G_TIME_SPAN_SECOND)
/* Bytes that may have come without being in a frame: an unfinished one, and one read. */
#define UNFRAMED_MAX (AHOY_FRAME_MAX + AHOY_LINK_READ_BUDGET)

struct _AhoydSession {
  /* Owned */
  AhoydPeerOutput  output;
  AhoyDeadline     deadline; /* to log in */
  GList            node;     /* in the owner's list */
  guint64          serial;
  AhoydSpending    spending;
  AhoydReadingGate gate;
  AhoydPatience    patience;
  AhoydLife        life;
  GData           *slots;      /* what others keep about it */
  gint64           heard;      /* monotonic time of the last frame */
  gint64           slow_until; /* monotonic time until which the peer knows that it is too fast */
  guint64          counted;    /* bytes that came, and were counted */
  guint64          arrived;    /* bytes that had arrived there at the last look */
  char            *reason;     /* why they leave */
  char            *key;        /* fingerprint; NULL: none was shown */
  gboolean         extra;      /* there was no place for it when it came */
  /* Borrowed */
  const AhoydSessionHost *host;
  AhoydPerson            *person; /* NULL until logged in */
};

/* The session that a person has is in a slot of theirs. */
static G_DEFINE_QUARK (ahoyd - session - person, person)

  static const char *fault_sentence (AhoyFrameFault fault)
{
  static const char *const sentences[] = {
    [AHOY_FRAME_FAULT_START] = "That is no Ahoy message: they begin with the byte 0x02.",
    [AHOY_FRAME_FAULT_HEADING_SIZE] = "That heading is too long (4 KiB at most).",
    [AHOY_FRAME_FAULT_BODY_SIZE] = "That message is too long (16 KiB at most).",
    [AHOY_FRAME_FAULT_HEADING] = "That heading is not one.",
    [AHOY_FRAME_FAULT_TYPE] = "A message's type is one printable ASCII character.",
    [AHOY_FRAME_FAULT_CONTROL] = "Messages hold no control characters but tabs and line ends.",
  };

  g_return_val_if_fail (fault > AHOY_FRAME_FAULT_NONE && fault < G_N_ELEMENTS (sentences), NULL);

  return sentences[fault];
}

/* The link is closed, aborted or ended already. */
static void
end (AhoydSession *self)
{
  ahoy_deadline_unset (&self->deadline);
  ahoyd_reading_gate_clear (&self->gate);
  self->host->events->ended (self, self->host->events_data);
  g_datalist_clear (&self->slots);
  ahoyd_spending_clear (&self->spending, g_get_monotonic_time ());
  g_free (self->key);
  g_free (self->reason);
  ahoy_link_unref (self->output.link);
  g_free (self);
}

/* --- What it sends --- */

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
  gint64 debt = ahoyd_spending_take (&self->spending, messages, bytes, now);

  self->host->stats->slowed += debt > 0 && !ahoyd_reading_gate_is_in_debt (&self->gate);
  ahoyd_reading_gate_owe (&self->gate, debt, now);
  return debt;
}

static void
count_frame (AhoydSession    *self,
             const AhoyFrame *frame)
{
  guint64 size = (frame->heading != NULL ? frame->heading_len + 1 : 0) + frame->body_len + 3;

  self->heard = g_get_monotonic_time ();
  self->counted += size;
  tell_to_slow_down (self, spend (self, 0, size, self->heard), self->heard);
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

/* --- What its link tells --- */

/* What this peer wrote, as UTF-8; NULL when it is no text that this peer may write. */
static char *
decode_text (AhoydSession    *self,
             const AhoyFrame *frame)
{
  if (self->output.dialect == AHOY_DIALECT_CLASSIC)
    return ahoy_charset_decode (self->host->config->classic_charset, &self->output.charset_use, frame->body, frame->body_len);
  return g_utf8_validate_len (frame->body, frame->body_len, NULL) ? g_strndup (frame->body, frame->body_len) : NULL;
}

/* Says so in the dialect of their first frame, which is all that is read of it. */
static void
turn_out_plain (AhoydSession    *self,
                const AhoyFrame *frame,
                const char      *text)
{
  g_auto (AhoyPacket) packet = AHOY_PACKET_INIT;

  if (text != NULL && ahoy_packet_decode (&packet, frame, text, AHOY_TO_SERVER, AHOY_DIALECT_CLASSIC, NULL) &&
      packet.kind == AHOY_PACKET_LOGIN && packet.version >= AHOY_EXTENDED_VERSION)
    ahoyd_session_speak_extended (self);
  ahoyd_session_error (self, "tls-required", NULL, "This server only takes encrypted connections (TLS). Please use a program that has them.");
  ahoyd_session_close (self, NULL);
}

static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{
  AhoydSession       *self = data;
  g_autofree char    *text = decode_text (self, frame);
  g_auto (AhoyPacket) packet = AHOY_PACKET_INIT;
  g_autoptr (GError)  error = NULL;

  count_frame (self, frame);
  /* Whoever was here when the operator came to require it stays. */
  if (self->host->config->require_tls && ahoyd_session_get_state (self) == AHOYD_STATE_LOBBY && !ahoy_link_is_secure (link))
    {
      turn_out_plain (self, frame, text);
    }
  else if (text == NULL)
    {
      self->host->stats->faults++;
      ahoyd_session_error (self, "text", NULL, "%s", self->output.dialect == AHOY_DIALECT_CLASSIC ? "That text is neither UTF-8 nor in this server's other charset." : "That text is not UTF-8.");
      ahoyd_session_close (self, NULL);
    }
  else if (ahoy_packet_decode (&packet, frame, text, AHOY_TO_SERVER, self->output.dialect, &error))
    {
      self->host->events->packet (self, &packet, self->host->events_data);
    }
  else
    {
      ahoyd_session_count_messages (self, 1);
      ahoyd_session_error (self, "bad-frame", NULL, "That message could not be understood: %s.", error->message);
    }
}

static void
on_fault (AhoyLink      *link,
          AhoyFrameFault fault,
          gpointer       data)
{
  AhoydSession *self = data;

  self->host->stats->faults++;
  g_debug ("Session %" G_GUINT64_FORMAT ": fault %s", self->serial, ahoy_frame_fault_code (fault));
  ahoyd_session_error (self, ahoy_frame_fault_code (fault), NULL, "%s", fault_sentence (fault));
  ahoyd_session_close (self, NULL);
}

static void
on_drained (AhoyLink *link,
            gpointer  data)
{
  AhoydSession *self = data;

  if (self->output.catching_up)
    self->host->events->drained (self, self->host->events_data);
}

static void
on_secured (AhoyLink *link,
            gpointer  data)
{
  AhoydSession *self = data;

  self->host->stats->secure++;
  ahoyd_session_set_key (self, ahoy_link_get_peer_fingerprint (link));
}

/* Whether that ended a TLS handshake. Who only breaks off in one looks like anybody else who does. */
static gboolean
is_failed_handshake (AhoyLink     *link,
                     const GError *error)
{
  return error != NULL && !ahoy_link_is_secure (link) &&
         (error->domain == AHOY_TLS_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
}

static void
on_ended (AhoyLink     *link,
          AhoyLinkEnd   how,
          const GError *error,
          gpointer      data)
{
  AhoydSession *self = data;

  if (how == AHOY_LINK_END_OVERFLOW)
    {
      self->host->stats->overflows++;
      g_info ("Session %" G_GUINT64_FORMAT ": took its messages too slowly", self->serial);
    }
  if (error != NULL)
    g_debug ("Session %" G_GUINT64_FORMAT ": %s", self->serial, error->message);
  if (self->person == NULL && is_failed_handshake (link, error))
    self->host->stats->handshakes_failed++;
  if (self->reason == NULL && how != AHOY_LINK_END_PEER)
    self->reason = g_strdup ("lost");
  end (self);
}

static const AhoyLinkEvents link_events = { on_frame, on_fault, on_ended, on_drained, on_secured };

static AhoydSession *
session_new (const AhoydSessionHost *host,
             AhoydAddressLimit      *address_limit,
             guint64                 serial)
{
  AhoydSession *self = g_new0 (AhoydSession, 1);

  self->host = host;
  self->serial = serial;
  self->node.data = self;
  ahoyd_spending_init (&self->spending, host->config, host->address_limits, host->purses, address_limit);
  return self;
}

/* It has a @link (transfer full). */
static void
begin (AhoydSession *self,
       AhoyLink     *link)
{
  gint64 now = g_get_monotonic_time ();

  self->output.link = link;
  ahoyd_reading_gate_init (&self->gate, link, ahoy_poll_get_context (self->host->poll));
  ahoy_deadline_set (&self->deadline, self->host->deadlines, self);
  /* Who comes from where too much was sent waits, or coming again and again would be free. */
  ahoyd_reading_gate_owe (&self->gate, ahoyd_spending_get_debt_of_place (&self->spending, now), now);
}

AhoydSession *
ahoyd_session_new (const AhoydSessionHost *host,
                   int                     fd,
                   AhoydAddressLimit      *address_limit,
                   guint64                 serial,
                   GError                **error)
{
  AhoydSession *self;
  AhoyLink     *link;

  g_return_val_if_fail (host != NULL && fd >= 0 && address_limit != NULL && serial != 0, NULL);

  self = session_new (host, address_limit, serial);
  link = ahoy_link_new_accepted (host->poll, fd, host->tls, &link_events, self, error);
  if (link == NULL)
    {
      ahoyd_spending_clear (&self->spending, g_get_monotonic_time ());
      g_free (self);
      return NULL;
    }
  begin (self, link);
  return self;
}

AhoydSession *
ahoyd_session_new_extra (const AhoydSessionHost *host,
                         AhoyLink               *link,
                         AhoydAddressLimit      *address_limit,
                         guint64                 serial)
{
  AhoydSession *self;

  g_return_val_if_fail (host != NULL && address_limit != NULL && serial != 0, NULL);
  g_return_val_if_fail (link != NULL && ahoy_link_is_secure (link), NULL);

  self = session_new (host, address_limit, serial);
  self->extra = TRUE;
  ahoy_link_set_events (link, &link_events, self);
  begin (self, link);
  on_secured (link, self);
  return self;
}

/* --- Its life --- */

GList *
ahoyd_session_get_node (AhoydSession *session)
{
  return &session->node;
}

void
ahoyd_session_close (AhoydSession *session,
                     const char   *why)
{
  g_return_if_fail (session != NULL);

  if (why != NULL)
    ahoyd_session_notice (session, "%s", why);
  if (!session->host->events->closing (session, session->output.link, session->host->events_data))
    ahoy_link_close (session->output.link);
  end (session);
}

void
ahoyd_session_stop_reading (AhoydSession *session)
{
  g_return_if_fail (session != NULL);

  ahoyd_reading_gate_shut (&session->gate);
}

void
ahoyd_session_send (AhoydSession     *session,
                    const AhoyPacket *packet)
{
  g_auto (AhoydEncodedPacket) encoded = { 0 };

  g_return_if_fail (session != NULL && packet != NULL);

  ahoyd_encoded_packet_init (&encoded, packet, session->host->config->classic_charset);
  ahoyd_encoded_packet_send (&encoded, &session->output);
}

void
ahoyd_session_notice (AhoydSession *session,
                      const char   *format,
                      ...)
{
  AhoyPacket       packet = { .kind = AHOY_PACKET_NOTICE };
  g_autofree char *text = NULL;
  va_list          args;

  g_return_if_fail (session != NULL && format != NULL);

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  packet.text = text;
  ahoyd_session_send (session, &packet);
}

void
ahoyd_session_error (AhoydSession *session,
                     const char   *code,
                     const char   *cid,
                     const char   *format,
                     ...)
{
  AhoyPacket       packet = { .kind = AHOY_PACKET_ERROR, .code = code, .cid = cid };
  g_autofree char *text = NULL;
  va_list          args;

  g_return_if_fail (session != NULL && code != NULL && format != NULL);

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  packet.text = text;
  ahoyd_session_send (session, &packet);
}

void
ahoyd_session_leave (AhoydSession *session,
                     const char   *reason)
{
  g_return_if_fail (session != NULL);

  g_free (session->reason);
  session->reason = g_strdup (reason);
  ahoyd_session_close (session, NULL);
}

void
ahoyd_session_speak_extended (AhoydSession *session)
{
  g_return_if_fail (session != NULL && session->person == NULL);

  session->output.dialect = AHOY_DIALECT_EXTENDED;
}

gboolean
ahoyd_session_is_extended (AhoydSession *session)
{
  g_return_val_if_fail (session != NULL, FALSE);

  return session->output.dialect == AHOY_DIALECT_EXTENDED;
}

gpointer
ahoyd_session_get_slot (AhoydSession *session,
                        GQuark        key)
{
  g_return_val_if_fail (session != NULL && key != 0, NULL);

  return g_datalist_id_get_data (&session->slots, key);
}

void
ahoyd_session_set_slot (AhoydSession  *session,
                        GQuark         key,
                        gpointer       data,
                        GDestroyNotify destroy)
{
  g_return_if_fail (session != NULL && key != 0);

  g_datalist_id_set_data_full (&session->slots, key, data, data != NULL ? destroy : NULL);
}

gpointer
ahoyd_session_steal_slot (AhoydSession *session,
                          GQuark        key)
{
  g_return_val_if_fail (session != NULL && key != 0, NULL);

  return g_datalist_id_remove_no_notify (&session->slots, key);
}

void
ahoyd_session_pause (AhoydSession *session)
{
  g_return_if_fail (session != NULL);

  ahoyd_reading_gate_pause (&session->gate);
}

void
ahoyd_session_resume (AhoydSession *session)
{
  g_return_if_fail (session != NULL);

  ahoyd_reading_gate_resume (&session->gate);
}

AhoydPatienceVerdict
ahoyd_session_holds_up (AhoydSession *session,
                        gint64        now)
{
  gboolean more = FALSE;

  g_return_val_if_fail (session != NULL, AHOYD_PATIENCE_NONE);

  /* Who catches up gets nothing live. */
  if (session->output.catching_up || ahoy_link_get_queued (session->output.link) <= AHOYD_PATIENCE_BEHIND)
    {
      ahoyd_patience_rest (&session->patience);
      return AHOYD_PATIENCE_NONE;
    }
  return ahoyd_patience_look (&session->patience, ahoy_link_get_bytes_taken (session->output.link, &more), now);
}

/* --- What it uses up --- */

void
ahoyd_session_charge (AhoydSession *session,
                      guint         cost)
{
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (session != NULL);

  ahoyd_reading_gate_owe (&session->gate, ahoyd_spending_work (&session->spending, cost, now), now);
}

void
ahoyd_session_charge_time (AhoydSession *session,
                           gint64        us)
{
  ahoyd_session_charge (session, (guint) CLAMP (us * AHOYD_WORK_TIME_SHARE * AHOYD_WORK_RATE / G_USEC_PER_SEC, 0, G_MAXINT));
}

void
ahoyd_session_count_messages (AhoydSession *session,
                              guint         n)
{
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (session != NULL);

  tell_to_slow_down (session, spend (session, n, 0, now), now);
}

/* --- Whether it is there --- */

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
    .can_answer = self->output.dialect == AHOY_DIALECT_EXTENDED && self->person != NULL && !ahoyd_reading_gate_is_shut (&self->gate),
    .is_read = ahoyd_reading_gate_is_open (&self->gate),
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
  signs = life_signs (session);
  verdict = ahoyd_life_look (&session->life, &signs, now);
  if (verdict == AHOYD_LIFE_ASK)
    ahoyd_session_send (session, &ping);
  return verdict != AHOYD_LIFE_LOST;
}

/* --- Whose it is --- */

void
ahoyd_session_log_in (AhoydSession *session,
                      AhoydPerson  *person)
{
  g_return_if_fail (session != NULL && session->person == NULL && person != NULL);

  session->person = person;
  ahoyd_person_set_slot (person, person_quark (), session, NULL);
  ahoy_deadline_unset (&session->deadline);
  ahoyd_spending_settle (&session->spending, ahoyd_person_get_skeleton (person));
  spend (session, AHOYD_LOG_IN_MESSAGES, 0, g_get_monotonic_time ());
}

AhoydPerson *
ahoyd_session_take_person (AhoydSession *session)
{
  g_return_val_if_fail (session != NULL, NULL);

  if (session->person != NULL)
    ahoyd_person_set_slot (session->person, person_quark (), NULL, NULL);
  return g_steal_pointer (&session->person);
}

AhoydSession *
ahoyd_session_find (AhoydPerson *person)
{
  g_return_val_if_fail (person != NULL, NULL);

  return ahoyd_person_get_slot (person, person_quark ());
}

gboolean
ahoyd_session_is_extra (AhoydSession *session)
{
  g_return_val_if_fail (session != NULL, FALSE);

  return session->extra;
}

gboolean
ahoyd_session_has_place_there (AhoydSession *session)
{
  g_return_val_if_fail (session != NULL, FALSE);

  return ahoyd_spending_has_place (&session->spending);
}

void
ahoyd_session_log_in_failed (AhoydSession *session)
{
  g_return_if_fail (session != NULL && session->person == NULL);

  if (ahoyd_spending_fail (&session->spending, g_get_monotonic_time ()))
    return;
  session->host->stats->barred++;
  ahoyd_session_error (session, "busy", NULL, "%s", ahoyd_rejection_get_text (AHOYD_REJECTION_BARRED));
  ahoyd_session_close (session, NULL);
}

AhoydState
ahoyd_session_get_state (AhoydSession *session)
{
  return session->person != NULL ? AHOYD_STATE_ONLINE : AHOYD_STATE_LOBBY;
}

AhoydPerson *
ahoyd_session_get_person (AhoydSession *session)
{
  return session->person;
}

guint64
ahoyd_session_get_serial (AhoydSession *session)
{
  return session->serial;
}

const char *
ahoyd_session_get_key (AhoydSession *session)
{
  return session->key;
}

void
ahoyd_session_set_key (AhoydSession *session,
                       const char   *key)
{
  g_return_if_fail (session != NULL && session->person == NULL);

  g_free (session->key);
  session->key = g_strdup (key);
}

AhoydPeerOutput *
ahoyd_session_get_output (AhoydSession *session)
{
  return &session->output;
}

const char *
ahoyd_session_get_reason (AhoydSession *session)
{
  return session->reason;
}
