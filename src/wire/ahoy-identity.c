/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who we are to others: a key of our own, its certificate, and the id that follows from it.
 *
 * Two files: the key and its certificate in one, and beside it the fingerprint alone. The second says that there was a key, so that a
 * first one that is lost, emptied or mixed up is noticed instead of being made anew. The key is written first and read first: a crash
 * between the two leaves a key that gets its fingerprint at the next start. While one identity replaces another, the fingerprints of both
 * stand there. */

#include "wire/ahoy-identity.h"

#include <glib/gstdio.h>
#include <string.h>

#include "wire/ahoy-fingerprint.h"
#include "wire/ahoy-key-pair.h"
#include "wire/ahoy-secret-file.h"

/* A file that is larger was not written by us. */
#define FILE_MAX (64 * 1024)
#define KEY_SUFFIX ".pem"
#define MARK_SUFFIX ".id"
#define UNUSABLE "The identity in “%s” cannot be used: "

struct _AhoyIdentity {
  GObject parent_instance;

  /* Owned */
  char *pem; /* key and certificate, in clear */
  char *fingerprint;
  char *id; /* how the fingerprint begins */
};

G_DEFINE_FINAL_TYPE (AhoyIdentity, ahoy_identity, G_TYPE_OBJECT)

static void
ahoy_identity_finalize (GObject *object)
{
  AhoyIdentity *self = AHOY_IDENTITY (object);

  ahoy_secret_free (self->pem, -1);
  g_clear_pointer (&self->fingerprint, g_free);
  g_clear_pointer (&self->id, g_free);

  G_OBJECT_CLASS (ahoy_identity_parent_class)->finalize (object);
}

static void
ahoy_identity_class_init (AhoyIdentityClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ahoy_identity_finalize;
}

static void
ahoy_identity_init (AhoyIdentity *self)
{
}

/* @pem: (transfer full). Returns: (transfer full). */
static AhoyIdentity *
identity_new (const AhoyKeyPair *pair,
              char              *pem)
{
  AhoyIdentity *self = g_object_new (AHOY_TYPE_IDENTITY, NULL);

  self->pem = pem;
  self->fingerprint = g_strdup (pair->fingerprint);
  self->id = g_strndup (pair->fingerprint, AHOY_ID_CHARS);
  return self;
}

/* --- The mark beside the key --- */

static char *
mark_path (const char *path)
{
  gsize len = strlen (path) - (g_str_has_suffix (path, KEY_SUFFIX) ? strlen (KEY_SUFFIX) : 0);

  return g_strdup_printf ("%.*s" MARK_SUFFIX, (int) len, path);
}

/* Returns: (transfer full): fingerprints, none when there is no such file; NULL with a G_FILE_ERROR. @there (out). */
static GStrv
read_mark (const char *path,
           gboolean   *there,
           GError    **error)
{
  g_autofree char   *mark = mark_path (path);
  g_autofree char   *text = NULL;
  g_autoptr (GError) local = NULL;

  *there = g_file_get_contents (mark, &text, NULL, &local);
  if (*there)
    return g_strsplit_set (text, "\r\n", -1);
  if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return g_new0 (char *, 1);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* @other: nullable: another one that may be there. */
static gboolean
write_mark (const char *path,
            const char *fingerprint,
            const char *other,
            GError    **error)
{
  g_autofree char *mark = mark_path (path);
  g_autofree char *text = other != NULL ? g_strconcat (fingerprint, "\n", other, "\n", NULL) : g_strconcat (fingerprint, "\n", NULL);

  return ahoy_secret_file_write (mark, text, -1, error);
}

/* The key can be used without it: what is missing then is a warning on another day. */
static void
keep_mark (AhoyIdentity      *self,
           const char        *path,
           const char *const *marks)
{
  g_autoptr (GError) local = NULL;

  if (g_strcmp0 (marks[0], self->fingerprint) == 0 && (marks[1] == NULL || marks[1][0] == '\0'))
    return;
  if (!write_mark (path, self->fingerprint, NULL, &local))
    g_warning ("Whose key is in “%s” cannot be remembered: %s", path, local->message);
}

static gboolean
says_anything (const char *const *marks)
{
  for (gsize i = 0; marks[i] != NULL; i++)
    if (ahoy_fingerprint_is_valid (marks[i]))
      return TRUE;
  return FALSE;
}

/* --- Whose business the key is --- */

/* A box that nobody looks after goes on working, but whoever looks at its log is told. */
static void
keep_private (const char *path)
{
  g_autoptr (GError) local = NULL;
  guint              mode = 0;

  if (!ahoy_secret_file_is_open (path, &mode))
    return;
  if (ahoy_secret_file_tighten (path, &local))
    g_warning ("The key in “%s” was open to others (mode %04o) and is not any more; whoever has copied it can still use it", path, mode);
  else
    g_warning ("The key in “%s” is open to others (mode %04o): %s", path, mode, local->message);
}

/* It is not ours to change. */
static void
warn_if_open (const char *path)
{
  guint mode = 0;

  if (ahoy_secret_file_is_open (path, &mode))
    g_warning ("The key in “%s” is open to others (mode %04o): nobody but this server should be able to read it", path, mode);
}

/* --- Reading and making --- */

static AhoyIdentity *
read_identity (const char *path,
               GError    **error)
{
  g_autoptr (AhoyKeyPair) pair = NULL;
  gsize                   len;
  char                   *pem = ahoy_secret_file_read (path, FILE_MAX, &len, error);

  if (pem == NULL)
    return NULL;
  pair = ahoy_key_pair_read (pem, len, pem, len, error);
  if (pair == NULL)
    {
      ahoy_secret_free (pem, (gssize) len);
      g_prefix_error (error, UNUSABLE, path);
      return NULL;
    }
  return identity_new (pair, pem);
}

static AhoyIdentity *
create (const char *path,
        const char *common_name,
        GError    **error)
{
  g_autoptr (AhoyKeyPair)  pair = ahoy_key_pair_generate (common_name, error);
  g_autoptr (AhoyIdentity) self = NULL;
  char                    *pem;

  pem = pair != NULL ? ahoy_key_pair_to_pem (pair, NULL, error) : NULL;
  if (pem == NULL)
    {
      g_prefix_error (error, "An identity for “%s” cannot be made: ", path);
      return NULL;
    }
  self = identity_new (pair, pem);
  if (!ahoy_secret_file_write (path, pem, -1, error))
    return NULL;
  return g_steal_pointer (&self);
}

AhoyIdentity *
ahoy_identity_load_or_create (const char *path,
                              const char *common_name,
                              GError    **error)
{
  g_autoptr (AhoyIdentity) self = NULL;
  g_autoptr (GError)       local = NULL;
  g_auto (GStrv)           marks = NULL;
  gboolean                 marked;

  g_return_val_if_fail (path != NULL && common_name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  marks = read_mark (path, &marked, error);
  if (marks == NULL)
    return NULL;

  self = read_identity (path, &local);
  if (self == NULL && !g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (self == NULL && marked)
    {
      g_autofree char *mark = mark_path (path);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "The identity in “%s” is gone: put the file back, or remove “%s” to go on as somebody new", path, mark);
      return NULL;
    }
  if (self == NULL)
    self = create (path, common_name, error);
  if (self == NULL)
    return NULL;

  if (says_anything ((const char *const *) marks) && !g_strv_contains ((const char *const *) marks, self->fingerprint))
    {
      g_autofree char *mark = mark_path (path);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG,
                   "“%s” holds another identity than it did: put the file back, or remove “%s” to go on as the one that is there",
                   path, mark);
      return NULL;
    }
  keep_private (path);
  keep_mark (self, path, (const char *const *) marks);
  return g_steal_pointer (&self);
}

AhoyIdentity *
ahoy_identity_load_pair (const char *key_path,
                         const char *certificate_path,
                         GError    **error)
{
  g_autoptr (AhoyKeyPair) pair = NULL;
  AhoyIdentity           *self = NULL;
  char                   *certificate = NULL;
  gsize                   certificate_len;
  gsize                   key_len;
  char                   *key;

  g_return_val_if_fail (key_path != NULL && certificate_path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  key = ahoy_secret_file_read (key_path, FILE_MAX, &key_len, error);
  if (key != NULL)
    certificate = ahoy_secret_file_read (certificate_path, FILE_MAX, &certificate_len, error);
  if (certificate != NULL)
    {
      pair = ahoy_key_pair_read (key, key_len, certificate, certificate_len, error);
      if (pair == NULL)
        g_prefix_error (error, "The key in “%s” with the certificate in “%s” cannot be used: ", key_path, certificate_path);
    }
  if (pair != NULL)
    {
      char *pem = ahoy_key_pair_to_pem (pair, NULL, error);

      self = pem != NULL ? identity_new (pair, pem) : NULL;
      warn_if_open (key_path);
    }
  ahoy_secret_free (key, -1);
  ahoy_secret_free (certificate, -1);
  return self;
}

/* --- Copies --- */

gboolean
ahoy_identity_export (AhoyIdentity *self,
                      const char   *path,
                      const char   *passphrase,
                      GError      **error)
{
  g_autoptr (AhoyKeyPair) pair = NULL;
  g_autofree char        *pem = NULL;

  g_return_val_if_fail (AHOY_IS_IDENTITY (self), FALSE);
  g_return_val_if_fail (path != NULL && passphrase != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (passphrase[0] == '\0')
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "A copy of an identity needs a passphrase");
      return FALSE;
    }
  pair = ahoy_key_pair_read (self->pem, strlen (self->pem), self->pem, strlen (self->pem), error);
  if (pair != NULL)
    pem = ahoy_key_pair_to_pem (pair, passphrase, error);
  return pem != NULL && ahoy_secret_file_write (path, pem, -1, error);
}

/* Copies what is at @path, whatever it is, to a name that nothing has. */
static gboolean
keep_old (const char *path,
          GError    **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char      *when = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char      *aside = g_strdup_printf ("%s.old-%s", path, when);
  g_autoptr (GError)    local = NULL;
  gboolean              kept;
  gsize                 len;
  char                 *old = ahoy_secret_file_read (path, FILE_MAX, &len, &local);

  if (old == NULL && g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return TRUE;
  if (old == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  for (guint i = 2; g_file_test (aside, G_FILE_TEST_EXISTS); i++)
    {
      g_free (aside);
      aside = g_strdup_printf ("%s.old-%s-%u", path, when, i);
    }
  kept = ahoy_secret_file_write (aside, old, (gssize) len, error);
  ahoy_secret_free (old, (gssize) len);
  return kept;
}

/* Who is, or should be, at @path. Returns: (transfer full) (nullable): a fingerprint. */
static char *
fingerprint_at (const char *path)
{
  g_autoptr (AhoyIdentity) self = read_identity (path, NULL);
  g_auto (GStrv)           marks = NULL;
  gboolean                 marked;

  if (self != NULL)
    return g_strdup (self->fingerprint);
  marks = read_mark (path, &marked, NULL);
  return marks != NULL && ahoy_fingerprint_is_valid (marks[0]) ? g_strdup (marks[0]) : NULL;
}

/* In an order in which a crash, or a disk that is full, leaves either the old identity or the new one. */
static gboolean
replace (AhoyIdentity *self,
         const char   *path,
         GError      **error)
{
  g_autofree char   *before = fingerprint_at (path);
  g_autoptr (GError) local = NULL;

  if (!keep_old (path, error) || (before != NULL && !write_mark (path, before, self->fingerprint, error)))
    return FALSE;
  if (!ahoy_secret_file_write (path, self->pem, -1, error))
    {
      /* With both it would do, too; but the new one has no business here. */
      if (before != NULL)
        write_mark (path, before, NULL, NULL);
      return FALSE;
    }
  if (!write_mark (path, self->fingerprint, NULL, &local))
    g_warning ("Whose key is in “%s” cannot be remembered: %s", path, local->message);
  return TRUE;
}

AhoyIdentity *
ahoy_identity_import (const char *file,
                      const char *passphrase,
                      const char *save_as,
                      GError    **error)
{
  g_autoptr (AhoyIdentity) self = NULL;
  g_autoptr (AhoyKeyPair)  pair = NULL;
  gsize                    len;
  char                    *data;
  char                    *pem;

  g_return_val_if_fail (file != NULL && save_as != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  data = ahoy_secret_file_read (file, FILE_MAX, &len, error);
  if (data == NULL)
    return NULL;
  pair = ahoy_key_pair_unlock (data, len, passphrase, error);
  ahoy_secret_free (data, (gssize) len);
  if (pair == NULL)
    {
      g_prefix_error (error, UNUSABLE, file);
      return NULL;
    }
  pem = ahoy_key_pair_to_pem (pair, NULL, error);
  if (pem == NULL)
    return NULL;
  self = identity_new (pair, pem);
  return replace (self, save_as, error) ? g_steal_pointer (&self) : NULL;
}

/* --- What it is --- */

const char *
ahoy_identity_get_fingerprint (AhoyIdentity *self)
{
  g_return_val_if_fail (AHOY_IS_IDENTITY (self), NULL);

  return self->fingerprint;
}

const char *
ahoy_identity_get_id (AhoyIdentity *self)
{
  g_return_val_if_fail (AHOY_IS_IDENTITY (self), NULL);

  return self->id;
}

const char *
ahoy_identity_get_pem (AhoyIdentity *self)
{
  g_return_val_if_fail (AHOY_IS_IDENTITY (self), NULL);

  return self->pem;
}
