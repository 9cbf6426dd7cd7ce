/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the operator asked for: the command line and the key file are read, what they say goes through the table in ahoyd-options.c. */

#include "ahoyd-config.h"

#include <string.h>

#include "ahoyd-host-name.h"
#include "ahoyd-key-file.h"
#include "ahoyd-options.h"
#include "net/ahoyd-rejector.h"
#include "wire/ahoy-limits.h"

/* clang-format off */
/* clang-format on */

/* The command line is collected first and applied after the file, because it beats it. */
typedef struct {
  const AhoydOption *option;
  char              *value;
} Given;

static void
given_clear (gpointer data)
{
  g_free (((Given *) data)->value);
}

static gboolean
on_option (const char *dashed,
           const char *value,
           gpointer    data,
           GError    **error)
{
  GArray *given = data;
  Given   one = { ahoyd_options_find (dashed + strlen ("--")), g_strdup (value != NULL ? value : "true") };

  g_array_append_val (given, one);
  return TRUE;
}

/* What is left of the command line when the options are gone, with the program's name first. */
static gboolean
take_words (AhoydConfig       *config,
            const char *const *left,
            GError           **error)
{
  static const char *const commands[] = { AHOYD_CONFIG_COMMAND_NAMES, AHOYD_CONFIG_COMMAND_BACKUP, AHOYD_CONFIG_COMMAND_RESTORE, NULL };
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  if (left[0] == NULL || left[1] == NULL)
    return TRUE;
  if (!g_strv_contains (commands, left[1]))
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

static void
add_settings (GOptionGroup *group)
{
  guint              n;
  const AhoydOption *options = ahoyd_options_get (&n);

  for (guint i = 0; i < n; i++)
    {
      const GOptionEntry entries[] = {
        {
          .long_name = options[i].name,
          /* FILENAME: the bytes as they are, whatever the locale. OPTIONAL_ARG: GLib drops what follows `=` after a flag without one. */
          .flags = G_OPTION_FLAG_FILENAME | (options[i].shape == AHOYD_OPTION_FLAG ? G_OPTION_FLAG_OPTIONAL_ARG : 0),
          .arg = G_OPTION_ARG_CALLBACK,
          .arg_data = on_option,
          .description = options[i].help,
          .arg_description = options[i].value_name,
        },
        { NULL },
      };

      g_option_group_add_entries (group, entries);
    }
}

static gboolean
parse_line (const char *const *args,
            GArray            *given,
            AhoydConfig       *config,
            GError           **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GOptionGroup              *group = g_option_group_new ("main", "", "", given, NULL);
  g_auto (GStrv)             argv = g_strdupv ((char **) args);
  g_autoptr (GError)         inner = NULL;
  const GOptionEntry         more[] = {
            { "config", 0, 0, G_OPTION_ARG_FILENAME, &config->file, "Read options from this key file, group [ahoyd]", "FILE" },
            { "show-id", 0, 0, G_OPTION_ARG_NONE, &config->show_id, "Say which id and four words people see, and where the key is", NULL },
            { "check-config", 0, 0, G_OPTION_ARG_NONE, &config->check, "Say whether the options and the file are right", NULL },
            { "new-log", 0, 0, G_OPTION_ARG_NONE, &config->new_log, "Set aside a log that is lost or damaged, and begin a new one", NULL },
            { "version", 0, 0, G_OPTION_ARG_NONE, &config->version, "Say which version this is", NULL },
            { "debug", 0, 0, G_OPTION_ARG_NONE, &config->debug, "Tell in the log what happens, in detail", NULL },
            { NULL },
  };

  add_settings (group);
  g_option_group_add_entries (group, more);
  g_option_context_set_main_group (context, group);
  g_option_context_set_summary (context, "A chat server for the local network.");
  g_option_context_set_description (context, "Commands:\n"
                                             "  names [list]         Say which names have an owner\n"
                                             "  names release NAME   Let anybody have that name again\n"
                                             "  backup FILE          Copy the log, also while the server runs\n"
                                             "  restore FILE         Put such a copy in the place of the log\n");
  if (!g_option_context_parse_strv (context, &argv, &inner))
    {
      g_set_error (error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE, "%s", inner->message);
      return FALSE;
    }
  return take_words (config, (const char *const *) argv, error);
}

static gboolean
apply_file_values (AhoydConfig       *config,
                   const AhoydOption *option,
                   AhoydKeyFile      *file,
                   GError           **error)
{
  g_auto (GStrv) values = NULL;

  if (option->shape == AHOYD_OPTION_LIST)
    values = ahoyd_key_file_dup_list (file, option->name, error);
  else if (option->shape == AHOYD_OPTION_FLAG)
    values = ahoyd_key_file_dup_boolean (file, option->name, error);
  else
    values = ahoyd_key_file_dup_one (file, option->name, error);
  if (values == NULL)
    return FALSE;

  g_hash_table_insert (config->places, (gpointer) option,
                       g_strdup_printf ("%s:%u: %s", ahoyd_key_file_get_path (file), ahoyd_key_file_get_line (file, option->name), option->name));
  for (guint i = 0; values[i] != NULL; i++)
    {
      g_autofree char *wrong = ahoyd_option_apply (option, config, values[i]);

      if (wrong == NULL)
        continue;
      g_set_error (error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE, "%s:%u: %s: %s", ahoyd_key_file_get_path (file),
                   ahoyd_key_file_get_line (file, option->name), option->name, wrong);
      return FALSE;
    }
  return TRUE;
}

static gboolean
apply_file (AhoydConfig *config,
            const char  *path,
            GError     **error)
{
  guint                    n;
  const AhoydOption       *options = ahoyd_options_get (&n);
  g_autofree const char  **keys = g_new0 (const char *, n + 1);
  g_autoptr (AhoydKeyFile) file = NULL;

  for (guint i = 0; i < n; i++)
    keys[i] = options[i].name;
  file = ahoyd_key_file_load (path, AHOYD_CONFIG_GROUP, keys, error);
  if (file == NULL)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (ahoyd_key_file_get_line (file, options[i].name) > 0 && !apply_file_values (config, &options[i], file, error))
      return FALSE;
  return TRUE;
}

static gboolean
apply_given (AhoydConfig *config,
             GArray      *given,
             GError     **error)
{
  g_autoptr (GHashTable) cleared = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < given->len; i++)
    {
      const Given     *one = &g_array_index (given, Given, i);
      g_autofree char *wrong = NULL;

      /* A list on the command line replaces the file's. */
      if (one->option->shape == AHOYD_OPTION_LIST && g_hash_table_add (cleared, (gpointer) one->option))
        g_ptr_array_set_size (G_STRUCT_MEMBER (GPtrArray *, config, one->option->offset), 0);
      g_hash_table_insert (config->places, (gpointer) one->option, g_strconcat ("--", one->option->name, NULL));
      wrong = ahoyd_option_apply (one->option, config, one->value);
      if (wrong != NULL)
        {
          g_set_error (error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE, "--%s: %s", one->option->name, wrong);
          return FALSE;
        }
    }
  return TRUE;
}

char *
ahoyd_config_dup_place (const AhoydConfig *config,
                        const char        *option)
{
  const char *place = g_hash_table_lookup (config->places, ahoyd_options_find (option));

  return g_strdup (place != NULL ? place : option);
}

static void
claim_free (gpointer data)
{
  AhoydConfigClaim *claim = data;

  g_free (claim->name);
  g_free (claim->key);
  g_free (claim);
}

AhoydConfig *
ahoyd_config_new (void)
{
  AhoydConfig *config = g_new0 (AhoydConfig, 1);

  ahoyd_options_set_initial (config);
  config->port = AHOY_DEFAULT_PORT;
  config->discovery_port = AHOY_DEFAULT_PORT;
  config->bind = g_ptr_array_new_with_free_func (g_object_unref);
  config->claims = g_ptr_array_new_with_free_func (claim_free);
  config->ready_fd = -1;
  config->places = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  config->login_timeout_ms = AHOY_LOGIN_TIMEOUT_MS;
  config->regrets_wait_ms = AHOYD_REJECTOR_WAIT_MS;
  return config;
}

void
ahoyd_config_free (AhoydConfig *config)
{
  g_return_if_fail (config != NULL);

  g_ptr_array_unref (config->bind);
  g_ptr_array_unref (config->claims);
  g_clear_pointer (&config->classic_charset, ahoy_charset_free);
  g_free (config->file);
  g_hash_table_unref (config->places);
  g_free (config->name);
  g_free (config->data_dir);
  g_free (config->motd);
  g_free (config->tls_key);
  g_free (config->tls_certificate);
  g_strfreev (config->words);
  g_free (config);
}

gboolean
ahoyd_config_parse (AhoydConfig       *config,
                    const char *const *args,
                    GError           **error)
{
  g_autoptr (GArray) given = NULL;

  g_return_val_if_fail (config != NULL, FALSE);
  g_return_val_if_fail (args != NULL, FALSE);

  given = g_array_new (FALSE, FALSE, sizeof (Given));
  g_array_set_clear_func (given, given_clear);
  if (!parse_line (args, given, config, error))
    return FALSE;
  if (config->file != NULL && !apply_file (config, config->file, error))
    return FALSE;
  if (!apply_given (config, given, error))
    return FALSE;

  if ((config->tls_key != NULL) != (config->tls_certificate != NULL))
    {
      g_autofree char *place = ahoyd_config_dup_place (config, config->tls_key != NULL ? "tls-key" : "tls-certificate");

      g_set_error (error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE, "%s needs %s beside it", place,
                   config->tls_key != NULL ? "tls-certificate" : "tls-key");
      return FALSE;
    }
  if (config->name == NULL)
    config->name = ahoyd_host_name_dup ();
  if (config->classic_charset == NULL)
    config->classic_charset = ahoy_charset_new (AHOYD_CLASSIC_CHARSET_DEFAULT, error);
  return config->classic_charset != NULL;
}

gboolean
ahoyd_config_reload (AhoydConfig        *config,
                     const char *const  *args,
                     AhoydConfigChanges *changes,
                     GError            **error)
{
  g_autoptr (AhoydConfig) fresh = ahoyd_config_new ();
  guint                   n;
  const AhoydOption      *options = ahoyd_options_get (&n);

  g_return_val_if_fail (config != NULL && args != NULL && changes != NULL, FALSE);

  fresh->serving = TRUE;
  if (!ahoyd_config_parse (fresh, args, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      if (ahoyd_option_is_equal (&options[i], config, fresh))
        continue;
      g_ptr_array_add (options[i].effect == AHOYD_OPTION_LIVE ? changes->now : changes->later, (gpointer) options[i].name);
      if (options[i].effect == AHOYD_OPTION_LIVE)
        ahoyd_option_swap (&options[i], config, fresh);
    }
  return TRUE;
}
