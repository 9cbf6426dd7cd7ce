/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The client's connection to a server. */

#include "core/connection/ahoy-connection.h"

#include <string.h>

#include "core/connection/ahoy-race.h"
#include "core/connection/ahoy-server-private.h"
#include "wire/ahoy-charset.h"
#include "wire/ahoy-fingerprint.h"
#include "wire/ahoy-link.h"

/* What classic servers in Chinese offices speak when they do not speak UTF-8; it holds GBK and GB2312. */
#define LEGACY_CHARSET "GB18030"

struct _AhoyConnection {
  /* Owned */
  AhoyPoll    *poll;    /* NULL: nothing was dialed yet */
  AhoyCharset *charset; /* NULL: this computer's iconv has none, UTF-8 alone */
  AhoyLink    *link;
  AhoyRace    *race; /* while an attempt is under way and has no link yet */
  char        *name; /* as the log-in says it */
  guint        log_in_id;

  AhoyWay        way;
  AhoyWay        hint;
  gboolean       legacy; /* this server turned out to speak the legacy charset: so do we, from the log-in on */
  AhoyCharsetUse charset_use;
  AhoyDialect    dialect;        /* once the log-in was answered */
  gboolean       asked_extended; /* the log-in asked for it, and is not answered */
  gint64         dialed_at;

  /* Borrowed */
  const AhoyConnectionTiming *timing;
  const AhoyConnectionEvents *events;
  gpointer                    data;
};

AhoyConnection *
ahoy_connection_new (const AhoyConnectionTiming *timing,
                     const AhoyConnectionEvents *events,
                     gpointer                    data)
{
  AhoyConnection *self = g_new0 (AhoyConnection, 1);

  self->charset = ahoy_charset_new (LEGACY_CHARSET, NULL);
  self->timing = timing;
  self->events = events;
  self->data = data;
  return self;
}

void
ahoy_connection_free (AhoyConnection *self)
{
  ahoy_connection_abort (self);
  g_clear_pointer (&self->charset, ahoy_charset_free);
  g_clear_pointer (&self->poll, ahoy_poll_unref);
  g_free (self->name);
  g_free (self);
}

/* ---- Frames ---- */

/* The first answer to a log-in that asked for the extended dialect says whether the server speaks it; but not what it says to everybody whom it
 * does not know yet. */
static void
decide_dialect (AhoyConnection  *self,
                const AhoyFrame *frame)
{
  if (frame->type == '4' && !frame->heading)
    return;
  self->asked_extended = FALSE;
  self->dialect = frame->heading || (frame->type != '\0' && strchr ("WEN", frame->type)) ? AHOY_DIALECT_EXTENDED : AHOY_DIALECT_CLASSIC;
}

/* Returns: (transfer full): its body as UTF-8. */
static char *
read_text (AhoyConnection  *self,
           const AhoyFrame *frame)
{
  char *text = NULL;

  /* Our own name comes back as we sent it, also where everybody else's is in another charset. */
  if (self->dialect == AHOY_DIALECT_CLASSIC && self->name && frame->body_len == strlen (self->name) && memcmp (frame->body, self->name, frame->body_len) == 0)
    return g_strdup (self->name);
  if (self->dialect == AHOY_DIALECT_CLASSIC && self->charset)
    text = ahoy_charset_decode (self->charset, &self->charset_use, frame->body, frame->body_len);
  /* A server for people: better some odd characters than no word from it. */
  return text ? text : g_utf8_make_valid (frame->body, frame->body_len);
}

static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{
  AhoyConnection     *self = data;
  g_auto (AhoyPacket) packet = AHOY_PACKET_INIT;
  g_autoptr (GError)  error = NULL;
  g_autofree char    *text = NULL;

  if (self->asked_extended)
    decide_dialect (self, frame);
  text = read_text (self, frame);
  if (!ahoy_packet_decode (&packet, frame, text, AHOY_TO_CLIENT, self->dialect, &error))
    {
      g_debug ("A packet is ignored: %s", error->message);
      return;
    }
  self->events->on_packet (self, &packet, self->data);
}

static void
on_fault (AhoyLink      *link,
          AhoyFrameFault fault,
          gpointer       data)
{
  AhoyConnection *self = data;

  g_debug ("The server broke the protocol: %s", ahoy_frame_fault_code (fault));
  self->events->on_down (self, AHOY_FAILURE_NOT_AHOY, self->data);
}

static void
on_ended (AhoyLink     *link,
          AhoyLinkEnd   end,
          const GError *error,
          gpointer      data)
{
  AhoyConnection *self = data;

  g_debug ("The connection ended: %s", error ? error->message : "closed by the server");
  self->events->on_down (self, AHOY_FAILURE_CLOSED, self->data);
}

static void
on_drained (AhoyLink *link,
            gpointer  data)
{
  AhoyConnection *self = data;

  self->events->on_drained (self, self->data);
}

static const AhoyLinkEvents link_events = {
  .on_frame = on_frame,
  .on_fault = on_fault,
  .on_ended = on_ended,
  .on_drained = on_drained,
};

/* ---- The attempt ---- */

static void
on_won (AhoyRace            *race,
        const AhoyRacePlace *place,
        AhoyLink            *link,
        gpointer             data)
{
  AhoyConnection      *self = data;
  g_autoptr (AhoyRace) over = g_steal_pointer (&self->race);
  const char          *fingerprint = ahoy_link_get_peer_fingerprint (link);
  g_autofree char     *id = ahoy_link_is_secure (link) ? g_strndup (fingerprint ? fingerprint : "", AHOY_ID_CHARS) : NULL;

  self->link = link;
  self->charset_use = self->legacy ? AHOY_CHARSET_USE_LEGACY : AHOY_CHARSET_USE_UNKNOWN;
  ahoy_link_set_events (link, &link_events, self);
  self->events->on_up (self, place->host, place->port, id, self->data);
}

/* Whether that place knows nothing of TLS, by all signs. */
static gboolean
is_without_tls (const AhoyRacePlace *place)
{
  return place->connected &&
         (g_error_matches (place->error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_NOT_TLS) || g_error_matches (place->error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HUNG_UP) ||
          g_error_matches (place->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
}

static void
on_lost (AhoyRace  *race,
         GPtrArray *places,
         gpointer   data)
{
  AhoyConnection      *self = data;
  g_autoptr (AhoyRace) over = g_steal_pointer (&self->race);

  if (self->way == AHOY_WAY_EITHER && is_without_tls (places->pdata[0]))
    {
      self->hint = AHOY_WAY_PLAIN;
      self->events->on_no_tls (self, self->data);
      return;
    }
  self->events->on_nowhere (self, places, self->data);
}

static const AhoyRaceEvents race_events = {
  .on_won = on_won,
  .on_lost = on_lost,
};

void
ahoy_connection_open (AhoyConnection    *self,
                      AhoyServer        *server,
                      AhoyWay            way,
                      const char        *id,
                      AhoyTls           *tls,
                      const char *const *more)
{
  const AhoyRaceTiming timing = { self->timing->connect, self->timing->stagger, self->timing->grace };
  const gboolean       secure = way == AHOY_WAY_SECURE;
  const guint          n = secure ? ahoy_server_get_n_places (server) : 1; /* without a proof one is as good as another */
  g_autoptr (GError)   error = NULL;

  g_return_if_fail (way != AHOY_WAY_UNKNOWN && (tls || way == AHOY_WAY_PLAIN));

  ahoy_connection_abort (self);
  self->way = way;
  if (!self->poll)
    self->poll = ahoy_poll_new (NULL, &error);
  if (!self->poll)
    {
      g_debug ("No connection: %s", error->message);
      self->events->on_down (self, AHOY_FAILURE_UNREACHABLE, self->data);
      return;
    }
  self->dialed_at = g_get_monotonic_time ();
  self->race = ahoy_race_new (self->poll, way == AHOY_WAY_PLAIN ? NULL : tls, id, &timing, &race_events, self);
  for (guint i = 0; i < n; i++)
    {
      guint16     port;
      const char *host = ahoy_server_get_place (server, i, &port);

      ahoy_race_add (self->race, host, port, FALSE);
    }
  for (guint i = 0; secure && more && more[i]; i++)
    {
      g_autofree char *host = NULL;
      guint16          port;

      if (ahoy_server_parse_address (more[i], ahoy_server_get_port (server), &host, &port, NULL))
        ahoy_race_add (self->race, host, port, TRUE);
    }
  ahoy_race_start (self->race);
}

/* ---- Logging in ---- */

static gboolean
on_log_in_deadline (gpointer data)
{
  AhoyConnection *self = data;

  self->log_in_id = 0;
  self->events->on_down (self, AHOY_FAILURE_TIMEOUT, self->data);
  return G_SOURCE_REMOVE;
}

void
ahoy_connection_expect (AhoyConnection *self)
{
  ahoy_connection_settle (self);
  self->log_in_id = g_timeout_add (self->timing->log_in, on_log_in_deadline, self);
}

void
ahoy_connection_settle (AhoyConnection *self)
{
  g_clear_handle_id (&self->log_in_id, g_source_remove);
}

void
ahoy_connection_log_in (AhoyConnection   *self,
                        const AhoyPacket *log_in,
                        gboolean          extended)
{
  g_return_if_fail (self->link != NULL);

  g_free (self->name);
  self->name = g_strdup (log_in->name);
  self->dialect = AHOY_DIALECT_CLASSIC;
  self->asked_extended = extended;
  ahoy_connection_expect (self);
  ahoy_connection_send (self, log_in);
}

void
ahoy_connection_send (AhoyConnection   *self,
                      const AhoyPacket *packet)
{
  const AhoyDialect  dialect = self->asked_extended ? AHOY_DIALECT_EXTENDED : self->dialect;
  const gboolean     legacy = self->charset_use == AHOY_CHARSET_USE_LEGACY && dialect == AHOY_DIALECT_CLASSIC;
  g_autoptr (GBytes) frame = NULL;

  g_return_if_fail (self->link != NULL);

  frame = legacy ? ahoy_packet_encode_legacy (packet, AHOY_TO_SERVER, self->charset) : ahoy_packet_encode (packet, AHOY_TO_SERVER, dialect);
  if (frame)
    ahoy_link_send (self->link, frame);
}

void
ahoy_connection_notify_drained (AhoyConnection *self)
{
  if (self->link)
    ahoy_link_notify_drained (self->link);
}

void
ahoy_connection_set_reading (AhoyConnection *self,
                             gboolean        reading)
{
  ahoy_link_set_reading (self->link, reading);
}

/* ---- Ends ---- */

void
ahoy_connection_close (AhoyConnection *self)
{
  if (ahoy_connection_is_extended (self))
    ahoy_connection_send (self, &(AhoyPacket){ .kind = AHOY_PACKET_QUIT });
  if (self->link)
    ahoy_link_close (self->link);
  ahoy_connection_abort (self); /* a link that is closing finishes by itself */
}

void
ahoy_connection_abort (AhoyConnection *self)
{
  ahoy_connection_settle (self);
  self->dialect = AHOY_DIALECT_CLASSIC;
  self->asked_extended = FALSE;
  g_clear_pointer (&self->race, ahoy_race_free);
  g_clear_pointer (&self->link, ahoy_link_unref);
}

/* ---- What it is ---- */

gboolean
ahoy_connection_is_dialing (const AhoyConnection *self)
{
  return self->race != NULL;
}

gint64
ahoy_connection_get_dialing_since (const AhoyConnection *self)
{
  return self->race ? self->dialed_at : 0;
}

gboolean
ahoy_connection_is_open (const AhoyConnection *self)
{
  return self->link != NULL;
}

gboolean
ahoy_connection_is_logging_in (const AhoyConnection *self)
{
  return self->log_in_id != 0;
}

gboolean
ahoy_connection_is_extended (const AhoyConnection *self)
{
  return self->link && self->dialect == AHOY_DIALECT_EXTENDED;
}

gboolean
ahoy_connection_is_secure (const AhoyConnection *self)
{
  return self->link && ahoy_link_is_secure (self->link);
}

gsize
ahoy_connection_get_queued (const AhoyConnection *self)
{
  return self->link ? ahoy_link_get_queued (self->link) : 0;
}

gint64
ahoy_connection_get_last_heard (const AhoyConnection *self)
{
  return self->link ? ahoy_link_get_last_heard (self->link) : 0;
}

GSocketAddress *
ahoy_connection_get_peer (const AhoyConnection *self)
{
  return self->link ? ahoy_link_get_peer (self->link) : NULL;
}

/* ---- What it has learned ---- */

AhoyWay
ahoy_connection_get_way (const AhoyConnection *self)
{
  return self->way;
}

AhoyWay
ahoy_connection_get_hint (const AhoyConnection *self)
{
  return self->hint;
}

void
ahoy_connection_set_hint (AhoyConnection *self,
                          AhoyWay         hint)
{
  self->hint = hint;
}

gboolean
ahoy_connection_learn_charset (AhoyConnection *self)
{
  if (self->charset_use != AHOY_CHARSET_USE_LEGACY || self->legacy)
    return FALSE;
  self->legacy = TRUE;
  return !g_str_is_ascii (self->name);
}

gsize
ahoy_connection_measure (const AhoyConnection *self,
                         const char           *line)
{
  gsize            len = strlen (line);
  gsize            legacy_len;
  g_autofree char *legacy = NULL;

  if (self->charset_use != AHOY_CHARSET_USE_LEGACY)
    return len;
  legacy = ahoy_charset_encode (self->charset, line, G_MAXSIZE, NULL, &legacy_len);
  return MAX (len, legacy_len);
}

void
ahoy_connection_forget (AhoyConnection *self)
{
  self->hint = AHOY_WAY_UNKNOWN;
  self->legacy = FALSE;
}
