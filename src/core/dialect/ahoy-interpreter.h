/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-message.h"
#include "wire/ahoy-packet.h"

G_BEGIN_DECLS

/* AhoyInterpreter is whoever speaks a dialect with a server, as a table of operations: ahoy-classic-dialect.h and ahoy-extended-dialect.h. Both are there all
 * the time; the connection tells which one is spoken. Main thread; core only. */

typedef struct {
  /* @packet has come. Returns: FALSE: it is one that both dialects have, and for somebody else. */
  gboolean (*take) (const AhoyPacket *packet,
                    gpointer          self);
  /* Whether another message may go out now. */
  gboolean (*may_write) (gpointer self);
  /* @message went out at @now, g_get_monotonic_time(). */
  void (*written) (AhoyMessage *message,
                   gint64       now,
                   gpointer     self);
  /* All that may go out has; what is on its way may need a look. */
  void (*pumped) (gpointer self);
} AhoyInterpreterOps;

typedef struct {
  const AhoyInterpreterOps *ops;
  gpointer                  self;
} AhoyInterpreter;

G_END_DECLS
