/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Links over TLS among the hostile. The first byte says who is: a client of ours or a server gets anything as its peer's words; or somebody
 * stands between two that are ours and changes what they say, as the input tells him; or one of ours sends the input, in pieces. A link
 * ends once, never spins, and never hands on a frame that the other did not send. */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-link.h"

#define TURNS_MAX 10000

/* What the one in between says on the way. */
typedef enum {
  PASS,
  FLIP,
  INSERT,
  DROP,
  CUT,
  N_DEEDS,
} Deed;

typedef struct {
  AhoyLink *link;
  GString  *log; /* frames as "type body;" */
  int       fd;  /* what its peer holds; -1: closed, or another link */
  guint     n_ended;
  gboolean  echoes;
} End;

/* What all runs use. */
typedef struct {
  GMainContext *context;
  AhoyPoll     *poll;
  AhoyTls      *tls;
} House;

static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{
  End *end = data;

  g_assert (end->n_ended == 0);
  g_string_append_printf (end->log, "%c ", frame->type);
  g_string_append_len (end->log, frame->body, (gssize) frame->body_len);
  g_string_append_c (end->log, ';');
  if (end->echoes)
    {
      g_autoptr (GBytes) echo = ahoy_frame_encode (NULL, 0, frame->type, frame->body, (gssize) frame->body_len);

      ahoy_link_send (link, echo);
    }
}

static void
on_fault (AhoyLink      *link,
          AhoyFrameFault fault,
          gpointer       data)
{
  End *end = data;

  g_assert (end->n_ended == 0);
  g_string_append_printf (end->log, "!%s;", ahoy_frame_fault_code (fault));
  end->n_ended++;
  ahoy_link_close (link);
}

static void
on_ended (AhoyLink     *link,
          AhoyLinkEnd   how,
          const GError *error,
          gpointer      data)
{
  End *end = data;

  end->n_ended++;
  g_assert (end->n_ended == 1);
  g_assert ((how == AHOY_LINK_END_CUT) == (error != NULL));
}

static const AhoyLinkEvents events = { .on_frame = on_frame, .on_fault = on_fault, .on_ended = on_ended };

static const House *
the_house (void)
{
  static House house;

  if (house.poll == NULL)
    {
      g_autofree char         *dir = g_dir_make_tmp ("ahoy-fuzz-tls-XXXXXX", NULL);
      g_autofree char         *path = g_build_filename (dir, "identity.pem", NULL);
      g_autofree char         *beside = g_build_filename (dir, "identity.id", NULL);
      g_autoptr (AhoyIdentity) identity = ahoy_identity_load_or_create (path, "fuzz", NULL);

      g_unlink (path);
      g_unlink (beside);
      g_rmdir (dir);
      house.context = g_main_context_new ();
      house.tls = ahoy_tls_new (identity, NULL);
      house.poll = ahoy_poll_new (house.context, NULL);
      g_assert (house.tls != NULL && house.poll != NULL);
    }
  return &house;
}

static void
settle (const House *house)
{
  guint n = 0;

  while (g_main_context_iteration (house->context, FALSE))
    g_assert (++n < TURNS_MAX);
}

static void
end_init (End         *end,
          const House *house,
          int          fd,
          int          peer_fd,
          gboolean     is_server)
{
  *end = (End){ .log = g_string_new (NULL), .fd = peer_fd };
  if (is_server)
    end->link = ahoy_link_new_accepted (house->poll, fd, house->tls, &events, end, NULL);
  else
    end->link = ahoy_link_new_secure (house->poll, fd, house->tls, &events, end, NULL);
  g_assert (end->link != NULL);
}

static void
end_hang_up (End *end)
{
  if (end->fd >= 0)
    close (end->fd);
  end->fd = -1;
}

/* Nobody is there any more: the link must come to its end by itself. */
static void
end_clear (End         *end,
           const House *house)
{
  end_hang_up (end);
  settle (house);
  g_assert (end->n_ended == 1);
  g_assert (!ahoy_link_is_open (end->link));
  ahoy_link_unref (end->link);
  g_string_free (end->log, TRUE);
}

static void
make_pair (int fds[2])
{
  g_assert (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) == 0);
}

/* ---- A hostile peer ---- */

static void
try_hostile (const House   *house,
             const uint8_t *data,
             size_t         size,
             gboolean       is_server)
{
  int fds[2];
  End end;

  make_pair (fds);
  end_init (&end, house, fds[0], fds[1], is_server);
  settle (house);
  for (size_t at = 0; at < size && end.n_ended == 0;)
    {
      /* Cut where the input itself says, and now and then not at all. */
      size_t piece = MIN (size - at, data[at] % 7 == 0 ? 1 + data[at] % 61u : size);

      if (send (end.fd, data + at, piece, MSG_NOSIGNAL) != (gssize) piece)
        break;
      at += piece;
      settle (house);
    }
  g_assert (is_server || end.log->len == 0); /* nobody can have proved anything */
  end_clear (&end, house);
}

/* ---- Somebody in between ---- */

/* Carries @at_most bytes that are there; FALSE when nothing was. */
static gboolean
carry (const End *from,
       const End *to,
       gsize      at_most,
       guint8     mask)
{
  guint8 bytes[4096];
  gssize n;

  if (from->fd < 0 || to->fd < 0)
    return FALSE;
  n = recv (from->fd, bytes, MIN (at_most, sizeof bytes), 0);
  if (n <= 0)
    return FALSE;
  bytes[0] ^= mask;
  return send (to->fd, bytes, (size_t) n, MSG_NOSIGNAL) == n;
}

static void
carry_all (const House *house,
           const End   *client,
           const End   *server)
{
  guint n = 0;

  settle (house);
  while (carry (client, server, G_MAXSIZE, 0) | carry (server, client, G_MAXSIZE, 0))
    {
      g_assert (++n < TURNS_MAX);
      settle (house);
    }
}

static void
meddle (const House *house,
        End         *from,
        End         *to,
        Deed         deed,
        guint8       value)
{
  guint8 dropped[256];

  if (from->fd < 0 || to->fd < 0)
    return;
  switch (deed)
    {
    case FLIP:
      carry (from, to, 1, value);
      break;
    case INSERT:
      send (to->fd, &value, 1, MSG_NOSIGNAL);
      break;
    case DROP:
      recv (from->fd, dropped, 1 + value % 64u, 0);
      break;
    case CUT:
      end_hang_up (to);
      break;
    case PASS:
    case N_DEEDS:
    default:
      carry_all (house, to, from);
      break;
    }
}

static void
assert_begins (const char *all,
               GString    *log)
{
  g_assert (g_str_has_prefix (all, log->str));
}

static void
try_between (const House   *house,
             const uint8_t *data,
             size_t         size)
{
  static const char *const frames[] = { "\0023one\003", "\0023two\003", "\0023three\003" };
  int                      client_fds[2];
  int                      server_fds[2];
  End                      client;
  End                      server;

  make_pair (client_fds);
  make_pair (server_fds);
  end_init (&client, house, client_fds[0], client_fds[1], FALSE);
  end_init (&server, house, server_fds[0], server_fds[1], TRUE);
  server.echoes = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr (GBytes) frame = g_bytes_new_static (frames[i], strlen (frames[i]));

      ahoy_link_send (client.link, frame);
    }
  settle (house);

  for (size_t at = 0; at + 3 <= size; at += 3)
    {
      gboolean back = data[at] & 1;
      End     *from = back ? &server : &client;
      End     *to = back ? &client : &server;

      if (data[at + 1] > 0)
        carry (from, to, data[at + 1] * (data[at] & 2 ? 8u : 1u), 0);
      settle (house);
      meddle (house, from, to, (data[at] >> 2) % N_DEEDS, data[at + 2]);
      settle (house);
    }
  carry_all (house, &client, &server);

  if (server.log->len > 0 && ahoy_link_is_secure (server.link))
    assert_begins ("3 one;3 two;3 three;", server.log);
  assert_begins ("3 one;3 two;3 three;", client.log);
  if (size == 0)
    g_assert (strcmp (client.log->str, "3 one;3 two;3 three;") == 0);
  end_clear (&client, house);
  end_clear (&server, house);
}

/* ---- Ours, but saying anything ---- */

static void
try_saying (const House   *house,
            const uint8_t *data,
            size_t         size)
{
  AhoyFrameScanner    scanner = { 0 };
  g_autoptr (GString) expected = g_string_new (NULL);
  size_t              taken = 0;
  int                 fds[2];
  End                 client;
  End                 server;

  while (taken < size)
    {
      AhoyFrame       frame;
      AhoyFrameFault  fault;
      AhoyFrameResult result;
      gsize           used;

      result = ahoy_frame_take (&scanner, data + taken, size - taken, &used, &frame, &fault);
      taken += used;
      if (result == AHOY_FRAME_FAULTY)
        g_string_append_printf (expected, "!%s;", ahoy_frame_fault_code (fault));
      if (result != AHOY_FRAME_TAKEN)
        break;
      g_string_append_printf (expected, "%c ", frame.type);
      g_string_append_len (expected, frame.body, (gssize) frame.body_len);
      g_string_append_c (expected, ';');
    }

  make_pair (fds);
  end_init (&client, house, fds[0], -1, FALSE);
  end_init (&server, house, fds[1], -1, TRUE);
  for (size_t at = 0; at < size;)
    {
      size_t             piece = MIN (size - at, 1 + data[at] % 61u);
      g_autoptr (GBytes) bytes = g_bytes_new (data + at, piece);

      ahoy_link_send (client.link, bytes);
      if (data[at] % 3 == 0)
        settle (house);
      at += piece;
    }
  settle (house);
  g_assert (g_string_equal (server.log, expected));
  client.n_ended += ahoy_link_is_open (client.link);
  ahoy_link_close (client.link);
  settle (house);
  end_clear (&server, house);
  end_clear (&client, house);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const House *house;

  fuzz_make_criticals_fatal ();
  house = the_house ();
  if (size == 0)
    return 0;
  switch (data[0] % 4)
    {
    case 0:
      try_hostile (house, data + 1, size - 1, TRUE);
      break;
    case 1:
      try_hostile (house, data + 1, size - 1, FALSE);
      break;
    case 2:
      try_between (house, data + 1, size - 1);
      break;
    default:
      try_saying (house, data + 1, size - 1);
      break;
    }
  g_assert (ahoy_link_n_closing (house->poll) == 0);
  return 0;
}
