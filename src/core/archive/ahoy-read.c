/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One question to the profile's database. */

#include "core/archive/ahoy-read.h"

void
ahoy_read_free (AhoyRead *read)
{
  g_return_if_fail (read != NULL);

  if (read->type->clear != NULL)
    read->type->clear (read);
  g_free (read);
}
