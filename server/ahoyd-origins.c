/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How much of the server each address has.
 *
 * An IPv6 address has a record, and while somebody is here from it that points to the record of its /64. What is counted is counted in both, what
 * is asked is asked of both, the second with larger numbers. */

#include "ahoyd-origins.h"

#include <netinet/in.h>
#include <string.h>

typedef enum {
  PLACE_ELSEWHERE, /* no IP at all */
  PLACE_IPV4,
  PLACE_IPV6,
  PLACE_NETWORK, /* an IPv6 address's first half */
} Place;

struct _AhoydOrigin {
  Place          place;
  guint64        first; /* IPv4: the address. IPv6: its halves */
  guint64        second;
  guint64        hash;
  guint          share; /* how many addresses' */
  guint          here;
  guint          waiting;  /* of these */
  guint          failures; /* since @counted_from */
  gint64         counted_from;
  gint64         barred_until;
  AhoydAllowance allowance;
  GList          failed; /* in the owner's; data: NULL when no failure is remembered */
  GList          left;   /* in the owner's; data: NULL when somebody is here, or nothing is remembered of what they sent */
  /* Borrowed */
  AhoydOrigin *network; /* NULL: none, or nobody is here */
};

struct _AhoydOrigins {
  /* Owned */
  GHashTable        *known;  /* (element-type AhoydOrigin) */
  GQueue             failed; /* AhoydOrigin.failed: the one whose failure is the longest ago first */
  GQueue             left;   /* AhoydOrigin.left: the one from which everybody has left first, first */
  AhoydOriginsLimits limits;
  guint64            secret;
};

static guint64
half (const guint8 *bytes)
{
  guint64 number;

  memcpy (&number, bytes, sizeof number);
  return number;
}

/* The finalizer of MurmurHash3, for 64 bits. */
static guint64
mix (guint64 hash)
{
  hash = (hash ^ (hash >> 33)) * G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
  hash = (hash ^ (hash >> 33)) * G_GUINT64_CONSTANT (0xc4ceb9fe1a85ec53);
  return hash ^ (hash >> 33);
}

static void
set_place (AhoydOrigins *self,
           AhoydOrigin  *origin,
           Place         place,
           guint64       first,
           guint64       second)
{
  origin->place = place;
  origin->first = first;
  origin->second = second;
  origin->share = place == PLACE_NETWORK ? AHOYD_ORIGINS_NETWORK : 1;
  origin->hash = mix (mix (mix (first ^ self->secret) ^ second) + place);
}

static void
locate (AhoydOrigins          *self,
        const struct sockaddr *address,
        AhoydOrigin           *origin)
{
  const struct sockaddr_in *ipv4 = (const struct sockaddr_in *) address;
  const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *) address;

  if (address->sa_family == AF_INET)
    set_place (self, origin, PLACE_IPV4, ipv4->sin_addr.s_addr, 0);
  else if (address->sa_family == AF_INET6)
    set_place (self, origin, PLACE_IPV6, half (ipv6->sin6_addr.s6_addr), half (ipv6->sin6_addr.s6_addr + 8));
  else
    set_place (self, origin, PLACE_ELSEWHERE, 0, 0);
}

static guint
origin_hash (gconstpointer key)
{
  return (guint) ((const AhoydOrigin *) key)->hash;
}

static gboolean
origin_equal (gconstpointer a,
              gconstpointer b)
{
  const AhoydOrigin *one = a;
  const AhoydOrigin *other = b;

  return one->place == other->place && one->first == other->first && one->second == other->second;
}

AhoydOrigins *
ahoyd_origins_new (const AhoydOriginsLimits *limits,
                   guint64                   secret)
{
  AhoydOrigins *self;

  g_return_val_if_fail (limits != NULL, NULL);

  self = g_new0 (AhoydOrigins, 1);
  self->known = g_hash_table_new_full (origin_hash, origin_equal, g_free, NULL);
  g_queue_init (&self->failed);
  g_queue_init (&self->left);
  self->limits = *limits;
  self->secret = secret;
  return self;
}

void
ahoyd_origins_set_limits (AhoydOrigins             *origins,
                          const AhoydOriginsLimits *limits)
{
  g_return_if_fail (origins != NULL && limits != NULL);

  origins->limits = *limits;
}

void
ahoyd_origins_free (AhoydOrigins *origins)
{
  g_return_if_fail (origins != NULL);

  g_hash_table_unref (origins->known);
  g_free (origins);
}

/* Whether @count is one more than an origin with that @share may have; @limit 0: any number. */
static gboolean
is_beyond (guint count,
           guint limit,
           guint share)
{
  return limit > 0 && count > (guint64) limit * share;
}

static AhoydAllowanceTerms
terms_of (AhoydOrigins      *self,
          const AhoydOrigin *origin)
{
  return ahoyd_allowance_times (&self->limits.person, AHOYD_ORIGINS_PEOPLE * origin->share);
}

static void
forget_node (GQueue *queue,
             GList  *node)
{
  if (node->data != NULL)
    g_queue_unlink (queue, node);
  node->data = NULL;
}

static void
remember_node (GQueue      *queue,
               GList       *node,
               AhoydOrigin *origin)
{
  forget_node (queue, node);
  node->data = origin;
  g_queue_push_tail_link (queue, node);
}

static void
drop_when_idle (AhoydOrigins *self,
                AhoydOrigin  *origin)
{
  if (origin->here == 0 && origin->failed.data == NULL && origin->left.data == NULL)
    g_hash_table_remove (self->known, origin);
}

static void
forget_failures (AhoydOrigins *self,
                 AhoydOrigin  *origin)
{
  forget_node (&self->failed, &origin->failed);
  origin->failures = 0;
  origin->barred_until = 0;
  drop_when_idle (self, origin);
}

static void
forget_what_was_sent (AhoydOrigins *self,
                      AhoydOrigin  *origin)
{
  forget_node (&self->left, &origin->left);
  drop_when_idle (self, origin);
}

static gboolean
has_sent_nothing (AhoydOrigins *self,
                  AhoydOrigin  *origin,
                  gint64        now)
{
  const AhoydAllowanceTerms terms = terms_of (self, origin);

  return ahoyd_allowance_is_full (&origin->allowance, &terms, now);
}

/* As far as they come first: the rest has its turn soon enough. */
static void
forget_old (AhoydOrigins *self,
            gint64        now)
{
  AhoydOrigin *first;

  while ((first = g_queue_peek_head (&self->failed)) != NULL && MAX (first->counted_from + AHOYD_ORIGINS_MINUTE_US, first->barred_until) <= now)
    forget_failures (self, first);
  while ((first = g_queue_peek_head (&self->left)) != NULL && has_sent_nothing (self, first, now))
    forget_what_was_sent (self, first);
}

/* @asked: where. Returns: NULL: nothing is known of it. */
static AhoydOrigin *
find (AhoydOrigins      *self,
      const AhoydOrigin *asked)
{
  return g_hash_table_lookup (self->known, asked);
}

static AhoydOrigin *
find_or_add (AhoydOrigins      *self,
             const AhoydOrigin *asked)
{
  AhoydOrigin *known = find (self, asked);

  if (known != NULL)
    return known;
  known = g_memdup2 (asked, sizeof *asked);
  g_hash_table_add (self->known, known);
  return known;
}

/* How one more from there is received; @known may be NULL. */
static AhoydWelcome
receive (AhoydOrigins      *self,
         const AhoydOrigin *known,
         gint64             now)
{
  const AhoydOriginsLimits *limits = &self->limits;

  if (known == NULL)
    return AHOYD_WELCOME;
  if (known->barred_until > now)
    return AHOYD_BARRED;
  if (is_beyond (known->waiting + 1, limits->max_waiting, known->share))
    return AHOYD_CROWDED;
  return is_beyond (known->here + 1, limits->max_here, known->share) ? AHOYD_FILLED : AHOYD_WELCOME;
}

static void
add_one (AhoydOrigins *self,
         AhoydOrigin  *origin)
{
  forget_node (&self->left, &origin->left);
  origin->here++;
  origin->waiting++;
}

AhoydWelcome
ahoyd_origins_enter (AhoydOrigins           *origins,
                     const struct sockaddr  *address,
                     gint64                  now,
                     AhoydOrigin           **origin)
{
  AhoydOrigin asked = { 0 };
  AhoydOrigin around = { 0 }; /* its network */
  AhoydWelcome how;

  g_return_val_if_fail (origins != NULL && address != NULL && origin != NULL, AHOYD_CROWDED);

  *origin = NULL;
  forget_old (origins, now);
  locate (origins, address, &asked);
  how = receive (origins, find (origins, &asked), now);
  if (asked.place == PLACE_IPV6)
    {
      set_place (origins, &around, PLACE_NETWORK, asked.first, 0);
      if (how == AHOYD_WELCOME || how == AHOYD_FILLED)
        {
          AhoydWelcome there = receive (origins, find (origins, &around), now);

          how = there != AHOYD_WELCOME ? there : how;
        }
    }
  if (how == AHOYD_CROWDED || how == AHOYD_BARRED)
    return how;

  *origin = find_or_add (origins, &asked);
  add_one (origins, *origin);
  if (asked.place == PLACE_IPV6)
    {
      (*origin)->network = find_or_add (origins, &around);
      add_one (origins, (*origin)->network);
    }
  return how;
}

void
ahoyd_origins_settle (AhoydOrigins *origins,
                      AhoydOrigin  *origin)
{
  g_return_if_fail (origins != NULL && origin != NULL && origin->waiting > 0);

  for (AhoydOrigin *at = origin; at != NULL; at = at->network)
    at->waiting--;
}

static void
remove_one (AhoydOrigins *self,
            AhoydOrigin  *origin,
            gboolean      waiting)
{
  const AhoydAllowanceTerms terms = terms_of (self, origin);
  const gint64 at_once = 0; /* what time has given back meanwhile is looked at when somebody comes */

  origin->waiting -= waiting;
  if (--origin->here > 0)
    return;
  origin->network = NULL;
  if (!ahoyd_allowance_is_full (&origin->allowance, &terms, at_once))
    {
      remember_node (&self->left, &origin->left, origin);
      if (self->left.length > AHOYD_ORIGINS_REMEMBERED)
        forget_what_was_sent (self, g_queue_peek_head (&self->left));
    }
  drop_when_idle (self, origin);
}

void
ahoyd_origins_leave (AhoydOrigins *origins,
                     AhoydOrigin  *origin,
                     gboolean      waiting)
{
  AhoydOrigin *network;

  g_return_if_fail (origins != NULL && origin != NULL);
  g_return_if_fail (origin->here > 0 && origin->waiting >= (guint) waiting);

  network = origin->network;
  remove_one (origins, origin, waiting);
  if (network != NULL)
    remove_one (origins, network, waiting);
}

gboolean
ahoyd_origins_have_place (AhoydOrigins *origins,
                          AhoydOrigin  *origin)
{
  g_return_val_if_fail (origins != NULL && origin != NULL, FALSE);

  for (AhoydOrigin *at = origin; at != NULL; at = at->network)
    if (is_beyond (at->here, origins->limits.max_here, at->share))
      return FALSE;
  return TRUE;
}

/* Returns: FALSE when that was one too many. */
static gboolean
count_failure (AhoydOrigins *self,
               AhoydOrigin  *origin,
               gint64        now)
{
  if (origin->barred_until > now)
    return FALSE;

  if (origin->failures == 0 || now - origin->counted_from >= AHOYD_ORIGINS_MINUTE_US)
    {
      origin->counted_from = now;
      origin->failures = 0;
    }
  origin->failures++;
  if (is_beyond (origin->failures, self->limits.max_failures, origin->share))
    origin->barred_until = now + AHOYD_ORIGINS_MINUTE_US;

  remember_node (&self->failed, &origin->failed, origin);
  if (self->failed.length > AHOYD_ORIGINS_REMEMBERED)
    forget_failures (self, g_queue_peek_head (&self->failed));
  return origin->barred_until <= now;
}

gboolean
ahoyd_origins_fail (AhoydOrigins *origins,
                    AhoydOrigin  *origin,
                    gint64        now)
{
  gboolean patient = TRUE;

  g_return_val_if_fail (origins != NULL && origin != NULL && origin->here > 0, FALSE);

  if (origins->limits.max_failures == 0)
    return TRUE;
  for (AhoydOrigin *at = origin; at != NULL; at = at->network)
    patient = count_failure (origins, at, now) && patient;
  return patient;
}

gint64
ahoyd_origins_spend (AhoydOrigins *origins,
                     AhoydOrigin  *origin,
                     guint64       messages,
                     guint64       bytes,
                     gint64        now)
{
  gint64 debt = 0;

  g_return_val_if_fail (origins != NULL && origin != NULL, 0);

  for (AhoydOrigin *at = origin; at != NULL; at = at->network)
    {
      const AhoydAllowanceTerms terms = terms_of (origins, at);
      gint64 theirs = ahoyd_allowance_take (&at->allowance, &terms, messages, bytes, now);

      debt = MAX (debt, theirs);
    }
  return debt;
}

guint
ahoyd_origins_get_n (AhoydOrigins *origins)
{
  g_return_val_if_fail (origins != NULL, 0);

  return g_hash_table_size (origins->known);
}
