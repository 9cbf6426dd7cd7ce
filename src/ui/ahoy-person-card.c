/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What is known about a person, in a popover. */

#include "ahoy-config.h"

#include "ui/ahoy-person-card.h"

#include "ui/ahoy-closures.h"
#include "ui/ahoy-look.h"
#include "ui/ahoy-sentences.h"

struct _AhoyPersonCard {
  GtkPopover parent_instance;

  /* Template */
  GtkSwitch *verified_switch;

  /* Owned */
  AhoyChat         *chat;
  AhoyConversation *conversation;
  AhoyPerson       *person; /* of the conversation, while the card is shown */
  GHashTable       *words;  /* key -> words: of those that were shown */

  gboolean shown;
};

enum {
  PROP_0,
  PROP_CHAT,
  PROP_CONVERSATION,
  PROP_PERSON,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyPersonCard, ahoy_person_card, GTK_TYPE_POPOVER)

static AhoyPerson *
get_person (AhoyPersonCard *self)
{
  return self->conversation != NULL ? ahoy_conversation_get_person (self->conversation) : NULL;
}

/* A closure that remembers what it made, as words take a moment. @wanted: FALSE: none. */
static char *
four_words (AhoyPersonCard *self,
            gboolean        wanted,
            const char     *key)
{
  const char *words;

  if (!wanted || key == NULL)
    return g_strdup ("");

  words = g_hash_table_lookup (self->words, key);
  if (words == NULL)
    {
      char *made = ahoy_sentence_four_words (key);

      words = made != NULL ? made : g_strdup ("");
      g_hash_table_insert (self->words, g_strdup (key), (char *) words);
    }

  return g_strdup (words);
}

/* Words are made for whoever is looked at only. Without a person the bindings leave everything as it is. */
static void
follow (AhoyPersonCard *self)
{
  AhoyPerson *person = self->shown ? get_person (self) : NULL;

  if (g_set_object (&self->person, person))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PERSON]);
}

/* A popover takes its size when it is shown: what is in it has to be there before. */
static void
ahoy_person_card_show (GtkWidget *widget)
{
  AhoyPersonCard *self = AHOY_PERSON_CARD (widget);

  self->shown = TRUE;
  follow (self);

  GTK_WIDGET_CLASS (ahoy_person_card_parent_class)->show (widget);
}

static void
ahoy_person_card_hide (GtkWidget *widget)
{
  AhoyPersonCard *self = AHOY_PERSON_CARD (widget);

  self->shown = FALSE;
  follow (self);

  GTK_WIDGET_CLASS (ahoy_person_card_parent_class)->hide (widget);
}

static void
on_verified (AhoyPersonCard *self)
{
  AhoyPerson *person = get_person (self);
  gboolean    verified = gtk_switch_get_active (self->verified_switch);

  if (person != NULL && self->chat != NULL && verified != ahoy_person_get_verified (person))
    ahoy_chat_set_verified (self->chat, person, verified);
}

static void
on_accept (AhoyPersonCard *self)
{
  AhoyPerson *person = get_person (self);

  if (person != NULL && self->chat != NULL)
    ahoy_chat_accept_key (self->chat, person);
}

static void
ahoy_person_card_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  AhoyPersonCard *self = AHOY_PERSON_CARD (object);

  switch (id)
    {
    case PROP_CHAT:
      g_value_set_object (value, self->chat);
      break;
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    case PROP_PERSON:
      g_value_set_object (value, self->person);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_person_card_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  AhoyPersonCard *self = AHOY_PERSON_CARD (object);

  switch (id)
    {
    case PROP_CHAT:
      if (g_set_object (&self->chat, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_CONVERSATION:
      ahoy_person_card_set_conversation (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_person_card_dispose (GObject *object)
{
  AhoyPersonCard *self = AHOY_PERSON_CARD (object);

  g_clear_object (&self->chat);
  g_clear_object (&self->conversation);
  g_clear_object (&self->person);

  G_OBJECT_CLASS (ahoy_person_card_parent_class)->dispose (object);
}

static void
ahoy_person_card_finalize (GObject *object)
{
  g_hash_table_unref (AHOY_PERSON_CARD (object)->words);

  G_OBJECT_CLASS (ahoy_person_card_parent_class)->finalize (object);
}

static void
ahoy_person_card_class_init (AhoyPersonCardClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ahoy_person_card_dispose;
  object_class->finalize = ahoy_person_card_finalize;
  object_class->get_property = ahoy_person_card_get_property;
  object_class->set_property = ahoy_person_card_set_property;
  widget_class->hide = ahoy_person_card_hide;
  widget_class->show = ahoy_person_card_show;

  properties[PROP_CHAT] = g_param_spec_object ("chat", NULL, NULL, AHOY_TYPE_CHAT,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_PERSON] = g_param_spec_object ("person", NULL, NULL, AHOY_TYPE_PERSON, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-person-card.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "avatar", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "name_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "presence_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "changed_box", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "changed_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "known_box", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "known_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "accept_button", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "words_box", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "words_title_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "words_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "hint_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "verified_box", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "verified_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "since_label", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, verified_switch);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_about_name);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_here);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_is_set);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_key_alarm);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_key_hint);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_known_since);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_may_verify);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_not);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_tint);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_verified_with);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_words_title);
  gtk_widget_class_bind_template_callback (widget_class, four_words);
  gtk_widget_class_bind_template_callback (widget_class, on_verified);
  gtk_widget_class_bind_template_callback (widget_class, on_accept);
}

static void
ahoy_person_card_init (AhoyPersonCard *self)
{
  self->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
ahoy_person_card_set_conversation (AhoyPersonCard   *self,
                                   AhoyConversation *conversation)
{
  g_return_if_fail (AHOY_IS_PERSON_CARD (self));
  g_return_if_fail (conversation == NULL || AHOY_IS_CONVERSATION (conversation));

  if (!g_set_object (&self->conversation, conversation))
    return;

  follow (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}
