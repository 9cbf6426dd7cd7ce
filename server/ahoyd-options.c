/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The settings: the kinds there are, and one table of them all. */

#include "ahoyd-options.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "wire/ahoy-fingerprint.h"
#include "wire/ahoy-frame.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-name.h"

/* --- Numbers and choices --- */

static char *
parse_number (const char *value,
              guint       min,
              guint       max,
              guint      *number)
{
  guint64  parsed = 0;
  gboolean ok = g_ascii_string_to_unsigned (value, 10, min, max, &parsed, NULL);

  *number = (guint) parsed;
  return ok ? NULL : g_strdup_printf ("'%s' is not a number from %u to %u", value, min, max);
}

static char *
apply_number (const AhoydOption *option,
              AhoydConfig       *config,
              gpointer           field,
              const char        *value)
{
  return parse_number (value, option->min, option->max, field);
}

static gboolean
is_equal_number (gconstpointer one,
                 gconstpointer other)
{
  return *(const guint *) one == *(const guint *) other;
}

static const AhoydOptionKind number = { sizeof (guint), apply_number, is_equal_number };

static char *
apply_choice (const AhoydOption *option,
              AhoydConfig       *config,
              gpointer           field,
              const char        *value)
{
  guint *chosen = field;

  *chosen = g_str_equal (value, option->words[1]);
  if (*chosen != 0 || g_str_equal (value, option->words[0]))
    return NULL;
  return g_strdup_printf ("'%s' is neither %s nor %s", value, option->words[1], option->words[0]);
}

/* A gboolean, or an enum of two. */
static const AhoydOptionKind choice = { sizeof (guint), apply_choice, is_equal_number };

static char *
apply_port (const AhoydOption *option,
            AhoydConfig       *config,
            gpointer           field,
            const char        *value)
{
  guint parsed = 0;
  char *wrong = parse_number (value, 0, G_MAXUINT16, &parsed);

  *(guint16 *) field = (guint16) parsed;
  if (field == &config->port)
    config->port_given = TRUE;
  return wrong;
}

static gboolean
is_equal_port (gconstpointer one,
               gconstpointer other)
{
  return *(const guint16 *) one == *(const guint16 *) other;
}

static const AhoydOptionKind port = { sizeof (guint16), apply_port, is_equal_port };

static char *
apply_descriptor (const AhoydOption *option,
                  AhoydConfig       *config,
                  gpointer           field,
                  const char        *value)
{
  guint parsed = 0;
  char *wrong = parse_number (value, 0, G_MAXINT, &parsed);

  if (wrong != NULL || config->serving)
    return wrong;
  if (fcntl ((int) parsed, F_GETFD) < 0)
    return g_strdup_printf ("%s is not an open file descriptor", value);
  *(int *) field = (int) parsed;
  return NULL;
}

static const AhoydOptionKind descriptor = { sizeof (int), apply_descriptor, is_equal_number };

/* --- Texts --- */

static void
set_text (gpointer field,
          char    *text)
{
  char **place = field;

  g_free (*place);
  *place = text;
}

static gboolean
is_equal_text (gconstpointer one,
               gconstpointer other)
{
  return g_strcmp0 (*(char *const *) one, *(char *const *) other) == 0;
}

static char *
apply_name (const AhoydOption *option,
            AhoydConfig       *config,
            gpointer           field,
            const char        *value)
{
  g_autofree char *text = NULL;

  if (!g_utf8_validate (value, -1, NULL))
    return g_strdup ("is not UTF-8");
  /* It stands in headings and datagrams: on one line, and shortened there when it must be. */
  text = ahoy_text_clean (value);
  g_strstrip (g_strdelimit (text, "\t\n", ' '));
  if (*text == '\0')
    return g_strdup ("a server needs a name");
  if (strlen (text) > AHOY_HEADING_VALUE_MAX)
    return g_strdup_printf ("at most %d bytes", AHOY_HEADING_VALUE_MAX);
  set_text (field, g_steal_pointer (&text));
  return NULL;
}

static const AhoydOptionKind name = { sizeof (char *), apply_name, is_equal_text };

static char *
apply_motd (const AhoydOption *option,
            AhoydConfig       *config,
            gpointer           field,
            const char        *value)
{
  if (!g_utf8_validate (value, -1, NULL))
    return g_strdup ("is not UTF-8");
  /* With room for the classic line's "* ", so that every line of it fits into a frame. */
  if (strlen (value) > AHOY_BODY_MAX - 16)
    return g_strdup_printf ("at most %d bytes", AHOY_BODY_MAX - 16);
  set_text (field, *value != '\0' ? ahoy_text_clean (value) : NULL);
  return NULL;
}

static const AhoydOptionKind motd = { sizeof (char *), apply_motd, is_equal_text };

static char *
apply_path (const AhoydOption *option,
            AhoydConfig       *config,
            gpointer           field,
            const char        *value)
{
  if (*value == '\0')
    return g_strdup_printf ("a %s is needed", g_str_equal (option->value_name, "DIR") ? "folder" : "file");
  set_text (field, g_strdup (value));
  return NULL;
}

static const AhoydOptionKind path = { sizeof (char *), apply_path, is_equal_text };

/* --- The rest --- */

static char *
apply_addresses (const AhoydOption *option,
                 AhoydConfig       *config,
                 gpointer           field,
                 const char        *value)
{
  g_autofree char *bare = g_strdup (value);
  gsize            len = strlen (bare);
  GSocketAddress  *address;

  if (len > 2 && bare[0] == '[' && bare[len - 1] == ']')
    {
      bare[len - 1] = '\0';
      memmove (bare, bare + 1, len - 1);
    }
  address = g_inet_socket_address_new_from_string (bare, 0);
  if (address == NULL)
    return g_strdup_printf ("'%s' is not an IP address", value);
  g_ptr_array_add (*(GPtrArray **) field, address);
  return NULL;
}

static gboolean
is_equal_addresses (gconstpointer one,
                    gconstpointer other)
{
  const GPtrArray *a = *(GPtrArray *const *) one;
  const GPtrArray *b = *(GPtrArray *const *) other;

  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      GInetSocketAddress *first = a->pdata[i];
      GInetSocketAddress *second = b->pdata[i];

      GInetAddress *address = g_inet_socket_address_get_address (first);

      if (!g_inet_address_equal (address, g_inet_socket_address_get_address (second)))
        return FALSE;
      if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
          g_inet_socket_address_get_scope_id (first) != g_inet_socket_address_get_scope_id (second))
        return FALSE;
    }
  return TRUE;
}

static const AhoydOptionKind addresses = { sizeof (GPtrArray *), apply_addresses, is_equal_addresses };

/* A name may hold a `=`, a fingerprint does not. */
static char *
apply_claims (const AhoydOption *option,
              AhoydConfig       *config,
              gpointer           field,
              const char        *value)
{
  const char       *equals = strrchr (value, '=');
  g_autofree char  *given = equals != NULL ? g_strndup (value, (gsize) (equals - value)) : NULL;
  g_autofree char  *claimed = NULL;
  AhoydConfigClaim *claim;

  if (!g_utf8_validate (value, -1, NULL))
    return g_strdup ("is not UTF-8");
  if (equals == NULL || !ahoy_fingerprint_is_valid (equals + 1))
    return g_strdup_printf ("'%s' is not NAME=FINGERPRINT, with the %d characters that 'ahoyd names' shows of a key", value, AHOY_FINGERPRINT_CHARS);
  claimed = ahoy_name_normalize (given, NULL);
  if (claimed == NULL)
    return g_strdup_printf ("'%s' begins with a name that nobody can have", value);
  claim = g_new (AhoydConfigClaim, 1);
  claim->name = g_steal_pointer (&claimed);
  claim->key = g_strdup (equals + 1);
  g_ptr_array_add (*(GPtrArray **) field, claim);
  return NULL;
}

static gboolean
is_equal_claims (gconstpointer one,
                 gconstpointer other)
{
  const GPtrArray *a = *(GPtrArray *const *) one;
  const GPtrArray *b = *(GPtrArray *const *) other;

  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const AhoydConfigClaim *first = a->pdata[i];
      const AhoydConfigClaim *second = b->pdata[i];

      if (!g_str_equal (first->name, second->name) || !g_str_equal (first->key, second->key))
        return FALSE;
    }
  return TRUE;
}

static const AhoydOptionKind claims = { sizeof (GPtrArray *), apply_claims, is_equal_claims };

static char *
apply_charset (const AhoydOption *option,
               AhoydConfig       *config,
               gpointer           field,
               const char        *value)
{
  AhoyCharset      **place = field;
  g_autoptr (GError) error = NULL;
  AhoyCharset       *given = ahoy_charset_new (value, &error);

  if (given == NULL)
    return g_strdup_printf ("'%s' cannot be used: %s", value, error->message);
  g_clear_pointer (place, ahoy_charset_free);
  *place = given;
  return NULL;
}

static gboolean
is_equal_charset (gconstpointer one,
                  gconstpointer other)
{
  return g_str_equal (ahoy_charset_name (*(AhoyCharset *const *) one), ahoy_charset_name (*(AhoyCharset *const *) other));
}

static const AhoydOptionKind charset = { sizeof (AhoyCharset *), apply_charset, is_equal_charset };

/* --- The table --- */

#define ONCE AHOYD_OPTION_ONCE
#define LIST AHOYD_OPTION_LIST
#define FLAG AHOYD_OPTION_FLAG
#define LIVE AHOYD_OPTION_LIVE
#define AT_START AHOYD_OPTION_AT_START
/* What a row says of its field: which one, and of a number its bounds, of a choice the words for 0 and 1, and what it is at first. */
#define FIELD(of_kind, field) .kind = &of_kind, .offset = G_STRUCT_OFFSET (AhoydConfig, field)
#define NUMBER(field, first, least, most) FIELD (number, field), .initial = first, .min = least, .max = most
#define CHOICE(field, first, no, yes) FIELD (choice, field), .initial = first, .words = { no, yes }
#define HELP(value, text) .value_name = value, .help = text

static const AhoydOption options[] = {
  { "port", ONCE, AT_START, FIELD (port, port), HELP ("PORT", "TCP port for chat, 0: any that is free (24690)") },
  { "discovery-port", ONCE, AT_START, FIELD (port, discovery_port), HELP ("PORT", "UDP port on which clients look for servers (24690)") },
  { "bind", LIST, AT_START, FIELD (addresses, bind), HELP ("ADDRESS", "Serve on this address only; may be given several times") },
  { "no-discovery", FLAG, AT_START, CHOICE (no_discovery, FALSE, "false", "true"), HELP (NULL, "Let nobody find this server by broadcast") },
  { "mdns", ONCE, LIVE, CHOICE (mdns, TRUE, "false", "true"),
    HELP ("WHETHER", "true: be found by mDNS too, where Avahi runs; false: do not (true)") },
  { "neighbours", ONCE, LIVE, CHOICE (neighbours, TRUE, "false", "true"),
    HELP ("BOOL", "Whether people who are online tell others on their networks of this server (true)") },
  { "name", ONCE, LIVE, FIELD (name, name), HELP ("NAME", "Name shown in lists of servers (this computer's name)") },
  { "data-dir", ONCE, AT_START, FIELD (path, data_dir), HELP ("DIR", "Folder for the server's key and its data") },
  { "motd", ONCE, LIVE, FIELD (motd, motd), HELP ("TEXT", "What everybody is told after logging in") },
  { "classic-charset", ONCE, AT_START, FIELD (charset, classic_charset),
    HELP ("CHARSET", "What old clients that do not send UTF-8 send (" AHOYD_CLASSIC_CHARSET_DEFAULT ")") },
  { "require-tls", FLAG, LIVE, CHOICE (require_tls, FALSE, "false", "true"),
    HELP (NULL, "Turn away whoever does not use TLS, old clients among them") },
  { "tls-key", ONCE, AT_START, FIELD (path, tls_key), HELP ("FILE", "Private key (PEM) to use in place of the one in the data folder") },
  { "tls-certificate", ONCE, AT_START, FIELD (path, tls_certificate), HELP ("FILE", "Its certificate (PEM)") },
  { "max-clients", ONCE, LIVE, NUMBER (max_clients, AHOYD_MAX_CLIENTS_DEFAULT, 1, 1000000), HELP ("N", "Connections at one time (4096)") },
  { "max-clients-per-address", ONCE, LIVE, NUMBER (max_clients_per_address, AHOYD_MAX_CLIENTS_PER_ADDRESS_DEFAULT, 0, 1000000),
    HELP ("N", "Of these from one address, 0: any number (512)") },
  { "max-pending-per-address", ONCE, LIVE, NUMBER (max_pending, AHOYD_MAX_PENDING_DEFAULT, 0, 1000000),
    HELP ("N", "Connections of one address that have not logged in, 0: any number (64)") },
  { "failed-logins-per-minute", ONCE, LIVE, NUMBER (failed_logins, AHOYD_FAILED_LOGINS_DEFAULT, 0, 1000000),
    HELP ("N", "Refused log-ins of one address before it must wait, 0: any number (30)") },
  { "names-per-key", ONCE, LIVE, NUMBER (names_per_key, AHOYD_NAMES_PER_KEY_DEFAULT, 0, 1000000),
    HELP ("N", "Names that one key may own, 0: any number (16)") },
  { "claim", LIST, AT_START, FIELD (claims, claims), HELP ("NAME=FINGERPRINT", "Let that key own the name before anybody can log in under it") },
  { "rate", ONCE, LIVE, NUMBER (rate, AHOYD_RATE_DEFAULT, 0, 1000000),
    HELP ("N", "Messages a second that one person may send, 0: any number (10)") },
  { "burst", ONCE, LIVE, NUMBER (burst, AHOYD_BURST_DEFAULT, 1, 1000000), HELP ("N", "Messages at once after a pause (40)") },
  { "rate-bytes", ONCE, LIVE, NUMBER (rate_bytes, AHOYD_RATE_BYTES_DEFAULT, 0, 1000000000),
    HELP ("BYTES", "Bytes a second that one person may send, 0: any number (65536)") },
  { "store", ONCE, AT_START, CHOICE (store_on_disk, TRUE, "memory", "sqlite"),
    HELP ("KIND", "sqlite: messages are kept on disk; memory: until the server stops (sqlite)") },
  { "durability", ONCE, AT_START, CHOICE (durability, AHOYD_DURABILITY_PROCESS, "process", "power"),
    HELP ("KIND", "process: kept whatever happens to the server; power: and to the machine, slower (process)") },
  { "keep-days", ONCE, LIVE, NUMBER (keep_days, AHOYD_KEEP_DAYS_DEFAULT, 0, 36500),
    HELP ("DAYS", "Days that messages are kept, 0: for ever (365)") },
  { "held-days", ONCE, LIVE, NUMBER (held_days, AHOYD_HELD_DAYS_DEFAULT, 0, 36500),
    HELP ("DAYS", "Days that whispers are kept for who has not come, 0: for ever (730)") },
  { "keep-mb", ONCE, LIVE, NUMBER (keep_mb, AHOYD_KEEP_MB_DEFAULT, 0, 1000000),
    HELP ("MB", "Megabytes of messages that are kept, 0: any number (1000)") },
  { "ready-fd", ONCE, AT_START, FIELD (descriptor, ready_fd),
    HELP ("FD", "Write 'tcp=PORT udp=PORT id=ID tls=1' to this descriptor when serving, then close it") },
};

const AhoydOption *
ahoyd_options_get (guint *n)
{
  *n = G_N_ELEMENTS (options);
  return options;
}

const AhoydOption *
ahoyd_options_find (const char *wanted)
{
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (g_str_equal (options[i].name, wanted))
      return &options[i];
  return NULL;
}

void
ahoyd_options_set_initial (AhoydConfig *config)
{
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i].kind == &number || options[i].kind == &choice)
      G_STRUCT_MEMBER (guint, config, options[i].offset) = options[i].initial;
}

char *
ahoyd_option_apply (const AhoydOption *option,
                    AhoydConfig       *config,
                    const char        *value)
{
  return option->kind->apply (option, config, G_STRUCT_MEMBER_P (config, option->offset), value);
}

gboolean
ahoyd_option_is_equal (const AhoydOption *option,
                       const AhoydConfig *one,
                       const AhoydConfig *other)
{
  return option->kind->is_equal (G_STRUCT_MEMBER_P (one, option->offset), G_STRUCT_MEMBER_P (other, option->offset));
}

void
ahoyd_option_swap (const AhoydOption *option,
                   AhoydConfig       *one,
                   AhoydConfig       *other)
{
  guint8   kept[sizeof (gpointer)];
  gpointer first = G_STRUCT_MEMBER_P (one, option->offset);
  gpointer second = G_STRUCT_MEMBER_P (other, option->offset);

  g_assert (option->kind->size <= sizeof kept);
  memcpy (kept, first, option->kind->size);
  memcpy (first, second, option->kind->size);
  memcpy (second, kept, option->kind->size);
}
