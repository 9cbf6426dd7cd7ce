/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Lets a property notify when something about the object in it changes. */

#include "ui/ahoy-subject.h"

#include "core/chat/ahoy-conversation.h"

struct _AhoySubject {
  GObject parent_instance;

  /* Owned */
  GSignalGroup *object;
  GSignalGroup *conversation;
  GSignalGroup *person;

  /* Borrowed */
  GObject    *owner;
  GParamSpec *pspec;
};

G_DEFINE_FINAL_TYPE (AhoySubject, ahoy_subject, G_TYPE_OBJECT)

static void
on_changed (AhoySubject *self)
{
  g_object_notify_by_pspec (self->owner, self->pspec);
}

static void
ahoy_subject_dispose (GObject *object)
{
  AhoySubject *self = AHOY_SUBJECT (object);

  g_clear_object (&self->object);
  g_clear_object (&self->conversation);
  g_clear_object (&self->person);

  G_OBJECT_CLASS (ahoy_subject_parent_class)->dispose (object);
}

static void
ahoy_subject_class_init (AhoySubjectClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ahoy_subject_dispose;
}

static void
ahoy_subject_init (AhoySubject *self)
{
  self->object = g_signal_group_new (G_TYPE_OBJECT);
  self->conversation = g_signal_group_new (AHOY_TYPE_CONVERSATION);
  self->person = g_signal_group_new (AHOY_TYPE_PERSON);
  g_signal_group_connect_swapped (self->object, "notify", G_CALLBACK (on_changed), self);
  g_signal_group_connect_swapped (self->conversation, "notify::unread", G_CALLBACK (on_changed), self);
  g_signal_group_connect_swapped (self->person, "notify", G_CALLBACK (on_changed), self);
}

AhoySubject *
ahoy_subject_new (gpointer    owner,
                  GParamSpec *pspec)
{
  AhoySubject *self;

  g_return_val_if_fail (G_IS_OBJECT (owner), NULL);
  g_return_val_if_fail (G_IS_PARAM_SPEC_OBJECT (pspec), NULL);

  self = g_object_new (AHOY_TYPE_SUBJECT, NULL);
  self->owner = owner;
  self->pspec = pspec;

  return self;
}

void
ahoy_subject_set (AhoySubject *self,
                  gpointer     object)
{
  AhoyConversation *conversation = AHOY_IS_CONVERSATION (object) ? object : NULL;

  g_return_if_fail (AHOY_IS_SUBJECT (self));
  g_return_if_fail (object == NULL || G_IS_OBJECT (object));

  g_signal_group_set_target (self->object, conversation == NULL ? object : NULL);
  g_signal_group_set_target (self->conversation, conversation);
  g_signal_group_set_target (self->person, conversation != NULL ? ahoy_conversation_get_person (conversation) : NULL);
}
