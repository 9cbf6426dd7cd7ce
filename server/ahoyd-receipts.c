/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How far whispers have come. */

#include "ahoyd-receipts.h"

static char *
kind_for (const char *what,
          const char *from_skeleton)
{
  return g_strconcat (what, ":", from_skeleton, NULL);
}

void
ahoyd_receipts_note_whisper (AhoydStore         *store,
                             AhoydHub           *hub,
                             const AhoydMessage *message)
{
  AhoydPerson *recipient;

  g_return_if_fail (store != NULL && hub != NULL);
  g_return_if_fail (message != NULL && message->to_skeleton != NULL);

  ahoyd_store_raise_number (store, "held", message->to_skeleton, message->id);
  recipient = ahoyd_hub_find (hub, message->to_skeleton);
  if (recipient != NULL && ahoyd_person_takes_at_once (recipient))
    ahoyd_receipts_taken (store, message->to_skeleton, message->id);
}

void
ahoyd_receipts_taken (AhoydStore *store,
                      const char *skeleton,
                      guint64     id)
{
  g_return_if_fail (store != NULL && skeleton != NULL);

  ahoyd_store_raise_number (store, "taken", skeleton, id);
}

void
ahoyd_receipts_take (AhoydStore         *store,
                     AhoydHub           *hub,
                     AhoydPerson        *reader,
                     const AhoydMessage *message,
                     const char         *what)
{
  g_autofree char *kind = NULL;
  AhoydPerson *sender;

  g_return_if_fail (store != NULL && hub != NULL && reader != NULL);
  g_return_if_fail (message != NULL && what != NULL);

  kind = kind_for (what, message->from_skeleton);
  ahoyd_receipts_taken (store, ahoyd_person_get_skeleton (reader), message->id);
  if (!ahoyd_store_raise_number (store, kind, ahoyd_person_get_skeleton (reader), message->id))
    return;
  sender = ahoyd_hub_find (hub, message->from_skeleton);
  if (sender != NULL)
    {
      AhoyPacket packet = { .kind = AHOY_PACKET_RECEIPT, .id = message->id, .what = what, .by = ahoyd_person_get_name (reader) };

      ahoyd_hub_tell (hub, sender, &packet);
    }
}

gboolean
ahoyd_receipts_held (AhoydStore *store,
                     const char *skeleton,
                     guint64    *after,
                     guint64    *until)
{
  g_return_val_if_fail (store != NULL && skeleton != NULL, FALSE);
  g_return_val_if_fail (after != NULL && until != NULL, FALSE);

  *after = ahoyd_store_get_number (store, "taken", skeleton);
  *until = ahoyd_store_get_number (store, "held", skeleton);
  return *until > *after;
}

typedef struct {
  AhoydStore  *store;
  AhoydHub    *hub;
  AhoydPerson *person;
  const char  *what;
} Telling;

static void
tell_one (const char *key,
          const char *value,
          gpointer    data)
{
  Telling *telling = data;
  const char *by = ahoyd_store_get_fact (telling->store, "person", key);
  AhoyPacket packet = {
    .kind = AHOY_PACKET_RECEIPT,
    .id = g_ascii_strtoull (value, NULL, 10),
    .what = telling->what,
    .by = by != NULL ? by : key,
  };

  ahoyd_hub_tell (telling->hub, telling->person, &packet);
}

void
ahoyd_receipts_tell (AhoydStore  *store,
                     AhoydHub    *hub,
                     AhoydPerson *person)
{
  static const char *const whats[] = { "delivered", "seen" };

  g_return_if_fail (store != NULL && hub != NULL && person != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (whats); i++)
    {
      g_autofree char *kind = kind_for (whats[i], ahoyd_person_get_skeleton (person));
      Telling telling = { store, hub, person, whats[i] };

      ahoyd_store_each_fact (store, kind, tell_one, &telling);
    }
}
