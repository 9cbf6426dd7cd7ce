/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Asks name servers for the chat servers of domains. */

#include "core/discovery/ahoy-srv-private.h"

#include <errno.h>

#include "core/discovery/ahoy-probe-private.h"
#include "wire/ahoy-service.h"

/* Records of one domain, and addresses of one host, that are made use of: whoever publishes more gets no further. */
#define TARGETS_MAX 8
#define ADDRESSES_MAX 8

/* One question to name servers. */
typedef struct {
  /* Owned */
  AhoyProbe *probe;
  char      *host; /* of a record; NULL: it is for the records */
  GList     *addresses;

  /* Borrowed */
  AhoySrv *srv; /* looked at only while the question is not cancelled */

  guint16  port;
  gboolean heard;
  gboolean told;
} Question;

struct _AhoySrv {
  /* Owned */
  GPtrArray    *questions; /* (element-type Question) in the order of the records */
  GCancellable *cancellable;

  /* Borrowed */
  const AhoySrvEvents *events;
  gpointer             data;

  guint    patience;
  guint    timer;
  guint    n_pending;
  gboolean told_none;
  gboolean closed;
};

static gboolean on_patience (gpointer data);

static void
question_clear (Question *question)
{
  g_clear_object (&question->probe);
  g_free (question->host);
  g_resolver_free_addresses (question->addresses);
}

static void
question_release (Question *question)
{
  g_rc_box_release_full (question, (GDestroyNotify) question_clear);
}

static void
finalize (AhoySrv *self)
{
  g_ptr_array_unref (self->questions);
  g_object_unref (self->cancellable);
}

static void
release (AhoySrv *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) finalize);
}

static Question *
add_question (AhoySrv    *self,
              AhoyProbe  *probe,
              const char *host,
              guint16     port)
{
  Question *question = g_rc_box_new0 (Question);

  question->probe = g_object_ref (probe);
  question->host = g_strdup (host);
  question->port = port;
  question->srv = self;
  g_ptr_array_add (self->questions, question);
  self->n_pending++;

  return question;
}

static void
tell_none (AhoySrv *self)
{
  if (self->told_none || ahoy_srv_has_target (self))
    return;

  self->told_none = TRUE;
  self->events->none (self->data);
}

static void
answered (AhoySrv *self)
{
  if (--self->n_pending == 0)
    tell_none (self);
}

static void
be_patient (AhoySrv *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (self->patience, on_patience, self);
}

static void
note_failure (Question     *question,
              const GError *error)
{
  g_debug ("%s", error->message);
  /* "No such record" is an answer. */
  if (g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
    ahoy_probe_add_sent (question->probe, 1);
  else
    ahoy_probe_set_error (question->probe, EHOSTUNREACH);
}

static void
on_addresses (GObject      *resolver,
              GAsyncResult *result,
              gpointer      data)
{
  Question          *question = data;
  g_autoptr (GError) error = NULL;
  GList             *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (resolver), result, &error);
  AhoySrv           *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      question_release (question);
      return;
    }

  self = g_rc_box_acquire (question->srv);
  while (g_list_length (addresses) > ADDRESSES_MAX)
    {
      GList *last = g_list_last (addresses);

      g_object_unref (last->data);
      addresses = g_list_delete_link (addresses, last);
    }
  question->addresses = addresses;
  if (addresses != NULL)
    {
      be_patient (self);
      self->events->target (question->host, question->port, addresses, self->data);
    }
  else if (error != NULL)
    {
      g_debug ("%s", error->message);
      ahoy_probe_set_error (question->probe, EADDRNOTAVAIL);
    }
  if (!self->closed)
    answered (self);
  question_release (question);
  release (self);
}

static void
add_target (AhoySrv    *self,
            AhoyProbe  *probe,
            GSrvTarget *target)
{
  const char           *host = g_srv_target_get_hostname (target);
  g_autoptr (GResolver) resolver = NULL;

  /* The root stands for "there is none". */
  if (*host == '\0' || g_str_equal (host, ".") || g_srv_target_get_port (target) == 0)
    return;

  ahoy_probe_add_reply (probe);
  resolver = g_resolver_get_default ();
  g_resolver_lookup_by_name_async (resolver, host, self->cancellable, on_addresses,
                                   g_rc_box_acquire (add_question (self, probe, host, g_srv_target_get_port (target))));
}

static void
on_records (GObject      *resolver,
            GAsyncResult *result,
            gpointer      data)
{
  Question          *question = data;
  g_autoptr (GError) error = NULL;
  GList             *targets = g_resolver_lookup_service_finish (G_RESOLVER (resolver), result, &error);
  AhoySrv           *self;
  guint              n = 0;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      question_release (question);
      return;
    }

  self = g_rc_box_acquire (question->srv);
  if (error != NULL)
    note_failure (question, error);
  else
    ahoy_probe_add_sent (question->probe, 1);
  for (GList *l = targets; l != NULL && n < TARGETS_MAX; l = l->next, n++)
    add_target (self, question->probe, l->data);
  g_resolver_free_targets (targets);
  if (!self->closed)
    answered (self);
  question_release (question);
  release (self);
}

static gboolean
on_patience (gpointer data)
{
  AhoySrv *self = g_rc_box_acquire (data);

  self->timer = 0;
  tell_none (self);
  if (!self->closed)
    ahoy_srv_hurry (self);
  release (self);
  return G_SOURCE_REMOVE;
}

AhoySrv *
ahoy_srv_new (const char *const   *domains,
              guint                patience,
              GListStore          *probes,
              const AhoySrvEvents *events,
              gpointer             data)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  AhoySrv              *self;

  g_return_val_if_fail (domains != NULL && G_IS_LIST_STORE (probes) && events != NULL, NULL);

  self = g_rc_box_new0 (AhoySrv);
  self->questions = g_ptr_array_new_with_free_func ((GDestroyNotify) question_release);
  self->cancellable = g_cancellable_new ();
  self->patience = patience;
  self->events = events;
  self->data = data;

  if (domains[0] == NULL)
    g_ptr_array_add (rows, ahoy_probe_new (AHOY_PROBE_SRV, NULL, NULL, NULL));
  for (guint i = 0; domains[i] != NULL; i++)
    {
      AhoyProbe *probe = ahoy_probe_new (AHOY_PROBE_SRV, NULL, NULL, domains[i]);

      g_ptr_array_add (rows, probe);
      g_resolver_lookup_service_async (resolver, AHOY_SERVICE, AHOY_SERVICE_PROTOCOL, domains[i], self->cancellable, on_records,
                                       g_rc_box_acquire (add_question (self, probe, NULL, 0)));
    }
  if (domains[0] != NULL)
    be_patient (self);
  g_list_store_splice (probes, g_list_model_get_n_items (G_LIST_MODEL (probes)), 0, rows->pdata, rows->len);

  return self;
}

void
ahoy_srv_free (AhoySrv *self)
{
  g_return_if_fail (self != NULL);

  self->closed = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  release (self);
}

static gboolean
is_at (Question       *question,
       GSocketAddress *sender)
{
  GInetAddress *from = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (sender));

  for (GList *l = question->addresses; l != NULL; l = l->next)
    if (g_inet_address_equal (l->data, from))
      return TRUE;

  return FALSE;
}

const char *
ahoy_srv_note_reply (AhoySrv        *self,
                     GSocketAddress *sender,
                     guint16         port)
{
  const char *host = NULL;

  g_return_val_if_fail (self != NULL && G_IS_INET_SOCKET_ADDRESS (sender), NULL);

  for (guint i = 0; i < self->questions->len; i++)
    {
      Question *question = g_ptr_array_index (self->questions, i);

      if (question->port != port || !is_at (question, sender))
        continue;
      question->heard = TRUE;
      if (host == NULL)
        host = question->host;
    }

  return host;
}

gboolean
ahoy_srv_has_target (AhoySrv *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->questions->len; i++)
    if (((Question *) g_ptr_array_index (self->questions, i))->addresses != NULL)
      return TRUE;

  return FALSE;
}

void
ahoy_srv_hurry (AhoySrv *self)
{
  g_return_if_fail (self != NULL);

  g_rc_box_acquire (self);
  for (guint i = 0; i < self->questions->len && !self->closed; i++)
    {
      Question *question = g_ptr_array_index (self->questions, i);

      if (question->addresses == NULL || question->heard || question->told)
        continue;
      question->told = TRUE;
      self->events->unheard (question->host, question->port, self->data);
    }
  release (self);
}
