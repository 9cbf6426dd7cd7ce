/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One event of the server's log as the disk keeps it. */

#include "core/archive/ahoy-stored-message.h"

AhoyStoredMessage *
ahoy_stored_message_new (const AhoyStoredMessage *fields)
{
  AhoyStoredMessage *stored;

  g_return_val_if_fail (fields != NULL && fields->from != NULL && fields->text != NULL, NULL);
  g_return_val_if_fail (ahoy_target_is_person (fields->target) == (fields->peer != NULL), NULL);

  stored = g_new (AhoyStoredMessage, 1);
  *stored = *fields;
  stored->place = (AhoyPlace){ 0 };
  if (fields->place.path)
    ahoy_place_set (&stored->place, fields->place.id, fields->place.path);
  else
    stored->place.id = fields->id;
  stored->from = g_strdup (fields->from);
  stored->target.person = g_strdup (fields->target.person);
  stored->peer = g_strdup (fields->peer);
  stored->cid = g_strdup (fields->cid);
  stored->text = g_strdup (fields->text);
  return stored;
}

void
ahoy_stored_message_free (AhoyStoredMessage *stored)
{
  g_return_if_fail (stored != NULL);

  ahoy_place_clear (&stored->place);
  g_free (stored->from);
  g_free ((char *) stored->target.person);
  g_free (stored->peer);
  g_free (stored->cid);
  g_free (stored->text);
  g_free (stored);
}
