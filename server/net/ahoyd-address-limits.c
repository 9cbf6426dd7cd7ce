/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How much of the server each address has.
 *
 * An IPv6 address has a record, and while somebody is here from it that points to the record of its /64. What is counted is counted in both, what
 * is asked is asked of both, the second with larger numbers. */

#include "net/ahoyd-address-limits.h"

#include <netinet/in.h>
#include <string.h>

typedef enum {
  PLACE_ELSEWHERE, /* no IP at all */
  PLACE_IPV4,
  PLACE_IPV6,
  PLACE_NETWORK, /* an IPv6 address's first half */
} Place;

struct _AhoydAddressLimit {
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
  AhoydAddressLimit *network; /* NULL: none, or nobody is here */
};

struct _AhoydAddressLimits {
  /* Owned */
  GHashTable              *known;  /* (element-type AhoydAddressLimit) */
  GQueue                   failed; /* AhoydAddressLimit.failed: the one whose failure is the longest ago first */
  GQueue                   left;   /* AhoydAddressLimit.left: the one from which everybody has left first, first */
  AhoydAddressLimitsConfig limits;
  guint64                  secret;
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
set_place (AhoydAddressLimits *self,
           AhoydAddressLimit  *address_limit,
           Place               place,
           guint64             first,
           guint64             second)
{
  address_limit->place = place;
  address_limit->first = first;
  address_limit->second = second;
  address_limit->share = place == PLACE_NETWORK ? AHOYD_ADDRESS_LIMITS_NETWORK : 1;
  address_limit->hash = mix (mix (mix (first ^ self->secret) ^ second) + place);
}

static void
locate (AhoydAddressLimits    *self,
        const struct sockaddr *address,
        AhoydAddressLimit     *address_limit)
{
  const struct sockaddr_in  *ipv4 = (const struct sockaddr_in *) address;
  const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *) address;

  if (address->sa_family == AF_INET)
    set_place (self, address_limit, PLACE_IPV4, ipv4->sin_addr.s_addr, 0);
  else if (address->sa_family == AF_INET6)
    set_place (self, address_limit, PLACE_IPV6, half (ipv6->sin6_addr.s6_addr), half (ipv6->sin6_addr.s6_addr + 8));
  else
    set_place (self, address_limit, PLACE_ELSEWHERE, 0, 0);
}

static guint
origin_hash (gconstpointer key)
{
  return (guint) ((const AhoydAddressLimit *) key)->hash;
}

static gboolean
origin_equal (gconstpointer a,
              gconstpointer b)
{
  const AhoydAddressLimit *one = a;
  const AhoydAddressLimit *other = b;

  return one->place == other->place && one->first == other->first && one->second == other->second;
}

AhoydAddressLimits *
ahoyd_address_limits_new (const AhoydAddressLimitsConfig *limits,
                          guint64                         secret)
{
  AhoydAddressLimits *self;

  g_return_val_if_fail (limits != NULL, NULL);

  self = g_new0 (AhoydAddressLimits, 1);
  self->known = g_hash_table_new_full (origin_hash, origin_equal, g_free, NULL);
  g_queue_init (&self->failed);
  g_queue_init (&self->left);
  self->limits = *limits;
  self->secret = secret;
  return self;
}

void
ahoyd_address_limits_set_limits (AhoydAddressLimits             *address_limits,
                                 const AhoydAddressLimitsConfig *limits)
{
  g_return_if_fail (address_limits != NULL && limits != NULL);

  address_limits->limits = *limits;
}

void
ahoyd_address_limits_free (AhoydAddressLimits *address_limits)
{
  g_return_if_fail (address_limits != NULL);

  g_hash_table_unref (address_limits->known);
  g_free (address_limits);
}

/* Whether @count is one more than an address_limit with that @share may have; @limit 0: any number. */
static gboolean
is_beyond (guint count,
           guint limit,
           guint share)
{
  return limit > 0 && count > (guint64) limit * share;
}

static AhoydAllowanceTerms
terms_of (AhoydAddressLimits      *self,
          const AhoydAddressLimit *address_limit)
{
  return ahoyd_allowance_times (&self->limits.person, AHOYD_ADDRESS_LIMITS_PEOPLE * address_limit->share);
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
remember_node (GQueue            *queue,
               GList             *node,
               AhoydAddressLimit *address_limit)
{
  forget_node (queue, node);
  node->data = address_limit;
  g_queue_push_tail_link (queue, node);
}

static void
drop_when_idle (AhoydAddressLimits *self,
                AhoydAddressLimit  *address_limit)
{
  if (address_limit->here == 0 && address_limit->failed.data == NULL && address_limit->left.data == NULL)
    g_hash_table_remove (self->known, address_limit);
}

static void
forget_failures (AhoydAddressLimits *self,
                 AhoydAddressLimit  *address_limit)
{
  forget_node (&self->failed, &address_limit->failed);
  address_limit->failures = 0;
  address_limit->barred_until = 0;
  drop_when_idle (self, address_limit);
}

static void
forget_what_was_sent (AhoydAddressLimits *self,
                      AhoydAddressLimit  *address_limit)
{
  forget_node (&self->left, &address_limit->left);
  drop_when_idle (self, address_limit);
}

static gboolean
has_sent_nothing (AhoydAddressLimits *self,
                  AhoydAddressLimit  *address_limit,
                  gint64              now)
{
  const AhoydAllowanceTerms terms = terms_of (self, address_limit);

  return ahoyd_allowance_is_full (&address_limit->allowance, &terms, now);
}

/* As far as they come first: the rest has its turn soon enough. */
static void
forget_old (AhoydAddressLimits *self,
            gint64              now)
{
  AhoydAddressLimit *first;

  while ((first = g_queue_peek_head (&self->failed)) != NULL && MAX (first->counted_from + AHOYD_ADDRESS_LIMITS_MINUTE_US, first->barred_until) <= now)
    forget_failures (self, first);
  while ((first = g_queue_peek_head (&self->left)) != NULL && has_sent_nothing (self, first, now))
    forget_what_was_sent (self, first);
}

/* @asked: where. Returns: NULL: nothing is known of it. */
static AhoydAddressLimit *
find (AhoydAddressLimits      *self,
      const AhoydAddressLimit *asked)
{
  return g_hash_table_lookup (self->known, asked);
}

static AhoydAddressLimit *
find_or_add (AhoydAddressLimits      *self,
             const AhoydAddressLimit *asked)
{
  AhoydAddressLimit *known = find (self, asked);

  if (known != NULL)
    return known;
  known = g_memdup2 (asked, sizeof *asked);
  g_hash_table_add (self->known, known);
  return known;
}

/* How one more from there is received; @known may be NULL. */
static AhoydWelcome
receive (AhoydAddressLimits      *self,
         const AhoydAddressLimit *known,
         gint64                   now)
{
  const AhoydAddressLimitsConfig *limits = &self->limits;

  if (known == NULL)
    return AHOYD_WELCOME;
  if (known->barred_until > now)
    return AHOYD_BARRED;
  if (is_beyond (known->waiting + 1, limits->max_waiting, known->share))
    return AHOYD_CROWDED;
  return is_beyond (known->here + 1, limits->max_here, known->share) ? AHOYD_FILLED : AHOYD_WELCOME;
}

static void
add_one (AhoydAddressLimits *self,
         AhoydAddressLimit  *address_limit)
{
  forget_node (&self->left, &address_limit->left);
  address_limit->here++;
  address_limit->waiting++;
}

AhoydWelcome
ahoyd_address_limits_enter (AhoydAddressLimits    *address_limits,
                            const struct sockaddr *address,
                            gint64                 now,
                            AhoydAddressLimit    **address_limit)
{
  AhoydAddressLimit asked = { 0 };
  AhoydAddressLimit around = { 0 }; /* its network */
  AhoydWelcome      how;

  g_return_val_if_fail (address_limits != NULL && address != NULL && address_limit != NULL, AHOYD_CROWDED);

  *address_limit = NULL;
  forget_old (address_limits, now);
  locate (address_limits, address, &asked);
  how = receive (address_limits, find (address_limits, &asked), now);
  if (asked.place == PLACE_IPV6)
    {
      set_place (address_limits, &around, PLACE_NETWORK, asked.first, 0);
      if (how == AHOYD_WELCOME || how == AHOYD_FILLED)
        {
          AhoydWelcome there = receive (address_limits, find (address_limits, &around), now);

          how = there != AHOYD_WELCOME ? there : how;
        }
    }
  if (how == AHOYD_CROWDED || how == AHOYD_BARRED)
    return how;

  *address_limit = find_or_add (address_limits, &asked);
  add_one (address_limits, *address_limit);
  if (asked.place == PLACE_IPV6)
    {
      (*address_limit)->network = find_or_add (address_limits, &around);
      add_one (address_limits, (*address_limit)->network);
    }
  return how;
}

void
ahoyd_address_limits_settle (AhoydAddressLimits *address_limits,
                             AhoydAddressLimit  *address_limit)
{
  g_return_if_fail (address_limits != NULL && address_limit != NULL && address_limit->waiting > 0);

  for (AhoydAddressLimit *at = address_limit; at != NULL; at = at->network)
    at->waiting--;
}

static void
remove_one (AhoydAddressLimits *self,
            AhoydAddressLimit  *address_limit,
            gboolean            waiting)
{
  const AhoydAllowanceTerms terms = terms_of (self, address_limit);
  const gint64              at_once = 0; /* what time has given back meanwhile is looked at when somebody comes */

  address_limit->waiting -= waiting;
  if (--address_limit->here > 0)
    return;
  address_limit->network = NULL;
  if (!ahoyd_allowance_is_full (&address_limit->allowance, &terms, at_once))
    {
      remember_node (&self->left, &address_limit->left, address_limit);
      if (self->left.length > AHOYD_ADDRESS_LIMITS_REMEMBERED)
        forget_what_was_sent (self, g_queue_peek_head (&self->left));
    }
  drop_when_idle (self, address_limit);
}

void
ahoyd_address_limits_leave (AhoydAddressLimits *address_limits,
                            AhoydAddressLimit  *address_limit,
                            gboolean            waiting)
{
  AhoydAddressLimit *network;

  g_return_if_fail (address_limits != NULL && address_limit != NULL);
  g_return_if_fail (address_limit->here > 0 && address_limit->waiting >= (guint) waiting);

  network = address_limit->network;
  remove_one (address_limits, address_limit, waiting);
  if (network != NULL)
    remove_one (address_limits, network, waiting);
}

gboolean
ahoyd_address_limits_have_place (AhoydAddressLimits *address_limits,
                                 AhoydAddressLimit  *address_limit)
{
  g_return_val_if_fail (address_limits != NULL && address_limit != NULL, FALSE);

  for (AhoydAddressLimit *at = address_limit; at != NULL; at = at->network)
    if (is_beyond (at->here, address_limits->limits.max_here, at->share))
      return FALSE;
  return TRUE;
}

/* Returns: FALSE when that was one too many. */
static gboolean
count_failure (AhoydAddressLimits *self,
               AhoydAddressLimit  *address_limit,
               gint64              now)
{
  if (address_limit->barred_until > now)
    return FALSE;

  if (address_limit->failures == 0 || now - address_limit->counted_from >= AHOYD_ADDRESS_LIMITS_MINUTE_US)
    {
      address_limit->counted_from = now;
      address_limit->failures = 0;
    }
  address_limit->failures++;
  if (is_beyond (address_limit->failures, self->limits.max_failures, address_limit->share))
    address_limit->barred_until = now + AHOYD_ADDRESS_LIMITS_MINUTE_US;

  remember_node (&self->failed, &address_limit->failed, address_limit);
  if (self->failed.length > AHOYD_ADDRESS_LIMITS_REMEMBERED)
    forget_failures (self, g_queue_peek_head (&self->failed));
  return address_limit->barred_until <= now;
}

gboolean
ahoyd_address_limits_fail (AhoydAddressLimits *address_limits,
                           AhoydAddressLimit  *address_limit,
                           gint64              now)
{
  gboolean patient = TRUE;

  g_return_val_if_fail (address_limits != NULL && address_limit != NULL && address_limit->here > 0, FALSE);

  if (address_limits->limits.max_failures == 0)
    return TRUE;
  for (AhoydAddressLimit *at = address_limit; at != NULL; at = at->network)
    patient = count_failure (address_limits, at, now) && patient;
  return patient;
}

gint64
ahoyd_address_limits_spend (AhoydAddressLimits *address_limits,
                            AhoydAddressLimit  *address_limit,
                            guint64             messages,
                            guint64             bytes,
                            gint64              now)
{
  gint64 debt = 0;

  g_return_val_if_fail (address_limits != NULL && address_limit != NULL, 0);

  for (AhoydAddressLimit *at = address_limit; at != NULL; at = at->network)
    {
      const AhoydAllowanceTerms terms = terms_of (address_limits, at);
      gint64                    theirs = ahoyd_allowance_take (&at->allowance, &terms, messages, bytes, now);

      debt = MAX (debt, theirs);
    }
  return debt;
}

guint
ahoyd_address_limits_get_n (AhoydAddressLimits *address_limits)
{
  g_return_val_if_fail (address_limits != NULL, 0);

  return g_hash_table_size (address_limits->known);
}
