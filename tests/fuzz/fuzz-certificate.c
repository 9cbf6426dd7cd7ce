/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Any bytes as a peer's certificate: no fingerprint, or a whole one; the same when it is asked again. */

#include "fuzz.h"
#include "wire/ahoy-fingerprint.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *fingerprint = NULL;
  g_autofree char *again = NULL;

  fuzz_make_criticals_fatal ();
  fingerprint = ahoy_fingerprint_of_der (data, size);
  again = ahoy_fingerprint_of_der (data, size);
  g_assert (g_strcmp0 (fingerprint, again) == 0);
  g_assert (fingerprint == NULL || ahoy_fingerprint_is_valid (fingerprint));
  return 0;
}
