/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What changes about an object is told by the property that holds it. No display. */

#include "ui/ahoy-subject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-person-private.h"
#include "core/connection/ahoy-server-private.h"

#define OWNER_TYPE (owner_get_type ())
G_DECLARE_FINAL_TYPE (Owner, owner, OWNER, OBJECT, GObject)

/* An object with such a property. */
struct _Owner {
  GObject parent_instance;

  GObject *held;
};

G_DEFINE_FINAL_TYPE (Owner, owner, G_TYPE_OBJECT)

static GParamSpec *held;

static void
owner_get_property (GObject    *object,
                    guint       id,
                    GValue     *value,
                    GParamSpec *pspec)
{
  g_value_set_object (value, OWNER_OBJECT (object)->held);
}

static void
owner_class_init (OwnerClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = owner_get_property;
  held = g_param_spec_object ("held", NULL, NULL, G_TYPE_OBJECT, G_PARAM_READABLE);
  g_object_class_install_property (G_OBJECT_CLASS (klass), 1, held);
}

static void
owner_init (Owner *self)
{
}

typedef struct {
  Owner       *owner;
  AhoySubject *subject;
  guint        n; /* notifies */
} Fixture;

static void
on_held (Fixture *f)
{
  f->n++;
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->owner = g_object_new (OWNER_TYPE, NULL);
  f->subject = ahoy_subject_new (f->owner, held);
  g_signal_connect_swapped (f->owner, "notify::held", G_CALLBACK (on_held), f);
  *state = f;

  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_assert_finalize_object (f->subject);
  g_assert_finalize_object (f->owner);
  g_free (f);

  return 0;
}

static void
whatever_changes_about_an_object (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoyServer) server = ahoy_server_new ("10.0.0.1", 5);

  ahoy_subject_set (f->subject, server);
  assert_int_equal (f->n, 0);
  ahoy_server_set_last_used (server, TRUE);
  assert_int_equal (f->n, 1);
  ahoy_subject_set (f->subject, NULL);
  ahoy_server_set_last_used (server, FALSE);
  assert_int_equal (f->n, 1);
}

static void
whatever_changes_about_a_conversations_person (void **state)
{
  Fixture                     *f = *state;
  g_autoptr (AhoyPerson)       bob = ahoy_person_new ("bob", "bob");
  g_autoptr (AhoyConversation) with_bob = ahoy_conversation_new_person (bob);
  g_autoptr (AhoyConversation) everyone = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);

  ahoy_subject_set (f->subject, with_bob);
  ahoy_person_set_online (bob, TRUE);
  assert_int_equal (f->n, 1);
  ahoy_person_set_away (bob, "lunch");
  assert_int_equal (f->n, 2);
  /* What one types is nobody's news. */
  ahoy_conversation_set_draft (with_bob, "hel");
  assert_int_equal (f->n, 2);

  ahoy_subject_set (f->subject, everyone);
  ahoy_person_set_online (bob, FALSE);
  assert_int_equal (f->n, 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (whatever_changes_about_an_object, setup, teardown),
    cmocka_unit_test_setup_teardown (whatever_changes_about_a_conversations_person, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
