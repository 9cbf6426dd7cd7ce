/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Words for whispers that are not stored. */

#include "state/ahoyd-refusal.h"

const char *
ahoyd_refusal_code (AhoydRefusal why)
{
  switch (why)
    {
    case AHOYD_REFUSAL_MAILBOX_FULL:
      return "mailbox-full";
    case AHOYD_REFUSAL_NOT_HERE:
      return "not-here";
    case AHOYD_REFUSAL_UNKNOWN_NAME:
      return "unknown-name";
    case AHOYD_REFUSAL_NONE:
    default:
      g_return_val_if_reached (NULL);
    }
}

char *
ahoyd_refusal_text (AhoydRefusal why,
                    const char  *to)
{
  g_return_val_if_fail (to != NULL, NULL);

  switch (why)
    {
    case AHOYD_REFUSAL_MAILBOX_FULL:
      return g_strdup_printf ("%s is not here, and so much waits for them already that nothing can be added.", to);
    case AHOYD_REFUSAL_NOT_HERE:
      return g_strdup_printf ("%s is not here, and will not get this.", to);
    case AHOYD_REFUSAL_UNKNOWN_NAME:
      return g_strdup_printf ("%s is not here.", to);
    case AHOYD_REFUSAL_NONE:
    default:
      g_return_val_if_reached (NULL);
    }
}
