/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The place where one writes. */

#include "ui/ahoy-composer.h"

#include "core/chat/ahoy-check.h"
#include "ui/ahoy-closures.h"
#include "ui/ahoy-intent.h"
#include "ui/ahoy-look.h"
#include "ui/ahoy-question.h"
#include "ui/ahoy-recipient-selector.h"
#include "ui/ahoy-send-question.h"
#include "ui/ahoy-subject.h"

#define MAX_LINES 6

struct _AhoyComposer {
  GtkWidget parent_instance;

  /* Template */
  GtkWidget             *top;
  GtkWidget             *bottom;
  AhoyRecipientSelector *recipient;
  GtkScrolledWindow     *scrolled;
  GtkTextView           *view;
  GtkTextBuffer         *buffer;
  GtkWidget             *placeholder;

  /* Owned */
  AhoyChat             *chat;
  AhoyConversationList *people;
  AhoyConversation     *conversation;
  AhoySubject          *subject;
  GSignalGroup         *connection; /* of the chat */
  GSignalGroup         *draft;      /* of the conversation */
  gint64                excess;     /* bytes over what a message may hold; negative: bytes left */
  AhoyIntent           *intent;
  gboolean              preedit; /* an input method shows text that is not in the buffer yet */
  gboolean              loading; /* the text is being replaced by a draft */
  GtkWidget            *question;
  AhoyConversation     *asked_for; /* whom the question is about */
  AhoySendDoubt         asked_about;
  char                 *asked_key; /* KEY: the key that was shown */
};

G_DEFINE_FINAL_TYPE (AhoyComposer, ahoy_composer, GTK_TYPE_WIDGET)

enum {
  PROP_CHAT = 1,
  PROP_PEOPLE,
  PROP_CONVERSATION,
  PROP_EXCESS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* For who is not there, by a server that knows them again. */
static gboolean
is_kept (AhoyComposer *self)
{
  AhoyPerson *person = ahoy_conversation_get_person (self->conversation);
  AhoyServer *server = self->chat != NULL ? ahoy_chat_get_server (self->chat) : NULL;

  return person != NULL && server != NULL && ahoy_server_get_extended (server) && ahoy_person_get_kept (person);
}

static char *
dup_text (AhoyComposer *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);

  return gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
}

/* What is shown. */

static void
update_sending (AhoyComposer *self)
{
  g_autofree char *text = dup_text (self);
  AhoyClientState  state = self->chat != NULL ? ahoy_chat_get_state (self->chat) : AHOY_CLIENT_OFFLINE;
  gboolean         connected = state == AHOY_CLIENT_ONLINE || state == AHOY_CLIENT_RECONNECTING;
  gint64           excess = self->chat != NULL && self->conversation != NULL ? ahoy_chat_text_excess (self->chat, self->conversation, text) : G_MININT64;

  if (self->excess != excess)
    {
      self->excess = excess;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EXCESS]);
    }
  gtk_widget_set_visible (self->placeholder, text[0] == '\0' && !self->preedit);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "composer.send", connected && self->conversation != NULL && excess <= 0 && !ahoy_check_is_blank (text));
}

/* The text. */

static void
replace_text (AhoyComposer *self,
              const char   *text)
{
  self->loading = TRUE;
  gtk_text_buffer_begin_irreversible_action (self->buffer);
  gtk_text_buffer_set_text (self->buffer, text, -1);
  gtk_text_buffer_end_irreversible_action (self->buffer);
  self->loading = FALSE;
  update_sending (self);
}

static void
on_changed (AhoyComposer *self)
{
  g_autofree char *text = NULL;

  if (self->loading || self->conversation == NULL)
    return;

  text = dup_text (self);
  if (text[0] == '\0')
    ahoy_intent_begin (self->intent, NULL);
  else if (ahoy_intent_get_begun_for (self->intent) == NULL)
    ahoy_intent_begin (self->intent, self->conversation);
  ahoy_conversation_set_draft (self->conversation, text);
  if (text[0] != '\0' && self->chat != NULL)
    ahoy_chat_note_typing (self->chat, self->conversation);
  update_sending (self);
}

/* Somebody else has changed it: what was typed for one server stays there, and is here again when we are. */
static void
on_draft (AhoyComposer *self)
{
  const char      *draft = ahoy_conversation_get_draft (self->conversation);
  g_autofree char *text = dup_text (self);

  if (g_str_equal (text, draft))
    return;
  replace_text (self, draft);
  ahoy_intent_begin (self->intent, draft[0] != '\0' ? self->conversation : NULL);
}

static void
on_preedit_changed (AhoyComposer *self,
                    const char   *preedit)
{
  self->preedit = preedit != NULL && preedit[0] != '\0';
  update_sending (self);
}

/* Sending. */

static void
send_now (AhoyComposer *self)
{
  g_autofree char *text = dup_text (self);

  if (ahoy_chat_send (self->chat, self->conversation, text) == NULL)
    return;

  ahoy_conversation_set_draft (self->conversation, "");
  ahoy_intent_begin (self->intent, NULL);
  replace_text (self, "");
  ahoy_conversation_forget_unread (self->conversation);
  gtk_widget_activate_action (GTK_WIDGET (self), "chat.newest", NULL);
}

static void settle_and_send (AhoyComposer *self);

static void
on_response (AhoyComposer *self,
             const char   *response)
{
  g_autoptr (AhoyConversation) asked_for = g_steal_pointer (&self->asked_for);

  self->question = NULL;
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  /* The answer is good for what was asked, and for nobody else. */
  if (g_strcmp0 (response, "send") == 0 && self->chat != NULL && self->conversation == asked_for)
    settle_and_send (self);
}

static void
ask (AhoyComposer *self,
     AhoySendDoubt doubt)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  self->asked_about = doubt;
  g_free (self->asked_key);
  self->asked_key = doubt == AHOY_SEND_DOUBT_KEY ? g_strdup (ahoy_intent_key_of (ahoy_conversation_get_person (self->conversation))) : NULL;
  self->question = ahoy_send_question_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, doubt, self->conversation, ahoy_intent_get_begun_for (self->intent), is_kept (self));
  ahoy_question_answer_to (self->question, self, G_CALLBACK (on_response));
  g_set_object (&self->asked_for, self->conversation);
  gtk_window_present (GTK_WINDOW (self->question));
}

/* The question has been answered; there may be another one behind it. */
static void
settle_and_send (AhoyComposer *self)
{
  AhoySendDoubt doubt;

  ahoy_intent_settle (self->intent, self->asked_about, self->conversation, self->asked_key);

  doubt = ahoy_intent_find_doubt (self->intent, self->conversation);
  if (doubt != AHOY_SEND_DOUBT_NONE)
    ask (self, doubt);
  else
    send_now (self);
}

static void
send_action (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  AhoyComposer *self = AHOY_COMPOSER (widget);
  AhoySendDoubt doubt;

  if (self->question != NULL)
    return;

  doubt = ahoy_intent_find_doubt (self->intent, self->conversation);
  if (doubt != AHOY_SEND_DOUBT_NONE)
    ask (self, doubt);
  else
    send_now (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
emoji_action (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  AhoyComposer *self = AHOY_COMPOSER (widget);

  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  gtk_widget_activate_action (GTK_WIDGET (self->view), "misc.insert-emoji", NULL);
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                AhoyComposer          *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));

  if (keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter && keyval != GDK_KEY_ISO_Enter)
    return GDK_EVENT_PROPAGATE;
  /* Enter that confirms a candidate belongs to the input method. */
  if (gtk_text_view_im_context_filter_keypress (self->view, event))
    return GDK_EVENT_STOP;
  /* The text view would begin a new line. */
  if ((state & gtk_accelerator_get_default_mod_mask ()) == GDK_ALT_MASK)
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "chat.about", NULL);
      return GDK_EVENT_STOP;
    }
  if ((state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;

  gtk_widget_activate_action (GTK_WIDGET (self), "composer.send", NULL);

  return GDK_EVENT_STOP;
}

/* Another recipient, chosen here: the text comes along if there is none. */
static void
on_recipient (AhoyComposer *self)
{
  AhoyConversation *conversation = ahoy_recipient_selector_get_conversation (self->recipient);
  g_autofree char  *text = NULL;
  gboolean          along;

  if (conversation == NULL || conversation == self->conversation)
    return;

  text = dup_text (self);
  along = text[0] != '\0' && ahoy_conversation_get_draft (conversation)[0] == '\0';
  ahoy_intent_hold (self->intent, along && ahoy_intent_get_begun_for (self->intent) != NULL);
  if (along)
    {
      ahoy_conversation_set_draft (self->conversation, "");
      ahoy_conversation_set_draft (conversation, text);
    }

  ahoy_composer_set_conversation (self, conversation);
  ahoy_intent_hold (self->intent, FALSE);
}

/* Six lines of whatever the font is. */
static void
ahoy_composer_css_changed (GtkWidget         *widget,
                           GtkCssStyleChange *change)
{
  AhoyComposer     *self = AHOY_COMPOSER (widget);
  PangoContext     *context = gtk_widget_get_pango_context (GTK_WIDGET (self->view));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int               margins = gtk_text_view_get_top_margin (self->view) + gtk_text_view_get_bottom_margin (self->view);

  GTK_WIDGET_CLASS (ahoy_composer_parent_class)->css_changed (widget, change);

  gtk_scrolled_window_set_max_content_height (self->scrolled, MAX_LINES * PANGO_PIXELS_CEIL (pango_font_metrics_get_height (metrics)) + margins);
  pango_font_metrics_unref (metrics);
}

static gboolean
ahoy_composer_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (AHOY_COMPOSER (widget)->view));
}

static void
ahoy_composer_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  AhoyComposer *self = AHOY_COMPOSER (object);

  switch (id)
    {
    case PROP_CHAT:
      g_value_set_object (value, self->chat);
      break;
    case PROP_PEOPLE:
      g_value_set_object (value, self->people);
      break;
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    case PROP_EXCESS:
      g_value_set_int64 (value, self->excess);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_composer_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  AhoyComposer *self = AHOY_COMPOSER (object);

  switch (id)
    {
    case PROP_CHAT:
      g_set_object (&self->chat, g_value_get_object (value));
      g_signal_group_set_target (self->connection, self->chat);
      update_sending (self);
      break;
    case PROP_PEOPLE:
      g_set_object (&self->people, g_value_get_object (value));
      break;
    case PROP_CONVERSATION:
      ahoy_composer_set_conversation (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_composer_dispose (GObject *object)
{
  AhoyComposer *self = AHOY_COMPOSER (object);

  g_clear_object (&self->connection);
  g_clear_object (&self->draft);
  g_clear_object (&self->subject);
  g_clear_object (&self->chat);
  g_clear_object (&self->conversation);
  g_clear_object (&self->asked_for);
  g_clear_pointer (&self->asked_key, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), AHOY_TYPE_COMPOSER);
  g_clear_object (&self->people);

  G_OBJECT_CLASS (ahoy_composer_parent_class)->dispose (object);
}

static void
ahoy_composer_finalize (GObject *object)
{
  ahoy_intent_free (AHOY_COMPOSER (object)->intent);

  G_OBJECT_CLASS (ahoy_composer_parent_class)->finalize (object);
}

static void
ahoy_composer_class_init (AhoyComposerClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ahoy_composer_get_property;
  object_class->set_property = ahoy_composer_set_property;
  object_class->dispose = ahoy_composer_dispose;
  object_class->finalize = ahoy_composer_finalize;
  widget_class->css_changed = ahoy_composer_css_changed;
  widget_class->grab_focus = ahoy_composer_grab_focus;

  properties[PROP_CHAT] = g_param_spec_object ("chat", NULL, NULL, AHOY_TYPE_CHAT, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PEOPLE] = g_param_spec_object ("people", NULL, NULL, AHOY_TYPE_CONVERSATION_LIST, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_EXCESS] = g_param_spec_int64 ("excess", NULL, NULL, G_MININT64, G_MAXINT64, G_MININT64, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_RECIPIENT_SELECTOR);
  gtk_widget_class_set_css_name (widget_class, "composer");
  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-composer.ui");
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_composer_classes);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_excess);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_excess_classes);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_is_person);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_placeholder);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_send_tooltip);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_shows_excess);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_whispering_to);
  gtk_widget_class_bind_template_child (widget_class, AhoyComposer, top);
  gtk_widget_class_bind_template_child (widget_class, AhoyComposer, bottom);
  gtk_widget_class_bind_template_child (widget_class, AhoyComposer, recipient);
  gtk_widget_class_bind_template_child_full (widget_class, "privacy", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "privacy_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "excess", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, AhoyComposer, scrolled);
  gtk_widget_class_bind_template_child (widget_class, AhoyComposer, view);
  gtk_widget_class_bind_template_child (widget_class, AhoyComposer, buffer);
  gtk_widget_class_bind_template_child (widget_class, AhoyComposer, placeholder);
  gtk_widget_class_bind_template_child_full (widget_class, "send", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_preedit_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_recipient);

  gtk_widget_class_install_action (widget_class, "composer.send", NULL, send_action);
  gtk_widget_class_install_action (widget_class, "composer.emoji", NULL, emoji_action);
}

static void
ahoy_composer_init (AhoyComposer *self)
{
  self->excess = G_MININT64;
  self->intent = ahoy_intent_new ();
  self->subject = ahoy_subject_new (self, properties[PROP_CONVERSATION]);
  self->connection = g_signal_group_new (G_TYPE_OBJECT);
  g_signal_group_connect_swapped (self->connection, "notify::state", G_CALLBACK (update_sending), self);
  self->draft = g_signal_group_new (AHOY_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->draft, "notify::draft", G_CALLBACK (on_draft), self);
  gtk_widget_init_template (GTK_WIDGET (self));

  update_sending (self);
}

void
ahoy_composer_set_conversation (AhoyComposer     *self,
                                AhoyConversation *conversation)
{
  g_return_if_fail (AHOY_IS_COMPOSER (self));
  g_return_if_fail (conversation == NULL || AHOY_IS_CONVERSATION (conversation));

  if (self->conversation == conversation)
    return;

  g_set_object (&self->conversation, conversation);
  ahoy_subject_set (self->subject, conversation);
  g_signal_group_set_target (self->draft, conversation);
  replace_text (self, conversation != NULL ? ahoy_conversation_get_draft (conversation) : "");
  ahoy_intent_begin (self->intent, conversation != NULL && ahoy_conversation_get_draft (conversation)[0] != '\0' ? conversation : NULL);
  ahoy_recipient_selector_set_conversation (self->recipient, conversation);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}
