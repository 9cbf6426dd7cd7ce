/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-archive.h"
#include "core/chat/ahoy-conversation.h"

G_BEGIN_DECLS

/* AhoyPager brings what was said before above the first line of a conversation, and lets it go again. PROTOCOL.md, "History".
 *
 * Above the first line there is, in this order, what the disk has, and what only the server has. A conversation's *floor* is the id from which on our
 * own history of it has no gap. Pages from the disk that reach below the floor are shown, and the server is asked for what is missing between; all
 * of it goes to its place (ahoy-place.h). The server is asked for one conversation at a time.
 *
 * Main thread; core only. A pager lives as long as its archive is open. It is the only one that says what stands above a conversation's first line, and
 * how much of it is kept in memory. */

typedef struct _AhoyPager AhoyPager;

/* What the pager needs of whoever has the connection. The pager may be freed from each. */
typedef struct {
  /* Asks the server for at most @limit messages of @conversation before the id @before. The answer comes by ahoy_pager_take() and
   * ahoy_pager_end_answer(), or else by ahoy_pager_fail_answer() or ahoy_pager_go_offline(). */
  void (*ask) (AhoyConversation *conversation,
               guint64           before,
               guint             limit,
               gpointer          data);
  /* Returns: (transfer full): AhoyMessage of @stored_messages (AhoyStoredMessage), in order. */
  GPtrArray *(*make_messages) (GPtrArray *stored_messages,
                               gpointer   data);
  /* There may be too much of @conversation in memory: ahoy_pager_trim() is to be called when the turn ends. */
  void (*crowded) (AhoyConversation *conversation,
                   gpointer          data);
} AhoyPagerHost;

/* @archive (borrowed): loaded. @from: where what was read back at the start begins; empty: there was nothing. @more: the disk has older ones.
 * @host: static. */
AhoyPager *ahoy_pager_new (AhoyArchive         *archive,
                           const AhoyPlace     *from,
                           gboolean             more,
                           const AhoyPagerHost *host,
                           gpointer             data);
/* Nobody is called any more. */
void ahoy_pager_free (AhoyPager *self);

/* @conversation shows what was read back at the start, and nothing older. It is known to the pager from now on; begun again when it was. */
void ahoy_pager_begin (AhoyPager        *self,
                       AhoyConversation *conversation);
/* Somebody wants to see what is older. Nothing happens when the conversation is not known. */
void ahoy_pager_load_older (AhoyPager        *self,
                            AhoyConversation *conversation);

/* The server may be asked. */
void ahoy_pager_go_online (AhoyPager *self);
/* It may not; what was asked is not answered. */
void ahoy_pager_go_offline (AhoyPager *self);
/* The server showed @stored. Returns: FALSE when it belongs to no answer. */
gboolean ahoy_pager_take (AhoyPager               *self,
                          const AhoyStoredMessage *stored);
/* The answer is complete. @more: the server has older ones. */
void ahoy_pager_end_answer (AhoyPager *self,
                            gboolean   more);
/* The server could not look it up just now. It is asked again when somebody wants it again. */
void ahoy_pager_fail_answer (AhoyPager *self);

/* A turn of the conversation ends: what is too much of it is let go, unless it is not on the disk yet and could not be read back from there. */
void ahoy_pager_trim (AhoyPager        *self,
                      AhoyConversation *conversation);
/* More is on the disk. */
void ahoy_pager_note_written (AhoyPager *self);

/* The server's log was set back, and a copy was found again: ahoy_place_part() and ahoy_place_rejoin(). */
void ahoy_pager_part (AhoyPager *self,
                      guint64    first,
                      guint      parting);
void ahoy_pager_rejoin (AhoyPager       *self,
                        const AhoyPlace *copy,
                        guint64          id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyPager, ahoy_pager_free)

G_END_DECLS
