/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whether a peer is still there. */

#include "net/ahoyd-life.h"

#define IDLE_US (AHOY_KEEPALIVE_IDLE_MS * G_TIME_SPAN_MILLISECOND)
#define DEADLINE_US (AHOY_KEEPALIVE_DEADLINE_MS * G_TIME_SPAN_MILLISECOND)

/* Whether it takes what waits for it. */
static gboolean
takes (AhoydLife            *life,
       const AhoydLifeSigns *signs,
       gint64                now)
{
  if (signs->outstanding == 0)
    {
      life->since = 0;
      return TRUE;
    }
  if (life->since == 0 || signs->taken - life->before >= life->wanted)
    {
      life->since = now;
      life->before = signs->taken;
      life->wanted = MIN (signs->outstanding, AHOYD_LIFE_TAKE_BYTES);
    }
  return now - life->since < AHOYD_LIFE_TAKE_US;
}

/* It is not read, so it need not answer. */
static AhoydLifeVerdict
greet (AhoydLife            *life,
       const AhoydLifeSigns *signs,
       gint64                now)
{
  if (now - MAX (signs->heard, life->asked) < AHOYD_LIFE_GREET_US)
    return AHOYD_LIFE_THERE;
  life->asked = now;
  return AHOYD_LIFE_ASK;
}

static AhoydLifeVerdict
ask (AhoydLife            *life,
     const AhoydLifeSigns *signs,
     gboolean              has_taken,
     gint64                now)
{
  if (now - signs->heard < IDLE_US)
    {
      life->asked = 0;
      return AHOYD_LIFE_THERE;
    }
  if (life->asked == 0 || signs->heard > life->asked)
    {
      life->asked = now;
      return AHOYD_LIFE_ASK;
    }
  /* Who is far behind gets to the question after all that came before it: as long as the peer takes that, it is there. */
  if (has_taken && signs->outstanding > 0)
    life->asked = now;
  return now - life->asked < DEADLINE_US ? AHOYD_LIFE_THERE : AHOYD_LIFE_LOST;
}

AhoydLifeVerdict
ahoyd_life_look (AhoydLife            *life,
                 const AhoydLifeSigns *signs,
                 gint64                now)
{
  gboolean has_taken;

  g_return_val_if_fail (life != NULL && signs != NULL, AHOYD_LIFE_THERE);

  has_taken = signs->taken > life->taken;
  life->taken = signs->taken;
  if (!takes (life, signs, now))
    return AHOYD_LIFE_LOST;
  if (!signs->can_answer)
    return AHOYD_LIFE_THERE;
  return signs->is_read ? ask (life, signs, has_taken, now) : greet (life, signs, now);
}
