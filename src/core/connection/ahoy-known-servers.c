/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The servers that were met, in a key file: a group each, named after the id, in the order they were met. What is in it that we do not
 * know stays.
 *
 * The file is what is asked, too: there are as many groups as a person knows servers, and one is asked for when a connection is made. */

#include "core/connection/ahoy-known-servers.h"

#include <net/if.h>
#include <string.h>

#include "wire/ahoy-name.h"
#include "wire/ahoy-secret-file.h"

#define KEY_NAME "name"
#define KEY_ADDRESSES "addresses"
#define KEY_SECURE "secure"
#define KEY_SINCE "since"
#define KEY_LAST_USED "last-used"
/* With DHCP and a laptop, an address is soon another one; the newest come first. */
#define ADDRESSES_MAX 16
/* When a server was used is known by the hour: on a bad network one comes back every few seconds, and each writing waits for the disk. */
#define USED_STEP (60 * 60)
/* What a group's name can hold besides letters and digits. */
#define GROUP_ALLOWED "!$&'()*+,;:=@"

struct _AhoyKnownServers {
  GObject parent_instance;

  /* Owned */
  char     *path; /* NULL: in memory only */
  GKeyFile *file;
  char     *saved; /* what is on the disk, as we wrote it; NULL: not written yet */
};

G_DEFINE_FINAL_TYPE (AhoyKnownServers, ahoy_known_servers, G_TYPE_OBJECT)

static void
ahoy_known_servers_finalize (GObject *object)
{
  AhoyKnownServers *self = AHOY_KNOWN_SERVERS (object);

  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->file, g_key_file_unref);
  g_clear_pointer (&self->saved, g_free);

  G_OBJECT_CLASS (ahoy_known_servers_parent_class)->finalize (object);
}

static void
ahoy_known_servers_class_init (AhoyKnownServersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ahoy_known_servers_finalize;
}

static void
ahoy_known_servers_init (AhoyKnownServers *self)
{
  self->file = g_key_file_new ();
}

/* --- What a group says --- */

static char *
group_of_id (const char *id)
{
  return g_uri_escape_string (id, GROUP_ALLOWED, FALSE);
}

static gboolean
is_secure (AhoyKnownServers *self,
           const char       *group)
{
  return g_key_file_get_boolean (self->file, group, KEY_SECURE, NULL);
}

/* One link-local address on two networks is two. A scope's number is another one tomorrow, its name seldom is. Returns: (transfer full): "%eth0", or
 * nothing. */
static char *
scope_key (const char *scope)
{
  char    name[IF_NAMESIZE];
  guint64 number;

  if (*scope == '\0')
    return g_strdup ("");
  if (g_ascii_string_to_unsigned (scope + 1, 10, 1, G_MAXUINT32, &number, NULL) && if_indextoname (number, name) != NULL)
    return g_strdup_printf ("%%%s", name);
  return g_strdup (scope);
}

/* The address in one way of writing. Returns: (transfer full). */
static char *
address_key (const char *host,
             guint16     port)
{
  g_autofree char         *plain = g_strdup (host);
  g_autofree char         *written = NULL;
  g_autofree char         *scope = NULL;
  g_autoptr (GInetAddress) number = NULL;
  gsize                    len;

  if (strchr (plain, ':') != NULL)
    {
      char *percent = plain + strcspn (plain, "%");

      scope = scope_key (percent);
      *percent = '\0';
    }
  number = g_inet_address_new_from_string (plain);
  if (number != NULL)
    {
      gboolean six = g_inet_address_get_family (number) == G_SOCKET_FAMILY_IPV6;

      written = g_inet_address_to_string (number);
      return six ? g_strdup_printf ("[%s%s]:%u", written, scope, port) : g_strdup_printf ("%s:%u", written, port);
    }
  len = strlen (plain);
  if (len > 1 && plain[len - 1] == '.')
    plain[len - 1] = '\0';
  written = g_hostname_to_ascii (plain);
  if (written == NULL)
    written = g_ascii_strdown (plain, -1);
  return g_strdup_printf ("%s:%u", written, port);
}

static gboolean
has_address (AhoyKnownServers *self,
             const char       *group,
             const void       *address)
{
  g_auto (GStrv) addresses = g_key_file_get_string_list (self->file, group, KEY_ADDRESSES, NULL, NULL);

  return addresses != NULL && g_strv_contains ((const char *const *) addresses, address);
}

static gboolean
has_name (AhoyKnownServers *self,
          const char       *group,
          const char       *name)
{
  g_autofree char *own = g_key_file_get_string (self->file, group, KEY_NAME, NULL);

  return own != NULL && own[0] != '\0' && ahoy_name_equal (own, name);
}

static gint64
get_time (AhoyKnownServers *self,
          const char       *group,
          const char       *key)
{
  return g_key_file_get_int64 (self->file, group, key, NULL);
}

/* --- Which group --- */

typedef gboolean (*Matches) (AhoyKnownServers *self,
                             const char       *group,
                             const void       *what);

/* Returns: (transfer full) (nullable): a secure one before others, the one used last before older ones. */
static char *
find_group (AhoyKnownServers *self,
            Matches           matches,
            const void       *what)
{
  g_auto (GStrv) groups = g_key_file_get_groups (self->file, NULL);
  const char    *best = NULL;

  for (gsize i = 0; groups[i] != NULL; i++)
    {
      if (!matches (self, groups[i], what))
        continue;
      if (best == NULL || is_secure (self, groups[i]) > is_secure (self, best) || (is_secure (self, groups[i]) == is_secure (self, best) && get_time (self, groups[i], KEY_LAST_USED) > get_time (self, best, KEY_LAST_USED)))
        best = groups[i];
    }
  return g_strdup (best);
}

static char *
find_by_address (AhoyKnownServers *self,
                 const char       *host,
                 guint16           port)
{
  g_autofree char *address = address_key (host, port);

  return find_group (self, has_address, address);
}

typedef struct {
  const char *name;
  const char *group; /* but not this one; NULL: any */
} Namesake;

static gboolean
is_namesake (AhoyKnownServers *self,
             const char       *group,
             const void       *what)
{
  const Namesake *namesake = what;

  return g_strcmp0 (group, namesake->group) != 0 && has_name (self, group, namesake->name);
}

/* Returns: (transfer full) (nullable): @id's group when it is known. */
static char *
find_by_id (AhoyKnownServers *self,
            const char       *id)
{
  g_autofree char *group = id == NULL || id[0] == '\0' ? NULL : group_of_id (id);

  return group != NULL && g_key_file_has_group (self->file, group) ? g_steal_pointer (&group) : NULL;
}

/* --- Writing --- */

static gboolean
save (AhoyKnownServers *self,
      GError          **error)
{
  g_autofree char *text = NULL;
  gsize            len;

  if (self->path == NULL)
    return TRUE;
  text = g_key_file_to_data (self->file, &len, NULL);
  if (g_strcmp0 (text, self->saved) == 0)
    return TRUE;
  if (!ahoy_secret_file_write (self->path, text, (gssize) len, error))
    return FALSE;
  g_free (self->saved);
  self->saved = g_steal_pointer (&text);
  return TRUE;
}

static void
drop_address (AhoyKnownServers *self,
              const char       *group,
              const char       *address)
{
  g_auto (GStrv)        addresses = g_key_file_get_string_list (self->file, group, KEY_ADDRESSES, NULL, NULL);
  g_autoptr (GPtrArray) left = g_ptr_array_new ();

  for (gsize i = 0; addresses != NULL && addresses[i] != NULL; i++)
    if (!g_str_equal (addresses[i], address))
      g_ptr_array_add (left, addresses[i]);
  g_key_file_set_string_list (self->file, group, KEY_ADDRESSES, (const char *const *) left->pdata, left->len);
}

/* An address stands for one server. */
static void
drop_address_of_all (AhoyKnownServers *self,
                     const char       *address)
{
  g_auto (GStrv) groups = g_key_file_get_groups (self->file, NULL);

  for (gsize i = 0; groups[i] != NULL; i++)
    if (has_address (self, groups[i], address))
      drop_address (self, groups[i], address);
}

static void
put_address_first (AhoyKnownServers *self,
                   const char       *group,
                   const char       *address)
{
  g_auto (GStrv)        addresses = g_key_file_get_string_list (self->file, group, KEY_ADDRESSES, NULL, NULL);
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  g_ptr_array_add (all, (char *) address);
  for (gsize i = 0; addresses != NULL && addresses[i] != NULL && all->len < ADDRESSES_MAX; i++)
    g_ptr_array_add (all, addresses[i]);
  g_key_file_set_string_list (self->file, group, KEY_ADDRESSES, (const char *const *) all->pdata, all->len);
}

/* Without an id there is nothing to know it by; the address stands for nobody then. */
static void
put (AhoyKnownServers *self,
     const char       *host,
     guint16           port,
     const char       *name,
     const char       *id,
     gboolean          secure)
{
  g_autofree char *address = address_key (host, port);
  g_autofree char *group = NULL;
  gint64           now = g_get_real_time () / G_USEC_PER_SEC;

  drop_address_of_all (self, address);
  if (id == NULL || id[0] == '\0')
    return;

  group = group_of_id (id);
  if (!g_key_file_has_group (self->file, group))
    g_key_file_set_int64 (self->file, group, KEY_SINCE, now);
  if (name != NULL && name[0] != '\0')
    g_key_file_set_string (self->file, group, KEY_NAME, name);
  put_address_first (self, group, address);
  g_key_file_set_boolean (self->file, group, KEY_SECURE, secure);
  g_key_file_set_int64 (self->file, group, KEY_LAST_USED, now - now % USED_STEP);
}

/* --- Reading --- */

/* Whether everything that is asked later can be read: a “secure” that is not there or that nobody understands must not read as “no”. */
static gboolean
is_sound (AhoyKnownServers *self,
          GError          **error)
{
  static const char *const times[] = { KEY_SINCE, KEY_LAST_USED };
  g_auto (GStrv)           groups = g_key_file_get_groups (self->file, NULL);
  g_autoptr (GError)       local = NULL;

  for (gsize i = 0; local == NULL && groups[i] != NULL; i++)
    {
      g_key_file_get_boolean (self->file, groups[i], KEY_SECURE, &local);
      for (gsize j = 0; local == NULL && j < G_N_ELEMENTS (times); j++)
        {
          g_key_file_get_int64 (self->file, groups[i], times[j], &local);
          if (g_error_matches (local, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND))
            g_clear_error (&local);
        }
    }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* --- Public --- */

AhoyKnownServers *
ahoy_known_servers_open (const char *path,
                         GError    **error)
{
  g_autoptr (AhoyKnownServers) self = g_object_new (AHOY_TYPE_KNOWN_SERVERS, NULL);
  g_autoptr (GError)           local = NULL;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self->path = g_strdup (path);
  if (path == NULL)
    return g_steal_pointer (&self);
  if (g_key_file_load_from_file (self->file, path, G_KEY_FILE_KEEP_COMMENTS, &local))
    is_sound (self, &local);
  if (local != NULL && !g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&local), "The known servers in “%s” cannot be read: ", path);
      return NULL;
    }
  return g_steal_pointer (&self);
}

AhoyServerVerdict
ahoy_known_servers_check (AhoyKnownServers *self,
                          const char       *host,
                          guint16           port,
                          const char       *id,
                          gboolean          secure,
                          char            **known_id)
{
  g_autofree char  *known = NULL;
  g_autofree char  *there = NULL;
  g_autofree char  *group = NULL;
  AhoyServerVerdict verdict;

  g_return_val_if_fail (AHOY_IS_KNOWN_SERVERS (self), AHOY_SERVER_VERDICT_NEW);
  g_return_val_if_fail (host != NULL, AHOY_SERVER_VERDICT_NEW);

  known = find_by_id (self, id);
  there = find_by_address (self, host, port);

  if (known != NULL)
    {
      /* A claim alone does not make it the one that proved who it is, nor the one in the place of one that did. */
      if (!secure && is_secure (self, known))
        group = g_steal_pointer (&known);
      else if (!secure && there != NULL && is_secure (self, there))
        group = g_steal_pointer (&there);
      verdict = group != NULL ? AHOY_SERVER_VERDICT_DOWNGRADED : AHOY_SERVER_VERDICT_SAME;
      if (group == NULL)
        group = g_steal_pointer (&known);
    }
  else
    {
      gboolean has_id = id != NULL && id[0] != '\0';

      /* Under the name alone it is another chat of the same name. */
      group = g_steal_pointer (&there);
      if (group == NULL)
        verdict = AHOY_SERVER_VERDICT_NEW;
      else if (!has_id || (!secure && is_secure (self, group)))
        verdict = AHOY_SERVER_VERDICT_DOWNGRADED;
      else
        verdict = AHOY_SERVER_VERDICT_CHANGED;
    }

  if (known_id != NULL)
    *known_id = group != NULL ? g_uri_unescape_string (group, NULL) : NULL;
  return verdict;
}

gboolean
ahoy_known_servers_wants_secure (AhoyKnownServers *self,
                                 const char       *host,
                                 guint16           port,
                                 const char       *id)
{
  g_autofree char *known = NULL;
  g_autofree char *there = NULL;

  g_return_val_if_fail (AHOY_IS_KNOWN_SERVERS (self), FALSE);
  g_return_val_if_fail (host != NULL, FALSE);

  known = find_by_id (self, id);
  there = find_by_address (self, host, port);
  return (known != NULL && is_secure (self, known)) || (there != NULL && is_secure (self, there));
}

gboolean
ahoy_known_servers_learn (AhoyKnownServers *self,
                          const char       *host,
                          guint16           port,
                          const char       *name,
                          const char       *id,
                          gboolean          secure,
                          GError          **error)
{
  AhoyServerVerdict verdict;

  g_return_val_if_fail (AHOY_IS_KNOWN_SERVERS (self), FALSE);
  g_return_val_if_fail (host != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  verdict = ahoy_known_servers_check (self, host, port, id, secure, NULL);
  g_return_val_if_fail (verdict == AHOY_SERVER_VERDICT_NEW || verdict == AHOY_SERVER_VERDICT_SAME, FALSE);

  if (id == NULL || id[0] == '\0')
    return TRUE;
  put (self, host, port, name, id, secure);
  return save (self, error);
}

gboolean
ahoy_known_servers_accept (AhoyKnownServers *self,
                           const char       *host,
                           guint16           port,
                           const char       *name,
                           const char       *id,
                           gboolean          secure,
                           GError          **error)
{
  g_return_val_if_fail (AHOY_IS_KNOWN_SERVERS (self), FALSE);
  g_return_val_if_fail (host != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  put (self, host, port, name, id, secure);
  return save (self, error);
}

gboolean
ahoy_known_servers_forget (AhoyKnownServers *self,
                           const char       *id,
                           GError          **error)
{
  g_autofree char *group = NULL;

  g_return_val_if_fail (AHOY_IS_KNOWN_SERVERS (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  group = find_by_id (self, id);
  if (group == NULL)
    return TRUE;
  g_key_file_remove_group (self->file, group, NULL);
  return save (self, error);
}

static gboolean
has_been_secure (AhoyKnownServers *self,
                 const char       *group,
                 const void       *what)
{
  return is_secure (self, group);
}

gboolean
ahoy_known_servers_has_secure (AhoyKnownServers *self)
{
  g_autofree char *group = NULL;

  g_return_val_if_fail (AHOY_IS_KNOWN_SERVERS (self), FALSE);

  group = find_group (self, has_been_secure, NULL);
  return group != NULL;
}

gboolean
ahoy_known_servers_is_secure (AhoyKnownServers *self,
                              const char       *id)
{
  g_autofree char *group = NULL;

  g_return_val_if_fail (AHOY_IS_KNOWN_SERVERS (self), FALSE);

  group = find_by_id (self, id);
  return group != NULL && is_secure (self, group);
}

gboolean
ahoy_known_servers_knows (AhoyKnownServers *self,
                          const char       *id)
{
  g_autofree char *group = NULL;

  g_return_val_if_fail (AHOY_IS_KNOWN_SERVERS (self), FALSE);

  group = find_by_id (self, id);
  return group != NULL;
}

char *
ahoy_known_servers_dup_namesake (AhoyKnownServers *self,
                                 const char       *name,
                                 const char       *id)
{
  g_autofree char *own = NULL;
  g_autofree char *group = NULL;

  g_return_val_if_fail (AHOY_IS_KNOWN_SERVERS (self), NULL);

  if (name == NULL || name[0] == '\0')
    return NULL;
  own = id != NULL ? group_of_id (id) : NULL;
  group = find_group (self, is_namesake, &(Namesake){ name, own });
  return group != NULL ? g_uri_unescape_string (group, NULL) : NULL;
}

char **
ahoy_known_servers_dup_addresses (AhoyKnownServers *self,
                                  const char       *id)
{
  g_autofree char *group = NULL;
  char           **addresses;

  g_return_val_if_fail (AHOY_IS_KNOWN_SERVERS (self), NULL);

  group = find_by_id (self, id);
  addresses = group != NULL ? g_key_file_get_string_list (self->file, group, KEY_ADDRESSES, NULL, NULL) : NULL;
  return addresses != NULL ? addresses : g_new0 (char *, 1);
}

char *
ahoy_known_servers_dup_name (AhoyKnownServers *self,
                             const char       *id)
{
  g_autofree char *group = NULL;

  g_return_val_if_fail (AHOY_IS_KNOWN_SERVERS (self), NULL);

  group = find_by_id (self, id);
  return group != NULL ? g_key_file_get_string (self->file, group, KEY_NAME, NULL) : NULL;
}
