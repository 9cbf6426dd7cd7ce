/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* About a person. */

#include "ahoy-config.h"

#include "ui/ahoy-person-card.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/ahoy-sentences.h"
#include "ui/ahoy-tint.h"

struct _AhoyPersonCard {
  GtkPopover parent_instance;

  /* Template */
  AdwAvatar *avatar;
  GtkLabel  *name_label;
  GtkLabel  *presence_label;
  GtkWidget *changed_box;
  GtkLabel  *changed_label;
  GtkWidget *known_box;
  GtkLabel  *known_label;
  GtkWidget *accept_button;
  GtkWidget *words_box;
  GtkLabel  *words_title_label;
  GtkLabel  *words_label;
  GtkLabel  *hint_label;
  GtkWidget *verified_box;
  GtkLabel  *verified_label;
  GtkSwitch *verified_switch;
  GtkLabel  *since_label;

  /* Owned */
  AhoyChat         *chat;
  AhoyConversation *conversation;
  GSignalGroup     *signals;
  char             *key; /* whose words are shown */
  char             *known_key;
  gboolean          shown;
};

enum {
  PROP_0,
  PROP_CHAT,
  PROP_CONVERSATION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyPersonCard, ahoy_person_card, GTK_TYPE_POPOVER)

static AhoyPerson *
get_person (AhoyPersonCard *self)
{
  return self->conversation != NULL ? ahoy_conversation_get_person (self->conversation) : NULL;
}

/* They take a moment to make. */
static void
show_words (GtkLabel   *label,
            char      **shown,
            const char *key)
{
  g_autofree char *words = NULL;

  if (g_strcmp0 (*shown, key) == 0)
    return;

  g_free (*shown);
  *shown = g_strdup (key);
  words = key != NULL ? ahoy_sentence_four_words (key) : NULL;
  gtk_label_set_label (label, words != NULL ? words : "");
}

static char *
dup_keyed_hint (const char *name)
{
  /* Translators: %1$s is a person's name; "Preferences" and "Your Identity" are what the menu and that window call them. */
  return g_strdup_printf (_ ("Compare these words with %1$s, side by side or on the phone: %1$s finds them in Preferences under “Your Identity”. "
                             "If they are the same, this really is %1$s."),
                          name);
}

static char *
dup_keyless_hint (const char *name,
                  gboolean    kept)
{
  if (!kept)
    /* Translators: %s is a person's name. */
    return g_strdup_printf (_ ("%s has no key, so nobody can check who this is. Do not write secrets to them, and write only while they are here: "
                               "nothing waits for them while they are away."),
                            name);
  /* Translators: %s is a person's name. */
  return g_strdup_printf (_ ("%s is here without a key, so nobody can check who this is. Do not write secrets to them."), name);
}

static char *
dup_keyed_alarm (const char *name)
{
  /* Translators: %1$s is a person's name. */
  return g_strdup_printf (_ ("%1$s came back with other words than before. That can be a new computer – or somebody else under this name. "
                             "Ask %1$s in person, and accept only if the new words are theirs."),
                          name);
}

static char *
dup_keyless_alarm (const char *name)
{
  /* Translators: %1$s is a person's name. */
  return g_strdup_printf (_ ("%1$s came back without the key they had before. That can be an older program – or somebody else under this name. "
                             "Ask %1$s in person before you accept."),
                          name);
}

static void
fill_sentences (AhoyPersonCard *self,
                const char     *name,
                gboolean        keyed,
                gboolean        kept)
{
  /* Translators: %s is a person's name. */
  g_autofree char *about = g_strdup_printf (_ ("About %s"), name);
  /* Translators: %s is a person's name. */
  g_autofree char *title = g_strdup_printf (_ ("The four words of %s"), name);
  g_autofree char *hint = keyed ? dup_keyed_hint (name) : dup_keyless_hint (name, kept);
  g_autofree char *alarm = keyed ? dup_keyed_alarm (name) : dup_keyless_alarm (name);
  /* Translators: beside a switch; %s is a person's name. */
  g_autofree char *verified = g_strdup_printf (_ ("I have compared the words with %s"), name);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, about, -1);
  gtk_label_set_label (self->words_title_label, title);
  gtk_label_set_label (self->hint_label, hint);
  gtk_label_set_label (self->verified_label, verified);
  gtk_label_set_label (self->changed_label, alarm);
}

static void
update (AhoyPersonCard *self)
{
  AhoyPerson      *person = get_person (self);
  const char      *key;
  const char      *known_key;
  g_autofree char *presence = NULL;
  g_autofree char *since = NULL;
  gboolean         changed;

  if (person == NULL || !self->shown)
    return;

  key = ahoy_person_get_key (person);
  changed = ahoy_person_get_changed (person);
  known_key = changed ? ahoy_person_get_known_key (person) : NULL;
  presence = ahoy_sentence_presence_of (self->conversation);
  since = ahoy_sentence_known_since (ahoy_person_get_known_since (person), g_get_real_time ());
  adw_avatar_set_text (self->avatar, ahoy_person_get_name (person));
  ahoy_tint_avatar (self->avatar, ahoy_person_get_tint (person));
  gtk_label_set_label (self->name_label, ahoy_person_get_name (person));
  gtk_label_set_label (self->presence_label, presence);
  show_words (self->words_label, &self->key, key);
  show_words (self->known_label, &self->known_key, known_key);
  fill_sentences (self, ahoy_person_get_name (person), key != NULL, ahoy_person_get_kept (person));
  gtk_widget_set_visible (self->changed_box, changed);
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), !changed);
  gtk_widget_set_visible (self->known_box, known_key != NULL);
  gtk_widget_set_visible (self->words_box, key != NULL);
  gtk_widget_set_visible (self->verified_box, key != NULL && !changed);
  gtk_switch_set_active (self->verified_switch, ahoy_person_get_verified (person));
  gtk_label_set_label (self->since_label, since != NULL ? since : "");
  gtk_widget_set_visible (GTK_WIDGET (self->since_label), since != NULL);
}

/* A popover takes its size when it is shown: what is in it has to be there before. */
static void
ahoy_person_card_show (GtkWidget *widget)
{
  AhoyPersonCard *self = AHOY_PERSON_CARD (widget);

  self->shown = TRUE;
  update (self);

  GTK_WIDGET_CLASS (ahoy_person_card_parent_class)->show (widget);
}

static void
ahoy_person_card_hide (GtkWidget *widget)
{
  AHOY_PERSON_CARD (widget)->shown = FALSE;

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

  g_clear_object (&self->signals);
  g_clear_object (&self->chat);
  g_clear_object (&self->conversation);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->known_key, g_free);

  G_OBJECT_CLASS (ahoy_person_card_parent_class)->dispose (object);
}

static void
ahoy_person_card_class_init (AhoyPersonCardClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ahoy_person_card_dispose;
  object_class->get_property = ahoy_person_card_get_property;
  object_class->set_property = ahoy_person_card_set_property;
  widget_class->hide = ahoy_person_card_hide;
  widget_class->show = ahoy_person_card_show;

  properties[PROP_CHAT] = g_param_spec_object ("chat", NULL, NULL, AHOY_TYPE_CHAT,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-person-card.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, avatar);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, name_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, presence_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, changed_box);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, changed_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, known_box);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, known_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, accept_button);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, words_box);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, words_title_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, words_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, hint_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, verified_box);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, verified_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, verified_switch);
  gtk_widget_class_bind_template_child (widget_class, AhoyPersonCard, since_label);
  gtk_widget_class_bind_template_callback (widget_class, on_verified);
  gtk_widget_class_bind_template_callback (widget_class, on_accept);
}

static void
ahoy_person_card_init (AhoyPersonCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (AHOY_TYPE_PERSON);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (update), self);
}

void
ahoy_person_card_set_conversation (AhoyPersonCard   *self,
                                   AhoyConversation *conversation)
{
  g_return_if_fail (AHOY_IS_PERSON_CARD (self));
  g_return_if_fail (conversation == NULL || AHOY_IS_CONVERSATION (conversation));

  if (!g_set_object (&self->conversation, conversation))
    return;

  g_signal_group_set_target (self->signals, get_person (self));
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}
