/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Any TXT record (strings with a byte of length before each, as DNS has them), and any bytes as what came over a bus: what was understood, written
 * again, must be understood the same. */

#include <string.h>

#include "fuzz.h"
#include "wire/ahoy-service.h"

static void
try_record (GVariant *txt)
{
  g_auto (AhoyDiscoveryReply) reply = { 0 };
  g_auto (AhoyDiscoveryReply) again = { 0 };
  g_autoptr (GVariant)        written = NULL;

  if (!ahoy_service_txt_parse (&reply, "instance", 24690, txt))
    {
      g_assert (reply.id == NULL && reply.name == NULL && reply.port == 0);
      return;
    }
  g_assert (reply.port == 24690);
  g_assert (reply.extended == (reply.id != NULL));
  if (!reply.extended)
    return;

  g_assert (g_utf8_validate (reply.name, -1, NULL) && strlen (reply.name) <= 255);
  g_assert (reply.users == AHOY_USERS_UNKNOWN);
  written = g_variant_ref_sink (ahoy_service_txt_new (&reply));
  g_assert (ahoy_service_txt_parse (&again, reply.name, 24690, written));
  g_assert (g_str_equal (again.id, reply.id) && again.tls == reply.tls && again.extended);
  g_assert (g_str_has_prefix (reply.name, again.name));
}

static GVariant *
read_strings (const uint8_t *data,
              size_t         size)
{
  GVariantBuilder strings = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aay"));

  while (size > 0)
    {
      size_t len = MIN (data[0], size - 1);

      g_variant_builder_add_value (&strings, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data + 1, len, 1));
      data += len + 1;
      size -= len + 1;
    }
  return g_variant_ref_sink (g_variant_builder_end (&strings));
}

static void
try_name (const uint8_t *data,
          size_t         size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autofree char *name = ahoy_service_name (text);

  g_assert (*name != '\0' && strlen (name) <= AHOY_SERVICE_NAME_MAX && g_utf8_validate (name, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GVariant) record = NULL;
  g_autoptr (GVariant) raw = NULL;
  g_autoptr (GBytes)   bytes = g_bytes_new (data, size);

  fuzz_make_criticals_fatal ();
  record = read_strings (data, size);
  try_record (record);
  raw = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE ("aay"), bytes, FALSE));
  try_record (raw);
  try_name (data, size);
  return 0;
}
