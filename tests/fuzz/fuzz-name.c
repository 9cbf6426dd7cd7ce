/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Any bytes as a name: judged twice the same, never longer than allowed, never without something to see and to compare. */

#include <string.h>

#include "fuzz.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-name.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *name = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autofree char *normal = NULL;
  g_autofree char *again = NULL;
  g_autofree char *skeleton = NULL;
  g_autofree char *skeleton_again = NULL;
  AhoyNameVerdict verdict;

  fuzz_make_criticals_fatal ();
  normal = ahoy_name_normalize (name, &verdict);
  g_assert ((normal != NULL) == (verdict == AHOY_NAME_OK));
  if (g_utf8_validate (name, -1, NULL))
    skeleton = ahoy_name_skeleton (name);
  if (normal == NULL)
    return 0;

  g_assert (g_utf8_strlen (normal, -1) <= AHOY_NAME_MAX_CHARS);
  g_assert (strchr (normal, ',') == NULL && normal[0] != '*' && normal[0] != '[');
  again = ahoy_name_normalize (normal, NULL);
  g_assert (g_strcmp0 (again, normal) == 0);
  g_assert (ahoy_name_equal (name, normal));
  g_assert (skeleton[0] != '\0');
  skeleton_again = ahoy_name_skeleton (skeleton);
  g_assert (strcmp (skeleton_again, skeleton) == 0);
  return 0;
}
