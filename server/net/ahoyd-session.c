/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One connection, from accept() to its end. */

#include "net/ahoyd-session-private.h"

#include "state/ahoyd-tenure.h"
#include "wire/ahoy-limits.h"

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
leave (AhoydSession *self)
{
  const char *skeleton = ahoyd_person_get_skeleton (self->person);

  self->server_context->events->offline (self, self->server_context->events_data);
  ahoyd_session_note_seen (self);
  ahoyd_session_note_taken (self);
  ahoyd_tenure_leave (self->server_context, skeleton, self->key);
  ahoyd_known_note_left (self->server_context->known, skeleton, ahoyd_person_get_name (self->person));
  ahoyd_hub_leave (self->server_context->hub, g_steal_pointer (&self->person), self->reason);
}

/* The link is closed, aborted or ended already. */
static void
end (AhoydSession *self)
{
  ahoyd_lobby_leave (self->server_context->lobby, &self->seat);
  ahoyd_session_clear_debt (self);
  g_clear_pointer (&self->catch_up, ahoyd_catch_up_free);
  if (self->waits != NULL)
    self->give_up (self->waits);
  if (self->person != NULL)
    leave (self);
  self->server_context->events->ended (self, self->server_context->events_data);
  g_datalist_clear (&self->slots);
  ahoyd_session_leave_address (self);
  ahoyd_ack_tracker_clear (&self->ack_tracker);
  g_free (self->handed_to);
  g_free (self->key);
  g_free (self->reason);
  self->ended (self, self->data);
  ahoy_link_unref (self->output.link);
  g_free (self);
}

/* What this peer wrote, as UTF-8; NULL when it is no text that this peer may write. */
static char *
decode_text (AhoydSession    *self,
             const AhoyFrame *frame)
{
  if (self->output.dialect == AHOY_DIALECT_CLASSIC)
    return ahoy_charset_decode (self->server_context->config->classic_charset, &self->output.charset_use, frame->body, frame->body_len);
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

  ahoyd_session_count_frame (self, frame);
  /* Whoever was here when the operator came to require it stays. */
  if (self->server_context->config->require_tls && ahoyd_session_get_state (self) == AHOYD_STATE_LOBBY && !ahoy_link_is_secure (link))
    {
      turn_out_plain (self, frame, text);
    }
  else if (text == NULL)
    {
      self->server_context->stats->faults++;
      ahoyd_session_error (self, "text", NULL, "%s", self->output.dialect == AHOY_DIALECT_CLASSIC ? "That text is neither UTF-8 nor in this server's other charset." : "That text is not UTF-8.");
      ahoyd_session_close (self, NULL);
    }
  else if (ahoy_packet_decode (&packet, frame, text, AHOY_TO_SERVER, self->output.dialect, &error))
    {
      self->server_context->events->packet (self, &packet, self->server_context->events_data);
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

  self->server_context->stats->faults++;
  g_debug ("Session %" G_GUINT64_FORMAT ": fault %s", self->serial, ahoy_frame_fault_code (fault));
  ahoyd_session_error (self, ahoy_frame_fault_code (fault), NULL, "%s", fault_sentence (fault));
  ahoyd_session_close (self, NULL);
}

static void
on_drained (AhoyLink *link,
            gpointer  data)
{
  AhoydSession *self = data;

  if (self->catch_up != NULL)
    ahoyd_catch_up_go_on (self->catch_up);
}

static void
on_secured (AhoyLink *link,
            gpointer  data)
{
  AhoydSession *self = data;

  self->server_context->stats->secure++;
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
      self->server_context->stats->overflows++;
      g_info ("Session %" G_GUINT64_FORMAT ": took its messages too slowly", self->serial);
    }
  if (error != NULL)
    g_debug ("Session %" G_GUINT64_FORMAT ": %s", self->serial, error->message);
  if (self->person == NULL && is_failed_handshake (link, error))
    self->server_context->stats->handshakes_failed++;
  if (self->reason == NULL && how != AHOY_LINK_END_PEER)
    self->reason = g_strdup ("lost");
  end (self);
}

static const AhoyLinkEvents link_events = { on_frame, on_fault, on_ended, on_drained, on_secured };

/* Without a link yet. */
static AhoydSession *
session_new (const AhoydServerContext *server_context,
             AhoydAddressLimit        *address_limit,
             guint64                   serial,
             AhoydSessionEnded         ended,
             gpointer                  data)
{
  AhoydSession *self = g_new0 (AhoydSession, 1);

  self->server_context = server_context;
  self->address_limit = address_limit;
  self->serial = serial;
  self->ended = ended;
  self->data = data;
  self->node.data = self;
  return self;
}

AhoydSession *
ahoyd_session_new (const AhoydServerContext *server_context,
                   int                       fd,
                   AhoydAddressLimit        *address_limit,
                   guint64                   serial,
                   AhoydSessionEnded         ended,
                   gpointer                  data,
                   GError                  **error)
{
  AhoydSession *self;

  g_return_val_if_fail (server_context != NULL && fd >= 0 && address_limit != NULL, NULL);
  g_return_val_if_fail (serial != 0 && ended != NULL, NULL);

  self = session_new (server_context, address_limit, serial, ended, data);
  self->output.link = ahoy_link_new_accepted (server_context->poll, fd, server_context->tls, &link_events, self, error);
  if (self->output.link == NULL)
    {
      ahoyd_address_limits_leave (server_context->address_limits, address_limit, TRUE);
      g_free (self);
      return NULL;
    }
  ahoyd_lobby_enter (server_context->lobby, &self->seat);
  ahoyd_session_begin_reading (self);
  return self;
}

AhoydSession *
ahoyd_session_new_extra (const AhoydServerContext *server_context,
                         AhoyLink                 *link,
                         AhoydAddressLimit        *address_limit,
                         guint64                   serial,
                         AhoydSessionEnded         ended,
                         gpointer                  data)
{
  AhoydSession *self;

  g_return_val_if_fail (server_context != NULL && server_context->sessions != NULL, NULL);
  g_return_val_if_fail (link != NULL && ahoy_link_is_secure (link) && address_limit != NULL, NULL);
  g_return_val_if_fail (serial != 0 && ended != NULL, NULL);

  self = session_new (server_context, address_limit, serial, ended, data);
  self->extra = TRUE;
  self->output.link = link;
  ahoy_link_set_events (link, &link_events, self);
  on_secured (link, self);
  ahoyd_lobby_enter (server_context->lobby, &self->seat);
  ahoyd_session_begin_reading (self);
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
  if (ahoyd_ack_tracker_waits (&session->ack_tracker))
    ahoyd_farewells_say (session->server_context->farewells, session->output.link, &session->ack_tracker, session->handed_to);
  else
    ahoy_link_close (session->output.link);
  end (session);
}

void
ahoyd_session_stop_reading (AhoydSession *session)
{
  g_return_if_fail (session != NULL);

  ahoyd_session_clear_debt (session);
  session->deaf = TRUE;
  ahoyd_session_update_reading (session);
}

void
ahoyd_session_send (AhoydSession     *session,
                    const AhoyPacket *packet)
{
  g_auto (AhoydEncodedPacket) encoded = { 0 };

  g_return_if_fail (session != NULL && packet != NULL);

  ahoyd_encoded_packet_init (&encoded, packet, session->server_context->config->classic_charset);
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

void
ahoyd_session_pause (AhoydSession *session)
{
  g_return_if_fail (session != NULL);

  session->paused++;
  ahoyd_session_update_reading (session);
}

void
ahoyd_session_resume (AhoydSession *session)
{
  g_return_if_fail (session != NULL && session->paused > 0);

  session->paused--;
  ahoyd_session_update_reading (session);
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

gboolean
ahoyd_session_is_secure (AhoydSession *session)
{
  g_return_val_if_fail (session != NULL, FALSE);

  return ahoy_link_is_secure (session->output.link);
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

const AhoydServerContext *
ahoyd_session_get_context (AhoydSession *session)
{
  return session->server_context;
}
