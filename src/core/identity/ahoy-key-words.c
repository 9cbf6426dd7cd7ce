/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The four words of a key, for those who never see the wire. */

#include "core/identity/ahoy-key-words.h"

#include "wire/ahoy-verification-words.h"

char *
ahoy_key_words (const char *key_or_id)
{
  return ahoy_verification_words_join (key_or_id);
}
