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
  /* Borrowed */
  AhoyTls     *tls;
  AhoyCharset *charset;
};

typedef struct {
  AhoydLobbySeat  seat; /* first: on_time_up() gets it */
  GList           node;
  AhoyLink       *link;
  AhoydRegret     why;
  AhoydRegrets   *owner;
} Visitor;

const char *
ahoyd_regret_get_text (AhoydRegret why)
{
  static const char *const sentences[] = {
    [AHOYD_REGRET_FULL] = "This server is full. Please try again later.",
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
  ahoyd_lobby_leave (visitor->owner->waiting, &visitor->seat);
  g_queue_unlink (&visitor->owner->visitors, &visitor->node);
  ahoy_link_unref (visitor->link);
  g_free (visitor);
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

static const AhoyLinkEvents link_events = { on_frame, on_fault, on_ended };

static void
on_time_up (AhoydLobbySeat *seat,
            gpointer        data)
{
  say_plainly ((Visitor *) seat);
}

AhoydRegrets *
ahoyd_regrets_new (AhoyPoll     *poll,
                   GMainContext *context,
                   AhoyTls      *tls,
                   AhoyCharset  *charset)
{
  AhoydRegrets *self;

  g_return_val_if_fail (poll != NULL && tls != NULL && charset != NULL, NULL);

  self = g_new0 (AhoydRegrets, 1);
  self->poll = ahoy_poll_ref (poll);
  self->waiting = ahoyd_lobby_new (context, AHOYD_REGRETS_WAIT_MS, on_time_up, self);
  self->tls = tls;
  self->charset = charset;
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

void
ahoyd_regrets_tell (AhoydRegrets *regrets,
                    int           fd,
                    AhoydRegret   why)
{
  Visitor *visitor;

  g_return_if_fail (regrets != NULL && fd >= 0);

  if (regrets->visitors.length + ahoy_link_n_closing (regrets->poll) >= AHOYD_REGRETS_MAX)
    {
      close (fd);
      return;
    }
  visitor = g_new0 (Visitor, 1);
  visitor->node.data = visitor;
  visitor->owner = regrets;
  visitor->why = why;
  visitor->link = ahoy_link_new_accepted (regrets->poll, fd, regrets->tls, &link_events, visitor, NULL);
  if (visitor->link == NULL)
    {
      g_free (visitor);
      return;
    }
  g_queue_push_tail_link (&regrets->visitors, &visitor->node);
  ahoyd_lobby_enter (regrets->waiting, &visitor->seat);
}
