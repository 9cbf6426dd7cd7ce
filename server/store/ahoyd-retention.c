/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What of a log is forgotten, and when.
 *
 * What is too old goes in passes, one for each look at the clock. What is too much goes as it comes: past the limit a pass begins, which ends a twentieth below
 * it, so that it is worth a line to the operator; and while it is under way, every commit takes away more than it brought. */

#include "store/ahoyd-retention.h"

#include "store/ahoyd-clock-watch.h"

/* Messages that are taken away before others may have the file. */
#define FORGET_AT_ONCE 250
/* What is remembered of repeats: there are about as many of the shortest messages in a megabyte. */
#define SAID_PER_MB 4000
#define BYTES_PER_MB G_GUINT64_CONSTANT (1000000)
#define MS_PER_DAY (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)
/* Passes that follow each other closely share a line. */
#define TELL_EVERY_MS (G_GINT64_CONSTANT (60) * 1000)

typedef struct {
  AhoydForgot forgot; /* so far, and not told */
  gboolean    under_way;
  const char *why;
} Pass;

struct _AhoydRetention {
  /* Owned */
  AhoydClockWatch    watch;
  AhoydKeep          keep;
  Pass               old;
  Pass               large;
  AhoydOldLimit      limit; /* of the pass over what is too old: by the clock at its beginning */
  AhoydOldCursor     cursor;
  gboolean           forget_said; /* what is remembered of repeats may be too old */
  gboolean           give_back;   /* the file may be too large */
  gboolean           suspended;   /* the operator knows that nothing goes for its age */
  gboolean           unnoted;     /* the clock has jumped, and the log does not know yet */
  gint64             told;        /* elapsed: the last line about what is too much; G_MININT64: none yet */
  AhoydRetentionNews news;
  /* Borrowed */
  AhoydDatabase    *db;
  const AhoydClock *clock;
};

static AhoydClockSample
now (AhoydRetention *self)
{
  return (AhoydClockSample){ self->clock->real (self->clock->data), self->clock->elapsed (self->clock->data) };
}

static void
tell (AhoydRetention *self,
      char           *line)
{
  if (self->news.lines == NULL)
    self->news.lines = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->news.lines, line);
}

static char *
format_time (gint64 ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (ms / 1000);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M UTC") : g_strdup ("an impossible time");
}

/* What a pass took away, in one line; then it has taken nothing. */
static void
tell_pass (AhoydRetention *self,
           Pass           *pass)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  if (pass->forgot.n > 0)
    {
      from = format_time (pass->forgot.oldest);
      to = format_time (pass->forgot.newest);
      tell (self, g_strdup_printf ("Took away %" G_GUINT64_FORMAT " message%s, said from %s to %s: %s", pass->forgot.n,
                                   pass->forgot.n == 1 ? "" : "s", from, to, pass->why));
    }
  ahoyd_forgot_clear (&pass->forgot);
  ahoyd_forgot_init (&pass->forgot);
}

/* Whom nothing is from or for any more, and what waits for nobody any more. */
static void
add_gone (AhoydRetention *self,
          Pass           *pass)
{
  AhoydForgot fresh;

  if (pass->forgot.gone->len == 0 && pass->forgot.whispers->len == 0)
    return;
  ahoyd_forgot_init (&fresh);
  if (self->news.gone == NULL)
    self->news.gone = g_steal_pointer (&pass->forgot.gone);
  else
    g_ptr_array_extend_and_steal (self->news.gone, g_steal_pointer (&pass->forgot.gone));
  if (self->news.whispers == NULL)
    self->news.whispers = g_steal_pointer (&pass->forgot.whispers);
  else
    g_ptr_array_extend_and_steal (self->news.whispers, g_steal_pointer (&pass->forgot.whispers));
  pass->forgot.gone = fresh.gone;
  pass->forgot.whispers = fresh.whispers;
}

/* A slice of @pass failed: what it had done before stays done. */
static gboolean
fail (AhoydRetention *self,
      Pass           *pass)
{
  g_ptr_array_set_size (pass->forgot.gone, 0);
  g_ptr_array_set_size (pass->forgot.whispers, 0);
  pass->under_way = FALSE;
  return FALSE;
}

/* --- The clock --- */

/* Once when age begins not to count, and once when it counts again. */
static void
tell_clock (AhoydRetention         *self,
            gboolean                jumped,
            const AhoydClockSample *sample)
{
  gboolean         trusted = ahoyd_clock_watch_is_trusted (&self->watch);
  g_autofree char *says = NULL;

  if (self->keep.days == 0 || (trusted && !self->suspended) || (!trusted && self->suspended && !jumped))
    return;
  says = format_time (sample->real);
  if (trusted)
    tell (self, g_strdup_printf ("The clock has held since it jumped; it says %s. Messages are taken away for their age again", says));
  else
    tell (self, g_strdup_printf ("The clock has jumped; it says %s. No message is taken away for its age until it has held for %u more hours", says,
                                 (guint) ((AHOYD_CLOCK_HOLD_MS - self->watch.held + 3599999) / 3600000)));
  self->suspended = !trusted;
}

static gboolean
start_watch (AhoydRetention *self,
             GError        **error)
{
  AhoydClockPast   past = { 0 };
  AhoydClockSample sample = now (self);
  gboolean         known = FALSE;
  gint64           newest = 0;

  if (!ahoyd_database_newest_stamp (self->db, &newest, &past.is_known, error) ||
      !ahoyd_database_get_number (self->db, "clock", &past.real, &known, error) ||
      !ahoyd_database_get_number (self->db, "clock-held", &past.held, &known, error))
    return FALSE;
  if (!known)
    {
      past.real = newest;
      past.held = AHOYD_CLOCK_HOLD_MS;
    }
  self->unnoted = ahoyd_clock_watch_start (&self->watch, &past, &sample);
  tell_clock (self, self->unnoted, &sample);
  return TRUE;
}

AhoydRetention *
ahoyd_retention_new (AhoydDatabase    *db,
                     const AhoydClock *clock,
                     const AhoydKeep  *keep,
                     GError          **error)
{
  g_autoptr (AhoydRetention) self = NULL;

  g_return_val_if_fail (db != NULL && clock != NULL && keep != NULL, NULL);

  self = g_new0 (AhoydRetention, 1);
  self->db = db;
  self->clock = clock;
  self->keep = *keep;
  self->told = G_MININT64;
  self->old.why = "older than keep-days";
  self->large.why = "more than keep-mb";
  ahoyd_forgot_init (&self->old.forgot);
  ahoyd_forgot_init (&self->large.forgot);
  return start_watch (self, error) ? g_steal_pointer (&self) : NULL;
}

void
ahoyd_retention_free (AhoydRetention *retention)
{
  g_return_if_fail (retention != NULL);

  ahoyd_forgot_clear (&retention->old.forgot);
  ahoyd_forgot_clear (&retention->large.forgot);
  ahoyd_retention_news_clear (&retention->news);
  g_free (retention);
}

void
ahoyd_retention_set_keep (AhoydRetention  *retention,
                          const AhoydKeep *keep)
{
  g_return_if_fail (retention != NULL && keep != NULL);

  retention->keep = *keep;
}

static gboolean
write_watch (AhoydRetention *self,
             GError        **error)
{
  return ahoyd_database_set_number (self->db, "clock", self->watch.last.real, error) &&
         ahoyd_database_set_number (self->db, "clock-held", self->watch.held, error);
}

static void
feed_watch (AhoydRetention   *self,
            AhoydClockSample *sample)
{
  gboolean jumped;

  *sample = now (self);
  jumped = ahoyd_clock_watch_feed (&self->watch, sample);
  self->unnoted |= jumped;
  tell_clock (self, jumped, sample);
}

gboolean
ahoyd_retention_note_clock (AhoydRetention *retention,
                            GError        **error)
{
  AhoydClockSample sample;

  g_return_val_if_fail (retention != NULL, FALSE);

  feed_watch (retention, &sample);
  return !retention->unnoted || write_watch (retention, error);
}

void
ahoyd_retention_noted (AhoydRetention *retention)
{
  g_return_if_fail (retention != NULL);

  retention->unnoted = FALSE;
}

static gboolean
save_watch (AhoydRetention *self,
            GError        **error)
{
  if (!ahoyd_database_begin (self->db, error))
    return FALSE;
  if (write_watch (self, error) && ahoyd_database_commit (self->db, error))
    {
      self->unnoted = FALSE;
      return TRUE;
    }
  ahoyd_database_rollback (self->db);
  return FALSE;
}

static void
set_limit (AhoydRetention *self,
           gint64          real)
{
  self->limit.since = real - self->keep.days * MS_PER_DAY;
  self->limit.held_since = self->keep.held_days > 0 ? real - MAX (self->keep.held_days, self->keep.days) * MS_PER_DAY : 0;
}

gboolean
ahoyd_retention_look (AhoydRetention *retention,
                      GError        **error)
{
  AhoydClockSample sample;

  g_return_val_if_fail (retention != NULL, FALSE);

  feed_watch (retention, &sample);
  if (retention->keep.days > 0 && ahoyd_clock_watch_is_trusted (&retention->watch))
    {
      retention->old.under_way = TRUE;
      set_limit (retention, sample.real);
      retention->cursor = (AhoydOldCursor){ G_MININT64, 0 };
      retention->forget_said = TRUE;
    }
  retention->give_back = TRUE;
  if (retention->large.forgot.n > 0 && !retention->large.under_way)
    tell_pass (retention, &retention->large);
  return save_watch (retention, error);
}

/* --- What goes --- */

static guint64
max_bytes (AhoydRetention *self)
{
  return self->keep.mb * BYTES_PER_MB;
}

/* Where a pass over what is too much ends. */
static guint64
enough_bytes (AhoydRetention *self)
{
  return max_bytes (self) - max_bytes (self) / 20;
}

static void
end_large (AhoydRetention *self)
{
  gint64 elapsed = now (self).elapsed;

  self->large.under_way = FALSE;
  self->give_back = TRUE;
  if (self->told != G_MININT64 && elapsed - self->told < TELL_EVERY_MS)
    return;
  self->told = elapsed;
  tell_pass (self, &self->large);
}

static gboolean
forget_large (AhoydRetention *self,
              guint           limit,
              GError        **error)
{
  if (!ahoyd_database_forget_large (self->db, enough_bytes (self), limit, &self->large.forgot, error))
    return fail (self, &self->large);
  add_gone (self, &self->large);
  if (!self->large.forgot.more)
    end_large (self);
  return TRUE;
}

/* A pass begins when it must. */
static gboolean
is_too_much (AhoydRetention *self)
{
  if (self->keep.mb == 0)
    self->large.under_way = FALSE;
  else if (ahoyd_database_get_bytes (self->db) > max_bytes (self))
    self->large.under_way = TRUE;
  return self->large.under_way;
}

static gboolean
trim_said (AhoydRetention *self,
           guint           limit,
           GError        **error)
{
  return self->keep.mb == 0 || ahoyd_database_trim_said (self->db, (guint64) self->keep.mb * SAID_PER_MB, limit, error);
}

gboolean
ahoyd_retention_make_room (AhoydRetention *retention,
                           guint           n,
                           guint64         bytes,
                           gboolean       *more,
                           GError        **error)
{
  guint64 before;

  g_return_val_if_fail (retention != NULL && more != NULL, FALSE);

  if (!trim_said (retention, 2 * n + 1, error))
    return FALSE;
  if (!is_too_much (retention))
    return TRUE;
  before = retention->large.forgot.bytes;
  if (!forget_large (retention, MIN (2 * n + 1, FORGET_AT_ONCE), error))
    return FALSE;
  /* Few large ones may have come where there are only short ones; and whatever there is too much from before goes when there is nothing else to do. */
  while (retention->large.under_way && ahoyd_database_get_bytes (retention->db) > max_bytes (retention) + max_bytes (retention) / 20 &&
         retention->large.forgot.bytes - before < 2 * bytes)
    if (!forget_large (retention, FORGET_AT_ONCE, error))
      return FALSE;
  *more = retention->large.under_way;
  return TRUE;
}

static gboolean
forget_old (AhoydRetention *self,
            GError        **error)
{
  if (!ahoyd_database_forget_old (self->db, &self->limit, &self->cursor, FORGET_AT_ONCE, &self->old.forgot, error))
    return fail (self, &self->old);
  add_gone (self, &self->old);
  self->old.under_way = self->old.forgot.more;
  if (!self->old.under_way)
    tell_pass (self, &self->old);
  return TRUE;
}

static gboolean
forget_said (AhoydRetention *self,
             GError        **error)
{
  guint n = 0;

  if (!ahoyd_database_forget_said (self->db, self->limit.since, FORGET_AT_ONCE, &n, error))
    {
      self->forget_said = FALSE;
      return FALSE;
    }
  self->forget_said = n > 0;
  return TRUE;
}

gboolean
ahoyd_retention_go_on (AhoydRetention *retention,
                       gboolean       *more,
                       GError        **error)
{
  gboolean done = TRUE;

  g_return_val_if_fail (retention != NULL && more != NULL, FALSE);

  if (is_too_much (retention))
    done = forget_large (retention, FORGET_AT_ONCE, error);
  else if (retention->old.under_way)
    done = forget_old (retention, error);
  else if (retention->forget_said)
    done = forget_said (retention, error);
  else if (retention->keep.mb > 0 && ahoyd_database_get_n_said (retention->db) > (guint64) retention->keep.mb * SAID_PER_MB)
    done = trim_said (retention, FORGET_AT_ONCE, error);
  else if (retention->give_back)
    done = ahoyd_database_give_back (retention->db, &retention->give_back, error);
  *more = done && (is_too_much (retention) || retention->old.under_way || retention->forget_said || retention->give_back);
  return done;
}

void
ahoyd_retention_take_news (AhoydRetention     *retention,
                           AhoydRetentionNews *news)
{
  g_return_if_fail (retention != NULL && news != NULL);

  *news = retention->news;
  retention->news = (AhoydRetentionNews){ 0 };
}

void
ahoyd_retention_news_clear (AhoydRetentionNews *news)
{
  g_return_if_fail (news != NULL);

  g_clear_pointer (&news->lines, g_ptr_array_unref);
  g_clear_pointer (&news->gone, g_ptr_array_unref);
  g_clear_pointer (&news->whispers, g_ptr_array_unref);
}
