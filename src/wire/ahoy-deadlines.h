/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "wire/ahoy-poll.h"

G_BEGIN_DECLS

/* Deadlines are a queue of things that are all given equally long: whoever comes first is over first, so a queue and one timer serve any number of them. On the
 * poll's context; what holds an AhoyDeadlines must live as long as the poll. */

typedef struct {
  /* Is called when the time of @owner, which is out of the queue by then, is over. It may add and remove any, free its owner, and drop the poll. */
  void (*passed) (gpointer owner);

  /*< private >*/
  GQueue    queue;
  GSource  *timer;
  AhoyPoll *poll;
  guint     span_ms;
} AhoyDeadlines;

/* A deadline is embedded in its owner; all zero is in no queue. */
typedef struct {
  /*< private >*/
  GList          link;
  AhoyDeadlines *in;
  gint64         at;
} AhoyDeadline;

void  ahoy_deadlines_init (AhoyDeadlines *deadlines,
                           AhoyPoll      *poll,
                           guint          span_ms,
                           void (*passed) (gpointer owner));
void  ahoy_deadlines_clear (AhoyDeadlines *deadlines);
guint ahoy_deadlines_count (AhoyDeadlines *deadlines);

/* Puts @deadline, which is in no queue, at the end of this one. */
void ahoy_deadline_set (AhoyDeadline  *deadline,
                        AhoyDeadlines *in,
                        gpointer       owner);
/* Takes @deadline out of its queue; nothing happens when it is in none. */
void ahoy_deadline_unset (AhoyDeadline *deadline);

G_END_DECLS
