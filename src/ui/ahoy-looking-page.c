/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The page of state 2: something is under way, and can be cancelled. */

#include "ahoy-config.h"

#include "ui/ahoy-looking-page.h"

#include <glib/gi18n.h>

struct _AhoyLookingPage {
  AhoyPage parent_instance;

  /* Template */
  GtkSpinner *spinner;
  GtkLabel   *status_label;
  GtkLabel   *aim_label;
  GtkWidget  *cancel_button;
};

G_DEFINE_FINAL_TYPE (AhoyLookingPage, ahoy_looking_page, AHOY_TYPE_PAGE)

static const char *
describe (AhoyStep    step,
          const char *aim)
{
  switch (step)
    {
    case AHOY_STEP_LOOKING:
      return aim == NULL ? _ ("Looking for a chat server on this network…") : _ ("Looking for the chat server…");
    case AHOY_STEP_HOSTING:
      return _ ("Starting a chat server on this computer…");
    case AHOY_STEP_CONNECTING:
      return _ ("Connecting…");
    default:
      return NULL;
    }
}

static void
ahoy_looking_page_stepped (AhoyPage *page,
                           AhoyStep  step)
{
  AhoyLookingPage *self = AHOY_LOOKING_PAGE (page);
  const char      *aim = ahoy_connector_get_aim (ahoy_page_get_connector (page));
  const char      *status = describe (step, aim);

  /* A spinner that turns where nobody sees it costs a frame each time all the same. */
  gtk_spinner_set_spinning (self->spinner, status != NULL);
  if (status == NULL)
    return;

  gtk_label_set_label (self->status_label, status);
  gtk_label_set_label (self->aim_label, aim != NULL ? aim : "");
  gtk_widget_set_visible (GTK_WIDGET (self->aim_label), aim != NULL);
}

static gboolean
ahoy_looking_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (AHOY_LOOKING_PAGE (widget)->cancel_button));
}

static void
ahoy_looking_page_class_init (AhoyLookingPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AhoyPageClass  *page_class = AHOY_PAGE_CLASS (klass);

  widget_class->grab_focus = ahoy_looking_page_grab_focus;
  page_class->stepped = ahoy_looking_page_stepped;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-looking-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyLookingPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, AhoyLookingPage, status_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyLookingPage, aim_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyLookingPage, cancel_button);
}

static void
ahoy_looking_page_init (AhoyLookingPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
