/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whom a neighbour is about to help, and when. */

#include "core/discovery/ahoy-help-queue-private.h"

#include <math.h>
#include <string.h>

struct _AhoyHelpQueue {
  /* Owned */
  GArray *waiting; /* AhoyHelp */
  GRand  *random;

  gint64 helped[AHOY_HELP_PER_SECOND]; /* when, the last ones; 0: never */
  guint  n_helped;
};

void
ahoy_help_clear (AhoyHelp *help)
{
  g_clear_object (&help->scanner);
}

AhoyHelpQueue *
ahoy_help_queue_new (GRand *random)
{
  AhoyHelpQueue *self = g_new0 (AhoyHelpQueue, 1);

  self->waiting = g_array_new (FALSE, FALSE, sizeof (AhoyHelp));
  self->random = random;
  return self;
}

void
ahoy_help_queue_free (AhoyHelpQueue *self)
{
  ahoy_help_queue_clear (self);
  g_array_unref (self->waiting);
  g_rand_free (self->random);
  g_free (self);
}

/* Of N people the first has then waited for about a fifth of the window, whatever N is; the next come a seventh of the window apart or so. */
static gint64
choose_delay (AhoyHelpQueue *self,
              guint          n_online)
{
  const double n = MAX (n_online, 1);
  const double window = CLAMP (AHOY_HELP_WINDOW_EACH * n, AHOY_HELP_WINDOW_MIN, AHOY_HELP_WINDOW_MAX);
  const double steepness = log (n) + 1;

  return (gint64) (window / steepness * log (1 + g_rand_double (self->random) * (exp (steepness) - 1)));
}

static gboolean
is_same_address (GSocketAddress *one,
                 GSocketAddress *other)
{
  GInetSocketAddress *a = G_INET_SOCKET_ADDRESS (one);
  GInetSocketAddress *b = G_INET_SOCKET_ADDRESS (other);

  return g_inet_socket_address_get_port (a) == g_inet_socket_address_get_port (b) &&
         g_inet_address_equal (g_inet_socket_address_get_address (a), g_inet_socket_address_get_address (b));
}

void
ahoy_help_queue_add (AhoyHelpQueue  *self,
                     GSocketAddress *scanner,
                     const AhoyNonce nonce,
                     int             index,
                     gsize           max,
                     guint           n_online,
                     gint64          now)
{
  AhoyHelp help = { .index = index, .max = max };

  for (guint i = 0; i < self->waiting->len; i++)
    if (is_same_address (g_array_index (self->waiting, AhoyHelp, i).scanner, scanner))
      return;
  if (self->waiting->len >= AHOY_HELP_ASKERS_MAX)
    return;

  help.scanner = g_object_ref (scanner);
  memcpy (help.nonce, nonce, sizeof (AhoyNonce));
  help.due = now + choose_delay (self, n_online);
  g_array_append_val (self->waiting, help);
}

static void
forget (AhoyHelpQueue *self,
        guint          i)
{
  ahoy_help_clear (&g_array_index (self->waiting, AhoyHelp, i));
  g_array_remove_index_fast (self->waiting, i);
}

void
ahoy_help_queue_drop (AhoyHelpQueue *self,
                      const char    *nonce)
{
  for (guint i = self->waiting->len; i > 0; i--)
    if (g_ascii_strcasecmp (g_array_index (self->waiting, AhoyHelp, i - 1).nonce, nonce) == 0)
      forget (self, i - 1);
}

void
ahoy_help_queue_clear (AhoyHelpQueue *self)
{
  while (self->waiting->len > 0)
    forget (self, self->waiting->len - 1);
}

/* Returns: (nullable): the one whose turn comes first. */
static AhoyHelp *
first (AhoyHelpQueue *self)
{
  AhoyHelp *found = NULL;

  for (guint i = 0; i < self->waiting->len; i++)
    {
      AhoyHelp *help = &g_array_index (self->waiting, AhoyHelp, i);

      if (found == NULL || help->due < found->due)
        found = help;
    }

  return found;
}

gint64
ahoy_help_queue_get_due (AhoyHelpQueue *self)
{
  const AhoyHelp *help = first (self);

  return help != NULL ? help->due : -1;
}

/* Whether one more may be helped now. */
static gboolean
spend (AhoyHelpQueue *self,
       gint64         now)
{
  gint64 *oldest = &self->helped[self->n_helped % AHOY_HELP_PER_SECOND];

  if (self->n_helped >= AHOY_HELP_PER_SECOND && now - *oldest < 1000)
    return FALSE;
  *oldest = now;
  self->n_helped++;
  return TRUE;
}

gboolean
ahoy_help_queue_take (AhoyHelpQueue *self,
                      gint64         now,
                      AhoyHelp      *help)
{
  AhoyHelp *next;

  while ((next = first (self)) != NULL && next->due <= now)
    {
      *help = *next;
      g_object_ref (help->scanner);
      forget (self, (guint) (next - &g_array_index (self->waiting, AhoyHelp, 0)));
      if (spend (self, now))
        return TRUE;
      ahoy_help_clear (help);
    }

  return FALSE;
}
