/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A server one could talk to, and the addresses that people type. */

#include "core/connection/ahoy-server-private.h"

#include <string.h>

/* Whoever claims one id from one computer, on one port after the other, gets no further. */
#define PLACES_OF_HOST_MAX 3

typedef struct {
  char   *host;
  guint16 port;
} Place;

struct _AhoyServer {
  GObject parent_instance;

  /* Owned */
  char      *id;
  char      *name;
  char      *host;
  char      *namesake;
  GPtrArray *others; /* Place; besides host and port */

  guint    n_turned_away; /* claims for which there was no room */
  guint16  port;
  int      users;
  gboolean tls;
  gboolean extended;
  gboolean last_used;
  gboolean known;
  gboolean heard;
  gboolean own;
  gboolean sure;
};

G_DEFINE_FINAL_TYPE (AhoyServer, ahoy_server, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_HOST,
  PROP_PORT,
  PROP_USERS,
  PROP_TLS,
  PROP_EXTENDED,
  PROP_LAST_USED,
  PROP_KNOWN,
  PROP_NAMESAKE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
place_free (gpointer data)
{
  Place *place = data;

  g_free (place->host);
  g_free (place);
}

static void
ahoy_server_finalize (GObject *object)
{
  AhoyServer *self = AHOY_SERVER (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->host);
  g_free (self->namesake);
  g_ptr_array_unref (self->others);

  G_OBJECT_CLASS (ahoy_server_parent_class)->finalize (object);
}

static void
ahoy_server_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  AhoyServer *self = AHOY_SERVER (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_HOST:
      g_value_set_string (value, self->host);
      break;
    case PROP_PORT:
      g_value_set_uint (value, self->port);
      break;
    case PROP_USERS:
      g_value_set_int (value, self->users);
      break;
    case PROP_TLS:
      g_value_set_boolean (value, self->tls);
      break;
    case PROP_EXTENDED:
      g_value_set_boolean (value, self->extended);
      break;
    case PROP_LAST_USED:
      g_value_set_boolean (value, self->last_used);
      break;
    case PROP_KNOWN:
      g_value_set_boolean (value, self->known);
      break;
    case PROP_NAMESAKE:
      g_value_set_string (value, self->namesake);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ahoy_server_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  AhoyServer *self = AHOY_SERVER (object);

  switch (prop_id)
    {
    case PROP_HOST:
      self->host = g_value_dup_string (value);
      break;
    case PROP_PORT:
      self->port = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ahoy_server_class_init (AhoyServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GParamFlags   make = read | G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY;

  object_class->finalize = ahoy_server_finalize;
  object_class->get_property = ahoy_server_get_property;
  object_class->set_property = ahoy_server_set_property;

  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, read);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, read);
  props[PROP_HOST] = g_param_spec_string ("host", NULL, NULL, NULL, make);
  props[PROP_PORT] = g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, make);
  props[PROP_USERS] = g_param_spec_int ("users", NULL, NULL, -1, G_MAXINT, -1, read);
  props[PROP_TLS] = g_param_spec_boolean ("tls", NULL, NULL, FALSE, read);
  props[PROP_EXTENDED] = g_param_spec_boolean ("extended", NULL, NULL, FALSE, read);
  props[PROP_LAST_USED] = g_param_spec_boolean ("last-used", NULL, NULL, FALSE, read);
  props[PROP_KNOWN] = g_param_spec_boolean ("known", NULL, NULL, FALSE, read);
  props[PROP_NAMESAKE] = g_param_spec_string ("namesake", NULL, NULL, NULL, read);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ahoy_server_init (AhoyServer *self)
{
  self->users = -1;
  self->others = g_ptr_array_new_with_free_func (place_free);
}

AhoyServer *
ahoy_server_new (const char *host,
                 guint16     port)
{
  g_return_val_if_fail (host != NULL && *host != '\0', NULL);
  g_return_val_if_fail (port != 0, NULL);

  return g_object_new (AHOY_TYPE_SERVER, "host", host, "port", port, NULL);
}

static void
set_string (AhoyServer *self,
            char      **field,
            const char *value,
            int         prop)
{
  if (g_strcmp0 (*field, value) == 0)
    return;

  g_free (*field);
  *field = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
set_boolean (AhoyServer *self,
             gboolean   *field,
             gboolean    value,
             int         prop)
{
  if (!*field == !value)
    return;

  *field = !!value;
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

/* The name as it may stand in a list: nothing in it turns the text around it or breaks its line. NULL when nothing is left. */
static char *
tidy_name (const char *name)
{
  GString *tidy = g_string_new (NULL);

  for (const char *p = name != NULL ? name : ""; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
        c = ' ';
      g_string_append_unichar (tidy, c);
    }
  g_strstrip (tidy->str);

  return g_string_free (tidy, *tidy->str == '\0');
}

void
ahoy_server_set_extended (AhoyServer *self,
                          const char *id,
                          const char *name,
                          int         users,
                          gboolean    tls)
{
  g_autofree char *tidy = tidy_name (name);

  g_return_if_fail (AHOY_IS_SERVER (self));

  g_object_freeze_notify (G_OBJECT (self));

  self->heard = TRUE;
  set_string (self, &self->id, id, PROP_ID);
  set_string (self, &self->name, tidy, PROP_NAME);
  if (users >= 0 && self->users != users)
    {
      self->users = users;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_USERS]);
    }
  set_boolean (self, &self->tls, tls, PROP_TLS);
  set_boolean (self, &self->extended, TRUE, PROP_EXTENDED);

  g_object_thaw_notify (G_OBJECT (self));
}

void
ahoy_server_set_heard (AhoyServer *self)
{
  g_return_if_fail (AHOY_IS_SERVER (self));

  self->heard = TRUE;
}

gboolean
ahoy_server_get_heard (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), FALSE);
  return self->heard;
}

void
ahoy_server_set_classic (AhoyServer *self)
{
  g_return_if_fail (AHOY_IS_SERVER (self));

  g_object_freeze_notify (G_OBJECT (self));
  self->heard = TRUE;
  self->sure = FALSE;
  set_string (self, &self->id, NULL, PROP_ID);
  set_boolean (self, &self->tls, FALSE, PROP_TLS);
  set_boolean (self, &self->extended, FALSE, PROP_EXTENDED);
  g_object_thaw_notify (G_OBJECT (self));
}

/* Where else it may be. G_MAXUINT: nowhere. */
static guint
find_other (AhoyServer *self,
            const char *host,
            guint16     port)
{
  for (guint i = 0; i < self->others->len; i++)
    {
      const Place *place = self->others->pdata[i];

      if (place->port == port && g_ascii_strcasecmp (place->host, host) == 0)
        return i;
    }
  return G_MAXUINT;
}

/* Of one host. */
static gboolean
are_many (AhoyServer *self,
          const char *host)
{
  guint n = g_ascii_strcasecmp (self->host, host) == 0 ? 1 : 0;

  for (guint i = 0; i < self->others->len; i++)
    if (g_ascii_strcasecmp (((Place *) self->others->pdata[i])->host, host) == 0)
      n++;
  return n >= PLACES_OF_HOST_MAX;
}

static Place *
place_new (const char *host,
           guint16     port)
{
  Place *place = g_new0 (Place, 1);

  place->host = g_strdup (host);
  place->port = port;
  return place;
}

/* When there are too many they draw lots, each with the same chance: who lies may be quicker than the server, as often as it is looked for. */
static gboolean
add_other (AhoyServer *self,
           const char *host,
           guint16     port)
{
  guint i;

  if (self->others->len + 1 < AHOY_SERVER_PLACES_MAX)
    {
      g_ptr_array_add (self->others, place_new (host, port));
      return TRUE;
    }
  self->n_turned_away = MIN (self->n_turned_away + 1, (guint) G_MAXUINT16);
  i = g_random_int_range (0, self->others->len + self->n_turned_away);
  if (i >= self->others->len)
    return FALSE;
  place_free (self->others->pdata[i]);
  self->others->pdata[i] = place_new (host, port);
  return TRUE;
}

static void
set_host_and_port (AhoyServer *self,
                   const char *host,
                   guint16     port)
{
  g_object_freeze_notify (G_OBJECT (self));
  set_string (self, &self->host, host, PROP_HOST);
  if (self->port != port)
    {
      self->port = port;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PORT]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

gboolean
ahoy_server_add_place (AhoyServer *self,
                       const char *host,
                       guint16     port,
                       gboolean    first)
{
  g_autofree char *copy = g_strdup (host);
  guint            other;

  g_return_val_if_fail (AHOY_IS_SERVER (self), FALSE);
  g_return_val_if_fail (host != NULL && *host != '\0', FALSE);
  g_return_val_if_fail (port != 0, FALSE);

  if (self->port == port && g_ascii_strcasecmp (self->host, host) == 0)
    return TRUE;
  other = find_other (self, host, port);
  if (!first && other != G_MAXUINT)
    return TRUE;
  if (!first)
    return !are_many (self, host) && add_other (self, host, port);
  if (other != G_MAXUINT)
    g_ptr_array_remove_index (self->others, other);
  else if (self->others->len + 1 >= AHOY_SERVER_PLACES_MAX)
    g_ptr_array_remove_index (self->others, self->others->len - 1);
  g_ptr_array_insert (self->others, 0, place_new (self->host, self->port));
  set_host_and_port (self, copy, port);
  return TRUE;
}

void
ahoy_server_set_place (AhoyServer *self,
                       const char *host,
                       guint16     port)
{
  g_autofree char *copy = g_strdup (host);

  g_return_if_fail (AHOY_IS_SERVER (self));
  g_return_if_fail (host != NULL && *host != '\0');
  g_return_if_fail (port != 0);

  g_ptr_array_set_size (self->others, 0);
  self->n_turned_away = 0;
  set_host_and_port (self, copy, port);
}

guint
ahoy_server_get_n_places (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), 0);

  return self->others->len + 1;
}

const char *
ahoy_server_get_place (AhoyServer *self,
                       guint       i,
                       guint16    *port)
{
  const Place *place;

  g_return_val_if_fail (AHOY_IS_SERVER (self), NULL);
  g_return_val_if_fail (i <= self->others->len, NULL);

  if (i == 0)
    {
      *port = self->port;
      return self->host;
    }
  place = self->others->pdata[i - 1];
  *port = place->port;
  return place->host;
}

void
ahoy_server_set_sure (AhoyServer *self,
                      gboolean    sure)
{
  g_return_if_fail (AHOY_IS_SERVER (self));

  self->sure = sure;
}

gboolean
ahoy_server_get_sure (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), FALSE);

  return self->sure;
}

void
ahoy_server_set_known (AhoyServer *self,
                       gboolean    known,
                       const char *namesake)
{
  g_return_if_fail (AHOY_IS_SERVER (self));

  set_boolean (self, &self->known, known, PROP_KNOWN);
  set_string (self, &self->namesake, namesake, PROP_NAMESAKE);
}

void
ahoy_server_set_last_used (AhoyServer *self,
                           gboolean    last_used)
{
  g_return_if_fail (AHOY_IS_SERVER (self));

  set_boolean (self, &self->last_used, last_used, PROP_LAST_USED);
}

void
ahoy_server_set_own (AhoyServer *self)
{
  g_return_if_fail (AHOY_IS_SERVER (self));

  self->own = TRUE;
}

gboolean
ahoy_server_get_own (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), FALSE);
  return self->own;
}

const char *
ahoy_server_get_id (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), NULL);
  return self->id;
}

const char *
ahoy_server_get_name (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), NULL);
  return self->name;
}

const char *
ahoy_server_get_host (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), NULL);
  return self->host;
}

guint16
ahoy_server_get_port (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), 0);
  return self->port;
}

int
ahoy_server_get_users (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), -1);
  return self->users;
}

gboolean
ahoy_server_get_tls (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), FALSE);
  return self->tls;
}

gboolean
ahoy_server_get_extended (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), FALSE);
  return self->extended;
}

gboolean
ahoy_server_get_last_used (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), FALSE);
  return self->last_used;
}

gboolean
ahoy_server_get_known (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), FALSE);
  return self->known;
}

const char *
ahoy_server_get_namesake (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), NULL);
  return self->namesake;
}

char *
ahoy_server_dup_address (AhoyServer *self)
{
  g_return_val_if_fail (AHOY_IS_SERVER (self), NULL);

  return g_strdup_printf (strchr (self->host, ':') != NULL ? "[%s]:%u" : "%s:%u", self->host, self->port);
}

gboolean
ahoy_server_is_same (AhoyServer *a,
                     AhoyServer *b)
{
  const char *id_a = ahoy_server_get_id (a);
  const char *id_b = ahoy_server_get_id (b);

  if (id_a && id_b)
    return g_str_equal (id_a, id_b);
  return ahoy_server_get_port (a) == ahoy_server_get_port (b) &&
         g_ascii_strcasecmp (ahoy_server_get_host (a), ahoy_server_get_host (b)) == 0;
}
