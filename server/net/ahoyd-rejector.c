/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Those whom the server cannot take. */

#include "net/ahoyd-rejector.h"

#include <unistd.h>

#include "state/ahoyd-encoded-packet.h"
#include "wire/ahoy-deadlines.h"

struct _AhoydRejector {
  /* Owned */
  AhoyPoll     *poll;
  AhoyDeadlines waiting;   /* of Visitor */
  GQueue        visitors;  /* Visitor.node */
  guint         n_hopeful; /* of these */
  AhoydRelent   relent;
  /* Borrowed */
  AhoyTls            *tls;
  AhoyCharset        *charset;
  AhoydAddressLimits *address_limits;
  gpointer            data;
};

typedef struct {
  AhoyDeadline       deadline;
  GList              node;
  AhoyLink          *link;          /* NULL: it was taken */
  AhoydAddressLimit *address_limit; /* NULL: there is no hope, or it was taken */
  guint64            serial;
  gboolean           hopeful;
  AhoydRejection     why;
  AhoydRejector     *owner;
} Visitor;

const char *
ahoyd_rejection_get_text (AhoydRejection why)
{
  static const char *const sentences[] = {
    [AHOYD_REJECTION_FULL] = "This server is full. Please try again later.",
    [AHOYD_REJECTION_FILLED] = "Too many connections from your address are here already. Please try again later.",
    [AHOYD_REJECTION_CROWDED] = "Too many connections from your address are waiting to log in. Please try again later.",
    [AHOYD_REJECTION_BARRED] = "Too many log-ins from your address failed. Please try again in a minute.",
  };

  g_return_val_if_fail ((guint) why < G_N_ELEMENTS (sentences), NULL);

  return sentences[why];
}

/* The link is closed or ended already, or is aborted by this. */
static void
visitor_free (Visitor *visitor)
{
  AhoydRejector *owner = visitor->owner;

  ahoy_deadline_unset (&visitor->deadline);
  g_queue_unlink (&owner->visitors, &visitor->node);
  owner->n_hopeful -= visitor->hopeful;
  if (visitor->address_limit != NULL)
    ahoyd_address_limits_leave (owner->address_limits, visitor->address_limit, TRUE);
  g_clear_pointer (&visitor->link, ahoy_link_unref);
  g_free (visitor);
}

/* Whether all are there that may be, but for those who may hope. */
static gboolean
is_crowded (AhoydRejector *self)
{
  return self->visitors.length - self->n_hopeful + ahoy_link_n_closing (self->poll) >= AHOYD_REJECTOR_MAX;
}

static void
say (Visitor          *visitor,
     const AhoyPacket *packet,
     AhoyDialect       dialect)
{
  const AhoydPeerOutput       output = { .link = visitor->link, .dialect = dialect };
  g_auto (AhoydEncodedPacket) encoded = { 0 };

  ahoyd_encoded_packet_init (&encoded, packet, visitor->owner->charset);
  ahoyd_encoded_packet_send (&encoded, &output);
  /* Who had hope until now has no place among those who are closing either. */
  if (!visitor->hopeful || !is_crowded (visitor->owner))
    ahoy_link_close (visitor->link);
  visitor_free (visitor);
}

static void
say_plainly (Visitor *visitor)
{
  const AhoyPacket notice = { .kind = AHOY_PACKET_NOTICE, .text = ahoyd_rejection_get_text (visitor->why) };

  say (visitor, &notice, AHOY_DIALECT_CLASSIC);
}

/* Whatever it is, it is not done; but a log-in shows who is there. */
static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{
  Visitor            *visitor = data;
  g_autofree char    *text = g_utf8_validate_len (frame->body, frame->body_len, NULL) ? g_strndup (frame->body, frame->body_len) : g_strdup ("");
  g_auto (AhoyPacket) packet = AHOY_PACKET_INIT;
  const AhoyPacket    full = { .kind = AHOY_PACKET_REFUSED, .name = text, .reason = "full" };
  const AhoyPacket    busy = { .kind = AHOY_PACKET_ERROR, .code = "busy", .text = ahoyd_rejection_get_text (visitor->why) };

  if (!ahoy_packet_decode (&packet, frame, text, AHOY_TO_SERVER, AHOY_DIALECT_CLASSIC, NULL) || packet.kind != AHOY_PACKET_LOGIN || packet.version < AHOY_EXTENDED_VERSION)
    say_plainly (visitor);
  else
    say (visitor, visitor->why == AHOYD_REJECTION_FULL ? &full : &busy, AHOY_DIALECT_EXTENDED);
}

static void
on_fault (AhoyLink      *link,
          AhoyFrameFault fault,
          gpointer       data)
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
  Visitor       *visitor = data;
  AhoydRejector *owner = visitor->owner;

  if (!visitor->hopeful)
    return;
  if (ahoy_link_get_peer_fingerprint (link) != NULL && owner->relent (link, visitor->address_limit, visitor->serial, owner->data))
    {
      visitor->link = NULL;
      visitor->address_limit = NULL;
      visitor_free (visitor);
      return;
    }
  /* It could not say anything before. */
  ahoy_deadline_unset (&visitor->deadline);
  ahoy_deadline_set (&visitor->deadline, &owner->waiting, visitor);
}

static const AhoyLinkEvents link_events = { on_frame, on_fault, on_ended, .on_secured = on_secured };

static void
on_time_up (gpointer data)
{
  Visitor *visitor = data;

  /* A handshake has a deadline of its own. */
  if (!visitor->hopeful || !ahoy_link_is_shaking (visitor->link))
    say_plainly (visitor);
}

AhoydRejector *
ahoyd_rejector_new (AhoyPoll           *poll,
                    AhoyTls            *tls,
                    AhoyCharset        *charset,
                    AhoydAddressLimits *address_limits,
                    guint               wait_ms,
                    AhoydRelent         relent,
                    gpointer            data)
{
  AhoydRejector *self;

  g_return_val_if_fail (poll != NULL && tls != NULL && charset != NULL, NULL);
  g_return_val_if_fail (address_limits != NULL && relent != NULL, NULL);

  self = g_new0 (AhoydRejector, 1);
  self->poll = ahoy_poll_ref (poll);
  ahoy_deadlines_init (&self->waiting, poll, wait_ms, on_time_up);
  self->tls = tls;
  self->charset = charset;
  self->address_limits = address_limits;
  self->relent = relent;
  self->data = data;
  g_queue_init (&self->visitors);
  return self;
}

void
ahoyd_rejector_free (AhoydRejector *rejector)
{
  GList *first;

  g_return_if_fail (rejector != NULL);

  while ((first = g_queue_peek_head_link (&rejector->visitors)) != NULL)
    visitor_free (first->data);
  ahoy_deadlines_clear (&rejector->waiting);
  ahoy_poll_unref (rejector->poll);
  g_free (rejector);
}

/* @fd (transfer full). @address_limit (transfer full): NULL: without hope. */
static void
receive (AhoydRejector     *self,
         int                fd,
         AhoydRejection     why,
         AhoydAddressLimit *address_limit,
         guint64            serial)
{
  Visitor *visitor = g_new0 (Visitor, 1);

  visitor->node.data = visitor;
  visitor->owner = self;
  visitor->why = why;
  visitor->address_limit = address_limit;
  visitor->serial = serial;
  visitor->hopeful = address_limit != NULL;
  g_queue_push_tail_link (&self->visitors, &visitor->node);
  self->n_hopeful += visitor->hopeful;
  visitor->link = ahoy_link_new_accepted (self->poll, fd, self->tls, &link_events, visitor, NULL);
  if (visitor->link == NULL)
    visitor_free (visitor);
  else
    ahoy_deadline_set (&visitor->deadline, &self->waiting, visitor);
}

void
ahoyd_rejector_tell (AhoydRejector *rejector,
                     int            fd,
                     AhoydRejection why)
{
  g_return_if_fail (rejector != NULL && fd >= 0);

  if (is_crowded (rejector))
    close (fd);
  else
    receive (rejector, fd, why, NULL, 0);
}

void
ahoyd_rejector_hope (AhoydRejector     *rejector,
                     int                fd,
                     AhoydRejection     why,
                     AhoydAddressLimit *address_limit,
                     guint64            serial)
{
  g_return_if_fail (rejector != NULL && fd >= 0 && address_limit != NULL);

  if (rejector->n_hopeful < AHOYD_REJECTOR_HOPEFUL_MAX)
    {
      receive (rejector, fd, why, address_limit, serial);
      return;
    }
  ahoyd_address_limits_leave (rejector->address_limits, address_limit, TRUE);
  ahoyd_rejector_tell (rejector, fd, why);
}
