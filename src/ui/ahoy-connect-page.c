/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The page of states 1 and 5: one's name, and Connect. */

#include "ahoy-config.h"

#include "ui/ahoy-connect-page.h"

#include "ui/ahoy-closures.h"
#include "ui/ahoy-error-text.h"
#include "ui/ahoy-look.h"

struct _AhoyConnectPage {
  AhoyPage parent_instance;

  /* Template */
  GtkEntry *name_entry;

  /* Owned */
  char *problem;      /* NULL: there is none */
  char *refused_name; /* NULL: none was refused since the page was entered */
};

enum {
  PROP_PROBLEM = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyConnectPage, ahoy_connect_page, AHOY_TYPE_PAGE)

static char *
dup_problem (AhoyConnectPage *self,
             AhoyConnector   *connector)
{
  const char *name = ahoy_connector_get_name (connector);

  if (g_strcmp0 (name, self->refused_name) == 0)
    return ahoy_error_text_refusal (ahoy_chat_get_refusal (ahoy_connector_get_chat (connector)), name);
  return ahoy_error_text_name_problem (name);
}

static void
judge_name (AhoyConnectPage *self)
{
  g_free (self->problem);
  self->problem = dup_problem (self, ahoy_page_get_connector (AHOY_PAGE (self)));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

static void
on_activate (AhoyConnectPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.connect", NULL);
}

static void
ahoy_connect_page_attached (AhoyPage      *page,
                            AhoyConnector *connector)
{
  AhoyConnectPage *self = AHOY_CONNECT_PAGE (page);

  g_object_bind_property (connector, "name", self->name_entry, "text", G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
}

static void
ahoy_connect_page_stepped (AhoyPage *page,
                           AhoyStep  step)
{
  AhoyConnectPage *self = AHOY_CONNECT_PAGE (page);

  if (step != AHOY_STEP_NAME && step != AHOY_STEP_REFUSED)
    return;

  g_clear_pointer (&self->refused_name, g_free);
  if (step == AHOY_STEP_REFUSED)
    self->refused_name = g_strdup (ahoy_connector_get_name (ahoy_page_get_connector (page)));
  judge_name (self);
}

/* The entry, all of it selected: typing replaces the name. */
static gboolean
ahoy_connect_page_grab_focus (GtkWidget *widget)
{
  AhoyConnectPage *self = AHOY_CONNECT_PAGE (widget);

  gtk_editable_select_region (GTK_EDITABLE (self->name_entry), 0, -1);
  return gtk_widget_grab_focus (GTK_WIDGET (self->name_entry));
}

static void
ahoy_connect_page_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_PROBLEM:
      g_value_set_string (value, AHOY_CONNECT_PAGE (object)->problem);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_connect_page_finalize (GObject *object)
{
  g_free (AHOY_CONNECT_PAGE (object)->problem);
  g_free (AHOY_CONNECT_PAGE (object)->refused_name);

  G_OBJECT_CLASS (ahoy_connect_page_parent_class)->finalize (object);
}

static void
ahoy_connect_page_class_init (AhoyConnectPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AhoyPageClass  *page_class = AHOY_PAGE_CLASS (klass);

  object_class->finalize = ahoy_connect_page_finalize;
  object_class->get_property = ahoy_connect_page_get_property;
  widget_class->grab_focus = ahoy_connect_page_grab_focus;
  page_class->attached = ahoy_connect_page_attached;
  page_class->stepped = ahoy_connect_page_stepped;

  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-connect-page.ui");
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_is_set);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_not);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_problem_classes);
  gtk_widget_class_bind_template_child (widget_class, AhoyConnectPage, name_entry);
  gtk_widget_class_bind_template_child_full (widget_class, "problem_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "problem_revealer", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "host_button", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "hosting_box", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
}

static void
ahoy_connect_page_init (AhoyConnectPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ahoy_page_follow (AHOY_PAGE (self), "notify::name", G_CALLBACK (judge_name));
}
