/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Any bytes as a name: judged twice the same, never longer than allowed, never without something to see and to compare, never to be taken for
 * the beginning of a line, and looking like itself, however it is written. */

#include <string.h>

#include "fuzz.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-name.h"
#include "wire/ahoy-signs.h"

static void
check_line (const char *name)
{
  gunichar first = g_utf8_get_char (name);

  g_assert (!ahoy_sign_is_star (first) && !ahoy_sign_is_bracket (first));
  for (const char *c = name; *c != '\0'; c = g_utf8_next_char (c))
    {
      g_assert (!ahoy_sign_is_wide_colon (g_utf8_get_char (c)));
      g_assert (!ahoy_sign_is_colon (g_utf8_get_char (c)) || !g_unichar_isspace (g_utf8_get_char (g_utf8_next_char (c))));
    }
}

static void
check_looks (const char *name)
{
  g_autofree char *small = g_utf8_strdown (name, -1);
  g_autofree char *underlined = g_strconcat (name, "\u0332", NULL);
  g_auto (GStrv)   looks = ahoy_name_looks (name);

  g_assert (looks[0] != NULL && g_strv_length (looks) <= 8);
  g_assert (ahoy_name_looks_like (name, name));
  g_assert (ahoy_name_looks_like (underlined, name));
  /* What is the same name looks like it, too. */
  g_assert (!ahoy_name_equal (small, name) || (ahoy_name_looks_like (small, name) && ahoy_name_looks_like (name, small)));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *name = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autofree char *normal = NULL;
  g_autofree char *again = NULL;
  g_autofree char *skeleton = NULL;
  g_autofree char *skeleton_again = NULL;
  AhoyNameVerdict  verdict;

  fuzz_make_criticals_fatal ();
  normal = ahoy_name_normalize (name, &verdict);
  g_assert ((normal != NULL) == (verdict == AHOY_NAME_OK));
  if (g_utf8_validate (name, -1, NULL))
    skeleton = ahoy_name_skeleton (name);
  if (normal == NULL)
    return 0;

  g_assert (g_utf8_strlen (normal, -1) <= AHOY_NAME_MAX_CHARS);
  g_assert (strchr (normal, ',') == NULL);
  check_line (normal);
  again = ahoy_name_normalize (normal, NULL);
  g_assert (g_strcmp0 (again, normal) == 0);
  g_assert (ahoy_name_equal (name, normal));
  g_assert (skeleton[0] != '\0');
  skeleton_again = ahoy_name_skeleton (skeleton);
  g_assert (strcmp (skeleton_again, skeleton) == 0);
  check_looks (normal);
  return 0;
}
