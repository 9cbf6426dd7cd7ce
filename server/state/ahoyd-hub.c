/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who is here, and everything that more than one person hears.
 *
 * The fan-out is the server's hot path: one pointer read for each receiver, whose queue's last range grows by the message. What is encoded is encoded
 * once per writing and shared; a person's `1` frame is kept, because everybody who comes after them gets it. Sending never calls
 * back (ahoy-link promises), so nobody comes or goes while a loop over the people runs. */

#include "state/ahoyd-hub.h"

#include <string.h>

#include "state/ahoyd-looks.h"
#include "state/ahoyd-person-private.h"
#include "state/ahoyd-refusal.h"
#include "state/ahoyd-room.h"
#include "wire/ahoy-limits.h"

/* Who was away for no more messages than this is caught up without the disk; and whoever catches up while many are said reaches the end
 * here, where nothing can be said in between. */
#define RECENT_MAX 1024

struct _AhoydHub {
  /* Owned */
  GPtrArray  *people;      /* AhoydPerson, in the order in which they came */
  GHashTable *by_skeleton; /* skeleton -> AhoydPerson in people */
  GHashTable *rooms;       /* number -> AhoydRoom */
  AhoydRoom  *everyone;    /* that of them which everybody is in */
  GHashTable *by_session;  /* guint64 -> AhoydPerson in people, for each of their sessions */
  AhoydLooks *looks;       /* the names of those who have not left; a holder is a key, or the skeleton of whoever has none */
  GQueue      recent;      /* AhoydEvent, the newest RECENT_MAX, oldest first */
  guint64     last;        /* id of the newest committed message */
  guint64     backlog;     /* bytes that were appended and are not committed */
  gboolean    dismissed;
  /* Borrowed */
  AhoyCharset          *charset;
  AhoydStats           *stats;
  const AhoydHubEvents *events;
  gpointer              data;
};

static void
tell_changed (AhoydHub *self)
{
  if (self->events->changed != NULL)
    self->events->changed (self->data);
}

static void
describe (AhoydPerson *person,
          AhoyPacket  *packet,
          gpointer     data)
{
  AhoydHub *self = data;

  if (self->events->describe != NULL)
    self->events->describe (person, packet, self->data);
}

static void
add_session (AhoydHub    *self,
             AhoydPerson *person,
             guint64      session)
{
  ahoyd_person_add_session (person, session);
  g_hash_table_insert (self->by_session, g_memdup2 (&session, sizeof session), person);
}

/* All but the last @keep of them. */
static void
forget_sessions (AhoydHub    *self,
                 AhoydPerson *person,
                 guint        keep)
{
  guint n = person->sessions->len - keep;

  for (guint i = 0; i < n; i++)
    g_hash_table_remove (self->by_session, &g_array_index (person->sessions, guint64, i));
  ahoyd_person_drop_sessions (person, n);
}

/* Who is here, themselves last. */
static void
send_roster (AhoydHub    *self,
             AhoydPerson *person)
{
  const AhoydPeerOutput *output = person->output;
  AhoydEncoding          encoding = ahoyd_peer_output_encoding (output);

  for (guint i = 0; i < self->people->len; i++)
    if (self->people->pdata[i] != person)
      ahoy_link_send (output->link, ahoyd_person_online_frame (self->people->pdata[i], encoding, self->charset, describe, self));
  ahoy_link_send (output->link, ahoyd_person_online_frame (person, encoding, self->charset, describe, self));
}

static void
send_to_room (AhoydHub         *self,
              AhoydRoom        *room,
              AhoydPerson      *except,
              const AhoyPacket *packet)
{
  g_auto (AhoydEncodedPacket) encoded = { 0 };

  ahoyd_encoded_packet_init (&encoded, packet, self->charset);
  ahoyd_encoded_packet_share (&encoded, ahoyd_room_get_chunks (room));
  for (GList *node = ahoyd_room_get_members (room)->head; node != NULL; node = node->next)
    {
      AhoydPerson *person = ((AhoydMembership *) node->data)->person;

      if (person != except)
        ahoyd_encoded_packet_send (&encoded, person->output);
    }
}

/* @person is not to be used any more. */
static void
announce_left (AhoydHub    *self,
               AhoydPerson *person)
{
  guint index;

  g_hash_table_remove (self->by_skeleton, person->skeleton);
  forget_sessions (self, person, 0);
  if (g_ptr_array_find (self->people, person, &index))
    g_ptr_array_steal_index (self->people, index);
  if (!self->dismissed)
    {
      AhoyPacket packet = {
        .kind = AHOY_PACKET_LEFT,
        .name = person->name,
        .key = person->key,
        .kept = person->kept,
        .reason = person->reason,
      };

      send_to_room (self, self->everyone, NULL, &packet);
    }
  ahoyd_person_free (person);
  tell_changed (self);
}

/* @event as a packet; its strings are borrowed. The cid is for nobody but the sender. */
static AhoyPacket
chat_packet (const AhoydEvent *event)
{
  return (AhoyPacket){
    .kind = AHOY_PACKET_CHAT,
    .id = event->id,
    .time = event->time,
    .from = event->from,
    .target = event->target,
    .re = event->re,
    .text = event->text,
  };
}

static void
send_packet (AhoydHub              *self,
             const AhoydPeerOutput *output,
             const AhoyPacket      *packet)
{
  g_auto (AhoydEncodedPacket) encoded = { 0 };

  ahoyd_encoded_packet_init (&encoded, packet, self->charset);
  ahoyd_encoded_packet_send (&encoded, output);
}

/* Hands @event to @person, who may see it, unless they are not caught up. The sender's own frame bears the cid; everybody else shares one. */
static guint
deliver (AhoydHub           *self,
         AhoydEncodedPacket *encoded,
         const AhoydEvent   *event,
         AhoydPerson        *person)
{
  const AhoydPeerOutput *output = person->output;

  if (output == NULL || output->catching_up)
    return 0;
  if (event->cid != NULL && strcmp (person->skeleton, event->from_skeleton) == 0)
    {
      AhoyPacket packet = chat_packet (event);

      packet.cid = event->cid;
      send_packet (self, output, &packet);
    }
  else
    {
      ahoyd_encoded_packet_send (encoded, output);
    }
  return 1;
}

AhoydHub *
ahoyd_hub_new (AhoyCharset          *charset,
               AhoydStats           *stats,
               const AhoydHubEvents *events,
               gpointer              data)
{
  AhoydHub *self;

  g_return_val_if_fail (charset != NULL && stats != NULL && events != NULL, NULL);

  self = g_new0 (AhoydHub, 1);
  self->people = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoyd_person_free);
  self->by_skeleton = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_session = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->rooms = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) ahoyd_room_free);
  self->everyone = ahoyd_hub_add_room (self, AHOY_ROOM_EVERYONE);
  self->looks = ahoyd_looks_new ();
  self->charset = charset;
  self->stats = stats;
  self->events = events;
  self->data = data;
  return self;
}

void
ahoyd_hub_free (AhoydHub *hub)
{
  g_return_if_fail (hub != NULL);

  ahoyd_looks_free (hub->looks);
  g_hash_table_unref (hub->by_skeleton);
  g_hash_table_unref (hub->by_session);
  g_hash_table_unref (hub->rooms);
  g_ptr_array_unref (hub->people);
  g_queue_clear_full (&hub->recent, (GDestroyNotify) ahoyd_event_unref);
  g_free (hub);
}

AhoydRoom *
ahoyd_hub_add_room (AhoydHub *hub,
                    guint64   number)
{
  AhoydRoom *room;

  g_return_val_if_fail (hub != NULL && !g_hash_table_contains (hub->rooms, &number), NULL);

  room = ahoyd_room_new (number);
  g_hash_table_insert (hub->rooms, g_memdup2 (&number, sizeof number), room);
  return room;
}

AhoydRoom *
ahoyd_hub_find_room (AhoydHub *hub,
                     guint64   number)
{
  g_return_val_if_fail (hub != NULL, NULL);

  return number == AHOY_ROOM_EVERYONE ? hub->everyone : g_hash_table_lookup (hub->rooms, &number);
}

/* Whether @event is one that @person, who is here, may see. */
static gboolean
may_see (AhoydHub         *self,
         AhoydPerson      *person,
         const AhoydEvent *event)
{
  AhoydRoom *room;

  if (ahoy_target_is_person (event->target))
    return ahoyd_person_may_see_whisper (person, event);
  room = ahoyd_hub_find_room (self, event->target.room);
  return room != NULL && ahoyd_room_has (room, person);
}

AhoydPerson *
ahoyd_hub_join (AhoydHub              *hub,
                guint64                session,
                const AhoydWho        *who,
                const AhoydPeerOutput *output)
{
  AhoyPacket   joined;
  AhoydPerson *person;

  g_return_val_if_fail (hub != NULL && session != 0 && output != NULL, NULL);
  g_return_val_if_fail (who != NULL && who->name != NULL && who->skeleton != NULL, NULL);

  person = g_hash_table_lookup (hub->by_skeleton, who->skeleton);
  if (person != NULL && person->output != NULL)
    return NULL;
  /* Whoever had the name is gone: nobody waits for the disk to take it. */
  if (person != NULL)
    announce_left (hub, person);

  person = ahoyd_person_new (who, g_get_real_time () / 1000);
  joined = ahoyd_person_presence (person, AHOY_PACKET_JOINED);
  describe (person, &joined, hub);
  send_to_room (hub, hub->everyone, NULL, &joined);

  ahoyd_person_set_output (person, output);
  g_ptr_array_add (hub->people, person);
  ahoyd_room_add (hub->everyone, person);
  g_hash_table_insert (hub->by_skeleton, person->skeleton, person);
  add_session (hub, person, session);
  ahoyd_looks_put (hub->looks, person->skeleton, person->name, person->key != NULL ? person->key : person->skeleton);

  send_roster (hub, person);
  tell_changed (hub);
  return person;
}

void
ahoyd_hub_take_over (AhoydHub              *hub,
                     AhoydPerson           *person,
                     guint64                session,
                     const AhoydPeerOutput *output)
{
  g_return_if_fail (hub != NULL && session != 0 && output != NULL);
  g_return_if_fail (person != NULL && person->output != NULL);

  ahoyd_person_set_output (person, output);
  if (person->n_appended == 0)
    forget_sessions (hub, person, 0);
  add_session (hub, person, session);
  send_roster (hub, person);
}

void
ahoyd_hub_leave (AhoydHub    *hub,
                 AhoydPerson *person,
                 const char  *reason)
{
  g_return_if_fail (hub != NULL);
  g_return_if_fail (person != NULL && person->output != NULL);

  ahoyd_room_remove_from_all (person);
  ahoyd_person_leave (person, reason);
  ahoyd_looks_remove (hub->looks, person->skeleton);
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
  return person != NULL && person->output != NULL ? person : NULL;
}

gboolean
ahoyd_hub_has_look_alike (AhoydHub   *hub,
                          const char *name,
                          const char *key)
{
  g_return_val_if_fail (hub != NULL && name != NULL, FALSE);

  return ahoyd_looks_like_another (hub->looks, name, key);
}

gboolean
ahoyd_hub_has_key (AhoydHub   *hub,
                   const char *key)
{
  g_return_val_if_fail (hub != NULL && key != NULL, FALSE);

  for (guint i = 0; i < hub->people->len; i++)
    {
      const AhoydPerson *person = hub->people->pdata[i];

      if (person->output != NULL && g_strcmp0 (person->key, key) == 0)
        return TRUE;
    }
  return FALSE;
}

guint
ahoyd_hub_get_n_online (AhoydHub *hub)
{
  g_return_val_if_fail (hub != NULL, 0);

  return hub->people->len;
}

gboolean
ahoyd_hub_is_heard (AhoydHub   *hub,
                    const char *skeleton)
{
  const AhoydPerson *person;

  g_return_val_if_fail (hub != NULL && skeleton != NULL, FALSE);

  person = g_hash_table_lookup (hub->by_skeleton, skeleton);
  return person != NULL && person->n_appended > 0;
}

void
ahoyd_hub_appended (AhoydHub    *hub,
                    AhoydPerson *sender,
                    gsize        size)
{
  g_return_if_fail (hub != NULL && sender != NULL);

  ahoyd_person_note_appended (sender, size);
  hub->backlog += size;
}

guint64
ahoyd_hub_get_backlog (AhoydHub *hub)
{
  g_return_val_if_fail (hub != NULL, 0);

  return hub->backlog;
}

/* The store is done with @event, which @sender (NULL: nobody who is here) said. */
static void
forget_appended (AhoydHub         *self,
                 AhoydPerson      *sender,
                 const AhoydEvent *event)
{
  const guint64 size = ahoyd_event_get_size (event);

  self->backlog -= MIN (self->backlog, size);
  if (sender == NULL)
    return;
  ahoyd_person_note_written (sender, size);
  if (sender->n_appended > 0)
    return;
  if (sender->output == NULL)
    announce_left (self, sender);
  else
    forget_sessions (self, sender, 1);
}

/* The classic dialect answers a whisper to somebody who is not there with a notice, and nothing else. */
static void
tell_held (AhoydHub         *self,
           AhoydPerson      *author,
           const AhoydEvent *event)
{
  g_autofree char *text = event->fleeting ? ahoyd_refusal_text (AHOYD_REFUSAL_NOT_HERE, event->target.person)
                                          : g_strdup_printf ("%s is not here, and will get this on coming back.", event->target.person);
  AhoyPacket       packet = { .kind = AHOY_PACKET_NOTICE, .text = text };

  send_packet (self, author->output, &packet);
}

static void
remember (AhoydHub   *self,
          AhoydEvent *event)
{
  self->last = event->id;
  g_queue_push_tail (&self->recent, ahoyd_event_ref (event));
  if (self->recent.length > RECENT_MAX)
    ahoyd_event_unref (g_queue_pop_head (&self->recent));
}

static void
hand_to_room (AhoydHub           *self,
              AhoydEncodedPacket *encoded,
              const AhoydEvent   *event)
{
  AhoydRoom *room = ahoyd_hub_find_room (self, event->target.room);

  if (room == NULL)
    return; /* it went while this was on its way into the store */
  ahoyd_encoded_packet_share (encoded, ahoyd_room_get_chunks (room));
  for (GList *node = ahoyd_room_get_members (room)->head; node != NULL; node = node->next)
    self->stats->deliveries += deliver (self, encoded, event, ((AhoydMembership *) node->data)->person);
}

/* Hands @event, a whisper, to its recipient and its author. Either may be somebody else who has that name by now. */
static void
hand_to_two (AhoydHub           *self,
             AhoydEncodedPacket *encoded,
             const AhoydEvent   *event)
{
  AhoydPerson *recipient = g_hash_table_lookup (self->by_skeleton, event->target_skeleton);
  AhoydPerson *author = g_hash_table_lookup (self->by_skeleton, event->from_skeleton);
  gboolean     is_away = recipient == NULL || recipient->output == NULL;

  if (author != NULL && !ahoyd_person_may_see_whisper (author, event))
    author = NULL;
  if (recipient != NULL && ahoyd_person_may_see_whisper (recipient, event))
    self->stats->deliveries += deliver (self, encoded, event, recipient);
  if (author != NULL && author != recipient && is_away && ahoyd_person_is_classic (author))
    tell_held (self, author, event);
  else if (author != NULL && author != recipient)
    self->stats->deliveries += deliver (self, encoded, event, author);
}

void
ahoyd_hub_committed (AhoydHub   *hub,
                     AhoydEvent *event)
{
  g_auto (AhoydEncodedPacket) encoded = { 0 };
  AhoyPacket                  packet;
  AhoydPerson                *sender;

  g_return_if_fail (hub != NULL && event != NULL);

  hub->stats->messages++;
  remember (hub, event);
  packet = chat_packet (event);
  ahoyd_encoded_packet_init (&encoded, &packet, hub->charset);
  sender = g_hash_table_lookup (hub->by_session, &event->sender);
  if (ahoy_target_is_person (event->target))
    hand_to_two (hub, &encoded, event);
  else
    hand_to_room (hub, &encoded, event);
  forget_appended (hub, sender, event);
}

void
ahoyd_hub_repeated (AhoydHub   *hub,
                    AhoydEvent *event)
{
  AhoydPerson *sender;

  g_return_if_fail (hub != NULL && event != NULL);

  sender = g_hash_table_lookup (hub->by_session, &event->sender);
  if (ahoyd_person_waits_for (sender, event))
    {
      const AhoydEvent *first = event->first;
      AhoyPacket        packet;

      /* It may have been whispered by whoever had the name before: they hear no more than they say themselves. */
      packet = chat_packet (first != NULL && may_see (hub, sender, first) ? first : event);
      packet.cid = event->cid;
      send_packet (hub, sender->output, &packet);
    }
  forget_appended (hub, sender, event);
}

/* @event will not be in the log. */
static void
turn_down (AhoydHub         *self,
           const AhoydEvent *event,
           const char       *code,
           const char       *text)
{
  AhoydPerson *sender = g_hash_table_lookup (self->by_session, &event->sender);
  AhoyPacket   packet = { .kind = AHOY_PACKET_ERROR, .code = code, .cid = event->cid, .text = text };

  if (ahoyd_person_waits_for (sender, event))
    send_packet (self, sender->output, &packet);
  forget_appended (self, sender, event);
}

void
ahoyd_hub_rejected (AhoydHub   *hub,
                    AhoydEvent *event)
{
  g_return_if_fail (hub != NULL && event != NULL);

  turn_down (hub, event, "storage", "The server cannot keep messages at the moment: nobody got that one.");
}

void
ahoyd_hub_refused (AhoydHub   *hub,
                   AhoydEvent *event)
{
  g_autofree char *text = NULL;

  g_return_if_fail (hub != NULL && event != NULL);
  g_return_if_fail (ahoy_target_is_person (event->target) && event->only_repeat != AHOYD_REFUSAL_NONE);

  text = ahoyd_refusal_text (event->only_repeat, event->target.person);
  turn_down (hub, event, ahoyd_refusal_code (event->only_repeat), text);
}

void
ahoyd_hub_set_last (AhoydHub *hub,
                    guint64   last)
{
  g_return_if_fail (hub != NULL && g_queue_is_empty (&hub->recent));

  hub->last = last;
}

const AhoydEvent *
ahoyd_hub_find_recent (AhoydHub *hub,
                       guint64   id)
{
  g_return_val_if_fail (hub != NULL, NULL);

  for (GList *node = hub->recent.tail; node != NULL && ((AhoydEvent *) node->data)->id >= id; node = node->prev)
    if (((AhoydEvent *) node->data)->id == id)
      return node->data;
  return NULL;
}

void
ahoyd_hub_replay_one (AhoydHub         *hub,
                      AhoydPerson      *person,
                      const AhoydEvent *event)
{
  AhoyPacket packet;

  g_return_if_fail (hub != NULL && event != NULL);
  g_return_if_fail (person != NULL && person->output != NULL);

  packet = chat_packet (event);
  packet.replay = TRUE;
  if (strcmp (person->skeleton, event->from_skeleton) == 0)
    packet.cid = event->cid;
  send_packet (hub, person->output, &packet);
  if (hub->events->replayed != NULL)
    hub->events->replayed (person, event, hub->data);
}

AhoydReplay
ahoyd_hub_replay (AhoydHub    *hub,
                  AhoydPerson *person,
                  guint64     *position)
{
  const AhoydEvent *oldest;
  GList            *node;

  g_return_val_if_fail (hub != NULL && position != NULL, AHOYD_REPLAY_DONE);
  g_return_val_if_fail (person != NULL && person->output != NULL, AHOYD_REPLAY_DONE);

  if (*position >= hub->last)
    return AHOYD_REPLAY_DONE;
  /* What came before the oldest remembered one may have been missed. The ids of a log have no holes but where nothing was committed, so this errs
   * on the side of asking the store once too often. */
  oldest = g_queue_peek_head (&hub->recent);
  if (oldest == NULL || oldest->id > *position + 1)
    return AHOYD_REPLAY_TOO_OLD;

  for (node = hub->recent.tail; node->prev != NULL && ((AhoydEvent *) node->prev->data)->id > *position; node = node->prev)
    ;
  for (; node != NULL; node = node->next)
    {
      const AhoydEvent *event = node->data;

      if (event->id <= *position)
        continue;
      if (ahoy_link_get_queued (person->output->link) > AHOY_LINK_QUEUE_MAX / 4)
        return AHOYD_REPLAY_MORE;
      if (may_see (hub, person, event))
        ahoyd_hub_replay_one (hub, person, event);
      *position = event->id;
    }
  return AHOYD_REPLAY_DONE;
}

void
ahoyd_hub_tell (AhoydHub         *hub,
                AhoydPerson      *person,
                const AhoyPacket *packet)
{
  g_return_if_fail (hub != NULL && person != NULL && packet != NULL);

  if (person->output != NULL)
    send_packet (hub, person->output, packet);
}

void
ahoyd_hub_presence_changed (AhoydHub    *hub,
                            AhoydPerson *person)
{
  g_return_if_fail (hub != NULL && person != NULL);

  ahoyd_person_forget_online_frames (person);
}

void
ahoyd_hub_relay (AhoydHub         *hub,
                 guint64           number,
                 AhoydPerson      *except,
                 const AhoyPacket *packet)
{
  AhoydRoom *room;

  g_return_if_fail (hub != NULL && packet != NULL);

  room = ahoyd_hub_find_room (hub, number);
  if (room != NULL)
    send_to_room (hub, room, except, packet);
}

void
ahoyd_hub_dismiss (AhoydHub         *hub,
                   const AhoyPacket *packet)
{
  ahoyd_hub_relay (hub, AHOY_ROOM_EVERYONE, NULL, packet);
  hub->dismissed = TRUE;
}
