/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What a person types, judged without a server. */

#include "core/chat/ahoy-check.h"

#include "wire/ahoy-blank.h"
#include "wire/ahoy-name.h"
#include "wire/ahoy-signs.h"

AhoyNameProblem
ahoy_check_name (const char *name)
{
  static const AhoyNameProblem problems[] = {
    [AHOY_NAME_OK] = AHOY_NAME_PROBLEM_NONE,
    [AHOY_NAME_EMPTY] = AHOY_NAME_PROBLEM_EMPTY,
    [AHOY_NAME_TOO_LONG] = AHOY_NAME_PROBLEM_TOO_LONG,
    [AHOY_NAME_RESERVED] = AHOY_NAME_PROBLEM_BEGINNING,
    [AHOY_NAME_COMMA] = AHOY_NAME_PROBLEM_COMMA,
    [AHOY_NAME_COLON] = AHOY_NAME_PROBLEM_COLON,
    [AHOY_NAME_INVISIBLE] = AHOY_NAME_PROBLEM_CHARACTER,
    [AHOY_NAME_INVALID] = AHOY_NAME_PROBLEM_CHARACTER,
    [AHOY_NAME_MIXED] = AHOY_NAME_PROBLEM_MIXED,
  };
  AhoyNameVerdict  verdict = AHOY_NAME_EMPTY;
  g_autofree char *normal = name ? ahoy_name_normalize (name, &verdict) : NULL;

  return problems[verdict];
}

gboolean
ahoy_check_is_blank (const char *text)
{
  return ahoy_text_is_blank (text);
}

gboolean
ahoy_check_is_unseen (gunichar c)
{
  return ahoy_sign_is_unseen (c);
}
