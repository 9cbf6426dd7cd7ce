/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A memory that a test can look into. */

#include "core/test-memory.h"

struct _TestMemory {
  GObject parent_instance;

  /* Owned */
  char   *name;
  char   *host; /* NULL: no server was used yet */
  char   *id;
  char   *address;
  guint16 port;
};

static void test_memory_memory_init (AhoyMemoryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestMemory, test_memory, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (AHOY_TYPE_MEMORY, test_memory_memory_init))

static void
test_memory_finalize (GObject *object)
{
  TestMemory *self = TEST_MEMORY (object);

  g_free (self->name);
  g_free (self->host);
  g_free (self->id);
  g_free (self->address);

  G_OBJECT_CLASS (test_memory_parent_class)->finalize (object);
}

static void
test_memory_class_init (TestMemoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_memory_finalize;
}

static void
test_memory_init (TestMemory *self)
{
}

static void
replace (char      **place,
         const char *value)
{
  g_free (*place);
  *place = g_strdup (value);
}

static char *
dup_name (AhoyMemory *memory)
{
  TestMemory *self = TEST_MEMORY (memory);

  return g_strdup (self->name != NULL ? self->name : "");
}

static void
set_name (AhoyMemory *memory,
          const char *name)
{
  replace (&TEST_MEMORY (memory)->name, name);
}

static gboolean
get_last_server (AhoyMemory *memory,
                 char      **host,
                 guint16    *port,
                 char      **id)
{
  TestMemory *self = TEST_MEMORY (memory);

  if (self->host == NULL)
    return FALSE;
  *host = g_strdup (self->host);
  *port = self->port;
  *id = g_strdup (self->id);
  return TRUE;
}

static void
set_last_server (AhoyMemory *memory,
                 const char *host,
                 guint16     port,
                 const char *id)
{
  test_memory_set_last (TEST_MEMORY (memory), host, port, id);
}

static void
set_address (AhoyMemory *memory,
             const char *address)
{
  replace (&TEST_MEMORY (memory)->address, address);
}

static guint16
get_discovery_port (AhoyMemory *memory)
{
  return 1;
}

static char *
dup_server_dir (AhoyMemory *memory)
{
  return g_strdup ("/nonexistent");
}

static void
test_memory_memory_init (AhoyMemoryInterface *iface)
{
  iface->dup_name = dup_name;
  iface->set_name = set_name;
  iface->get_last_server = get_last_server;
  iface->set_last_server = set_last_server;
  iface->set_address = set_address;
  iface->get_discovery_port = get_discovery_port;
  iface->dup_server_dir = dup_server_dir;
}

TestMemory *
test_memory_new (void)
{
  return g_object_new (TEST_TYPE_MEMORY, NULL);
}

void
test_memory_set_last (TestMemory *self,
                      const char *host,
                      guint16     port,
                      const char *id)
{
  replace (&self->host, host);
  replace (&self->id, id);
  self->port = port;
}
