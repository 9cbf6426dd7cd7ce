/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Those whom the server cannot take. */

#include "ahoyd-regrets.h"

#include <unistd.h>

#include "ahoyd-envelope.h"
#include "ahoyd-lobby.h"

struct _AhoydRegrets {
  /* Owned */
  AhoyPoll   *poll;
  AhoydLobby *waiting;
  GQueue      visitors; /* Visitor.node */
  guint       n_hopeful; /* of these */
  AhoydRelent relent;
  /* Borrowed */
  AhoyTls      *tls;
  AhoyCharset  *charset;
  AhoydOrigins *origins;
  gpointer      data;
};

typedef struct {
  AhoydLobbySeat  seat; /* first: on_time_up() gets it */
  GList           node;
  AhoyLink       *link;   /* NULL: it was taken */
  AhoydOrigin    *origin; /* NULL: there is no hope, or it was taken */
  guint64         serial;
  gboolean        hopeful;
  AhoydRegret     why;
  AhoydRegrets   *owner;
} Visitor;

const char *
ahoyd_regret_get_text (AhoydRegret why)
{
  static const char *const sentences[] = {
    [AHOYD_REGRET_FULL] = "This server is full. Please try again later.",
    [AHOYD_REGRET_FILLED] = "Too many connections from your address are here already. Please try again later.",
    [AHOYD_REGRET_CROWDED] = "Too many connections from your address are waiting to log in. Please try again later.",
    [AHOYD_REGRET_BARRED] = "Too many log-ins from your address failed. Please try again in a minute.",
  };

  g_return_val_if_fail ((guint) why < G_N_ELEMENTS (sentences), NULL);

  return sentences[why];
}

/* The link is closed or ended already, or is aborted by this. */
static void
visitor_free (Visitor *visitor)
{
  AhoydRegrets *owner = visitor->owner;

  ahoyd_lobby_leave (owner->waiting, &visitor->seat);
  g_queue_unlink (&owner->visitors, &visitor->node);
  owner->n_hopeful -= visitor->hopeful;
  if (visitor->origin != NULL)
    ahoyd_origins_leave (owner->origins, visitor->origin, TRUE);
  g_clear_pointer (&visitor->link, ahoy_link_unref);
  g_free (visitor);
}

/* Whether all are there that may be, but for those who may hope. */
static gboolean
is_crowded (AhoydRegrets *self)
{
  return self->visitors.length - self->n_hopeful + ahoy_link_n_closing (self->poll) >= AHOYD_REGRETS_MAX;
}

static void
say (Visitor          *visitor,
     const AhoyPacket *packet,
     AhoyDialect       dialect)
{
  const AhoydOutlet outlet = { .link = visitor->link, .dialect = dialect };
  g_auto (AhoydEnvelope) envelope = { 0 };

  ahoyd_envelope_init (&envelope, packet, visitor->owner->charset);
  ahoyd_envelope_send (&envelope, &outlet);
  /* Who had hope until now has no place among those who are closing either. */
  if (!visitor->hopeful || !is_crowded (visitor->owner))
    ahoy_link_close (visitor->link);
  visitor_free (visitor);
}

static void
say_plainly (Visitor *visitor)
{
  const AhoyPacket notice = { .kind = AHOY_PACKET_NOTICE, .text = ahoyd_regret_get_text (visitor->why) };

  say (visitor, &notice, AHOY_DIALECT_CLASSIC);
}

/* Whatever it is, it is not done; but a log-in shows who is there. */
static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{
  Visitor *visitor = data;
  g_autofree char *text = g_utf8_validate_len (frame->body, frame->body_len, NULL) ? g_strndup (frame->body, frame->body_len) : g_strdup ("");
  g_auto (AhoyPacket) packet = AHOY_PACKET_INIT;
  const AhoyPacket full = { .kind = AHOY_PACKET_REFUSED, .name = text, .reason = "full" };
  const AhoyPacket busy = { .kind = AHOY_PACKET_ERROR, .code = "busy", .text = ahoyd_regret_get_text (visitor->why) };

  if (!ahoy_packet_decode (&packet, frame, text, AHOY_TO_SERVER, AHOY_DIALECT_CLASSIC, NULL) || packet.kind != AHOY_PACKET_LOGIN
      || packet.version < AHOY_EXTENDED_VERSION)
    say_plainly (visitor);
  else
    say (visitor, visitor->why == AHOYD_REGRET_FULL ? &full : &busy, AHOY_DIALECT_EXTENDED);
}

static void
on_fault (AhoyLink       *link,
          AhoyFrameFault  fault,
          gpointer        data)
{
  say_plainly (data);
}

static void
on_ended (AhoyLink     *link,
          AhoyLinkEnd   end,
          const GError *error,
          gpointer      data)
{
  visitor_free (data);
}

static void
on_secured (AhoyLink *link,
            gpointer  data)
{
  Visitor *visitor = data;
  AhoydRegrets *owner = visitor->owner;

  if (!visitor->hopeful)
    return;
  if (ahoy_link_get_peer_fingerprint (link) != NULL && owner->relent (link, visitor->origin, visitor->serial, owner->data))
    {
      visitor->link = NULL;
      visitor->origin = NULL;
      visitor_free (visitor);
      return;
    }
  /* It could not say anything before. */
  ahoyd_lobby_leave (owner->waiting, &visitor->seat);
  ahoyd_lobby_enter (owner->waiting, &visitor->seat);
}

static const AhoyLinkEvents link_events = { on_frame, on_fault, on_ended, .on_secured = on_secured };

static void
on_time_up (AhoydLobbySeat *seat,
            gpointer        data)
{
  Visitor *visitor = (Visitor *) seat;

  /* A handshake has a deadline of its own. */
  if (!visitor->hopeful || !ahoy_link_is_shaking (visitor->link))
    say_plainly (visitor);
}

AhoydRegrets *
ahoyd_regrets_new (AhoyPoll     *poll,
                   GMainContext *context,
                   AhoyTls      *tls,
                   AhoyCharset  *charset,
                   AhoydOrigins *origins,
                   guint         wait_ms,
                   AhoydRelent   relent,
                   gpointer      data)
{
  AhoydRegrets *self;

  g_return_val_if_fail (poll != NULL && tls != NULL && charset != NULL, NULL);
  g_return_val_if_fail (origins != NULL && relent != NULL, NULL);

  self = g_new0 (AhoydRegrets, 1);
  self->poll = ahoy_poll_ref (poll);
  self->waiting = ahoyd_lobby_new (context, wait_ms, on_time_up, self);
  self->tls = tls;
  self->charset = charset;
  self->origins = origins;
  self->relent = relent;
  self->data = data;
  g_queue_init (&self->visitors);
  return self;
}

void
ahoyd_regrets_free (AhoydRegrets *regrets)
{
  GList *first;

  g_return_if_fail (regrets != NULL);

  while ((first = g_queue_peek_head_link (&regrets->visitors)) != NULL)
    visitor_free (first->data);
  ahoyd_lobby_free (regrets->waiting);
  ahoy_poll_unref (regrets->poll);
  g_free (regrets);
}

/* @fd (transfer full). @origin (transfer full): NULL: without hope. */
static void
receive (AhoydRegrets *self,
         int           fd,
         AhoydRegret   why,
         AhoydOrigin  *origin,
         guint64       serial)
{
  Visitor *visitor = g_new0 (Visitor, 1);

  visitor->node.data = visitor;
  visitor->owner = self;
  visitor->why = why;
  visitor->origin = origin;
  visitor->serial = serial;
  visitor->hopeful = origin != NULL;
  g_queue_push_tail_link (&self->visitors, &visitor->node);
  self->n_hopeful += visitor->hopeful;
  visitor->link = ahoy_link_new_accepted (self->poll, fd, self->tls, &link_events, visitor, NULL);
  if (visitor->link == NULL)
    visitor_free (visitor);
  else
    ahoyd_lobby_enter (self->waiting, &visitor->seat);
}

void
ahoyd_regrets_tell (AhoydRegrets *regrets,
                    int           fd,
                    AhoydRegret   why)
{
  g_return_if_fail (regrets != NULL && fd >= 0);

  if (is_crowded (regrets))
    close (fd);
  else
    receive (regrets, fd, why, NULL, 0);
}

void
ahoyd_regrets_hope (AhoydRegrets *regrets,
                    int           fd,
                    AhoydRegret   why,
                    AhoydOrigin  *origin,
                    guint64       serial)
{
  g_return_if_fail (regrets != NULL && fd >= 0 && origin != NULL);

  if (regrets->n_hopeful < AHOYD_REGRETS_HOPEFUL_MAX)
    {
      receive (regrets, fd, why, origin, serial);
      return;
    }
  ahoyd_origins_leave (regrets->origins, origin, TRUE);
  ahoyd_regrets_tell (regrets, fd, why);
}
