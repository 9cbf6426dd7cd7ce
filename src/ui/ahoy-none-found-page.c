/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The page of state 4: nobody answered. It says what was tried, why that probably is, and what to do. */

#include "ahoy-config.h"

#include "ui/ahoy-none-found-page.h"

#include <glib/gi18n.h>

#include "ui/ahoy-command-row.h"
#include "ui/ahoy-error-text.h"
#include "ui/ahoy-explanation.h"
#include "ui/ahoy-probe-row.h"
#include "ui/ahoy-ways-forward.h"

struct _AhoyNoneFoundPage {
  AhoyPage parent_instance;

  /* Template */
  AdwStatusPage       *status_page;
  GtkWidget           *ways_forward;
  GtkListBox          *probes_list;
  GtkWidget           *server_firewall_group;
  AhoyCommandRow      *server_ufw_row;
  AhoyCommandRow      *server_firewalld_row;
  AdwPreferencesGroup *own_firewall_group;
  AhoyCommandRow      *own_ufw_row;
  AhoyCommandRow      *own_firewalld_row;
};

G_DEFINE_FINAL_TYPE (AhoyNoneFoundPage, ahoy_none_found_page, AHOY_TYPE_PAGE)

static GtkWidget *
make_row (gpointer item,
          gpointer data)
{
  return g_object_new (AHOY_TYPE_PROBE_ROW, "probe", item, NULL);
}

/* Whether it is known of every network we asked that answers get in. */
static gboolean
answers_get_in (GListModel *probes)
{
  for (guint i = 0; i < g_list_model_get_n_items (probes); i++)
    {
      g_autoptr (AhoyProbe) probe = g_list_model_get_item (probes, i);

      if (ahoy_probe_get_kind (probe) == AHOY_PROBE_INTERFACE && ahoy_probe_get_sent (probe) > 0 &&
          ahoy_probe_get_trial (probe) != AHOY_TRIAL_HEARD)
        return FALSE;
    }

  return TRUE;
}

static const char *
describe_own (AhoyDiagnosis diagnosis)
{
  switch (diagnosis)
    {
    case AHOY_DIAGNOSIS_SEND_BLOCKED:
      return _ ("This line lets the question out.");
    case AHOY_DIAGNOSIS_RECEIVE_BLOCKED:
      return _ ("One of these lines lets the answers in.");
    default:
      return _ ("If servers are there but their answers do not get in, one of these lines lets them.");
    }
}

/* Answers to a broadcast are answers to nobody for a firewall that watches connections: they come from the server's port, and are let in by it.
 * What firewalld does not let out is forbidden by a policy of somebody's own making, and no line of ours takes that back. */
static void
show_commands (AhoyNoneFoundPage *self,
               AhoyDiagnosis      diagnosis,
               GListModel        *probes,
               guint16            port)
{
  gboolean blocked = diagnosis == AHOY_DIAGNOSIS_SEND_BLOCKED;
  gboolean unanswered = diagnosis == AHOY_DIAGNOSIS_NO_SERVER || diagnosis == AHOY_DIAGNOSIS_NO_IPV4;
  gboolean own = blocked || diagnosis == AHOY_DIAGNOSIS_RECEIVE_BLOCKED || diagnosis == AHOY_DIAGNOSIS_NO_IPV4 ||
                 (diagnosis == AHOY_DIAGNOSIS_NO_SERVER && !answers_get_in (probes));
  g_autofree char *server_ufw = g_strdup_printf ("sudo ufw allow %u", port);
  g_autofree char *server_firewalld = g_strdup_printf ("sudo firewall-cmd --add-port=%u/udp --add-port=%u/tcp", port, port);
  g_autofree char *own_ufw = g_strdup_printf (blocked ? "sudo ufw allow out %u" : "sudo ufw allow proto udp from any port %u", port);
  g_autofree char *own_firewalld = blocked ? NULL : g_strdup_printf ("sudo firewall-cmd --add-source-port=%u/udp", port);

  gtk_widget_set_visible (self->server_firewall_group, unanswered);
  ahoy_command_row_set_command (self->server_ufw_row, server_ufw);
  ahoy_command_row_set_command (self->server_firewalld_row, server_firewalld);

  gtk_widget_set_visible (GTK_WIDGET (self->own_firewall_group), own);
  adw_preferences_group_set_description (self->own_firewall_group, describe_own (diagnosis));
  ahoy_command_row_set_command (self->own_ufw_row, own_ufw);
  ahoy_command_row_set_command (self->own_firewalld_row, own_firewalld);
}

static void
ahoy_none_found_page_stepped (AhoyPage *page,
                              AhoyStep  step)
{
  AhoyNoneFoundPage *self = AHOY_NONE_FOUND_PAGE (page);
  AhoyFinder        *finder;
  AhoyDiagnosis      diagnosis;
  g_autofree char   *cause = NULL;

  if (step != AHOY_STEP_NONE_FOUND)
    return;

  finder = ahoy_connector_get_finder (ahoy_page_get_connector (page));
  diagnosis = ahoy_finder_get_diagnosis (finder);
  cause = ahoy_error_text_diagnosis (diagnosis, ahoy_finder_get_port (finder));

  ahoy_explanation_show (self->status_page, cause);
  gtk_list_box_bind_model (self->probes_list, ahoy_finder_get_probes (finder), make_row, NULL, NULL);
  show_commands (self, diagnosis, ahoy_finder_get_probes (finder), ahoy_finder_get_port (finder));
}

/* It has looked once more, and something else is true now. */
static void
on_finder (AhoyPage *page)
{
  AhoyConnector *connector = ahoy_page_get_connector (page);

  if (ahoy_finder_get_state (ahoy_connector_get_finder (connector)) == AHOY_FINDER_NONE)
    ahoy_none_found_page_stepped (page, ahoy_connector_get_step (connector));
}

static gboolean
ahoy_none_found_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (AHOY_NONE_FOUND_PAGE (widget)->ways_forward));
}

static void
ahoy_none_found_page_class_init (AhoyNoneFoundPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AhoyPageClass  *page_class = AHOY_PAGE_CLASS (klass);

  widget_class->grab_focus = ahoy_none_found_page_grab_focus;
  page_class->stepped = ahoy_none_found_page_stepped;

  g_type_ensure (AHOY_TYPE_COMMAND_ROW);
  g_type_ensure (AHOY_TYPE_WAYS_FORWARD);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-none-found-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyNoneFoundPage, status_page);
  gtk_widget_class_bind_template_child (widget_class, AhoyNoneFoundPage, ways_forward);
  gtk_widget_class_bind_template_child (widget_class, AhoyNoneFoundPage, probes_list);
  gtk_widget_class_bind_template_child (widget_class, AhoyNoneFoundPage, server_firewall_group);
  gtk_widget_class_bind_template_child (widget_class, AhoyNoneFoundPage, server_ufw_row);
  gtk_widget_class_bind_template_child (widget_class, AhoyNoneFoundPage, server_firewalld_row);
  gtk_widget_class_bind_template_child (widget_class, AhoyNoneFoundPage, own_firewall_group);
  gtk_widget_class_bind_template_child (widget_class, AhoyNoneFoundPage, own_ufw_row);
  gtk_widget_class_bind_template_child (widget_class, AhoyNoneFoundPage, own_firewalld_row);
}

static void
ahoy_none_found_page_init (AhoyNoneFoundPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ahoy_page_follow (AHOY_PAGE (self), "notify::finder", G_CALLBACK (on_finder));
}
