/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-name-rows.h"

G_BEGIN_DECLS

/* The table `taken`: which whispers wait for whom. PROTOCOL.md, "Whispers to people who are away". It has a row for each name that got a whisper which is in the log, or
 * that somebody owns. */

extern const AhoydTableClass ahoyd_taken_table;

/* In SQL, of a row about @skeleton: the newest whisper that reached them. */
#define AHOYD_TAKEN(skeleton) "coalesce ((SELECT t.id FROM taken t WHERE t.skeleton = " skeleton "), 0)"

typedef struct {
  char   *skeleton;
  guint64 taken; /* the newest whisper that reached them; 0: none */
  guint64 held;  /* the newest to them, in RAM alone: the log knows it, too */
} AhoydTakenRow;

guint64 ahoyd_taken_get (AhoydNameRows *taken,
                         const char    *skeleton);
/* @id: 0: nothing has reached them. */
void    ahoyd_taken_set (AhoydNameRows *taken,
                         const char    *skeleton,
                         guint64        id);
guint64 ahoyd_taken_get_held (AhoydNameRows *taken,
                              const char    *skeleton);
/* @id: a whisper to them; nothing happens when it is not the newest. */
void ahoyd_taken_raise_held (AhoydNameRows *taken,
                             const char    *skeleton,
                             guint64        id);
/* Nothing is known of the name any more. */
void ahoyd_taken_drop (AhoydNameRows *taken,
                       const char    *skeleton);

typedef void (*AhoydTakenFound) (const AhoydTakenRow *row,
                                 gpointer             data);
/* Calls @found for each name; it must change nothing here. */
void ahoyd_taken_each (AhoydNameRows  *taken,
                       AhoydTakenFound found,
                       gpointer        data);

G_END_DECLS
