/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One connection, from accept() to its end. */

#define G_LOG_DOMAIN "ahoyd"

#include "ahoyd-session.h"

#include "ahoyd-dispatch.h"
#include "ahoyd-quota.h"

struct _AhoydSession {
  /* Owned */
  AhoydOutlet    outlet;
  AhoydLobbySeat seat;
  GList          node; /* in the owner's list */
  guint64        serial;
  AhoydQuota     quota;
  GSource       *debt; /* runs out when the quota's debt is paid */
  /* Borrowed */
  const AhoydHouse *house;
  AhoydPerson      *person; /* NULL until logged in */
  AhoydSessionEnded ended;
  gpointer          data;
};

static const char *
fault_sentence (AhoyFrameFault fault)
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

static void
clear_debt (AhoydSession *self)
{
  if (self->debt != NULL)
    g_source_destroy (self->debt);
  g_clear_pointer (&self->debt, g_source_unref);
}

/* The link is closed, aborted or ended already. */
static void
end (AhoydSession *self)
{
  ahoyd_lobby_leave (self->house->lobby, &self->seat);
  clear_debt (self);
  if (self->person != NULL)
    ahoyd_hub_leave (self->house->hub, g_steal_pointer (&self->person));
  self->ended (self, self->data);
  ahoy_link_unref (self->outlet.link);
  g_free (self);
}

static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{
  AhoydSession *self = data;
  AhoyFrame bare = *frame;
  g_autofree char *text = NULL;
  g_auto (AhoyPacket) packet = AHOY_PACKET_INIT;
  g_autoptr (GError) error = NULL;

  text = ahoy_charset_decode (self->house->config->classic_charset, &self->outlet.charset_use, frame->body, frame->body_len);
  if (text == NULL)
    {
      self->house->stats->faults++;
      ahoyd_session_close (self, "That text is neither UTF-8 nor in this server's other charset.");
      return;
    }

  /* A classic session does not know of headings; whoever sends one is answered all the same. */
  bare.heading = NULL;
  bare.heading_len = 0;
  if (ahoy_packet_decode (&packet, &bare, text, AHOY_TO_SERVER, AHOY_DIALECT_CLASSIC, &error))
    ahoyd_dispatch (self, &packet);
  else
    ahoyd_session_notice (self, "That message could not be understood: %s.", error->message);
}

static void
on_fault (AhoyLink       *link,
          AhoyFrameFault  fault,
          gpointer        data)
{
  AhoydSession *self = data;

  self->house->stats->faults++;
  g_debug ("Session %" G_GUINT64_FORMAT ": fault %s", self->serial, ahoy_frame_fault_code (fault));
  ahoyd_session_close (self, fault_sentence (fault));
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
      self->house->stats->overflows++;
      g_info ("Session %" G_GUINT64_FORMAT ": took its messages too slowly", self->serial);
    }
  end (self);
}

static const AhoyLinkEvents link_events = { on_frame, on_fault, on_ended };

static gboolean
on_debt_paid (gpointer data)
{
  AhoydSession *self = data;

  g_clear_pointer (&self->debt, g_source_unref);
  ahoy_link_set_reading (self->outlet.link, TRUE);
  return G_SOURCE_REMOVE;
}

AhoydSession *
ahoyd_session_new (const AhoydHouse   *house,
                   int                 fd,
                   guint64             serial,
                   AhoydSessionEnded   ended,
                   gpointer            data,
                   GError            **error)
{
  AhoydSession *self;

  g_return_val_if_fail (house != NULL && fd >= 0, NULL);
  g_return_val_if_fail (serial != 0 && ended != NULL, NULL);

  self = g_new0 (AhoydSession, 1);
  self->outlet.link = ahoy_link_new (house->poll, fd, &link_events, self, error);
  if (self->outlet.link == NULL)
    {
      g_free (self);
      return NULL;
    }
  self->house = house;
  self->serial = serial;
  self->ended = ended;
  self->data = data;
  self->node.data = self;
  ahoyd_lobby_enter (house->lobby, &self->seat);
  return self;
}

GList *
ahoyd_session_get_node (AhoydSession *session)
{
  return &session->node;
}

AhoydSession *
ahoyd_session_from_seat (AhoydLobbySeat *seat)
{
  return (AhoydSession *) ((char *) seat - G_STRUCT_OFFSET (AhoydSession, seat));
}

void
ahoyd_session_close (AhoydSession *session,
                     const char   *why)
{
  g_return_if_fail (session != NULL);

  if (why != NULL)
    ahoyd_session_notice (session, "%s", why);
  ahoy_link_close (session->outlet.link);
  end (session);
}

void
ahoyd_session_stop_reading (AhoydSession *session)
{
  g_return_if_fail (session != NULL);

  clear_debt (session);
  ahoy_link_set_reading (session->outlet.link, FALSE);
}

void
ahoyd_session_send (AhoydSession     *session,
                    const AhoyPacket *packet)
{
  g_auto (AhoydEnvelope) envelope = { 0 };

  g_return_if_fail (session != NULL && packet != NULL);

  ahoyd_envelope_init (&envelope, packet, session->house->config->classic_charset);
  ahoyd_envelope_send (&envelope, &session->outlet);
}

void
ahoyd_session_notice (AhoydSession *session,
                      const char   *format,
                      ...)
{
  AhoyPacket packet = { .kind = AHOY_PACKET_NOTICE };
  g_autofree char *text = NULL;
  va_list args;

  g_return_if_fail (session != NULL && format != NULL);

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  packet.text = text;
  ahoyd_session_send (session, &packet);
}

gboolean
ahoyd_session_enter (AhoydSession *session,
                     const char   *name,
                     const char   *skeleton)
{
  g_return_val_if_fail (session != NULL && session->person == NULL, FALSE);

  session->person = ahoyd_hub_join (session->house->hub, session->serial, name, skeleton, &session->outlet);
  if (session->person == NULL)
    return FALSE;
  ahoyd_lobby_leave (session->house->lobby, &session->seat);
  session->house->stats->logins++;
  return TRUE;
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

const AhoydHouse *
ahoyd_session_get_house (AhoydSession *session)
{
  return session->house;
}

void
ahoyd_session_charge (AhoydSession *session,
                      guint         cost)
{
  gint64 debt;

  g_return_if_fail (session != NULL);

  debt = ahoyd_quota_take (&session->quota, cost, g_get_monotonic_time ());
  if (debt == 0 || session->debt != NULL)
    return;
  ahoy_link_set_reading (session->outlet.link, FALSE);
  session->debt = g_timeout_source_new (debt / 1000 + 1);
  g_source_set_callback (session->debt, on_debt_paid, session, NULL);
  g_source_attach (session->debt, session->house->context);
}
