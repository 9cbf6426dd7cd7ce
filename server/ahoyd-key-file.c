/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A key file whose mistakes come with their line. */

#include "ahoyd-key-file.h"

#include <string.h>

#include "ahoyd-config-error.h"

struct _AhoydKeyFile {
  /* Owned */
  char       *path;
  char       *group;
  GKeyFile   *values;
  GHashTable *lines; /* key -> GUINT_TO_POINTER (line) */
};

static gboolean
fail (AhoydKeyFile *self,
      guint         line,
      GError      **error,
      const char   *format,
      ...) G_GNUC_PRINTF (4, 5);

static gboolean
fail (AhoydKeyFile *self,
      guint         line,
      GError      **error,
      const char   *format,
      ...)
{
  g_autofree char *what = NULL;
  va_list          args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE, "%s:%u: %s", self->path, line, what);
  return FALSE;
}

static gboolean
read_key (AhoydKeyFile      *self,
          char              *line,
          guint              number,
          const char *const *keys,
          GError           **error)
{
  char            *equals = strchr (line, '=');
  g_autofree char *key = NULL;

  if (equals == NULL)
    return fail (self, number, error, "'%s' is not 'key=value'", line);
  key = g_strchomp (g_strndup (line, equals - line));
  if (!g_strv_contains (keys, key))
    return fail (self, number, error, "unknown key '%s'", key);
  if (g_hash_table_contains (self->lines, key))
    return fail (self, number, error, "'%s' is already given on line %u", key, ahoyd_key_file_get_line (self, key));
  g_hash_table_insert (self->lines, g_steal_pointer (&key), GUINT_TO_POINTER (number));
  return TRUE;
}

/* The same grammar as GKeyFile's, which tells of mistakes but not of lines. */
static gboolean
read_lines (AhoydKeyFile      *self,
            const char        *contents,
            const char *const *keys,
            GError           **error)
{
  g_auto (GStrv) lines = g_strsplit (contents, "\n", -1);
  gboolean       in_group = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *line = g_strstrip (lines[i]);
      gsize len = strlen (line);

      if (len == 0 || line[0] == '#')
        continue;
      if (line[0] == '[')
        {
          if (line[len - 1] != ']')
            return fail (self, i + 1, error, "'%s' is not a group", line);
          line[len - 1] = '\0';
          if (!g_str_equal (line + 1, self->group))
            return fail (self, i + 1, error, "unknown group '%s'; the only one is [%s]", line + 1, self->group);
          in_group = TRUE;
        }
      else if (!in_group)
        {
          return fail (self, i + 1, error, "'%s' stands before the group [%s]", line, self->group);
        }
      else if (!read_key (self, line, i + 1, keys, error))
        {
          return FALSE;
        }
    }
  return TRUE;
}

AhoydKeyFile *
ahoyd_key_file_load (const char        *path,
                     const char        *group,
                     const char *const *keys,
                     GError           **error)
{
  g_autoptr (AhoydKeyFile) self = NULL;
  g_autoptr (GError)       inner = NULL;
  g_autofree char         *contents = NULL;
  gsize                    len;

  g_return_val_if_fail (path != NULL && group != NULL && keys != NULL, NULL);

  if (!g_file_get_contents (path, &contents, &len, error))
    return NULL;

  self = g_new0 (AhoydKeyFile, 1);
  self->path = g_strdup (path);
  self->group = g_strdup (group);
  self->values = g_key_file_new ();
  self->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!g_utf8_validate_len (contents, len, NULL))
    {
      fail (self, 1, error, "the file is not UTF-8 text");
      return NULL;
    }
  if (!read_lines (self, contents, keys, error))
    return NULL;
  if (!g_key_file_load_from_data (self->values, contents, len, G_KEY_FILE_NONE, &inner))
    {
      fail (self, 1, error, "%s", inner->message);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
ahoyd_key_file_free (AhoydKeyFile *file)
{
  g_return_if_fail (file != NULL);

  g_free (file->path);
  g_free (file->group);
  g_key_file_unref (file->values);
  g_hash_table_unref (file->lines);
  g_free (file);
}

const char *
ahoyd_key_file_get_path (AhoydKeyFile *file)
{
  return file->path;
}

guint
ahoyd_key_file_get_line (AhoydKeyFile *file,
                         const char   *key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (file->lines, key));
}

/* GKeyFile may both complain and return something. */
static gboolean
check (AhoydKeyFile *self,
       const char   *key,
       const GError *inner,
       GError      **error)
{
  return inner == NULL || fail (self, ahoyd_key_file_get_line (self, key), error, "%s: %s", key, inner->message);
}

GStrv
ahoyd_key_file_dup_one (AhoydKeyFile *file,
                        const char   *key,
                        GError      **error)
{
  g_autoptr (GError) inner = NULL;
  g_autofree char   *value = g_key_file_get_string (file->values, file->group, key, &inner);

  if (!check (file, key, inner, error))
    return NULL;
  return g_strdupv ((char *[]){ value, NULL });
}

GStrv
ahoyd_key_file_dup_list (AhoydKeyFile *file,
                         const char   *key,
                         GError      **error)
{
  g_autoptr (GError) inner = NULL;
  g_auto (GStrv)     values = g_key_file_get_string_list (file->values, file->group, key, NULL, &inner);

  if (!check (file, key, inner, error))
    return NULL;
  return g_steal_pointer (&values);
}

GStrv
ahoyd_key_file_dup_boolean (AhoydKeyFile *file,
                            const char   *key,
                            GError      **error)
{
  g_autoptr (GError) inner = NULL;
  gboolean           value = g_key_file_get_boolean (file->values, file->group, key, &inner);

  if (inner != NULL)
    {
      g_autofree char *raw = g_key_file_get_value (file->values, file->group, key, NULL);

      fail (file, ahoyd_key_file_get_line (file, key), error, "%s: '%s' is neither true nor false", key, raw);
      return NULL;
    }
  return g_strdupv ((char *[]){ (char *) (value ? "true" : "false"), NULL });
}
