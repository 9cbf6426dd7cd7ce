/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "wire/ahoy-chunk.h"
#include "wire/ahoy-frame.h"
#include "wire/ahoy-poll.h"
#include "wire/ahoy-tls.h"

G_BEGIN_DECLS

/* A link is one live connection, the same for both ends. PROTOCOL.md, "Connections".
 *
 * In: all that is readable is drained (AHOY_LINK_READ_BUDGET a turn) and handed on frame by frame. Out: encoded frames are shared, queued,
 * and written in one gathered write a loop turn. An idle link owns no buffer. What carries the bytes (plain TCP or TLS) is behind a
 * transport inside; who uses a link chooses when making it, and need not notice afterwards.
 *
 * Not thread-safe: the thread that iterates the poll's context. */

typedef struct _AhoyLink AhoyLink;

typedef enum {
  AHOY_LINK_END_PEER,     /* the peer closed its side, after whole frames; over TLS it said so there */
  AHOY_LINK_END_CUT,      /* the peer closed in the middle of a frame, or the connection was reset or timed out, or TLS failed */
  AHOY_LINK_END_OVERFLOW, /* more than AHOY_LINK_QUEUE_MAX waited for the peer */
} AhoyLinkEnd;

/* The first three are set. They may send, close, abort, pause and unref; the link survives until they return. */
typedef struct {
  /* @frame and what it points to are gone when this returns. */
  void (*on_frame) (AhoyLink        *link,
                    const AhoyFrame *frame,
                    gpointer         data);
  /* The peer broke the grammar or a limit. Nothing more is read. Say why, then ahoy_link_close(). */
  void (*on_fault) (AhoyLink      *link,
                    AhoyFrameFault fault,
                    gpointer       data);
  /* The connection ended by itself, after all whole frames that had arrived: the descriptor is closed, no callback follows. Not called
   * after ahoy_link_close() or _abort(). @error (nullable): what cut it, when @end is CUT. */
  void (*on_ended) (AhoyLink     *link,
                    AhoyLinkEnd   end,
                    const GError *error,
                    gpointer      data);
  /* After ahoy_link_notify_drained(): at most AHOY_LINK_LOW_WATER bytes are queued. Once. May be NULL when that is never called. */
  void (*on_drained) (AhoyLink *link,
                      gpointer  data);
  /* The TLS handshake is done, and no frame has come yet. May be NULL. */
  void (*on_secured) (AhoyLink *link,
                      gpointer  data);
} AhoyLinkEvents;

/* @fd (transfer full): a connected stream socket; made non-blocking, TCP_NODELAY and keep-alive are set where it is TCP.
 * @events: static; @data: borrowed, must live until the link is closed, aborted or ended.
 * Returns: (transfer full): NULL with a G_IO_ERROR; @fd is then closed. */
AhoyLink *ahoy_link_new (AhoyPoll             *poll,
                         int                   fd,
                         const AhoyLinkEvents *events,
                         gpointer              data,
                         GError              **error);

/* Like ahoy_link_new(), for the server's end: a peer that begins with AHOY_TLS_FIRST_BYTE is served over TLS, any other plainly. Nothing is written until
 * it has begun, or was closed without having said anything.
 * @tls: with an identity.
 *
 * ahoy_link_new_secure() is for the client's end, and begins with TLS. With both, nothing that is sent goes out before the handshake is done, nor ever when it fails. That ends the link as
 * CUT, with an AHOY_TLS_ERROR, or a G_IO_ERROR when the connection broke: G_IO_ERROR_TIMED_OUT when AHOY_TLS_HANDSHAKE_MS were too few. */
AhoyLink *ahoy_link_new_accepted (AhoyPoll             *poll,
                                  int                   fd,
                                  AhoyTls              *tls,
                                  const AhoyLinkEvents *events,
                                  gpointer              data,
                                  GError              **error);
AhoyLink *ahoy_link_new_secure (AhoyPoll             *poll,
                                int                   fd,
                                AhoyTls              *tls,
                                const AhoyLinkEvents *events,
                                gpointer              data,
                                GError              **error);

AhoyLink *ahoy_link_ref (AhoyLink *link);
/* The last reference aborts a link that is still open, and lets one that is closing finish by itself. */
void ahoy_link_unref (AhoyLink *link);

/* Queues one encoded frame (a reference is taken). Written in the second half of this loop turn. Past AHOY_LINK_QUEUE_MAX the link ends
 * with OVERFLOW in that half, so nothing is called back from inside. Nothing happens once it is closed or ended. */
void ahoy_link_send (AhoyLink *link,
                     GBytes   *frame);
/* Like ahoy_link_send(), for a frame that is a range of something larger: one that follows the last in the same chunk costs next to nothing. */
void ahoy_link_send_range (AhoyLink        *link,
                           const AhoyRange *frame);

/* Closes the connection in order: what is queued is written, then our side is closed, then what the peer still sends is thrown away until it closes
 * too, at most AHOY_LINK_LINGER_MS. No callback from now on. */
void ahoy_link_close (AhoyLink *link);
/* Like ahoy_link_close(), and @closed is called once, when the connection is down, however that comes; maybe from inside.
 * ahoy_link_get_bytes_taken() then tells how far the peer got. On a link that is closing: from now on that is called, or with NULL nothing. */
typedef void (*AhoyLinkClosed) (AhoyLink *link,
                                gpointer  data);
void ahoy_link_close_then (AhoyLink      *link,
                           AhoyLinkClosed closed,
                           gpointer       data);
/* Closes the connection at once; what is queued is lost. No callback from now on, but that of ahoy_link_close_then(). */
void ahoy_link_abort (AhoyLink *link);

/* Lets @events be called from now on, as if the link had been made with them. From a callback, too. */
void ahoy_link_set_events (AhoyLink             *link,
                           const AhoyLinkEvents *events,
                           gpointer              data);

/* Stops and resumes reading: the kernel then pushes back on the peer. No frame is handed on meanwhile, and the peer's end is only noticed
 * afterwards, or when a write fails. */
void ahoy_link_set_reading (AhoyLink *link,
                            gboolean  reading);

/* Asks for one on_drained, in the second half of a loop turn: who has much to send sends a piece, and the next when this is nearly gone. */
void ahoy_link_notify_drained (AhoyLink *link);

gboolean ahoy_link_is_open (AhoyLink *link);
/* TRUE from the first byte of a TLS handshake to its end. */
gboolean ahoy_link_is_shaking (AhoyLink *link);
/* TRUE once the TLS handshake is done, and from then on. */
gboolean ahoy_link_is_secure (AhoyLink *link);
/* Returns: (transfer none) (nullable): the fingerprint of the key that the peer proved to have, PROTOCOL.md, "Identity". NULL: the link is
 * plain, or not yet secure, or the peer showed no certificate (only clients may). */
const char *ahoy_link_get_peer_fingerprint (AhoyLink *link);
/* Bytes queued and not yet taken by the kernel. */
gsize ahoy_link_get_queued (AhoyLink *link);
/* g_get_monotonic_time() of the last byte that came in. */
gint64 ahoy_link_get_last_heard (AhoyLink *link);
/* Returns: (transfer none) (nullable): the peer's address; NULL when it is no IP socket. */
GSocketAddress *ahoy_link_get_peer (AhoyLink *link);
/* Of frames: what TLS adds is not counted. */
guint64 ahoy_link_get_bytes_in (AhoyLink *link);
/* Where what was sent last ends among the bytes out, once it is out; G_MAXUINT64 when it was lost, as nothing goes out any more. */
guint64 ahoy_link_get_bytes_sent (AhoyLink *link);
/* Of the bytes out, how many the peer's computer has acknowledged, over TLS to within the few bytes that it adds; they only grow while the peer
 * takes something. @more (out): whether there is anything that it has not. */
guint64 ahoy_link_get_bytes_taken (AhoyLink *link,
                                   gboolean *more);

/* How many links are between ahoy_link_close() and their end on @poll: a server that stops waits for 0. */
guint ahoy_link_n_closing (AhoyPoll *poll);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyLink, ahoy_link_unref)

G_END_DECLS
