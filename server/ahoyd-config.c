/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The options: one table, read by the command line and by the key file alike. */

#include "ahoyd-config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "ahoyd-host-name.h"
#include "ahoyd-key-file.h"
#include "ahoyd-regrets.h"
#include "wire/ahoy-frame.h"
#include "wire/ahoy-limits.h"

#define DEFAULT_CHARSET "GB18030"

G_DEFINE_QUARK (ahoyd-config-error-quark, ahoyd_config_error)

/* Puts @value into @config, or returns what is wrong with it: the rest of a sentence that began with the option's name. */
typedef char *(*Apply) (AhoydConfig *config,
                        const char  *value);

typedef enum {
  ONCE,
  LIST, /* may be given several times; the file separates with `;` */
  FLAG, /* true when it is just named; or true or false */
} Shape;

typedef struct {
  const char *name;
  Shape       shape;
  Apply       apply;
  const char *value_name;
  const char *help;
} Option;

static char *
parse_number (const char *value,
              guint64     min,
              guint64     max,
              guint64    *number)
{
  if (g_ascii_string_to_unsigned (value, 10, min, max, number, NULL))
    return NULL;
  return g_strdup_printf ("'%s' is not a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, value, min, max);
}

static char *
parse_count (const char *value,
             guint       min,
             guint       max,
             guint      *count)
{
  guint64 number = 0;
  char *wrong = parse_number (value, min, max, &number);

  *count = number;
  return wrong;
}

static char *
apply_port (AhoydConfig *config,
            const char  *value)
{
  guint64 number = 0;
  char *wrong = parse_number (value, 0, G_MAXUINT16, &number);

  config->port = number;
  config->port_given = TRUE;
  return wrong;
}

static char *
apply_discovery_port (AhoydConfig *config,
                      const char  *value)
{
  guint64 number = 0;
  char *wrong = parse_number (value, 0, G_MAXUINT16, &number);

  config->discovery_port = number;
  return wrong;
}

static char *
apply_bind (AhoydConfig *config,
            const char  *value)
{
  g_autofree char *bare = g_strdup (value);
  gsize len = strlen (bare);
  GSocketAddress *address;

  if (len > 2 && bare[0] == '[' && bare[len - 1] == ']')
    {
      bare[len - 1] = '\0';
      memmove (bare, bare + 1, len - 1);
    }
  address = g_inet_socket_address_new_from_string (bare, 0);
  if (address == NULL)
    return g_strdup_printf ("'%s' is not an IP address", value);
  g_ptr_array_add (config->bind, address);
  return NULL;
}

/* Which of two words @value is. */
static char *
parse_choice (const char *value,
              const char *one,
              const char *other,
              gboolean   *is_one)
{
  *is_one = g_str_equal (value, one);
  if (*is_one || g_str_equal (value, other))
    return NULL;
  return g_strdup_printf ("'%s' is neither %s nor %s", value, one, other);
}

static char *
apply_no_discovery (AhoydConfig *config,
                    const char  *value)
{
  gboolean off = FALSE;
  char *wrong = parse_choice (value, "true", "false", &off);

  config->discovery = !off;
  return wrong;
}

static char *
apply_require_tls (AhoydConfig *config,
                   const char  *value)
{
  return parse_choice (value, "true", "false", &config->require_tls);
}

static char *
apply_name (AhoydConfig *config,
            const char  *value)
{
  g_autofree char *name = NULL;

  if (!g_utf8_validate (value, -1, NULL))
    return g_strdup ("is not UTF-8");
  /* It stands in headings and datagrams: on one line, and shortened there when it must be. */
  name = ahoy_text_clean (value);
  g_strstrip (g_strdelimit (name, "\t\n", ' '));
  if (*name == '\0')
    return g_strdup ("a server needs a name");
  if (strlen (name) > AHOY_HEADING_VALUE_MAX)
    return g_strdup_printf ("at most %d bytes", AHOY_HEADING_VALUE_MAX);
  g_free (config->name);
  config->name = g_steal_pointer (&name);
  return NULL;
}

/* @what: for the sentence, when there is none. */
static char *
parse_path (const char  *value,
            const char  *what,
            char       **path)
{
  if (*value == '\0')
    return g_strdup_printf ("a %s is needed", what);
  g_free (*path);
  *path = g_strdup (value);
  return NULL;
}

static char *
apply_data_dir (AhoydConfig *config,
                const char  *value)
{
  return parse_path (value, "folder", &config->data_dir);
}

static char *
apply_tls_key (AhoydConfig *config,
               const char  *value)
{
  return parse_path (value, "file", &config->tls_key);
}

static char *
apply_tls_certificate (AhoydConfig *config,
                       const char  *value)
{
  return parse_path (value, "file", &config->tls_certificate);
}

static char *
apply_motd (AhoydConfig *config,
            const char  *value)
{
  if (!g_utf8_validate (value, -1, NULL))
    return g_strdup ("is not UTF-8");
  /* With room for the classic line's "* ", so that every line of it fits into a frame. */
  if (strlen (value) > AHOY_BODY_MAX - 16)
    return g_strdup_printf ("at most %d bytes", AHOY_BODY_MAX - 16);
  g_free (config->motd);
  config->motd = *value != '\0' ? ahoy_text_clean (value) : NULL;
  return NULL;
}

static char *
apply_classic_charset (AhoydConfig *config,
                       const char  *value)
{
  g_autoptr (GError) error = NULL;
  AhoyCharset *charset = ahoy_charset_new (value, &error);

  if (charset == NULL)
    return g_strdup_printf ("'%s' cannot be used: %s", value, error->message);
  g_clear_pointer (&config->classic_charset, ahoy_charset_unref);
  config->classic_charset = charset;
  return NULL;
}

static char *
apply_max_clients (AhoydConfig *config,
                   const char  *value)
{
  return parse_count (value, 1, 1000000, &config->max_clients);
}

static char *
apply_max_pending (AhoydConfig *config,
                   const char  *value)
{
  return parse_count (value, 0, 1000000, &config->max_pending);
}

static char *
apply_failed_logins (AhoydConfig *config,
                     const char  *value)
{
  return parse_count (value, 0, 1000000, &config->failed_logins);
}

static char *
apply_names_per_key (AhoydConfig *config,
                     const char  *value)
{
  return parse_count (value, 0, 1000000, &config->names_per_key);
}

static char *
apply_store (AhoydConfig *config,
             const char  *value)
{
  return parse_choice (value, "sqlite", "memory", &config->store_on_disk);
}

static char *
apply_durability (AhoydConfig *config,
                  const char  *value)
{
  gboolean power = FALSE;
  char *wrong = parse_choice (value, "power", "process", &power);

  config->durability = power ? AHOYD_DURABILITY_POWER : AHOYD_DURABILITY_PROCESS;
  return wrong;
}

static char *
apply_keep_days (AhoydConfig *config,
                 const char  *value)
{
  return parse_count (value, 0, 36500, &config->keep_days);
}

static char *
apply_keep_mb (AhoydConfig *config,
               const char  *value)
{
  return parse_count (value, 0, 1000000, &config->keep_mb);
}

static char *
apply_ready_fd (AhoydConfig *config,
                const char  *value)
{
  guint64 number = 0;
  char *wrong = parse_number (value, 0, G_MAXINT, &number);

  if (wrong != NULL)
    return wrong;
  if (fcntl ((int) number, F_GETFD) < 0)
    return g_strdup_printf ("%s is not an open file descriptor", value);
  config->ready_fd = (int) number;
  return NULL;
}

static const Option options[] = {
  { "port", ONCE, apply_port, "PORT", "TCP port for chat, 0: any that is free (24690)" },
  { "discovery-port", ONCE, apply_discovery_port, "PORT", "UDP port on which clients look for servers (24690)" },
  { "bind", LIST, apply_bind, "ADDRESS", "Serve on this address only; may be given several times" },
  { "no-discovery", FLAG, apply_no_discovery, NULL, "Let nobody find this server by broadcast" },
  { "name", ONCE, apply_name, "NAME", "Name shown in lists of servers (this computer's name)" },
  { "data-dir", ONCE, apply_data_dir, "DIR", "Folder for the server's key and its data" },
  { "motd", ONCE, apply_motd, "TEXT", "What everybody is told after logging in" },
  { "classic-charset", ONCE, apply_classic_charset, "CHARSET", "What old clients that do not send UTF-8 send (GB18030)" },
  { "require-tls", FLAG, apply_require_tls, NULL, "Turn away whoever does not use TLS, old clients among them" },
  { "tls-key", ONCE, apply_tls_key, "FILE", "Private key (PEM) to use in place of the one in the data folder" },
  { "tls-certificate", ONCE, apply_tls_certificate, "FILE", "Its certificate (PEM)" },
  { "max-clients", ONCE, apply_max_clients, "N", "Connections at one time (4096)" },
  { "max-pending-per-address", ONCE, apply_max_pending, "N", "Connections of one address that have not logged in, 0: any number (64)" },
  { "failed-logins-per-minute", ONCE, apply_failed_logins, "N", "Refused log-ins of one address before it must wait, 0: any number (30)" },
  { "names-per-key", ONCE, apply_names_per_key, "N", "Names that one key may own, 0: any number (16)" },
  { "store", ONCE, apply_store, "KIND", "sqlite: messages are kept on disk; memory: until the server stops (sqlite)" },
  { "durability", ONCE, apply_durability, "KIND", "process: kept whatever happens to the server; power: and to the machine, slower (process)" },
  { "keep-days", ONCE, apply_keep_days, "DAYS", "Days that messages are kept, 0: for ever (365)" },
  { "keep-mb", ONCE, apply_keep_mb, "MB", "Megabytes of messages that are kept, 0: any number (1000)" },
  { "ready-fd", ONCE, apply_ready_fd, "FD", "Write 'tcp=PORT udp=PORT' to this descriptor when serving, then close it" },
};

static const Option *
find_option (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (g_str_equal (options[i].name, name))
      return &options[i];
  return NULL;
}

/* The command line is collected first and applied after the file, because it beats it. */
typedef struct {
  const Option *option;
  char         *value;
} Given;

static void
given_clear (gpointer data)
{
  g_free (((Given *) data)->value);
}

static gboolean
on_option (const char  *dashed,
           const char  *value,
           gpointer     data,
           GError     **error)
{
  GArray *given = data;
  Given one = { find_option (dashed + strlen ("--")), g_strdup (value != NULL ? value : "true") };

  g_array_append_val (given, one);
  return TRUE;
}

/* What is left of the command line when the options are gone, with the program's name first. */
static gboolean
take_words (AhoydConfig        *config,
            const char *const  *left,
            GError            **error)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  if (left[0] == NULL || left[1] == NULL)
    return TRUE;
  if (!g_str_equal (left[1], AHOYD_CONFIG_COMMAND_NAMES))
    {
      g_set_error (error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE, "'%s' is neither an option nor a command", left[1]);
      return FALSE;
    }
  for (guint i = 1; left[i] != NULL; i++)
    if (!g_str_equal (left[i], "--")) /* what follows may begin with a dash */
      g_strv_builder_add (words, left[i]);
  g_strfreev (config->words);
  config->words = g_strv_builder_end (words);
  return TRUE;
}

static gboolean
parse_line (const char *const  *args,
            GArray             *given,
            char              **file,
            AhoydConfig        *config,
            GError            **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GOptionGroup *group = g_option_group_new ("main", "", "", given, NULL);
  GOptionEntry entries[G_N_ELEMENTS (options) + 4] = { 0 };
  g_auto (GStrv) argv = g_strdupv ((char **) args);
  g_autoptr (GError) inner = NULL;
  guint n = 0;

  for (; n < G_N_ELEMENTS (options); n++)
    {
      entries[n] = (GOptionEntry) {
        .long_name = options[n].name,
        /* FILENAME: the bytes as they are, whatever the locale. OPTIONAL_ARG: GLib drops what follows `=` after a flag without one. */
        .flags = G_OPTION_FLAG_FILENAME | (options[n].shape == FLAG ? G_OPTION_FLAG_OPTIONAL_ARG : 0),
        .arg = G_OPTION_ARG_CALLBACK,
        .arg_data = on_option,
        .description = options[n].help,
        .arg_description = options[n].value_name,
      };
    }
  entries[n++] = (GOptionEntry) { "config", 0, 0, G_OPTION_ARG_FILENAME, file, "Read options from this key file, group [ahoyd]", "FILE" };
  entries[n++] = (GOptionEntry) { "show-id", 0, 0, G_OPTION_ARG_NONE, &config->show_id, "Say which id and four words people see, and where the key is", NULL };
  entries[n++] = (GOptionEntry) { "version", 0, 0, G_OPTION_ARG_NONE, &config->version, "Say which version this is", NULL };

  g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);
  g_option_context_set_summary (context, "A chat server for the local network.");
  g_option_context_set_description (context, "Commands:\n"
                                             "  names [list]         Say which names have an owner\n"
                                             "  names release NAME   Let anybody have that name again\n");
  if (!g_option_context_parse_strv (context, &argv, &inner))
    {
      g_set_error (error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE, "%s", inner->message);
      return FALSE;
    }
  return take_words (config, (const char *const *) argv, error);
}

static gboolean
apply_file_values (AhoydConfig    *config,
                   const Option   *option,
                   AhoydKeyFile   *file,
                   GError        **error)
{
  g_auto (GStrv) values = NULL;

  if (option->shape == LIST)
    values = ahoyd_key_file_dup_list (file, option->name, error);
  else if (option->shape == FLAG)
    values = ahoyd_key_file_dup_boolean (file, option->name, error);
  else
    values = ahoyd_key_file_dup_one (file, option->name, error);
  if (values == NULL)
    return FALSE;

  for (guint i = 0; values[i] != NULL; i++)
    {
      g_autofree char *wrong = option->apply (config, values[i]);

      if (wrong == NULL)
        continue;
      g_set_error (error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE, "%s:%u: %s: %s", ahoyd_key_file_get_path (file),
                   ahoyd_key_file_get_line (file, option->name), option->name, wrong);
      return FALSE;
    }
  return TRUE;
}

static gboolean
apply_file (AhoydConfig  *config,
            const char   *path,
            GError      **error)
{
  g_autoptr (AhoydKeyFile) file = NULL;
  const char *keys[G_N_ELEMENTS (options) + 1] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    keys[i] = options[i].name;
  file = ahoyd_key_file_load (path, AHOYD_CONFIG_GROUP, keys, error);
  if (file == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (ahoyd_key_file_get_line (file, options[i].name) > 0 && !apply_file_values (config, &options[i], file, error))
      return FALSE;
  return TRUE;
}

static gboolean
apply_given (AhoydConfig  *config,
             GArray       *given,
             GError      **error)
{
  gboolean bind_cleared = FALSE;

  for (guint i = 0; i < given->len; i++)
    {
      const Given *one = &g_array_index (given, Given, i);
      g_autofree char *wrong = NULL;

      /* A list on the command line replaces the file's. */
      if (one->option->shape == LIST && !bind_cleared)
        {
          g_ptr_array_set_size (config->bind, 0);
          bind_cleared = TRUE;
        }
      wrong = one->option->apply (config, one->value);
      if (wrong != NULL)
        {
          g_set_error (error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE, "--%s: %s", one->option->name, wrong);
          return FALSE;
        }
    }
  return TRUE;
}

AhoydConfig *
ahoyd_config_new (void)
{
  AhoydConfig *config = g_new0 (AhoydConfig, 1);

  config->port = AHOY_DEFAULT_PORT;
  config->discovery_port = AHOY_DEFAULT_PORT;
  config->discovery = TRUE;
  config->bind = g_ptr_array_new_with_free_func (g_object_unref);
  config->max_clients = AHOYD_MAX_CLIENTS_DEFAULT;
  config->max_pending = AHOYD_MAX_PENDING_DEFAULT;
  config->failed_logins = AHOYD_FAILED_LOGINS_DEFAULT;
  config->names_per_key = AHOYD_NAMES_PER_KEY_DEFAULT;
  config->store_on_disk = TRUE;
  config->keep_days = AHOYD_KEEP_DAYS_DEFAULT;
  config->keep_mb = AHOYD_KEEP_MB_DEFAULT;
  config->ready_fd = -1;
  config->login_timeout_ms = AHOY_LOGIN_TIMEOUT_MS;
  config->regrets_wait_ms = AHOYD_REGRETS_WAIT_MS;
  return config;
}

void
ahoyd_config_free (AhoydConfig *config)
{
  g_return_if_fail (config != NULL);

  g_ptr_array_unref (config->bind);
  g_clear_pointer (&config->classic_charset, ahoy_charset_unref);
  g_free (config->name);
  g_free (config->data_dir);
  g_free (config->motd);
  g_free (config->tls_key);
  g_free (config->tls_certificate);
  g_strfreev (config->words);
  g_free (config);
}

gboolean
ahoyd_config_parse (AhoydConfig        *config,
                    const char *const  *args,
                    GError            **error)
{
  g_autoptr (GArray) given = NULL;
  g_autofree char *file = NULL;

  g_return_val_if_fail (config != NULL, FALSE);
  g_return_val_if_fail (args != NULL, FALSE);

  given = g_array_new (FALSE, FALSE, sizeof (Given));
  g_array_set_clear_func (given, given_clear);
  if (!parse_line (args, given, &file, config, error))
    return FALSE;
  if (file != NULL && !apply_file (config, file, error))
    return FALSE;
  if (!apply_given (config, given, error))
    return FALSE;

  if ((config->tls_key != NULL) != (config->tls_certificate != NULL))
    {
      g_set_error (error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE, "%s needs %s beside it",
                   config->tls_key != NULL ? "tls-key" : "tls-certificate", config->tls_key != NULL ? "tls-certificate" : "tls-key");
      return FALSE;
    }
  if (config->name == NULL)
    config->name = ahoyd_host_name_dup ();
  if (config->classic_charset == NULL)
    config->classic_charset = ahoy_charset_new (DEFAULT_CHARSET, error);
  return config->classic_charset != NULL;
}
