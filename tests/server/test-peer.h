/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

/* A peer in raw bytes, seen from inside the process that also runs the server: waiting for bytes iterates the server's context, always
 * with a deadline. Asserts (cmocka): only for test bodies. */

typedef struct {
  GMainContext *context; /* Borrowed */
  int           fd;
  GByteArray   *heard; /* and not yet expected */
  gboolean      ended;
} TestPeer;

/* @fd (transfer full). */
TestPeer *test_peer_new (GMainContext *context,
                         int           fd);
/* Connects to a TCP port of 127.0.0.1. */
TestPeer *test_peer_connect (GMainContext *context,
                             guint16       port);
void      test_peer_free (TestPeer *peer);

/* All of it, iterating meanwhile. */
void test_peer_send_bytes (TestPeer     *peer,
                           gconstpointer bytes,
                           gsize         len);
/* A string in which `<` stands for STX and `>` for ETX: "<1alice>". */
void test_peer_send (TestPeer   *peer,
                     const char *frames);
/* Exactly these are the next bytes to come; same notation. */
void test_peer_expect (TestPeer   *peer,
                       const char *frames);
void test_peer_expect_bytes (TestPeer     *peer,
                             gconstpointer bytes,
                             gsize         len);
/* The next frame is a notice. Returns: (transfer full): its text. */
char *test_peer_expect_notice (TestPeer *peer);
/* Takes frames until one ends like @end, of an extended peer as well. Returns: (transfer full): all of them, in the same notation; U+001F separates fields. */
char *test_peer_read_until (TestPeer   *peer,
                            const char *end);
/* Then nothing more comes: the other side has closed. */
void test_peer_expect_end (TestPeer *peer);
/* Nothing has come, and nothing comes as long as something happens. */
void test_peer_expect_nothing (TestPeer *peer);

/* "<1alice>" and its answer when nobody else is there. */
TestPeer *test_peer_alone (GMainContext *context,
                           guint16       port,
                           const char   *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestPeer, test_peer_free)
