/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* "Host a chat here": ahoyd as a child of this process.
 *
 * It is asked to end with SIGTERM, so that it can say goodbye to everyone: by us, or by the kernel when this process is
 * gone, however that came (PR_SET_PDEATHSIG). */

#include "core/hosting/ahoy-host.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "core/ahoy-core-enum-types.h"
#include "core/connection/ahoy-server-private.h"
#include "wire/ahoy-fingerprint.h"

/* Where the child finds the pipe to say that it serves. */
#define READY_FD 3
/* Milliseconds until a child that has not said so counts as failed. */
#define READY_TIMEOUT_MS 15000
/* Milliseconds until a child counts as failed that reads a whole log first, which may be large. */
#define READY_ANEW_TIMEOUT_MS 300000
/* How ahoyd(8) exits when its log is gone, empty or damaged. */
#define EXIT_LOG_LOST 3
/* Milliseconds from SIGTERM to SIGKILL: ahoyd promises to need 5000 at most, on a machine that lets it. */
#define END_TIMEOUT_MS 8000
/* Bytes kept of what the child says: its last words tell why it failed. */
#define SAID_MAX 4096

typedef struct {
  int      fd; /* -1: closed */
  guint    source;
  GString *said;
} Pipe;

struct _AhoyHost {
  GObject parent_instance;

  /* Owned */
  char         *program;
  char         *data_dir;
  char         *server_name;
  char         *claim; /* NAME=FINGERPRINT; NULL: none */
  char         *error_text;
  GSubprocess  *child;
  GCancellable *waiting; /* for the child to exit */
  AhoyServer   *server;
  Pipe          ready;
  Pipe          errors;

  guint16       discovery_port;
  AhoyHostState state;
  guint         ready_timer;
  guint         ready_timeout_ms;
  gboolean      log_lost;
  gboolean      anew;     /* what is lost is set aside */
  gboolean      stopping; /* on purpose */
  gboolean      again;    /* start as soon as it has stopped */
};

G_DEFINE_FINAL_TYPE (AhoyHost, ahoy_host, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_STATE,
  PROP_ERROR_TEXT,
  PROP_LOG_LOST,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void start (AhoyHost *self,
                   gboolean  anew);

/* Ending a child takes longer than its host may live */

typedef struct {
  GSubprocess *child;
  guint        timer;
} Ending;

static gboolean
on_end_timeout (gpointer data)
{
  Ending *ending = data;

  ending->timer = 0;
  g_subprocess_force_exit (ending->child);
  return G_SOURCE_REMOVE;
}

static void
on_ended (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  Ending *ending = data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  g_clear_handle_id (&ending->timer, g_source_remove);
  g_object_unref (ending->child);
  g_free (ending);
}

static void
end_child (GSubprocess *child)
{
  Ending *ending = g_new0 (Ending, 1);

  ending->child = g_object_ref (child);
  ending->timer = g_timeout_add (END_TIMEOUT_MS, on_end_timeout, ending);
  g_subprocess_send_signal (child, SIGTERM);
  g_subprocess_wait_async (child, NULL, on_ended, ending);
}

/* Pipes from the child */

/* What it said stays. */
static void
pipe_close (Pipe *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

static void
pipe_clear (Pipe *self)
{
  pipe_close (self);
  if (self->said != NULL)
    g_string_free (g_steal_pointer (&self->said), TRUE);
}

/* Reads what is there. FALSE at the end. */
static gboolean
pipe_read (Pipe *self)
{
  char   buffer[1024];
  gssize n;

  while ((n = read (self->fd, buffer, sizeof buffer)) > 0)
    {
      g_string_append_len (self->said, buffer, n);
      if (self->said->len > SAID_MAX)
        g_string_erase (self->said, 0, self->said->len - SAID_MAX);
    }

  return n < 0 && (errno == EAGAIN || errno == EINTR);
}

/* Returns: the child's end, or -1 with @error. */
static int
pipe_open (Pipe             *self,
           GUnixFDSourceFunc func,
           gpointer          data,
           GError          **error)
{
  int fds[2];

  pipe_clear (self);
  if (!g_unix_open_pipe (fds, FD_CLOEXEC, error))
    return -1;

  g_unix_set_fd_nonblocking (fds[0], TRUE, NULL);
  self->fd = fds[0];
  self->said = g_string_new (NULL);
  self->source = g_unix_fd_add (self->fd, G_IO_IN | G_IO_HUP | G_IO_ERR, func, data);
  return fds[1];
}

/* The states */

static void
set_state (AhoyHost     *self,
           AhoyHostState state,
           const char   *error_text,
           gboolean      log_lost)
{
  g_autofree char *text = g_strdup (error_text);

  g_object_freeze_notify (G_OBJECT (self));
  if (g_strcmp0 (self->error_text, text) != 0)
    {
      g_free (self->error_text);
      self->error_text = g_steal_pointer (&text);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ERROR_TEXT]);
    }
  if (self->log_lost != log_lost)
    {
      self->log_lost = log_lost;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOG_LOST]);
    }
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
forget_child (AhoyHost *self)
{
  g_clear_handle_id (&self->ready_timer, g_source_remove);
  pipe_clear (&self->ready);
  pipe_clear (&self->errors);
  g_cancellable_cancel (self->waiting);
  g_clear_object (&self->waiting);
  g_clear_object (&self->child);
  g_clear_object (&self->server);
  self->stopping = FALSE;
  self->again = FALSE;
}

static void
on_exited (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr (AhoyHost) self = NULL;
  g_autoptr (GError)   error = NULL;
  g_autofree char     *said = NULL;
  gboolean             log_lost;
  gboolean             stopping;
  gboolean             again;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, &error);
  if (error != NULL) /* disposed of */
    return;

  self = g_object_ref (data);
  log_lost = g_subprocess_get_if_exited (self->child) && g_subprocess_get_exit_status (self->child) == EXIT_LOG_LOST;
  stopping = self->stopping;
  again = self->again;
  if (self->errors.fd >= 0)
    pipe_read (&self->errors);
  said = g_utf8_make_valid (self->errors.said->str, self->errors.said->len);
  forget_child (self);

  if (stopping)
    set_state (self, AHOY_HOST_STOPPED, NULL, FALSE);
  else
    set_state (self, AHOY_HOST_FAILED, g_strstrip (said), log_lost);
  if (again)
    start (self, self->anew);
}

static gboolean
on_errors (int          fd,
           GIOCondition condition,
           gpointer     data)
{
  AhoyHost *self = data;

  if (pipe_read (&self->errors))
    return G_SOURCE_CONTINUE;

  self->errors.source = 0;
  pipe_close (&self->errors);
  return G_SOURCE_REMOVE;
}

/* "tcp=PORT udp=PORT id=ID tls=1", and room for more. Returns: (nullable): NULL: it does not say where it is. */
static AhoyServer *
parse_ready (AhoyHost   *self,
             const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", -1);
  const char    *id = NULL;
  gboolean       tls = FALSE;
  guint64        port = 0;
  AhoyServer    *server;

  for (char **field = fields; *field != NULL; field++)
    {
      if (g_str_has_prefix (*field, "tcp="))
        g_ascii_string_to_unsigned (*field + strlen ("tcp="), 10, 1, G_MAXUINT16, &port, NULL);
      else if (g_str_has_prefix (*field, "id=") && ahoy_fingerprint_is_id (*field + strlen ("id=")))
        id = *field + strlen ("id=");
      else if (g_str_equal (*field, "tls=1"))
        tls = TRUE;
    }
  if (port == 0)
    return NULL;

  server = ahoy_server_new ("127.0.0.1", (guint16) port);
  ahoy_server_set_own (server);
  ahoy_server_set_extended (server, id, self->server_name, -1, tls);
  return server;
}

static gboolean
on_ready (int          fd,
          GIOCondition condition,
          gpointer     data)
{
  g_autoptr (AhoyHost)   self = g_object_ref (data);
  gboolean               more = pipe_read (&self->ready);
  char                  *end = strchr (self->ready.said->str, '\n');
  g_autoptr (AhoyServer) server = NULL;

  if (end == NULL && more)
    return G_SOURCE_CONTINUE;

  if (end != NULL)
    {
      *end = '\0';
      server = parse_ready (self, self->ready.said->str);
    }
  self->ready.source = 0;
  pipe_close (&self->ready);

  /* Closed without a word: it is about to exit and to have said why, or the timer comes. */
  if (server == NULL || self->stopping)
    return G_SOURCE_REMOVE;

  g_clear_handle_id (&self->ready_timer, g_source_remove);
  self->server = g_steal_pointer (&server);
  set_state (self, AHOY_HOST_RUNNING, NULL, FALSE);
  return G_SOURCE_REMOVE;
}

static gboolean
on_ready_timeout (gpointer data)
{
  AhoyHost *self = data;

  self->ready_timer = 0;
  pipe_close (&self->ready);
  g_string_append_printf (self->errors.said, "\n%s: not ready after %u s", self->program, self->ready_timeout_ms / 1000);
  end_child (self->child);
  return G_SOURCE_REMOVE;
}

/* Between fork and exec: async-signal-safe calls only. @data: our process id. */
static void
on_child_setup (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  if (getppid () != GPOINTER_TO_INT (data)) /* it is gone already */
    _exit (EXIT_FAILURE);
}

/* Returns: (transfer full): the command. A value that may begin with a dash is written so that it is not taken for an option. */
static GStrv
make_command (AhoyHost *self)
{
  g_autoptr (GStrvBuilder) argv = g_strv_builder_new ();
  g_autofree char         *port = g_strdup_printf ("%u", self->discovery_port);
  g_autofree char         *fd = g_strdup_printf ("%d", READY_FD);
  g_autofree char         *claim = g_strconcat ("--claim=", self->claim, NULL);

  g_strv_builder_add_many (argv, self->program, "--data-dir", self->data_dir, "--name", self->server_name, "--discovery-port", port, "--ready-fd", fd, NULL);
  if (self->claim != NULL)
    g_strv_builder_add (argv, claim);
  if (self->anew)
    g_strv_builder_add (argv, "--new-log");
  return g_strv_builder_end (argv);
}

static gboolean
spawn (AhoyHost *self,
       GError  **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_auto (GStrv)                  argv = make_command (self);
  int                             ready;
  int                             errors;

  if (g_mkdir_with_parents (self->data_dir, 0700) != 0)
    {
      int failed = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (failed), "%s: %s", self->data_dir, g_strerror (failed));
      return FALSE;
    }

  ready = pipe_open (&self->ready, on_ready, self, error);
  if (ready < 0)
    return FALSE;
  g_subprocess_launcher_take_fd (launcher, ready, READY_FD);
  errors = pipe_open (&self->errors, on_errors, self, error);
  if (errors < 0)
    return FALSE;
  g_subprocess_launcher_take_stderr_fd (launcher, errors);

  g_subprocess_launcher_unsetenv (launcher, "NOTIFY_SOCKET"); /* what a service manager is told is about us */
  g_subprocess_launcher_set_child_setup (launcher, on_child_setup, GINT_TO_POINTER (getpid ()), NULL);
  self->child = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, error);
  return self->child != NULL;
}

static void
ahoy_host_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  AhoyHost *self = AHOY_HOST (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ERROR_TEXT:
      g_value_set_string (value, self->error_text);
      break;
    case PROP_LOG_LOST:
      g_value_set_boolean (value, self->log_lost);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ahoy_host_dispose (GObject *object)
{
  AhoyHost *self = AHOY_HOST (object);

  if (self->child != NULL && !self->stopping)
    end_child (self->child);
  forget_child (self);

  G_OBJECT_CLASS (ahoy_host_parent_class)->dispose (object);
}

static void
ahoy_host_finalize (GObject *object)
{
  AhoyHost *self = AHOY_HOST (object);

  g_free (self->program);
  g_free (self->data_dir);
  g_free (self->server_name);
  g_free (self->claim);
  g_free (self->error_text);

  G_OBJECT_CLASS (ahoy_host_parent_class)->finalize (object);
}

static void
ahoy_host_class_init (AhoyHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = ahoy_host_dispose;
  object_class->finalize = ahoy_host_finalize;
  object_class->get_property = ahoy_host_get_property;

  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, AHOY_TYPE_HOST_STATE, AHOY_HOST_STOPPED, read);
  props[PROP_ERROR_TEXT] = g_param_spec_string ("error-text", NULL, NULL, NULL, read);
  props[PROP_LOG_LOST] = g_param_spec_boolean ("log-lost", NULL, NULL, FALSE, read);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ahoy_host_init (AhoyHost *self)
{
  self->ready.fd = -1;
  self->errors.fd = -1;
}

AhoyHost *
ahoy_host_new (const char *program,
               const char *data_dir,
               const char *server_name,
               guint16     discovery_port)
{
  AhoyHost *self;

  g_return_val_if_fail (program != NULL, NULL);
  g_return_val_if_fail (data_dir != NULL, NULL);
  g_return_val_if_fail (server_name != NULL, NULL);
  g_return_val_if_fail (discovery_port != 0, NULL);

  self = g_object_new (AHOY_TYPE_HOST, NULL);
  self->program = g_strdup (program);
  self->data_dir = g_strdup (data_dir);
  self->server_name = g_strdup (server_name);
  self->discovery_port = discovery_port;

  return self;
}

void
ahoy_host_set_server_name (AhoyHost   *self,
                           const char *server_name)
{
  g_return_if_fail (AHOY_IS_HOST (self));
  g_return_if_fail (server_name != NULL);

  g_free (self->server_name);
  self->server_name = g_strdup (server_name);
}

void
ahoy_host_set_claim (AhoyHost   *self,
                     const char *name,
                     const char *key)
{
  g_return_if_fail (AHOY_IS_HOST (self));

  g_free (self->claim);
  self->claim = name != NULL && key != NULL ? g_strdup_printf ("%s=%s", name, key) : NULL;
}

static void
start (AhoyHost *self,
       gboolean  anew)
{
  g_autoptr (GError) error = NULL;

  if (self->child != NULL)
    {
      self->again = self->stopping;
      if (self->again)
        self->anew = anew;
      return;
    }

  self->anew = anew;
  self->ready_timeout_ms = anew ? READY_ANEW_TIMEOUT_MS : READY_TIMEOUT_MS;
  if (!spawn (self, &error))
    {
      forget_child (self);
      set_state (self, AHOY_HOST_FAILED, error->message, FALSE);
      return;
    }

  self->ready_timer = g_timeout_add (self->ready_timeout_ms, on_ready_timeout, self);
  self->waiting = g_cancellable_new ();
  g_subprocess_wait_async (self->child, self->waiting, on_exited, self);
  set_state (self, AHOY_HOST_STARTING, NULL, FALSE);
}

void
ahoy_host_start (AhoyHost *self)
{
  g_return_if_fail (AHOY_IS_HOST (self));

  start (self, FALSE);
}

void
ahoy_host_start_anew (AhoyHost *self)
{
  g_return_if_fail (AHOY_IS_HOST (self));

  start (self, TRUE);
}

void
ahoy_host_stop (AhoyHost *self)
{
  g_return_if_fail (AHOY_IS_HOST (self));

  self->again = FALSE;
  if (self->child == NULL || self->stopping)
    return;

  self->stopping = TRUE;
  g_clear_handle_id (&self->ready_timer, g_source_remove);
  end_child (self->child);
}

AhoyHostState
ahoy_host_get_state (AhoyHost *self)
{
  g_return_val_if_fail (AHOY_IS_HOST (self), AHOY_HOST_STOPPED);
  return self->state;
}

const char *
ahoy_host_get_error_text (AhoyHost *self)
{
  g_return_val_if_fail (AHOY_IS_HOST (self), NULL);
  return self->error_text;
}

gboolean
ahoy_host_get_log_lost (AhoyHost *self)
{
  g_return_val_if_fail (AHOY_IS_HOST (self), FALSE);
  return self->log_lost;
}

AhoyServer *
ahoy_host_get_server (AhoyHost *self)
{
  g_return_val_if_fail (AHOY_IS_HOST (self), NULL);
  return self->server;
}
