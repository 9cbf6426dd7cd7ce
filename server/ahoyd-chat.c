/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The chat that a server has: its parts, and how they are wired. */

#include "ahoyd-chat.h"

#include "features/ahoyd-feature-set.h"
#include "state/ahoyd-backpressure.h"
#include "state/ahoyd-claims.h"

/* How often those who were silent are looked for. */
#define KEEP_ALIVE_CHECK_MS 2500

struct _AhoydChat {
  /* Owned */
  AhoyDeadlines    deadlines; /* of AhoydSession, to log in */
  AhoydPurses     *purses;
  AhoydHub        *hub;
  AhoydOwners     *owners;
  AhoydKnown      *known;
  AhoydTenures    *tenures;
  AhoydDelivery   *delivery;
  AhoydLogIn      *log_in;
  AhoydFeatureSet *features;
  AhoydFeatureHost feature_host;
  AhoydSessionHost session_host;
  GQueue           sessions; /* AhoydSession's nodes */
  guint            max_sessions;
  GSource         *keep_alive;
  AhoydPace        pace;
  /* Borrowed */
  AhoydStore *store;
  void (*changed) (gpointer data);
  gpointer data;
};

/* --- What the hub tells --- */

static void
on_people_changed (gpointer data)
{
  AhoydChat *self = data;

  if (self->changed != NULL)
    self->changed (self->data);
}

static void
on_describe_person (AhoydPerson *person,
                    AhoyPacket  *packet,
                    gpointer     data)
{
  AhoydChat *self = data;

  ahoyd_feature_set_describe (self->features, person, packet);
}

static void
on_replayed (AhoydPerson      *person,
             const AhoydEvent *event,
             gpointer          data)
{
  AhoydChat *self = data;

  ahoyd_feature_set_replayed (self->features, person, event);
}

static const AhoydHubEvents hub_events = { on_people_changed, on_describe_person, on_replayed };

/* --- What sessions tell --- */

static void
on_packet (AhoydSession     *session,
           const AhoyPacket *packet,
           gpointer          data)
{
  AhoydChat *self = data;

  ahoyd_feature_set_packet (self->features, session, packet);
}

static void
on_drained (AhoydSession *session,
            gpointer      data)
{
  AhoydChat *self = data;

  ahoyd_delivery_drained (self->delivery, session);
}

static gboolean
on_closing (AhoydSession *session,
            AhoyLink     *link,
            gpointer      data)
{
  AhoydChat *self = data;

  return ahoyd_delivery_closing (self->delivery, session, link);
}

static void
on_ended (AhoydSession *session,
          gpointer      data)
{
  AhoydChat *self = data;

  ahoyd_log_in_leave (self->log_in, session);
  ahoyd_feature_set_ended (self->features, session);
  g_queue_unlink (&self->sessions, ahoyd_session_get_node (session));
}

static const AhoydSessionEvents session_events = { on_packet, on_drained, on_closing, on_ended };

static void
on_time_up (gpointer session)
{
  ahoyd_session_close (session, "You did not log in. Goodbye.");
}

/* --- What the log-in and the delivery tell --- */

static gboolean
on_has_place (gpointer data)
{
  AhoydChat *self = data;

  return self->sessions.length <= self->max_sessions;
}

static void
on_replaced (AhoydPerson *person,
             gpointer     data)
{
  AhoydChat *self = data;

  ahoyd_feature_set_replaced (self->features, person);
}

static gboolean
on_online (AhoydSession *session,
           gpointer      data)
{
  AhoydChat *self = data;

  return ahoyd_feature_set_online (self->features, session);
}

static void
on_offline (AhoydSession *session,
            gpointer      data)
{
  AhoydChat *self = data;

  ahoyd_feature_set_offline (self->features, session);
}

static const AhoydLogInEvents log_in_events = { on_has_place, on_replaced, on_online, on_offline };

static gboolean
on_delivered (AhoydSession *session,
              gpointer      data)
{
  AhoydChat *self = data;

  return ahoyd_feature_set_caught_up (self->features, session);
}

/* --- What the store tells --- */

/* The store is done with @event, and the hub knows. */
static void
note_written (AhoydChat        *self,
              const AhoydEvent *event)
{
  ahoyd_tenures_note_written (self->tenures); /* first: somebody may leave in what follows */
  ahoyd_backpressure_note_written (self->hub, event);
}

static void
on_committed (AhoydEvent *event,
              gpointer    data)
{
  AhoydChat *self = data;

  ahoyd_hub_committed (self->hub, event);
  ahoyd_known_note_said (self->known, event);
  if (ahoy_target_is_person (event->target))
    ahoyd_delivery_note_whisper (self->delivery, event);
  note_written (self, event);
  ahoyd_feature_set_committed (self->features, event);
}

static void
on_repeated (AhoydEvent *event,
             gpointer    data)
{
  AhoydChat *self = data;

  ahoyd_hub_repeated (self->hub, event);
  note_written (self, event);
}

static void
on_rejected (AhoydEvent   *event,
             const GError *error,
             gpointer      data)
{
  AhoydChat *self = data;

  ahoyd_hub_rejected (self->hub, event);
  ahoyd_known_note_lost (self->known, event);
  note_written (self, event);
}

/* All of them are looked at, so that those who are behind are waited for at the same time, and not one after the other. */
static gint64
on_pace (gpointer data)
{
  AhoydChat           *self = data;
  gint64               now = g_get_monotonic_time ();
  AhoydPatienceVerdict most = AHOYD_PATIENCE_NONE;

  for (GList *node = self->sessions.head; node != NULL; node = node->next)
    {
      AhoydPatienceVerdict verdict = ahoyd_session_holds_up (node->data, now);

      most = MAX (most, verdict);
    }
  return ahoyd_pace_look (&self->pace, most, now);
}

static void
on_gone (const char *skeleton,
         gpointer    data)
{
  AhoydChat   *self = data;
  AhoydPerson *person = ahoyd_hub_find (self->hub, skeleton);

  ahoyd_known_forget (self->known, skeleton, person != NULL ? ahoyd_person_get_name (person) : NULL);
}

static void
on_forgotten (const char *skeleton,
              gpointer    data)
{
  AhoydChat *self = data;

  ahoyd_feature_set_forgotten (self->features, skeleton);
}

static void
on_refused (AhoydEvent *event,
            gpointer    data)
{
  AhoydChat *self = data;

  ahoyd_hub_refused (self->hub, event);
  note_written (self, event);
}

static const AhoydStoreListener store_events = { on_committed, on_repeated, on_rejected, on_refused, on_pace, on_gone, on_forgotten };

/* --- Life --- */

static gboolean
on_keep_alive (gpointer data)
{
  AhoydChat *self = data;
  gint64     now = g_get_monotonic_time ();
  GList     *next;

  for (GList *node = self->sessions.head; node != NULL; node = next)
    {
      next = node->next;
      ahoyd_delivery_look (self->delivery, node->data);
      if (!ahoyd_session_keep_alive (node->data, now))
        ahoyd_session_leave (node->data, "lost");
    }
  return G_SOURCE_CONTINUE;
}

static void
make_state (AhoydChat            *self,
            const AhoydChatParts *parts)
{
  AhoydLogInParts log_in;

  self->purses = ahoyd_purses_new ();
  self->hub = ahoyd_hub_new (parts->config->classic_charset, parts->stats, &hub_events, self);
  ahoyd_hub_set_last (self->hub, ahoyd_store_get_last (self->store));
  self->owners = ahoyd_owners_new (self->store);
  self->known = ahoyd_known_new (self->store);
  self->tenures = ahoyd_tenures_new (self->hub, self->store, self->owners, self->known, parts->server_id);
  self->delivery = ahoyd_delivery_new (self->hub, self->store, on_delivered, self);
  log_in = (AhoydLogInParts){
    .config = parts->config,
    .stats = parts->stats,
    .hub = self->hub,
    .store = self->store,
    .tenures = self->tenures,
    .delivery = self->delivery,
    .server_id = parts->server_id,
  };
  self->log_in = ahoyd_log_in_new (&log_in, &log_in_events, self);
}

AhoydChat *
ahoyd_chat_new (const AhoydChatParts      *parts,
                const AhoydFeature *const *features,
                void (*changed) (gpointer data),
                gpointer data)
{
  AhoydChat *self;

  g_return_val_if_fail (parts != NULL && parts->config != NULL && parts->store != NULL && features != NULL, NULL);

  self = g_new0 (AhoydChat, 1);
  self->store = parts->store;
  self->changed = changed;
  self->data = data;
  self->max_sessions = parts->config->max_clients;
  g_queue_init (&self->sessions);
  ahoy_deadlines_init (&self->deadlines, parts->poll, parts->config->login_timeout_ms, on_time_up);
  make_state (self, parts);
  self->session_host = (AhoydSessionHost){
    .config = parts->config,
    .stats = parts->stats,
    .poll = parts->poll,
    .tls = parts->tls,
    .address_limits = parts->address_limits,
    .purses = self->purses,
    .deadlines = &self->deadlines,
    .events = &session_events,
    .events_data = self,
  };
  self->feature_host = (AhoydFeatureHost){ self->hub, self->store, self->known, self->tenures, self->log_in };
  self->features = ahoyd_feature_set_new (features, &self->feature_host);
  ahoyd_store_listen (self->store, &store_events, self);
  ahoyd_claims_make (self->tenures, self->store, parts->config->claims);
  self->keep_alive = g_timeout_source_new (KEEP_ALIVE_CHECK_MS);
  g_source_set_callback (self->keep_alive, on_keep_alive, self, NULL);
  g_source_attach (self->keep_alive, ahoy_poll_get_context (parts->poll));
  return self;
}

void
ahoyd_chat_free (AhoydChat *chat)
{
  g_return_if_fail (chat != NULL);

  g_source_destroy (chat->keep_alive);
  g_source_unref (chat->keep_alive);
  if (chat->sessions.length > 0)
    ahoyd_chat_say_goodbye (chat);
  ahoyd_store_unlisten (chat->store);
  ahoyd_feature_set_free (chat->features);
  ahoyd_log_in_free (chat->log_in);
  ahoyd_delivery_free (chat->delivery);
  ahoyd_tenures_free (chat->tenures);
  ahoyd_known_free (chat->known);
  ahoyd_owners_free (chat->owners);
  ahoyd_hub_free (chat->hub);
  ahoyd_purses_free (chat->purses);
  ahoy_deadlines_clear (&chat->deadlines);
  g_free (chat);
}

AhoydHub *
ahoyd_chat_get_hub (AhoydChat *chat)
{
  g_return_val_if_fail (chat != NULL, NULL);

  return chat->hub;
}

AhoydOwners *
ahoyd_chat_get_owners (AhoydChat *chat)
{
  g_return_val_if_fail (chat != NULL, NULL);

  return chat->owners;
}

guint
ahoyd_chat_get_n_sessions (AhoydChat *chat)
{
  g_return_val_if_fail (chat != NULL, 0);

  return chat->sessions.length;
}

void
ahoyd_chat_set_max_sessions (AhoydChat *chat,
                             guint      n)
{
  g_return_if_fail (chat != NULL);

  chat->max_sessions = n;
}

AhoydSession *
ahoyd_chat_add (AhoydChat         *chat,
                int                fd,
                AhoydAddressLimit *address_limit,
                guint64            serial,
                GError           **error)
{
  AhoydSession *session;

  g_return_val_if_fail (chat != NULL, NULL);

  session = ahoyd_session_new (&chat->session_host, fd, address_limit, serial, error);
  if (session != NULL)
    g_queue_push_tail_link (&chat->sessions, ahoyd_session_get_node (session));
  return session;
}

AhoydSession *
ahoyd_chat_add_extra (AhoydChat         *chat,
                      AhoyLink          *link,
                      AhoydAddressLimit *address_limit,
                      guint64            serial)
{
  AhoydSession *session;

  g_return_val_if_fail (chat != NULL, NULL);

  session = ahoyd_session_new_extra (&chat->session_host, link, address_limit, serial);
  g_queue_push_tail_link (&chat->sessions, ahoyd_session_get_node (session));
  return session;
}

void
ahoyd_chat_stop_reading (AhoydChat *chat)
{
  g_return_if_fail (chat != NULL);

  for (GList *node = chat->sessions.head; node != NULL; node = node->next)
    ahoyd_session_stop_reading (node->data);
}

void
ahoyd_chat_say_goodbye (AhoydChat *self)
{
  const AhoyPacket goodbye = { .kind = AHOY_PACKET_NOTICE, .text = "This server is stopping. Goodbye." };
  GList           *first;

  ahoyd_hub_dismiss (self->hub, &goodbye);
  while ((first = g_queue_peek_head_link (&self->sessions)) != NULL)
    {
      AhoydSession *session = first->data;

      /* Those in the lobby are not in the hub. */
      ahoyd_session_close (session, ahoyd_session_get_state (session) == AHOYD_STATE_LOBBY ? goodbye.text : NULL);
    }
}
