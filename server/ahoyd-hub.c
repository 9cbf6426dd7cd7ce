/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who is here, and everything that more than one person hears.
 *
 * The fan-out is the server's hot path: one pointer read and one queued reference for each receiver. What is encoded is encoded once per
 * writing and shared; a person's `1` frame is kept, because everybody who comes after them gets it. Sending never calls
 * back (ahoy-link promises), so nobody comes or goes while a loop over the people runs. */

#include "ahoyd-hub.h"

struct _AhoydPerson {
  /* Owned */
  guint64 session;
  char   *name;
  char   *skeleton;
  GBytes *online[AHOYD_N_WRITINGS]; /* "this one is online", kept for those who come later */
  guint   n_appended;               /* said, not yet committed */
  /* Borrowed */
  const AhoydOutlet *outlet; /* NULL: has gone, but the others are still to hear something they said */
};

struct _AhoydHub {
  /* Owned */
  GPtrArray  *people;      /* AhoydPerson, in the order in which they came */
  GHashTable *by_skeleton; /* skeleton -> AhoydPerson in people */
  GHashTable *by_session;  /* &session -> AhoydPerson in people */
  gboolean    dismissed;
  /* Borrowed */
  AhoyCharset    *charset;
  AhoydStats     *stats;
  AhoydHubChanged changed;
  gpointer        data;
};

static void
person_free (gpointer data)
{
  AhoydPerson *person = data;

  for (guint i = 0; i < AHOYD_N_WRITINGS; i++)
    g_clear_pointer (&person->online[i], g_bytes_unref);
  g_free (person->name);
  g_free (person->skeleton);
  g_free (person);
}

static GBytes *
person_online_frame (AhoydPerson  *person,
                     AhoydWriting  writing,
                     AhoyCharset  *charset)
{
  if (person->online[writing] == NULL)
    {
      AhoyPacket packet = { .kind = AHOY_PACKET_ONLINE, .name = person->name };
      g_auto (AhoydEnvelope) envelope = { 0 };

      ahoyd_envelope_init (&envelope, &packet, charset);
      person->online[writing] = g_bytes_ref (ahoyd_envelope_frame (&envelope, writing));
    }
  return person->online[writing];
}

static guint
send_to_all (AhoydHub         *self,
             const AhoyPacket *packet)
{
  g_auto (AhoydEnvelope) envelope = { 0 };
  guint n = 0;

  ahoyd_envelope_init (&envelope, packet, self->charset);
  for (guint i = 0; i < self->people->len; i++)
    {
      const AhoydOutlet *outlet = ((AhoydPerson *) self->people->pdata[i])->outlet;

      if (outlet == NULL)
        continue;
      ahoyd_envelope_send (&envelope, outlet);
      n++;
    }
  return n;
}

static void
tell_presence (AhoydHub       *self,
               AhoyPacketKind  kind,
               const char     *name)
{
  AhoyPacket packet = { .kind = kind, .name = name };

  send_to_all (self, &packet);
}

/* @person is not to be used any more. */
static void
announce_left (AhoydHub    *self,
               AhoydPerson *person)
{
  g_autofree char *name = g_strdup (person->name);

  g_hash_table_remove (self->by_skeleton, person->skeleton);
  g_hash_table_remove (self->by_session, &person->session);
  g_ptr_array_remove (self->people, person);
  if (!self->dismissed)
    tell_presence (self, AHOY_PACKET_LEFT, name);
  self->changed (self->data);
}

AhoydHub *
ahoyd_hub_new (AhoyCharset     *charset,
               AhoydStats      *stats,
               AhoydHubChanged  changed,
               gpointer         data)
{
  AhoydHub *self;

  g_return_val_if_fail (charset != NULL && stats != NULL && changed != NULL, NULL);

  self = g_new0 (AhoydHub, 1);
  self->people = g_ptr_array_new_with_free_func (person_free);
  self->by_skeleton = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_session = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->charset = charset;
  self->stats = stats;
  self->changed = changed;
  self->data = data;
  return self;
}

void
ahoyd_hub_free (AhoydHub *hub)
{
  g_return_if_fail (hub != NULL);

  g_hash_table_unref (hub->by_skeleton);
  g_hash_table_unref (hub->by_session);
  g_ptr_array_unref (hub->people);
  g_free (hub);
}

AhoydPerson *
ahoyd_hub_join (AhoydHub          *hub,
                guint64            session,
                const char        *name,
                const char        *skeleton,
                const AhoydOutlet *outlet)
{
  AhoydPerson *person;

  g_return_val_if_fail (hub != NULL && session != 0, NULL);
  g_return_val_if_fail (name != NULL && skeleton != NULL && outlet != NULL, NULL);

  person = g_hash_table_lookup (hub->by_skeleton, skeleton);
  if (person != NULL && person->outlet != NULL)
    return NULL;
  /* Whoever had the name is gone: nobody waits for the disk to take it. */
  if (person != NULL)
    announce_left (hub, person);

  tell_presence (hub, AHOY_PACKET_JOINED, name);

  person = g_new0 (AhoydPerson, 1);
  person->session = session;
  person->name = g_strdup (name);
  person->skeleton = g_strdup (skeleton);
  person->outlet = outlet;
  g_ptr_array_add (hub->people, person);
  g_hash_table_insert (hub->by_skeleton, person->skeleton, person);
  g_hash_table_insert (hub->by_session, &person->session, person);

  for (guint i = 0; i < hub->people->len; i++)
    ahoy_link_send (outlet->link, person_online_frame (hub->people->pdata[i], ahoyd_outlet_writing (outlet), hub->charset));
  hub->changed (hub->data);
  return person;
}

void
ahoyd_hub_leave (AhoydHub    *hub,
                 AhoydPerson *person)
{
  g_return_if_fail (hub != NULL);
  g_return_if_fail (person != NULL && person->outlet != NULL);

  person->outlet = NULL;
  if (person->n_appended == 0)
    announce_left (hub, person);
}

AhoydPerson *
ahoyd_hub_find (AhoydHub   *hub,
                const char *skeleton)
{
  AhoydPerson *person;

  g_return_val_if_fail (hub != NULL && skeleton != NULL, NULL);

  person = g_hash_table_lookup (hub->by_skeleton, skeleton);
  return person != NULL && person->outlet != NULL ? person : NULL;
}

const char *
ahoyd_person_get_name (AhoydPerson *person)
{
  g_return_val_if_fail (person != NULL, NULL);

  return person->name;
}

const char *
ahoyd_person_get_skeleton (AhoydPerson *person)
{
  g_return_val_if_fail (person != NULL, NULL);

  return person->skeleton;
}

guint
ahoyd_hub_get_n_online (AhoydHub *hub)
{
  g_return_val_if_fail (hub != NULL, 0);

  return hub->people->len;
}

void
ahoyd_hub_appended (AhoydHub    *hub,
                    AhoydPerson *sender)
{
  g_return_if_fail (hub != NULL && sender != NULL);

  sender->n_appended++;
}

/* The store is done with one more of what @sender (NULL: nobody who is here) said. */
static void
forget_appended (AhoydHub    *self,
                 AhoydPerson *sender)
{
  if (sender == NULL)
    return;
  sender->n_appended--;
  if (sender->outlet == NULL && sender->n_appended == 0)
    announce_left (self, sender);
}

void
ahoyd_hub_committed (AhoydHub     *hub,
                     AhoydMessage *message)
{
  AhoyPacket packet = {
    .kind = AHOY_PACKET_CHAT,
    .id = message->id,
    .time = message->time,
    .from = message->from,
    .to = message->to,
    .text = message->text,
  };
  AhoydPerson *sender;

  g_return_if_fail (hub != NULL && message != NULL);

  hub->stats->messages++;
  sender = g_hash_table_lookup (hub->by_session, &message->sender);
  if (message->to == NULL)
    {
      hub->stats->deliveries += send_to_all (hub, &packet);
    }
  else
    {
      g_auto (AhoydEnvelope) envelope = { 0 };
      AhoydPerson *recipient = ahoyd_hub_find (hub, message->to_skeleton);

      ahoyd_envelope_init (&envelope, &packet, hub->charset);
      if (recipient != NULL)
        ahoyd_envelope_send (&envelope, recipient->outlet);
      if (sender != NULL && sender != recipient && sender->outlet != NULL)
        ahoyd_envelope_send (&envelope, sender->outlet);
      hub->stats->deliveries += (recipient != NULL) + (sender != NULL && sender != recipient);
    }

  forget_appended (hub, sender);
}

void
ahoyd_hub_withdrawn (AhoydHub     *hub,
                     AhoydMessage *message)
{
  g_return_if_fail (hub != NULL && message != NULL);

  forget_appended (hub, g_hash_table_lookup (hub->by_session, &message->sender));
}

void
ahoyd_hub_relay (AhoydHub         *hub,
                 const AhoyPacket *packet)
{
  g_return_if_fail (hub != NULL && packet != NULL);

  send_to_all (hub, packet);
}

void
ahoyd_hub_dismiss (AhoydHub         *hub,
                   const AhoyPacket *packet)
{
  ahoyd_hub_relay (hub, packet);
  hub->dismissed = TRUE;
}
