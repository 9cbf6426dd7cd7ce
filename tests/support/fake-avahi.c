/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A bus of a test's own, and on it an Avahi that says whatever the test wants it to. */

#include "support/fake-avahi.h"

#include <string.h>

#define NAME "org.freedesktop.Avahi"
#define SERVER NAME ".Server"
#define GROUP NAME ".EntryGroup"
#define BROWSER NAME ".ServiceBrowser"

struct _FakeAvahi {
  GTestDBus       *bus;
  GDBusConnection *connection; /* NULL: it is not there */
  GDBusNodeInfo   *node;
  GHashTable      *groups;  /* path -> Group */
  GHashTable      *clients; /* unique name -> NULL */
  GPtrArray       *items;
  GPtrArray       *unanswered;
  GArray          *objects; /* guint: what is registered on the connection */
  char            *taken;
  char            *collides;
  gint32           state;
  guint            owner_signals;
  guint            n_paths;
  guint            n_groups;
  guint            n_resolved;
  gboolean         hasty;
  gboolean         silent;
  gboolean         senseless;
};

typedef struct {
  char    *client;
  GString *services;
  char    *name;
  gboolean committed;
} Group;

typedef struct {
  gint32    interface;
  char     *name;
  char     *address;
  guint16   port;
  GVariant *txt;
} Item;

static const char xml[] =
  "<node>"
  "<interface name='" SERVER "'>"
  "<method name='GetState'><arg type='i' direction='out'/></method>"
  "<method name='GetAlternativeServiceName'><arg type='s' direction='in'/><arg type='s' direction='out'/></method>"
  "<method name='EntryGroupNew'><arg type='o' direction='out'/></method>"
  "<method name='ServiceBrowserNew'><arg type='i' direction='in'/><arg type='i' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='o' direction='out'/></method>"
  "<method name='ResolveService'><arg type='i' direction='in'/><arg type='i' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='i' direction='in'/><arg type='u' direction='in'/></method>"
  "</interface>"
  "<interface name='" GROUP "'>"
  "<method name='AddService'><arg type='i' direction='in'/><arg type='i' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='q' direction='in'/>"
  "<arg type='aay' direction='in'/></method>"
  "<method name='Commit'/><method name='Free'/>"
  "</interface>"
  "</node>";

static void
group_free (gpointer data)
{
  Group *group = data;

  g_free (group->client);
  g_string_free (group->services, TRUE);
  g_free (group->name);
  g_free (group);
}

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->name);
  g_free (item->address);
  g_variant_unref (item->txt);
  g_free (item);
}

static void
tell (FakeAvahi  *self,
      const char *to,
      const char *path,
      const char *interface,
      const char *signal,
      GVariant   *arguments)
{
  g_assert_true (g_dbus_connection_emit_signal (self->connection, to, path, interface, signal, arguments, NULL));
}

/* --- Groups --- */

static char *
join_txt (GVariant *txt)
{
  GString *joined = g_string_new (NULL);

  for (gsize i = 0; i < g_variant_n_children (txt); i++)
    {
      g_autoptr (GVariant) string = g_variant_get_child_value (txt, i);
      gsize                len;
      const char          *bytes = g_variant_get_fixed_array (string, &len, 1);

      g_string_append (joined, i > 0 ? "," : "");
      g_string_append_len (joined, bytes, (gssize) len);
    }
  return g_string_free (joined, FALSE);
}

static void
add_service (FakeAvahi             *self,
             Group                 *group,
             GVariant              *arguments,
             GDBusMethodInvocation *invocation)
{
  g_autoptr (GVariant) txt = NULL;
  g_autofree char     *joined = NULL;
  const char          *name;
  const char          *type;
  gint32               interface;
  gint32               protocol;
  guint16              port;

  g_variant_get (arguments, "(iiu&s&s&s&sq@aay)", &interface, &protocol, NULL, &name, &type, NULL, NULL, &port, &txt);
  if (g_strcmp0 (self->taken, name) == 0 || g_strcmp0 (self->taken, "*") == 0)
    {
      g_dbus_method_invocation_return_dbus_error (invocation, NAME ".CollisionError", "Local name collision");
      return;
    }
  g_free (group->name);
  group->name = g_strdup (name);
  joined = join_txt (txt);
  g_string_append_printf (group->services, "%d %d %s %s %u %s\n", interface, protocol, name, type, port, joined);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
commit (FakeAvahi             *self,
        Group                 *group,
        const char            *path,
        GDBusMethodInvocation *invocation)
{
  gboolean collides = g_strcmp0 (self->collides, group->name) == 0;

  g_dbus_method_invocation_return_value (invocation, NULL);
  tell (self, group->client, path, GROUP, "StateChanged", g_variant_new ("(is)", 1, ""));
  tell (self, group->client, path, GROUP, "StateChanged", g_variant_new ("(is)", collides ? 3 : 2, ""));
  group->committed = !collides;
}

static void
on_group_call (GDBusConnection       *connection,
               const char            *sender,
               const char            *path,
               const char            *interface,
               const char            *method,
               GVariant              *arguments,
               GDBusMethodInvocation *invocation,
               gpointer               data)
{
  FakeAvahi *self = data;
  Group     *group = g_hash_table_lookup (self->groups, path);

  g_assert_nonnull (group);
  g_assert_cmpstr (group->client, ==, sender);
  if (g_str_equal (method, "AddService"))
    {
      add_service (self, group, arguments, invocation);
    }
  else if (g_str_equal (method, "Commit"))
    {
      commit (self, group, path, invocation);
    }
  else
    {
      g_dbus_method_invocation_return_value (invocation, NULL);
      g_hash_table_remove (self->groups, path);
    }
}

static const GDBusInterfaceVTable group_calls = { on_group_call, NULL, NULL, { 0 } };

static void
add_object (FakeAvahi                  *self,
            const char                 *path,
            const char                 *interface,
            const GDBusInterfaceVTable *calls)
{
  guint id = g_dbus_connection_register_object (self->connection, path, g_dbus_node_info_lookup_interface (self->node, interface), calls, self, NULL, NULL);

  g_assert_cmpuint (id, !=, 0);
  g_array_append_val (self->objects, id);
}

static char *
make_group (FakeAvahi  *self,
            const char *client)
{
  char  *path = g_strdup_printf ("/Client0/EntryGroup%u", ++self->n_paths);
  Group *group = g_new0 (Group, 1);

  group->client = g_strdup (client);
  group->services = g_string_new (NULL);
  self->n_groups++;
  g_hash_table_insert (self->groups, g_strdup (path), group);
  add_object (self, path, GROUP, &group_calls);
  return path;
}

/* --- Browsers --- */

static void
tell_items (FakeAvahi  *self,
            const char *client,
            const char *path)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      Item  *item = self->items->pdata[i];
      gint32 protocol = strchr (item->address, ':') != NULL;

      tell (self, client, path, BROWSER, "ItemNew",
            g_variant_new ("(iisssu)", item->interface, protocol, item->name, "_ahoy._tcp", "local", 0));
    }
  tell (self, client, path, BROWSER, "AllForNow", NULL);
}

static void
browse (FakeAvahi             *self,
        const char            *client,
        GDBusMethodInvocation *invocation)
{
  g_autofree char *path = g_strdup_printf ("/Client0/ServiceBrowser%u", ++self->n_paths);

  if (self->hasty)
    tell_items (self, client, path);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", path));
  if (!self->hasty)
    tell_items (self, client, path);
}

/* Past the check of what was declared. */
static void
reply (FakeAvahi             *self,
       GDBusMethodInvocation *invocation,
       GVariant              *body)
{
  g_autoptr (GDBusMessage) message = g_dbus_message_new_method_reply (g_dbus_method_invocation_get_message (invocation));

  g_dbus_message_set_body (message, body);
  g_dbus_connection_send_message (self->connection, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
  g_object_unref (invocation);
}

static void
resolve (FakeAvahi             *self,
         GVariant              *arguments,
         GDBusMethodInvocation *invocation)
{
  const char *name;
  gint32      interface;

  self->n_resolved++;
  g_variant_get (arguments, "(ii&s&s&siu)", &interface, NULL, &name, NULL, NULL, NULL, NULL);
  for (guint i = 0; i < self->items->len; i++)
    {
      Item  *item = self->items->pdata[i];
      gint32 protocol = strchr (item->address, ':') != NULL;

      if (!g_str_equal (item->name, name) || item->interface != interface)
        continue;
      if (self->silent)
        g_ptr_array_add (self->unanswered, invocation);
      else if (self->senseless)
        reply (self, invocation, g_variant_new ("(s)", "somewhere"));
      else
        reply (self, invocation, g_variant_new ("(iissssisq@aayu)", interface, protocol, name, "_ahoy._tcp", "local", "box.local", protocol, item->address, item->port, item->txt, 0));
      return;
    }
  g_dbus_method_invocation_return_dbus_error (invocation, NAME ".TimeoutError", "Timeout reached");
}

/* --- Itself --- */

static void
on_server_call (GDBusConnection       *connection,
                const char            *sender,
                const char            *path,
                const char            *interface,
                const char            *method,
                GVariant              *arguments,
                GDBusMethodInvocation *invocation,
                gpointer               data)
{
  FakeAvahi *self = data;

  g_hash_table_add (self->clients, g_strdup (sender));
  if (g_str_equal (method, "GetState"))
    {
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(i)", self->state));
    }
  else if (g_str_equal (method, "GetAlternativeServiceName"))
    {
      g_autofree char *other = NULL;
      const char      *name;

      g_variant_get (arguments, "(&s)", &name);
      other = g_strdup_printf ("%s #2", name);
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(s)", other));
    }
  else if (g_str_equal (method, "EntryGroupNew"))
    {
      g_autofree char *group = make_group (self, sender);

      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", group));
    }
  else if (g_str_equal (method, "ServiceBrowserNew"))
    {
      browse (self, sender, invocation);
    }
  else
    {
      resolve (self, arguments, invocation);
    }
}

static const GDBusInterfaceVTable server_calls = { on_server_call, NULL, NULL, { 0 } };

static gboolean
is_of (gpointer path,
       gpointer group,
       gpointer client)
{
  return g_str_equal (((Group *) group)->client, client);
}

/* What somebody who has gone had published is published no more. */
static void
on_name_owner (GDBusConnection *connection,
               const char      *sender,
               const char      *path,
               const char      *interface,
               const char      *signal,
               GVariant        *arguments,
               gpointer         data)
{
  FakeAvahi  *self = data;
  const char *name;
  const char *now;

  g_variant_get (arguments, "(&s&s&s)", &name, NULL, &now);
  if (*now == '\0' && g_hash_table_remove (self->clients, name))
    g_hash_table_foreach_remove (self->groups, is_of, (gpointer) name);
}

FakeAvahi *
fake_avahi_new (void)
{
  FakeAvahi *self = g_new0 (FakeAvahi, 1);

  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (self->bus), TRUE);
  self->node = g_dbus_node_info_new_for_xml (xml, NULL);
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, group_free);
  self->clients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->items = g_ptr_array_new_with_free_func (item_free);
  self->unanswered = g_ptr_array_new_with_free_func (g_object_unref);
  self->objects = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

void
fake_avahi_free (FakeAvahi *self)
{
  fake_avahi_go (self);
  g_test_dbus_stop (self->bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/tests-have-no-system-bus", TRUE);
  g_object_unref (self->bus);
  g_dbus_node_info_unref (self->node);
  g_hash_table_unref (self->groups);
  g_hash_table_unref (self->clients);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->unanswered);
  g_array_unref (self->objects);
  g_free (self->taken);
  g_free (self->collides);
  g_free (self);
}

void
fake_avahi_come (FakeAvahi *self)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) owned = NULL;

  self->connection = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (self->bus),
                                                             G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                               G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                             NULL, NULL, &error);
  g_assert_no_error (error);
  self->state = 2;
  add_object (self, "/", SERVER, &server_calls);
  self->owner_signals = g_dbus_connection_signal_subscribe (self->connection, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged", NULL, NULL,
                                                            G_DBUS_SIGNAL_FLAGS_NONE, on_name_owner, self, NULL);
  owned = g_dbus_connection_call_sync (self->connection, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", NAME, 4), G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

void
fake_avahi_go (FakeAvahi *self)
{
  if (self->connection == NULL)
    return;

  /* What has come and was not dispatched yet is dropped: it would find nobody. */
  g_dbus_connection_signal_unsubscribe (self->connection, self->owner_signals);
  for (guint i = 0; i < self->objects->len; i++)
    g_dbus_connection_unregister_object (self->connection, g_array_index (self->objects, guint, i));
  g_array_set_size (self->objects, 0);
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_clear_object (&self->connection);
  g_hash_table_remove_all (self->groups);
  g_hash_table_remove_all (self->clients);
}

static void
set_text (char      **field,
          const char *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

void
fake_avahi_take_name (FakeAvahi  *self,
                      const char *name)
{
  set_text (&self->taken, name);
}

void
fake_avahi_collide_with (FakeAvahi  *self,
                         const char *name)
{
  set_text (&self->collides, name);
}

void
fake_avahi_set_state (FakeAvahi *self,
                      gint32     state)
{
  self->state = state;
  tell (self, NULL, "/", SERVER, "StateChanged", g_variant_new ("(is)", state, ""));
}

char *
fake_avahi_dup_published (FakeAvahi *self)
{
  GString       *all = g_string_new (NULL);
  GHashTableIter iter;
  gpointer       group;

  g_hash_table_iter_init (&iter, self->groups);
  while (g_hash_table_iter_next (&iter, NULL, &group))
    if (((Group *) group)->committed)
      g_string_append (all, ((Group *) group)->services->str);
  return g_string_free (all, FALSE);
}

guint
fake_avahi_get_n_groups (FakeAvahi *self)
{
  return self->n_groups;
}

guint
fake_avahi_get_n_kept (FakeAvahi *self)
{
  return g_hash_table_size (self->groups);
}

void
fake_avahi_add_item (FakeAvahi         *self,
                     gint32             interface,
                     const char        *name,
                     const char        *address,
                     guint16            port,
                     const char *const *txt)
{
  GVariantBuilder strings = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aay"));
  Item           *item = g_new0 (Item, 1);

  for (guint i = 0; txt[i] != NULL; i++)
    g_variant_builder_add_value (&strings, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, txt[i], strlen (txt[i]), 1));
  item->interface = interface;
  item->name = g_strdup (name);
  item->address = g_strdup (address);
  item->port = port;
  item->txt = g_variant_ref_sink (g_variant_builder_end (&strings));
  g_ptr_array_add (self->items, item);
}

void
fake_avahi_set_hasty (FakeAvahi *self,
                      gboolean   hasty)
{
  self->hasty = hasty;
}

void
fake_avahi_set_silent (FakeAvahi *self,
                       gboolean   silent)
{
  self->silent = silent;
}

void
fake_avahi_set_senseless (FakeAvahi *self,
                          gboolean   senseless)
{
  self->senseless = senseless;
}

guint
fake_avahi_get_n_resolved (FakeAvahi *self)
{
  return self->n_resolved;
}

guint
fake_avahi_get_n_clients (FakeAvahi *self)
{
  return g_hash_table_size (self->clients);
}
