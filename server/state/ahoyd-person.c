/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Somebody's place in the hub. */

#include "state/ahoyd-person-private.h"

#include "state/ahoyd-room.h"

AhoydPerson *
ahoyd_person_new (const AhoydWho *who,
                  guint64         since)
{
  AhoydPerson *person = g_new0 (AhoydPerson, 1);

  person->since = since;
  person->sessions = g_array_sized_new (FALSE, FALSE, sizeof (guint64), 1);
  person->name = g_strdup (who->name);
  person->skeleton = g_strdup (who->skeleton);
  person->key = g_strdup (who->key);
  person->kept = who->kept;
  person->whispers_after = who->whispers_after;
  g_queue_init (&person->memberships);
  return person;
}

void
ahoyd_person_forget_online_frames (AhoydPerson *person)
{
  for (guint i = 0; i < AHOYD_N_ENCODINGS; i++)
    g_clear_pointer (&person->online[i], g_bytes_unref);
}

GQueue *
ahoyd_person_get_memberships (AhoydPerson *person)
{
  return &person->memberships;
}

void
ahoyd_person_free (AhoydPerson *person)
{
  ahoyd_room_remove_from_all (person);
  ahoyd_person_forget_online_frames (person);
  g_array_unref (person->sessions);
  g_free (person->name);
  g_free (person->skeleton);
  g_free (person->key);
  g_datalist_clear (&person->slots);
  g_free (person->reason);
  g_free (person);
}

void
ahoyd_person_add_session (AhoydPerson *person,
                          guint64      session)
{
  g_array_append_val (person->sessions, session);
}

void
ahoyd_person_drop_sessions (AhoydPerson *person,
                            guint        n)
{
  g_array_remove_range (person->sessions, 0, n);
}

void
ahoyd_person_set_output (AhoydPerson           *person,
                         const AhoydPeerOutput *output)
{
  person->output = output;
}

void
ahoyd_person_leave (AhoydPerson *person,
                    const char  *reason)
{
  person->output = NULL;
  g_free (person->reason);
  person->reason = g_strdup (reason);
}

void
ahoyd_person_note_appended (AhoydPerson *person,
                            gsize        size)
{
  person->n_appended++;
  person->backlog += size;
}

void
ahoyd_person_note_written (AhoydPerson *person,
                           guint64      size)
{
  g_return_if_fail (person->n_appended > 0);

  person->n_appended--;
  person->backlog -= MIN (person->backlog, size);
}

AhoyPacket
ahoyd_person_presence (AhoydPerson   *person,
                       AhoyPacketKind kind)
{
  return (AhoyPacket){
    .kind = kind,
    .name = person->name,
    .key = person->key,
    .since = person->since,
    .kept = person->kept,
  };
}

GBytes *
ahoyd_person_online_frame (AhoydPerson        *person,
                           AhoydEncoding       encoding,
                           AhoyCharset        *charset,
                           AhoydPersonDescribe describe,
                           gpointer            data)
{
  if (person->online[encoding] == NULL)
    {
      AhoyPacket                  packet = ahoyd_person_presence (person, AHOY_PACKET_ONLINE);
      g_auto (AhoydEncodedPacket) encoded = { 0 };

      describe (person, &packet, data);
      ahoyd_encoded_packet_init (&encoded, &packet, charset);
      person->online[encoding] = g_bytes_ref (ahoyd_encoded_packet_frame (&encoded, encoding));
    }
  return person->online[encoding];
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

const char *
ahoyd_person_get_key (AhoydPerson *person)
{
  g_return_val_if_fail (person != NULL, NULL);

  return person->key;
}

guint64
ahoyd_person_get_whispers_after (AhoydPerson *person)
{
  g_return_val_if_fail (person != NULL, 0);

  return person->whispers_after;
}

void
ahoyd_person_set_whispers_after (AhoydPerson *person,
                                 guint64      id)
{
  g_return_if_fail (person != NULL);

  person->whispers_after = id;
}

gboolean
ahoyd_person_takes_silently (AhoydPerson *person)
{
  g_return_val_if_fail (person != NULL, FALSE);

  return person->output != NULL && !person->output->catching_up && person->output->dialect == AHOY_DIALECT_CLASSIC;
}

gpointer
ahoyd_person_get_slot (AhoydPerson *person,
                       GQuark       key)
{
  g_return_val_if_fail (person != NULL && key != 0, NULL);

  return g_datalist_id_get_data (&person->slots, key);
}

void
ahoyd_person_set_slot (AhoydPerson   *person,
                       GQuark         key,
                       gpointer       data,
                       GDestroyNotify destroy)
{
  g_return_if_fail (person != NULL && key != 0);

  g_datalist_id_set_data_full (&person->slots, key, data, data != NULL ? destroy : NULL);
}

guint64
ahoyd_person_get_backlog (AhoydPerson *person)
{
  g_return_val_if_fail (person != NULL, 0);

  return person->backlog;
}
