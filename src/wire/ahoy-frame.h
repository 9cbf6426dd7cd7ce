/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* PROTOCOL.md, "Frames":
 *
 *   frame = [ SOH heading ] STX type body ETX
 *
 * Pure: bytes in, frames out. No I/O, no allocation while taking frames, no state but the scanner. Thread-safe.
 * An unfinished frame is never longer than AHOY_FRAME_MAX: the byte that would make it so is a fault. */

#define AHOY_SOH 0x01
#define AHOY_STX 0x02
#define AHOY_ETX 0x03
#define AHOY_US 0x1f

/* A frame is a view into somebody's buffer, valid as long as that is. Neither string is NUL-terminated. */
typedef struct {
  const char *heading;     /* NULL when the frame has none; may be empty */
  gsize       heading_len; /* bytes */
  char        type;        /* printable ASCII, space included */
  const char *body;
  gsize       body_len; /* bytes */
} AhoyFrame;

typedef enum {
  AHOY_FRAME_NEED_MORE, /* not an error: call again with more bytes */
  AHOY_FRAME_TAKEN,
  AHOY_FRAME_FAULTY, /* the peer broke the grammar or a limit; nothing after this byte can be trusted */
} AhoyFrameResult;

typedef enum {
  AHOY_FRAME_FAULT_NONE,
  AHOY_FRAME_FAULT_START,        /* a byte that cannot start a frame */
  AHOY_FRAME_FAULT_HEADING_SIZE, /* heading longer than AHOY_HEADING_MAX */
  AHOY_FRAME_FAULT_BODY_SIZE,    /* body longer than AHOY_BODY_MAX */
  AHOY_FRAME_FAULT_HEADING,      /* a control character in the heading other than US, or no STX after it */
  AHOY_FRAME_FAULT_TYPE,         /* the type is not printable ASCII */
  AHOY_FRAME_FAULT_CONTROL,      /* SOH, STX or a C0 control other than TAB and LF in the body */
} AhoyFrameFault;

/* A scanner remembers how far an unfinished frame was scanned, so that a frame that arrives a byte at a time costs no more than one that
 * arrives whole. All zero is the start. */
typedef struct {
  /*< private >*/
  gsize scanned; /* bytes of the unfinished frame that were looked at */
  gsize type_at; /* where its type is, once that is known */
  guint state;
} AhoyFrameScanner;

/* Takes the first frame of the @len bytes at @data. NUL, CR and LF between frames are skipped.
 *
 * @used (out): bytes the caller drops from the front of its buffer before the next call, also when the result is NEED_MORE.
 *              With TAKEN it covers the frame, which stays readable until the caller drops those bytes.
 *              A faulty frame is not used up: taking it again gives the same fault.
 * @fault (out): why, when FAULTY. */
AhoyFrameResult ahoy_frame_take (AhoyFrameScanner *scanner,
                                 const guint8     *data,
                                 gsize             len,
                                 gsize            *used,
                                 AhoyFrame        *frame,
                                 AhoyFrameFault   *fault);

/* Returns: (transfer none): a short stable word for @fault ("body-size"), for logs and `E code=`. Static. */
const char *ahoy_frame_fault_code (AhoyFrameFault fault);

/* Returns: (transfer full): the frame as bytes. @heading may be NULL. Lengths in bytes, -1: NUL-terminated.
 * The parts must keep the grammar and the limits (checked: programmer's mistake, NULL); ahoy_text_is_plain() tells of a body. */
GBytes *ahoy_frame_encode (const char *heading,
                           gssize      heading_len,
                           char        type,
                           const char *body,
                           gssize      body_len);

/* Returns: whether these bytes may stand in a body: no C0 control but TAB and LF. Says nothing about UTF-8 or length. */
gboolean ahoy_text_is_plain (const char *text,
                             gssize      len);

/* Returns: (transfer full): @text (UTF-8) made fit for a body: CR LF and CR become LF, other C0 controls are dropped. */
char *ahoy_text_clean (const char *text);

G_END_DECLS
