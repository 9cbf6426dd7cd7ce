/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

/* A bus of a test's own that is the system bus of this process, and on it an Avahi that says whatever the test wants it to. It lives in the main
 * context that is the thread's default when it is made. */

typedef struct _FakeAvahi FakeAvahi;

/* With a bus, and not there yet. */
FakeAvahi *fake_avahi_new (void);
void       fake_avahi_free (FakeAvahi *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeAvahi, fake_avahi_free)

/* It comes, with nothing published, and goes. */
void fake_avahi_come (FakeAvahi *self);
void fake_avahi_go (FakeAvahi *self);

/* What is published to it. */

/* The name that AddService is to fail for; NULL: no name; "*": all of them. */
void fake_avahi_take_name (FakeAvahi  *self,
                           const char *name);
/* Somebody on the network has this name: the group collides once it was committed. NULL: nobody. */
void fake_avahi_collide_with (FakeAvahi  *self,
                              const char *name);
/* The server's state, as it is signalled: 2: it runs. */
void fake_avahi_set_state (FakeAvahi *self,
                           gint32     state);
/* Returns: (transfer full): the services of committed groups, as lines "interface protocol name type port txt,txt,…". */
char *fake_avahi_dup_published (FakeAvahi *self);
guint fake_avahi_get_n_groups (FakeAvahi *self); /* made so far */
guint fake_avahi_get_n_kept (FakeAvahi *self);   /* of these, not freed */

/* What it tells browsers. */

/* @txt: strings, NULL-terminated. */
void fake_avahi_add_item (FakeAvahi         *self,
                          gint32             interface,
                          const char        *name,
                          const char        *address,
                          guint16            port,
                          const char *const *txt);
/* Items are signalled before the browser's path is told. */
void fake_avahi_set_hasty (FakeAvahi *self,
                           gboolean   hasty);
/* It never answers where an item is. */
void fake_avahi_set_silent (FakeAvahi *self,
                            gboolean   silent);
/* It answers with something that no Avahi says. */
void  fake_avahi_set_senseless (FakeAvahi *self,
                                gboolean   senseless);
guint fake_avahi_get_n_resolved (FakeAvahi *self); /* questions where an item is */
guint fake_avahi_get_n_clients (FakeAvahi *self);  /* who browse or publish, and are connected */
