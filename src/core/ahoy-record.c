/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One message as the disk keeps it. */

#include "core/ahoy-record.h"

AhoyRecord *
ahoy_record_new (const AhoyRecord *fields)
{
  AhoyRecord *record;

  g_return_val_if_fail (fields != NULL && fields->from != NULL && fields->text != NULL, NULL);
  g_return_val_if_fail ((fields->to == NULL) == (fields->peer == NULL), NULL);

  record = g_new (AhoyRecord, 1);
  *record = *fields;
  record->place = (AhoyPlace){ 0 };
  if (fields->place.path)
    ahoy_place_set (&record->place, fields->place.id, fields->place.path);
  else
    record->place.id = fields->id;
  record->from = g_strdup (fields->from);
  record->to = g_strdup (fields->to);
  record->peer = g_strdup (fields->peer);
  record->cid = g_strdup (fields->cid);
  record->text = g_strdup (fields->text);
  return record;
}

void
ahoy_record_free (AhoyRecord *record)
{
  g_return_if_fail (record != NULL);

  ahoy_place_clear (&record->place);
  g_free (record->from);
  g_free (record->to);
  g_free (record->peer);
  g_free (record->cid);
  g_free (record->text);
  g_free (record);
}
