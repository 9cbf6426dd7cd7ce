/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The operator's door, and how to knock at it. */

#define _GNU_SOURCE /* accept4() */
#include "control/ahoyd-control.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control/ahoyd-names.h"

#define SOCKET_NAME "control"

struct _AhoydControl {
  AhoyPollWatch watch; /* first */

  /* Owned */
  char  *path;
  int    fd;
  GQueue connections; /* Connection.node */
  /* Borrowed */
  AhoyPoll    *poll;
  AhoydOwners *owners;
  AhoydHub    *hub;
};

typedef struct {
  AhoyPollWatch watch; /* first */

  /* Owned */
  GList       node;
  int         fd;
  GSource    *deadline;
  GString    *question;
  AhoydClaim *release; /* what it asked for and is not kept yet */
  char       *answer;  /* NULL: there is none yet */
  gsize       told;
  /* Borrowed */
  AhoydControl *owner;
} Connection;

/* --- Where it is --- */

static gboolean
fail (int         why,
      const char *path,
      GError    **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (why), "The control socket '%s' cannot be used: %s", path, g_strerror (why));
  return FALSE;
}

/* Calls bind() or connect() for a path of any length: the kernel takes one of 107 bytes, but one that leads over a descriptor is short. */
static gboolean
call_with_path (int (*call) (int, const struct sockaddr *, socklen_t),
                int         fd,
                const char *path,
                GError    **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char   *folder = g_path_get_dirname (path);
  int                folder_fd = -1;
  int                why = 0;

  if (strlen (path) < sizeof address.sun_path)
    {
      strcpy (address.sun_path, path);
    }
  else
    {
      folder_fd = open (folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
      if (folder_fd < 0)
        return fail (errno, path, error);
      g_snprintf (address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/" SOCKET_NAME, folder_fd);
    }
  if (call (fd, (const struct sockaddr *) &address, sizeof address) < 0)
    why = errno;
  if (folder_fd >= 0)
    close (folder_fd);
  return why == 0 || fail (why, path, error);
}

/* --- Those who ask --- */

static void
connection_free (Connection *self)
{
  ahoy_poll_remove (&self->watch);
  close (self->fd);
  g_source_destroy (self->deadline);
  g_source_unref (self->deadline);
  if (self->release != NULL)
    ahoyd_claim_cancel (self->release);
  g_queue_unlink (&self->owner->connections, &self->node);
  g_string_free (self->question, TRUE);
  g_free (self->answer);
  g_free (self);
}

static gboolean
on_deadline (gpointer data)
{
  connection_free (data);
  return G_SOURCE_REMOVE;
}

static void
set_deadline (Connection *self)
{
  if (self->deadline != NULL)
    g_source_destroy (self->deadline);
  g_clear_pointer (&self->deadline, g_source_unref);
  self->deadline = g_timeout_source_new (AHOYD_CONTROL_TIMEOUT_MS);
  g_source_set_callback (self->deadline, on_deadline, self, NULL);
  g_source_attach (self->deadline, ahoy_poll_get_context (self->owner->poll));
}

/* @text (transfer full). */
static void
answer (Connection *self,
        char       *text)
{
  self->answer = text;
  set_deadline (self);
  ahoy_poll_modify (&self->watch, EPOLLOUT);
}

static void
refuse (Connection *self,
        const char *sentence)
{
  answer (self, g_strdup_printf ("no %s\n", sentence));
}

static void
on_released (const GError *error,
             gpointer      data)
{
  Connection      *self = data;
  g_autofree char *sentence = NULL;

  self->release = NULL;
  if (error != NULL)
    {
      sentence = g_strdup_printf ("It is released as long as the server runs, but not on the disk yet: %s", error->message);
      refuse (self, sentence);
    }
  else
    {
      answer (self, g_strdup ("ok\n"));
    }
}

static void
take_question (Connection *self,
               const char *question)
{
  AhoydControl    *control = self->owner;
  g_autofree char *refusal = NULL;

  if (g_str_equal (question, "list"))
    {
      g_autofree char *rows = ahoyd_names_list (control->owners, control->hub);

      answer (self, g_strconcat (rows, "ok\n", NULL));
      return;
    }
  if (!g_str_has_prefix (question, "release "))
    {
      refuse (self, "This server does not know that question");
      return;
    }
  ahoy_poll_modify (&self->watch, 0);
  self->release = ahoyd_names_release (control->owners, question + strlen ("release "), on_released, self, &refusal);
  if (self->release == NULL)
    refuse (self, refusal);
}

static void
hear (Connection *self)
{
  char   bytes[4 * AHOYD_CONTROL_QUESTION_MAX]; /* what is left unread when we close would reset the connection, our answer with it */
  gssize n = recv (self->fd, bytes, sizeof bytes, 0);
  char  *end;

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (n <= 0)
    {
      connection_free (self);
      return;
    }
  g_string_append_len (self->question, bytes, n);
  end = memchr (self->question->str, '\n', self->question->len);
  if (self->question->len > AHOYD_CONTROL_QUESTION_MAX)
    {
      refuse (self, "That question is too long");
    }
  else if (end != NULL)
    {
      *end = '\0';
      take_question (self, self->question->str);
    }
}

static void
tell (Connection *self)
{
  gsize  len = strlen (self->answer);
  gssize n = send (self->fd, self->answer + self->told, len - self->told, MSG_NOSIGNAL);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (n > 0)
    self->told += n;
  if (n < 0 || self->told == len)
    connection_free (self);
}

static void
on_connection_ready (AhoyPollWatch *watch,
                     guint          events)
{
  Connection *self = (Connection *) watch;

  if (self->answer != NULL)
    tell (self);
  else if (self->release == NULL)
    hear (self);
  else
    connection_free (self); /* hung up: it is released all the same */
}

/* --- The door --- */

static void
on_knock (AhoyPollWatch *watch,
          guint          events)
{
  AhoydControl *self = (AhoydControl *) watch;
  int           fd = accept4 (self->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  Connection   *connection;

  if (fd < 0)
    return;
  if (self->connections.length >= AHOYD_CONTROL_CONNECTIONS)
    {
      close (fd);
      return;
    }
  connection = g_new0 (Connection, 1);
  connection->fd = fd;
  connection->owner = self;
  connection->question = g_string_new (NULL);
  connection->node.data = connection;
  g_queue_push_tail_link (&self->connections, &connection->node);
  set_deadline (connection);
  connection->watch.on_ready = on_connection_ready;
  if (!ahoy_poll_add (self->poll, &connection->watch, fd, EPOLLIN, NULL))
    connection_free (connection);
}

static gboolean
open_door (AhoydControl *self,
           GError      **error)
{
  struct stat info;
  gboolean    bound;
  mode_t      mask;

  /* The folder is ours alone: whoever made it is gone. */
  if (lstat (self->path, &info) == 0 && S_ISSOCK (info.st_mode))
    unlink (self->path);
  self->fd = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->fd < 0)
    return fail (errno, self->path, error);
  mask = umask (0177);
  bound = call_with_path (bind, self->fd, self->path, error);
  umask (mask);
  if (!bound)
    {
      g_clear_pointer (&self->path, g_free); /* that one is not ours to take away */
      return FALSE;
    }
  if (listen (self->fd, AHOYD_CONTROL_CONNECTIONS) < 0)
    return fail (errno, self->path, error);
  return ahoy_poll_add (self->poll, &self->watch, self->fd, EPOLLIN, error);
}

AhoydControl *
ahoyd_control_new (const char  *folder,
                   AhoyPoll    *poll,
                   AhoydOwners *owners,
                   AhoydHub    *hub,
                   GError     **error)
{
  g_autoptr (AhoydControl) self = NULL;

  g_return_val_if_fail (folder != NULL && poll != NULL && owners != NULL && hub != NULL, NULL);

  self = g_new0 (AhoydControl, 1);
  self->path = g_build_filename (folder, SOCKET_NAME, NULL);
  self->poll = poll;
  self->owners = owners;
  self->hub = hub;
  self->watch.on_ready = on_knock;
  return open_door (self, error) ? g_steal_pointer (&self) : NULL;
}

void
ahoyd_control_free (AhoydControl *control)
{
  g_return_if_fail (control != NULL);

  while (control->connections.head != NULL)
    connection_free (control->connections.head->data);
  ahoy_poll_remove (&control->watch);
  if (control->fd >= 0)
    close (control->fd);
  if (control->path != NULL)
    unlink (control->path);
  g_free (control->path);
  g_free (control);
}

/* --- Knocking --- */

static gboolean
set_timeouts (int fd)
{
  /* The server may wait for its disk. */
  const struct timeval patience = { .tv_sec = 3 * AHOYD_CONTROL_TIMEOUT_MS / 1000 };

  return setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0 &&
         setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0;
}

static gboolean
exchange (int         fd,
          const char *path,
          const char *question,
          GString    *answer,
          GError    **error)
{
  g_autofree char *line = g_strconcat (question, "\n", NULL);
  char             bytes[16384];
  gssize           n;

  if (!set_timeouts (fd) || !call_with_path (connect, fd, path, error))
    return FALSE;
  /* A question is small enough to go whole or not at all. */
  if (send (fd, line, strlen (line), MSG_NOSIGNAL) < 0)
    return fail (errno, path, error);
  while ((n = recv (fd, bytes, sizeof bytes, 0)) > 0)
    g_string_append_len (answer, bytes, n);
  return n == 0 || fail (errno, path, error);
}

char *
ahoyd_control_ask (const char *folder,
                   const char *question,
                   GError    **error)
{
  g_autofree char    *path = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean            complete;
  int                 fd;

  g_return_val_if_fail (folder != NULL && question != NULL, NULL);

  path = g_build_filename (folder, SOCKET_NAME, NULL);
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    {
      fail (errno, path, error);
      return NULL;
    }
  complete = exchange (fd, path, question, text, error);
  close (fd);
  if (!complete)
    return NULL;

  if (g_str_has_prefix (text->str, "no ") && g_str_has_suffix (text->str, "\n") && strchr (text->str, '\t') == NULL)
    {
      g_string_truncate (text, text->len - 1);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, text->str + strlen ("no "));
      return NULL;
    }
  if (!g_str_equal (text->str, "ok\n") && !g_str_has_suffix (text->str, "\nok\n"))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "The server that has the folder '%s' did not answer", folder);
      return NULL;
    }
  g_string_truncate (text, text->len - strlen ("ok\n"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}
