/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The page for a server that is known and not reached, or an own one that did not start. */

#include "ahoy-config.h"

#include "ui/ahoy-trouble-page.h"

#include <glib/gi18n.h>

#include "ui/ahoy-error-text.h"
#include "ui/ahoy-explanation.h"
#include "ui/ahoy-ways-forward.h"

struct _AhoyTroublePage {
  AhoyPage parent_instance;

  /* Template */
  AdwStatusPage *status_page;
  GtkWidget     *anew_button;
  GtkWidget     *detail_frame;
  GtkLabel      *detail_label;
  GtkWidget     *ways_forward;
};

G_DEFINE_FINAL_TYPE (AhoyTroublePage, ahoy_trouble_page, AHOY_TYPE_PAGE)

static char *
describe (AhoyConnector *connector)
{
  const char *aim = ahoy_connector_get_aim (connector);

  switch (ahoy_connector_get_trouble (connector))
    {
    case AHOY_TROUBLE_ADDRESS:
      return g_strdup_printf (_ ("No computer is known under the address %s. Is it spelled right?"), aim);
    case AHOY_TROUBLE_CONNECT:
      return ahoy_error_text_failure (ahoy_chat_get_failure (ahoy_connector_get_chat (connector)), aim);
    case AHOY_TROUBLE_HOST:
      return g_strdup (_ ("The chat server on this computer could not start, or it stopped. It says:"));
    case AHOY_TROUBLE_HOST_LOG:
      return g_strdup (_ ("What was said in the chat on this computer cannot be read any more: its log is damaged or gone. You can set it aside and begin a new one. "
                          "Nothing is deleted: the file stays in its folder under another name, and everybody keeps what they have received. But newcomers will "
                          "not see what was said before, and until the others come back, anybody can take their names. The server says:"));
    case AHOY_TROUBLE_NONE:
      break;
    }

  return g_strdup ("");
}

static void
ahoy_trouble_page_stepped (AhoyPage *page,
                           AhoyStep  step)
{
  AhoyTroublePage *self = AHOY_TROUBLE_PAGE (page);
  AhoyConnector   *connector = ahoy_page_get_connector (page);
  AhoyTrouble      trouble = ahoy_connector_get_trouble (connector);
  gboolean         hosting = trouble == AHOY_TROUBLE_HOST || trouble == AHOY_TROUBLE_HOST_LOG;
  const char      *detail = hosting ? ahoy_connector_get_host_error (connector) : NULL;
  g_autofree char *text = NULL;

  if (step != AHOY_STEP_TROUBLE)
    return;

  text = describe (connector);
  adw_status_page_set_title (self->status_page, hosting ? _ ("Hosting Did Not Work") : _ ("No Connection"));
  ahoy_explanation_show (self->status_page, text);
  gtk_label_set_label (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (self->anew_button, trouble == AHOY_TROUBLE_HOST_LOG);
  gtk_widget_set_visible (self->detail_frame, detail != NULL && *detail != '\0');
}

static gboolean
ahoy_trouble_page_grab_focus (GtkWidget *widget)
{
  AhoyTroublePage *self = AHOY_TROUBLE_PAGE (widget);

  return gtk_widget_grab_focus (gtk_widget_get_visible (self->anew_button) ? self->anew_button : self->ways_forward);
}

static void
ahoy_trouble_page_class_init (AhoyTroublePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AhoyPageClass  *page_class = AHOY_PAGE_CLASS (klass);

  widget_class->grab_focus = ahoy_trouble_page_grab_focus;
  page_class->stepped = ahoy_trouble_page_stepped;

  g_type_ensure (AHOY_TYPE_WAYS_FORWARD);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-trouble-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyTroublePage, status_page);
  gtk_widget_class_bind_template_child (widget_class, AhoyTroublePage, anew_button);
  gtk_widget_class_bind_template_child (widget_class, AhoyTroublePage, detail_frame);
  gtk_widget_class_bind_template_child (widget_class, AhoyTroublePage, detail_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyTroublePage, ways_forward);
}

static void
ahoy_trouble_page_init (AhoyTroublePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
