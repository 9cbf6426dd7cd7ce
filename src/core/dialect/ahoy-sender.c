/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What we say, on its way to the server. */

#include "core/dialect/ahoy-sender.h"

#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-timeline.h"
#include "core/features/ahoy-feature-set.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-name.h"

/* Bytes queued on the link beyond which the outbox waits: far from where the link gives up, and never more than the network takes in a
 * moment. */
#define PUMP_MAX (AHOY_LINK_QUEUE_MAX / 4)

struct _AhoySender {
  /* Owned */
  AhoyOutbox *outbox;
  GPtrArray  *unowed; /* AhoyMessage to be written to the disk once the archive is loaded */

  /* Borrowed */
  const AhoyChatParts   *chat;
  const AhoyInterpreter *classic;
  const AhoyInterpreter *extended;
};

/* AhoyOutboxSettled. */
static void
on_settled (AhoyMessage     *message,
            AhoyMessageState state,
            gpointer         data)
{
  const AhoyChatParts *chat = ((AhoySender *) data)->chat;
  const guint64        id = ahoy_message_get_id (message);

  if (chat->archive && ahoy_message_get_cid (message) && id == 0) /* else the echo, when it was kept, took it out of the outbox */
    ahoy_archive_drop (chat->archive, ahoy_message_get_cid (message));
  if (id == 0)
    ahoy_message_set_time (message, g_get_real_time () / 1000);
  ahoy_message_set_state (message, state);
  if (id != 0)
    ahoy_feature_set_describe (chat->features, message);
  ahoy_timeline_settle (chat, message);
  g_object_notify (chat->chat, "n-waiting");
}

AhoySender *
ahoy_sender_new (const AhoyChatParts *chat,
                 guint                echo_ms,
                 guint                traffic_ms)
{
  AhoySender *self = g_new0 (AhoySender, 1);

  self->chat = chat;
  self->outbox = ahoy_outbox_new (echo_ms, traffic_ms, on_settled, self);
  self->unowed = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

void
ahoy_sender_free (AhoySender *self)
{
  ahoy_outbox_free (self->outbox);
  g_ptr_array_unref (self->unowed);
  g_free (self);
}

AhoyOutbox *
ahoy_sender_get_outbox (AhoySender *self)
{
  return self->outbox;
}

void
ahoy_sender_set_interpreters (AhoySender            *self,
                              const AhoyInterpreter *classic,
                              const AhoyInterpreter *extended)
{
  self->classic = classic;
  self->extended = extended;
}

const AhoyInterpreter *
ahoy_sender_get_interpreter (AhoySender *self)
{
  return ahoy_connection_is_extended (self->chat->connection) ? self->extended : self->classic;
}

/* ---- To the disk ---- */

static void
on_owed (AhoyWrite    *owe,
         const GError *error,
         gpointer      data)
{
  AhoySender *self = data;

  /* A full disk is told of by the history; people go on chatting. */
  ahoy_outbox_stored (self->outbox);
  ahoy_sender_pump (self);
}

static void
owe (AhoySender  *self,
     AhoyMessage *message)
{
  g_autofree char  *cid = g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
  const AhoyTarget  target = ahoy_message_get_target (message);
  g_autofree char  *peer = ahoy_target_is_person (target) ? ahoy_name_skeleton (target.person) : NULL;
  AhoyStoredMessage stored = {
    .time = ahoy_message_get_time (message),
    .from = (char *) ahoy_message_get_from (message),
    .target = target,
    .peer = peer,
    .cid = cid,
    .text = (char *) ahoy_message_get_text (message),
  };

  ahoy_message_set_cid (message, cid);
  if (!ahoy_archive_owe (self->chat->archive, ahoy_stored_message_new (&stored), on_owed, self))
    ahoy_outbox_stored (self->outbox);
}

void
ahoy_sender_add (AhoySender  *self,
                 AhoyMessage *message)
{
  if (!self->chat->archive)
    {
      ahoy_outbox_add (self->outbox, message);
      return;
    }
  ahoy_sender_add_unstored (self, message);
  if (self->chat->loaded)
    ahoy_sender_store (self);
}

void
ahoy_sender_add_unstored (AhoySender  *self,
                          AhoyMessage *message)
{
  ahoy_outbox_add_unstored (self->outbox, message);
  g_ptr_array_add (self->unowed, g_object_ref (message));
}

void
ahoy_sender_add_stored (AhoySender  *self,
                        AhoyMessage *message)
{
  ahoy_outbox_add (self->outbox, message);
}

void
ahoy_sender_store (AhoySender *self)
{
  g_autoptr (GPtrArray) unowed = g_steal_pointer (&self->unowed);

  self->unowed = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < unowed->len; i++)
    owe (self, unowed->pdata[i]);
}

void
ahoy_sender_forget (AhoySender *self)
{
  g_ptr_array_set_size (self->unowed, 0);
  if (self->chat->archive)
    ahoy_archive_forget_asker (self->chat->archive, self);
}

void
ahoy_sender_clear (AhoySender *self)
{
  ahoy_outbox_clear (self->outbox);
}

/* ---- To the server ---- */

/* It is next, no echo has come of it, and it is not said: who has that name now is somebody else. */
static void
give_up (AhoySender  *self,
         AhoyMessage *message)
{
  g_autoptr (AhoyMessage) held = g_object_ref (message);

  ahoy_outbox_written (self->outbox, g_get_monotonic_time ());
  ahoy_outbox_refused (self->outbox, held);
}

static void
write_one (AhoySender            *self,
           const AhoyInterpreter *interpreter,
           AhoyMessage           *message)
{
  const gint64     now = g_get_monotonic_time ();
  const AhoyPacket packet = {
    .kind = ahoy_message_is_private (message) ? AHOY_PACKET_WHISPER : AHOY_PACKET_SAY,
    .target = ahoy_message_get_target (message),
    .text = ahoy_message_get_text (message),
    .cid = ahoy_message_get_cid (message),
  };

  if (ahoy_message_get_stray (message))
    {
      give_up (self, message);
      return;
    }
  ahoy_connection_send (self->chat->connection, &packet);
  ahoy_outbox_written (self->outbox, now);
  ahoy_heartbeat_note_written (self->chat->session->heartbeat);
  interpreter->ops->written (message, now, interpreter->self);
}

void
ahoy_sender_pump (AhoySender *self)
{
  const AhoyInterpreter *interpreter = ahoy_sender_get_interpreter (self);
  AhoyMessage           *message;

  if (self->chat->session->state != AHOY_CLIENT_ONLINE || !ahoy_connection_is_open (self->chat->connection))
    return;
  while (interpreter->ops->may_write (interpreter->self) && (message = ahoy_outbox_peek (self->outbox)))
    {
      if (ahoy_connection_get_queued (self->chat->connection) >= PUMP_MAX)
        {
          ahoy_connection_notify_drained (self->chat->connection); /* goes on then */
          break;
        }
      write_one (self, interpreter, message);
    }
  interpreter->ops->pumped (interpreter->self);
}

void
ahoy_sender_refuse (AhoySender  *self,
                    AhoyMessage *message)
{
  ahoy_outbox_refused (self->outbox, message);
  ahoy_sender_pump (self);
}
