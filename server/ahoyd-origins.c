/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How much of the server's patience each address has left. */

#include "ahoyd-origins.h"

#include <netinet/in.h>
#include <string.h>

typedef enum {
  PLACE_ELSEWHERE, /* no IP at all */
  PLACE_IPV4,      /* number: the address */
  PLACE_IPV6,      /* number: its first half */
  PLACE_LINK,      /* number: the second half of a link-local address: all have the same first */
} Place;

struct _AhoydOrigin {
  Place   place;
  guint64 number;
  guint64 hash;
  guint   waiting;
  guint   failures;    /* since @counted_from */
  gint64  counted_from;
  gint64  barred_until;
  GList   memory; /* in the owner's; data: NULL when no failure is remembered */
};

struct _AhoydOrigins {
  /* Owned */
  GHashTable *known;  /* (element-type AhoydOrigin) */
  GQueue      failed; /* AhoydOrigin.memory: the one whose failure is the longest ago first */
  guint       max_waiting;
  guint       max_failures;
  guint64     secret;
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
locate (AhoydOrigins          *self,
        const struct sockaddr *address,
        AhoydOrigin           *origin)
{
  const struct sockaddr_in *ipv4 = (const struct sockaddr_in *) address;
  const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *) address;

  origin->place = PLACE_ELSEWHERE;
  if (address->sa_family == AF_INET)
    {
      origin->place = PLACE_IPV4;
      origin->number = ipv4->sin_addr.s_addr;
    }
  else if (address->sa_family == AF_INET6)
    {
      const guint8 *bytes = ipv6->sin6_addr.s6_addr;

      origin->place = IN6_IS_ADDR_LINKLOCAL (&ipv6->sin6_addr) ? PLACE_LINK : PLACE_IPV6;
      origin->number = half (origin->place == PLACE_LINK ? bytes + 8 : bytes);
    }
  origin->hash = mix (mix (origin->number ^ self->secret) + origin->place);
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

  return one->place == other->place && one->number == other->number;
}

AhoydOrigins *
ahoyd_origins_new (guint   max_waiting,
                   guint   max_failures,
                   guint64 secret)
{
  AhoydOrigins *self = g_new0 (AhoydOrigins, 1);

  self->known = g_hash_table_new_full (origin_hash, origin_equal, g_free, NULL);
  g_queue_init (&self->failed);
  self->max_waiting = max_waiting;
  self->max_failures = max_failures;
  self->secret = secret;
  return self;
}

void
ahoyd_origins_set_limits (AhoydOrigins *origins,
                          guint         max_waiting,
                          guint         max_failures)
{
  g_return_if_fail (origins != NULL);

  origins->max_waiting = max_waiting;
  origins->max_failures = max_failures;
}

void
ahoyd_origins_free (AhoydOrigins *origins)
{
  g_return_if_fail (origins != NULL);

  g_hash_table_unref (origins->known);
  g_free (origins);
}

static void
drop_when_idle (AhoydOrigins *self,
                AhoydOrigin  *origin)
{
  if (origin->waiting == 0 && origin->memory.data == NULL)
    g_hash_table_remove (self->known, origin);
}

static void
forget_failures (AhoydOrigins *self,
                 AhoydOrigin  *origin)
{
  g_queue_unlink (&self->failed, &origin->memory);
  origin->memory.data = NULL;
  origin->failures = 0;
  origin->barred_until = 0;
  drop_when_idle (self, origin);
}

/* As far as they come first: the rest has its turn soon enough. */
static void
forget_old (AhoydOrigins *self,
            gint64        now)
{
  AhoydOrigin *first;

  while ((first = g_queue_peek_head (&self->failed)) != NULL && MAX (first->counted_from + AHOYD_ORIGINS_MINUTE_US, first->barred_until) <= now)
    forget_failures (self, first);
}

AhoydWelcome
ahoyd_origins_enter (AhoydOrigins           *origins,
                     const struct sockaddr  *address,
                     gint64                  now,
                     AhoydOrigin           **origin)
{
  AhoydOrigin asked = { 0 };
  AhoydOrigin *known;

  g_return_val_if_fail (origins != NULL && address != NULL && origin != NULL, AHOYD_CROWDED);

  *origin = NULL;
  forget_old (origins, now);
  locate (origins, address, &asked);
  known = g_hash_table_lookup (origins->known, &asked);
  if (known != NULL && known->barred_until > now)
    return AHOYD_BARRED;
  if (known != NULL && origins->max_waiting > 0 && known->waiting >= origins->max_waiting)
    return AHOYD_CROWDED;
  if (known == NULL)
    {
      known = g_memdup2 (&asked, sizeof asked);
      g_hash_table_add (origins->known, known);
    }
  known->waiting++;
  *origin = known;
  return AHOYD_WELCOME;
}

void
ahoyd_origins_leave (AhoydOrigins *origins,
                     AhoydOrigin  *origin)
{
  g_return_if_fail (origins != NULL && origin != NULL && origin->waiting > 0);

  origin->waiting--;
  drop_when_idle (origins, origin);
}

gboolean
ahoyd_origins_fail (AhoydOrigins *origins,
                    AhoydOrigin  *origin,
                    gint64        now)
{
  g_return_val_if_fail (origins != NULL && origin != NULL && origin->waiting > 0, FALSE);

  if (origins->max_failures == 0)
    return TRUE;
  if (origin->barred_until > now)
    return FALSE;

  if (origin->failures == 0 || now - origin->counted_from >= AHOYD_ORIGINS_MINUTE_US)
    {
      origin->counted_from = now;
      origin->failures = 0;
    }
  origin->failures++;
  if (origin->failures > origins->max_failures)
    origin->barred_until = now + AHOYD_ORIGINS_MINUTE_US;

  if (origin->memory.data != NULL)
    g_queue_unlink (&origins->failed, &origin->memory);
  origin->memory.data = origin;
  g_queue_push_tail_link (&origins->failed, &origin->memory);
  if (origins->failed.length > AHOYD_ORIGINS_REMEMBERED)
    forget_failures (origins, g_queue_peek_head (&origins->failed));
  return origin->barred_until <= now;
}

guint
ahoyd_origins_get_n (AhoydOrigins *origins)
{
  g_return_val_if_fail (origins != NULL, 0);

  return g_hash_table_size (origins->known);
}
