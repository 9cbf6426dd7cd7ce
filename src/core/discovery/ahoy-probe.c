/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What happened on one interface or at one address while looking for servers, and what all of them together mean. */

#include "core/discovery/ahoy-probe-private.h"

#include <errno.h>

#include "core/ahoy-core-enum-types.h"

struct _AhoyProbe {
  GObject parent_instance;

  /* Owned */
  char *interface;
  char *address;
  char *target;

  AhoyProbeKind kind;
  guint         sent;
  int           error;
  gboolean      echo_heard;
  guint         replies;
  AhoyTrial     trial;
};

G_DEFINE_FINAL_TYPE (AhoyProbe, ahoy_probe, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_KIND,
  PROP_INTERFACE,
  PROP_ADDRESS,
  PROP_TARGET,
  PROP_SENT,
  PROP_ERROR,
  PROP_ECHO_HEARD,
  PROP_REPLIES,
  PROP_TRIAL,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
ahoy_probe_finalize (GObject *object)
{
  AhoyProbe *self = AHOY_PROBE (object);

  g_free (self->interface);
  g_free (self->address);
  g_free (self->target);

  G_OBJECT_CLASS (ahoy_probe_parent_class)->finalize (object);
}

static void
ahoy_probe_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  AhoyProbe *self = AHOY_PROBE (object);

  switch (prop_id)
    {
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_INTERFACE:
      g_value_set_string (value, self->interface);
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    case PROP_TARGET:
      g_value_set_string (value, self->target);
      break;
    case PROP_SENT:
      g_value_set_uint (value, self->sent);
      break;
    case PROP_ERROR:
      g_value_set_int (value, self->error);
      break;
    case PROP_ECHO_HEARD:
      g_value_set_boolean (value, self->echo_heard);
      break;
    case PROP_REPLIES:
      g_value_set_uint (value, self->replies);
      break;
    case PROP_TRIAL:
      g_value_set_enum (value, self->trial);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ahoy_probe_class_init (AhoyProbeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = ahoy_probe_finalize;
  object_class->get_property = ahoy_probe_get_property;

  props[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, AHOY_TYPE_PROBE_KIND, AHOY_PROBE_THIS_COMPUTER, read);
  props[PROP_INTERFACE] = g_param_spec_string ("interface", NULL, NULL, NULL, read);
  props[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, read);
  props[PROP_TARGET] = g_param_spec_string ("target", NULL, NULL, NULL, read);
  props[PROP_SENT] = g_param_spec_uint ("sent", NULL, NULL, 0, G_MAXUINT, 0, read);
  props[PROP_ERROR] = g_param_spec_int ("error", NULL, NULL, 0, G_MAXINT, 0, read);
  props[PROP_ECHO_HEARD] = g_param_spec_boolean ("echo-heard", NULL, NULL, FALSE, read);
  props[PROP_REPLIES] = g_param_spec_uint ("replies", NULL, NULL, 0, G_MAXUINT, 0, read);
  props[PROP_TRIAL] = g_param_spec_enum ("trial", NULL, NULL, AHOY_TYPE_TRIAL, AHOY_TRIAL_NONE, read);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ahoy_probe_init (AhoyProbe *self)
{
}

AhoyProbe *
ahoy_probe_new (AhoyProbeKind kind,
                const char   *interface,
                const char   *address,
                const char   *target)
{
  AhoyProbe *self = g_object_new (AHOY_TYPE_PROBE, NULL);

  self->kind = kind;
  self->interface = g_strdup (interface);
  self->address = g_strdup (address);
  self->target = g_strdup (target);

  return self;
}

static void
set_string (AhoyProbe  *self,
            char      **field,
            const char *value,
            int         prop)
{
  if (g_strcmp0 (*field, value) == 0)
    return;

  g_free (*field);
  *field = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

void
ahoy_probe_set_addresses (AhoyProbe  *self,
                          const char *address,
                          const char *target)
{
  g_return_if_fail (AHOY_IS_PROBE (self));

  set_string (self, &self->address, address, PROP_ADDRESS);
  set_string (self, &self->target, target, PROP_TARGET);
}

void
ahoy_probe_add_sent (AhoyProbe *self,
                     guint      datagrams)
{
  g_return_if_fail (AHOY_IS_PROBE (self));

  if (datagrams == 0)
    return;

  self->sent += datagrams;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SENT]);
}

void
ahoy_probe_set_error (AhoyProbe *self,
                      int        error)
{
  g_return_if_fail (AHOY_IS_PROBE (self));

  if (self->error == error)
    return;

  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ERROR]);
}

void
ahoy_probe_set_echo_heard (AhoyProbe *self)
{
  g_return_if_fail (AHOY_IS_PROBE (self));

  if (self->echo_heard)
    return;

  self->echo_heard = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ECHO_HEARD]);
}

void
ahoy_probe_add_reply (AhoyProbe *self)
{
  g_return_if_fail (AHOY_IS_PROBE (self));

  self->replies++;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REPLIES]);
}

void
ahoy_probe_set_trial (AhoyProbe *self,
                      AhoyTrial  trial)
{
  g_return_if_fail (AHOY_IS_PROBE (self));

  if (self->trial >= trial)
    return;

  self->trial = trial;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TRIAL]);
}

/* Only interfaces tell: this computer is always there, and the limited broadcast goes out of one of them.
 *
 * That answers are held back is said only when they are on every network where it was tried: some firewalls trust one network (of the
 * cable, say) and not another (of virtual machines), and a server may be missing on the first. */
AhoyDiagnosis
ahoy_probes_diagnose (GListModel *probes)
{
  guint interfaces = 0;
  guint addressed = 0;
  guint ipv6 = 0; /* of these */
  guint reached = 0;
  guint blocked = 0;
  guint blocked_ipv6 = 0;
  guint tried = 0;
  guint heard = 0;

  g_return_val_if_fail (G_IS_LIST_MODEL (probes), AHOY_DIAGNOSIS_NONE);

  for (guint i = 0; i < g_list_model_get_n_items (probes); i++)
    {
      g_autoptr (AhoyProbe) probe = g_list_model_get_item (probes, i);
      gboolean              refused;

      if (probe->kind != AHOY_PROBE_INTERFACE && probe->kind != AHOY_PROBE_MULTICAST)
        continue;

      interfaces++;
      addressed += probe->target != NULL;
      ipv6 += probe->kind == AHOY_PROBE_MULTICAST;
      reached += probe->sent > 0;
      refused = probe->sent == 0 && (probe->error == EPERM || probe->error == EACCES);
      blocked += refused && probe->kind == AHOY_PROBE_INTERFACE;
      blocked_ipv6 += refused && probe->kind == AHOY_PROBE_MULTICAST;
      tried += probe->trial != AHOY_TRIAL_NONE;
      heard += probe->trial == AHOY_TRIAL_HEARD || probe->replies > 0;
    }

  /* A refusal is evidence, even when another interface (of virtual machines, say) was free; but many who do not use IPv6 forbid it altogether. */
  if (blocked > 0 || (blocked_ipv6 > 0 && reached == 0))
    return AHOY_DIAGNOSIS_SEND_BLOCKED;
  if (interfaces == 0)
    return AHOY_DIAGNOSIS_NO_NETWORK;
  if (addressed == 0)
    return AHOY_DIAGNOSIS_NO_ADDRESS;
  if (reached == 0)
    return AHOY_DIAGNOSIS_SEND_FAILED;
  if (tried > 0 && heard == 0)
    return AHOY_DIAGNOSIS_RECEIVE_BLOCKED;
  if (addressed == ipv6)
    return AHOY_DIAGNOSIS_NO_IPV4;
  return AHOY_DIAGNOSIS_NO_SERVER;
}

AhoyProbeKind
ahoy_probe_get_kind (AhoyProbe *self)
{
  g_return_val_if_fail (AHOY_IS_PROBE (self), AHOY_PROBE_THIS_COMPUTER);
  return self->kind;
}

const char *
ahoy_probe_get_interface (AhoyProbe *self)
{
  g_return_val_if_fail (AHOY_IS_PROBE (self), NULL);
  return self->interface;
}

const char *
ahoy_probe_get_address (AhoyProbe *self)
{
  g_return_val_if_fail (AHOY_IS_PROBE (self), NULL);
  return self->address;
}

const char *
ahoy_probe_get_target (AhoyProbe *self)
{
  g_return_val_if_fail (AHOY_IS_PROBE (self), NULL);
  return self->target;
}

guint
ahoy_probe_get_sent (AhoyProbe *self)
{
  g_return_val_if_fail (AHOY_IS_PROBE (self), 0);
  return self->sent;
}

int
ahoy_probe_get_error (AhoyProbe *self)
{
  g_return_val_if_fail (AHOY_IS_PROBE (self), 0);
  return self->error;
}

gboolean
ahoy_probe_get_echo_heard (AhoyProbe *self)
{
  g_return_val_if_fail (AHOY_IS_PROBE (self), FALSE);
  return self->echo_heard;
}

guint
ahoy_probe_get_replies (AhoyProbe *self)
{
  g_return_val_if_fail (AHOY_IS_PROBE (self), 0);
  return self->replies;
}

AhoyTrial
ahoy_probe_get_trial (AhoyProbe *self)
{
  g_return_val_if_fail (AHOY_IS_PROBE (self), AHOY_TRIAL_NONE);
  return self->trial;
}
