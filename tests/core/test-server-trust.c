/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Verdicts on servers: what is claimed, proved and known, by tables. Nothing is dialed. */

#include "core/connection/ahoy-server-private.h"
#include "core/connection/ahoy-server-trust.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HALL "aaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SHIP "bbbbbbbbbbbbbbbbbbbbbbbbbb"
#define CAFE "cccccccccccccccccccccccccc"
/* Known, but never over TLS. */
#define BARN "dddddddddddddddddddddddddd"

#define HALL_AT "192.0.2.1"
#define SHIP_AT "192.0.2.2"
#define BARN_AT "192.0.2.4"
#define NEW_AT "192.0.2.9"
#define PORT 24690

typedef struct {
  AhoyKnownServers *known_servers; /* HALL and SHIP, secure, and BARN */
  AhoyServerTrust  *trust;
} Fixture;

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->known_servers = ahoy_known_servers_open (NULL, NULL);
  assert_true (ahoy_known_servers_learn (f->known_servers, HALL_AT, PORT, "Hall", HALL, TRUE, NULL));
  assert_true (ahoy_known_servers_learn (f->known_servers, SHIP_AT, PORT, "Ship", SHIP, TRUE, NULL));
  assert_true (ahoy_known_servers_learn (f->known_servers, BARN_AT, PORT, "Barn", BARN, FALSE, NULL));
  f->trust = ahoy_server_trust_new (NULL, f->known_servers);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoy_server_trust_free (f->trust);
  g_object_unref (f->known_servers);
  g_free (f);
  return 0;
}

/* A server that is typed. @claimed: what a search heard of it; NULL: nothing was heard. */
static AhoyServer *
server_at (const char *host,
           const char *claimed,
           gboolean    tls)
{
  AhoyServer *server = ahoy_server_new (host, PORT);

  if (claimed)
    ahoy_server_set_extended (server, claimed, "Claimed", 3, tls);
  return server;
}

static AhoyServer *
server_heard (const char *host)
{
  AhoyServer *server = ahoy_server_new (host, PORT);

  ahoy_server_set_heard (server);
  return server;
}

static void
assert_verdict (const AhoyTrustVerdict *verdict,
                AhoyTrustOutcome        outcome,
                AhoyDowngrade           downgrade,
                const char             *known,
                const char             *met)
{
  assert_int_equal (verdict->outcome, outcome);
  assert_int_equal (verdict->downgrade, downgrade);
  assert_true (g_strcmp0 (verdict->known_id, known) == 0);
  assert_true (g_strcmp0 (verdict->met_id, met) == 0);
  assert_int_equal (ahoy_trust_verdict_is_stop (verdict), outcome == AHOY_TRUST_CHANGED || outcome == AHOY_TRUST_DOWNGRADED);
  if (outcome == AHOY_TRUST_CHANGED)
    assert_int_equal (verdict->failure, AHOY_FAILURE_KEY_CHANGED);
  if (outcome == AHOY_TRUST_DOWNGRADED)
    assert_int_equal (verdict->failure, AHOY_FAILURE_DOWNGRADED);
}

/* ---- Before ---- */

static void
the_way_to_it (void **state)
{
  static const struct {
    const char *host;
    const char *claimed; /* "-": it answered, as a classic server */
    gboolean    tls;
    AhoyWay     hint;
    AhoyWay     way;
  } table[] = {
    { NEW_AT, NULL, FALSE, AHOY_WAY_UNKNOWN, AHOY_WAY_EITHER },
    { NEW_AT, "-", FALSE, AHOY_WAY_UNKNOWN, AHOY_WAY_PLAIN },
    { NEW_AT, CAFE, FALSE, AHOY_WAY_UNKNOWN, AHOY_WAY_PLAIN },
    { NEW_AT, CAFE, TRUE, AHOY_WAY_UNKNOWN, AHOY_WAY_SECURE },
    /* What was learned on the way. */
    { NEW_AT, NULL, FALSE, AHOY_WAY_PLAIN, AHOY_WAY_PLAIN },
    { NEW_AT, CAFE, FALSE, AHOY_WAY_EITHER, AHOY_WAY_EITHER },
    { NEW_AT, CAFE, FALSE, AHOY_WAY_SECURE, AHOY_WAY_SECURE },
    { NEW_AT, CAFE, TRUE, AHOY_WAY_PLAIN, AHOY_WAY_SECURE },
    /* Where it was TLS once, nothing less will do. */
    { HALL_AT, NULL, FALSE, AHOY_WAY_UNKNOWN, AHOY_WAY_SECURE },
    { HALL_AT, NULL, FALSE, AHOY_WAY_PLAIN, AHOY_WAY_SECURE },
    { HALL_AT, "-", FALSE, AHOY_WAY_UNKNOWN, AHOY_WAY_SECURE },
    { HALL_AT, CAFE, FALSE, AHOY_WAY_UNKNOWN, AHOY_WAY_SECURE },
    { NEW_AT, HALL, FALSE, AHOY_WAY_UNKNOWN, AHOY_WAY_SECURE },
    { BARN_AT, BARN, FALSE, AHOY_WAY_UNKNOWN, AHOY_WAY_PLAIN },
  };
  Fixture *f = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const gboolean         classic = g_strcmp0 (table[i].claimed, "-") == 0;
      g_autoptr (AhoyServer) server = classic ? server_heard (table[i].host) : server_at (table[i].host, table[i].claimed, table[i].tls);

      assert_int_equal (ahoy_server_trust_choose_way (f->trust, server, table[i].hint), table[i].way);
    }
}

static void
who_is_wanted (void **state)
{
  static const struct {
    const char *host;
    const char *claimed;
    gboolean    sure;
    const char *wanted;
    gboolean    extended; /* as whom it is asked */
  } table[] = {
    { NEW_AT, NULL, FALSE, NULL, FALSE },
    { NEW_AT, CAFE, FALSE, CAFE, TRUE },
    { HALL_AT, NULL, FALSE, HALL, TRUE },
    { BARN_AT, NULL, FALSE, NULL, TRUE },
    { HALL_AT, HALL, FALSE, HALL, TRUE },
    { HALL_AT, CAFE, FALSE, HALL, TRUE }, /* a forged reply */
    { HALL_AT, CAFE, TRUE, CAFE, TRUE },
    { HALL_AT, SHIP, FALSE, SHIP, TRUE }, /* a known one has moved, perhaps */
    { BARN_AT, CAFE, FALSE, CAFE, TRUE }, /* what was never proved can be claimed by anybody */
  };
  Fixture *f = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (AhoyServer) server = server_at (table[i].host, table[i].claimed, TRUE);
      g_autofree char       *wanted = NULL;

      ahoy_server_set_sure (server, table[i].sure);
      wanted = ahoy_server_trust_dup_wanted (f->trust, server);
      assert_true (g_strcmp0 (wanted, table[i].wanted) == 0);
      assert_int_equal (ahoy_server_trust_expects_extended (f->trust, server), table[i].extended);
    }
}

static void
where_it_was_met (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoyServer) hall = server_at (NEW_AT, HALL, TRUE);
  g_autoptr (AhoyServer) cafe = server_at (NEW_AT, CAFE, TRUE);
  g_auto (GStrv)         met = ahoy_server_trust_dup_addresses (f->trust, hall);
  g_auto (GStrv)         none = ahoy_server_trust_dup_addresses (f->trust, cafe);

  assert_int_equal (g_strv_length (met), 1);
  assert_string_equal (met[0], HALL_AT ":24690");
  assert_int_equal (g_strv_length (none), 0);
}

/* ---- Verdicts ---- */

static void
a_proof (void **state)
{
  static const struct {
    const char      *host; /* where it was proved */
    const char      *id;
    AhoyTrustOutcome outcome;
    const char      *known;
  } table[] = {
    { NEW_AT, CAFE, AHOY_TRUST_NEW, NULL },
    { HALL_AT, HALL, AHOY_TRUST_SAME, NULL },
    { NEW_AT, HALL, AHOY_TRUST_SAME, NULL },     /* it has moved */
    { SHIP_AT, HALL, AHOY_TRUST_SAME, NULL },    /* likewise, to where another one was */
    { HALL_AT, CAFE, AHOY_TRUST_CHANGED, HALL }, /* never taken as ours */
    { BARN_AT, CAFE, AHOY_TRUST_CHANGED, BARN },
    { BARN_AT, BARN, AHOY_TRUST_SAME, NULL },
  };
  Fixture *f = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (AhoyServer)    server = server_at (NEW_AT, NULL, FALSE);
      g_auto (AhoyTrustVerdict) verdict = ahoy_server_trust_judge_proof (f->trust, server, table[i].host, PORT, table[i].id);

      assert_verdict (&verdict, table[i].outcome, AHOY_DOWNGRADE_NONE, table[i].known, table[i].known ? table[i].id : NULL);
      if (!table[i].known)
        continue;
      assert_string_equal (verdict.met_host, table[i].host);
      assert_int_equal (verdict.met_port, PORT);
      assert_true (verdict.met_secure);
    }
}

static void
a_welcome (void **state)
{
  static const struct {
    const char      *host;
    const char      *proved; /* NULL: it is plain */
    const char      *says;
    AhoyTrustOutcome outcome;
    AhoyDowngrade    downgrade;
    const char      *known;
    const char      *met;
  } table[] = {
    { NEW_AT, CAFE, CAFE, AHOY_TRUST_NEW, AHOY_DOWNGRADE_NONE, NULL, NULL },
    { HALL_AT, HALL, HALL, AHOY_TRUST_SAME, AHOY_DOWNGRADE_NONE, NULL, NULL },
    { NEW_AT, CAFE, SHIP, AHOY_TRUST_CHANGED, AHOY_DOWNGRADE_NONE, SHIP, CAFE },
    { NEW_AT, CAFE, NULL, AHOY_TRUST_CHANGED, AHOY_DOWNGRADE_NONE, NULL, CAFE },
    { HALL_AT, HALL, CAFE, AHOY_TRUST_CHANGED, AHOY_DOWNGRADE_NONE, CAFE, HALL },
    /* In clear. */
    { NEW_AT, NULL, CAFE, AHOY_TRUST_NEW, AHOY_DOWNGRADE_NONE, NULL, NULL },
    { NEW_AT, NULL, NULL, AHOY_TRUST_NEW, AHOY_DOWNGRADE_NONE, NULL, NULL },
    { BARN_AT, NULL, BARN, AHOY_TRUST_SAME, AHOY_DOWNGRADE_NONE, NULL, NULL },
    { BARN_AT, NULL, CAFE, AHOY_TRUST_CHANGED, AHOY_DOWNGRADE_NONE, BARN, CAFE },
    { BARN_AT, NULL, NULL, AHOY_TRUST_DOWNGRADED, AHOY_DOWNGRADE_NO_ID, BARN, NULL },
    { BARN_AT, NULL, "", AHOY_TRUST_DOWNGRADED, AHOY_DOWNGRADE_NO_ID, BARN, NULL },
    { HALL_AT, NULL, HALL, AHOY_TRUST_DOWNGRADED, AHOY_DOWNGRADE_PLAIN, HALL, HALL },
    { NEW_AT, NULL, HALL, AHOY_TRUST_DOWNGRADED, AHOY_DOWNGRADE_PLAIN, HALL, HALL },
    { HALL_AT, NULL, NULL, AHOY_TRUST_DOWNGRADED, AHOY_DOWNGRADE_PLAIN, HALL, NULL },
  };
  Fixture *f = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const gboolean            secure = table[i].proved != NULL;
      g_autoptr (AhoyServer)    server = server_at (table[i].host, table[i].proved, secure);
      g_auto (AhoyTrustVerdict) verdict = ahoy_server_trust_judge_welcome (f->trust, server, table[i].says, "Says", secure);

      assert_verdict (&verdict, table[i].outcome, table[i].downgrade, table[i].known, table[i].met);
      assert_true (g_strcmp0 (verdict.met_name, ahoy_trust_verdict_is_stop (&verdict) ? "Says" : NULL) == 0);
      assert_false (verdict.met_secure && !secure);
    }
}

static void
an_accepted_log_in (void **state)
{
  static const struct {
    const char      *host;
    const char      *id;
    gboolean         extended;
    gboolean         secure;
    AhoyTrustOutcome outcome;
    AhoyDowngrade    downgrade;
    const char      *known;
    const char      *met;
  } table[] = {
    { NEW_AT, CAFE, TRUE, TRUE, AHOY_TRUST_NEW, AHOY_DOWNGRADE_NONE, NULL, NULL },
    { HALL_AT, HALL, TRUE, TRUE, AHOY_TRUST_SAME, AHOY_DOWNGRADE_NONE, NULL, NULL },
    { NEW_AT, NULL, FALSE, FALSE, AHOY_TRUST_NEW, AHOY_DOWNGRADE_NONE, NULL, NULL },
    { NEW_AT, CAFE, FALSE, TRUE, AHOY_TRUST_NEW, AHOY_DOWNGRADE_NONE, NULL, NULL }, /* a tunnel to an old server */
    { HALL_AT, HALL, FALSE, TRUE, AHOY_TRUST_DOWNGRADED, AHOY_DOWNGRADE_CLASSIC, HALL, HALL },
    { NEW_AT, HALL, FALSE, TRUE, AHOY_TRUST_DOWNGRADED, AHOY_DOWNGRADE_CLASSIC, HALL, HALL },
    { BARN_AT, NULL, FALSE, FALSE, AHOY_TRUST_DOWNGRADED, AHOY_DOWNGRADE_CLASSIC, BARN, NULL },
    { BARN_AT, BARN, FALSE, FALSE, AHOY_TRUST_DOWNGRADED, AHOY_DOWNGRADE_CLASSIC, BARN, NULL },
    { BARN_AT, CAFE, TRUE, FALSE, AHOY_TRUST_CHANGED, AHOY_DOWNGRADE_NONE, BARN, CAFE },
  };
  Fixture *f = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (AhoyServer)    server = server_at (table[i].host, table[i].id, table[i].secure);
      g_auto (AhoyTrustVerdict) verdict = ahoy_server_trust_judge_accepted (f->trust, server, table[i].extended, table[i].secure);

      assert_verdict (&verdict, table[i].outcome, table[i].downgrade, table[i].known, table[i].met);
    }
}

/* ---- When no place proves to be it ---- */

static void
place_free (gpointer data)
{
  AhoyRacePlace *place = data;

  g_free (place->host);
  g_free (place->id);
  g_clear_error (&place->error);
  g_free (place);
}

#define SILENT -1
#define LATE -2

/* What was met there: @id proved, or nothing, for SILENT, LATE, or an AHOY_TLS_ERROR. */
static void
meet (GPtrArray  *places,
      const char *host,
      const char *id,
      int         error)
{
  AhoyRacePlace *place = g_new0 (AhoyRacePlace, 1);

  place->host = g_strdup (host);
  place->port = PORT;
  place->id = g_strdup (id);
  place->connected = id || error != SILENT;
  if (error == LATE)
    place->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "late");
  else if (error >= 0)
    place->error = g_error_new_literal (AHOY_TLS_ERROR, error, "no");
  g_ptr_array_add (places, place);
}

static void
one_place (void **state)
{
  static const struct {
    const char      *host;
    const char      *claimed;
    gboolean         sure;
    const char      *met;
    int              error;
    AhoyTrustOutcome outcome;
    AhoyFailure      failure; /* of NOBODY */
    const char      *known;
  } table[] = {
    { NEW_AT, CAFE, FALSE, NULL, SILENT, AHOY_TRUST_NOBODY, AHOY_FAILURE_UNREACHABLE, NULL },
    { NEW_AT, CAFE, FALSE, NULL, LATE, AHOY_TRUST_NOBODY, AHOY_FAILURE_TIMEOUT, NULL },
    { NEW_AT, CAFE, FALSE, NULL, AHOY_TLS_ERROR_HUNG_UP, AHOY_TRUST_NOBODY, AHOY_FAILURE_CLOSED, NULL },
    { NEW_AT, CAFE, FALSE, NULL, AHOY_TLS_ERROR_NOT_TLS, AHOY_TRUST_NOBODY, AHOY_FAILURE_HANDSHAKE, NULL },
    /* Another one. */
    { NEW_AT, CAFE, FALSE, SHIP, SILENT, AHOY_TRUST_STRAYED, AHOY_FAILURE_NONE, CAFE },
    { HALL_AT, HALL, FALSE, SHIP, SILENT, AHOY_TRUST_STRAYED, AHOY_FAILURE_NONE, HALL },
    { NEW_AT, "eeeeeeeeeeeeeeeeeeeeeeeeee", FALSE, CAFE, SILENT, AHOY_TRUST_STRAYED, AHOY_FAILURE_NONE, "eeeeeeeeeeeeeeeeeeeeeeeeee" },
    { NEW_AT, "eeeeeeeeeeeeeeeeeeeeeeeeee", TRUE, CAFE, SILENT, AHOY_TRUST_CHANGED, AHOY_FAILURE_NONE, "eeeeeeeeeeeeeeeeeeeeeeeeee" },
    { NEW_AT, HALL, FALSE, CAFE, SILENT, AHOY_TRUST_CHANGED, AHOY_FAILURE_NONE, HALL },
    { HALL_AT, HALL, FALSE, CAFE, SILENT, AHOY_TRUST_CHANGED, AHOY_FAILURE_NONE, HALL }, /* never taken as ours */
    { HALL_AT, NULL, FALSE, CAFE, SILENT, AHOY_TRUST_CHANGED, AHOY_FAILURE_NONE, HALL },
    { HALL_AT, "eeeeeeeeeeeeeeeeeeeeeeeeee", FALSE, CAFE, SILENT, AHOY_TRUST_CHANGED, AHOY_FAILURE_NONE, HALL },
    /* Less than it was. */
    { HALL_AT, NULL, FALSE, NULL, AHOY_TLS_ERROR_NOT_TLS, AHOY_TRUST_DOWNGRADED, AHOY_FAILURE_NONE, HALL },
    { HALL_AT, NULL, FALSE, NULL, AHOY_TLS_ERROR_HUNG_UP, AHOY_TRUST_NOBODY, AHOY_FAILURE_CLOSED, NULL },
    { NEW_AT, HALL, FALSE, NULL, AHOY_TLS_ERROR_NOT_TLS, AHOY_TRUST_DOWNGRADED, AHOY_FAILURE_NONE, HALL },
  };
  Fixture *f = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GPtrArray)     places = g_ptr_array_new_with_free_func (place_free);
      g_autoptr (AhoyServer)    server = server_at (table[i].host, table[i].claimed, TRUE);
      const AhoyDowngrade       downgrade = table[i].outcome == AHOY_TRUST_DOWNGRADED ? AHOY_DOWNGRADE_PLAIN : AHOY_DOWNGRADE_NONE;
      g_auto (AhoyTrustVerdict) verdict = { 0 };

      ahoy_server_set_sure (server, table[i].sure);
      meet (places, table[i].host, table[i].met, table[i].error);
      ahoy_server_trust_begin (f->trust);
      verdict = ahoy_server_trust_judge_places (f->trust, server, places, FALSE, FALSE);
      assert_verdict (&verdict, table[i].outcome, downgrade, table[i].known, table[i].met);
      if (table[i].outcome == AHOY_TRUST_NOBODY)
        assert_int_equal (verdict.failure, table[i].failure);
      else
        assert_string_equal (verdict.met_host, table[i].host);
    }
}

/* A server that said it knows no TLS, and closes at ours, is less than it was; one that only closes may be going down. */
static void
it_closes_at_our_tls (void **state)
{
  Fixture                  *f = *state;
  g_autoptr (GPtrArray)     places = g_ptr_array_new_with_free_func (place_free);
  g_autoptr (AhoyServer)    server = server_at (HALL_AT, HALL, FALSE);
  g_auto (AhoyTrustVerdict) verdict = { 0 };

  meet (places, HALL_AT, NULL, AHOY_TLS_ERROR_HUNG_UP);
  verdict = ahoy_server_trust_judge_places (f->trust, server, places, FALSE, FALSE);
  assert_verdict (&verdict, AHOY_TRUST_DOWNGRADED, AHOY_DOWNGRADE_PLAIN, HALL, HALL);
  assert_false (verdict.met_secure);
}

static void
while_reconnecting (void **state)
{
  static const struct {
    const char      *host;
    gboolean         elsewhere;
    AhoyTrustOutcome outcome;
  } table[] = {
    { NEW_AT, FALSE, AHOY_TRUST_NOBODY }, /* it is only claimed there: no reason to stop */
    { HALL_AT, TRUE, AHOY_TRUST_NOBODY }, /* it may have moved, and its address is another one's */
    { HALL_AT, FALSE, AHOY_TRUST_CHANGED },
  };
  Fixture *f = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GPtrArray)     places = g_ptr_array_new_with_free_func (place_free);
      g_autoptr (AhoyServer)    server = server_at (table[i].host, HALL, TRUE);
      g_auto (AhoyTrustVerdict) verdict = { 0 };

      meet (places, table[i].host, CAFE, SILENT);
      verdict = ahoy_server_trust_judge_places (f->trust, server, places, TRUE, table[i].elsewhere);
      assert_int_equal (verdict.outcome, table[i].outcome);
    }
}

static void
several_places (void **state)
{
  Fixture                  *f = *state;
  g_autoptr (GPtrArray)     places = g_ptr_array_new_with_free_func (place_free);
  g_autoptr (AhoyServer)    server = server_at (NEW_AT, HALL, TRUE);
  g_auto (AhoyTrustVerdict) first = { 0 };
  g_auto (AhoyTrustVerdict) second = { 0 };
  g_auto (AhoyTrustVerdict) third = { 0 };

  /* Where nobody has claimed it lately, no stop. */
  meet (places, NEW_AT, NULL, LATE);
  meet (places, HALL_AT, CAFE, SILENT);
  ((AhoyRacePlace *) places->pdata[1])->spare = TRUE;
  first = ahoy_server_trust_judge_places (f->trust, server, places, FALSE, FALSE);
  assert_verdict (&first, AHOY_TRUST_NOBODY, AHOY_DOWNGRADE_NONE, NULL, NULL);
  assert_int_equal (first.failure, AHOY_FAILURE_TIMEOUT);

  ((AhoyRacePlace *) places->pdata[1])->spare = FALSE;
  second = ahoy_server_trust_judge_places (f->trust, server, places, FALSE, FALSE);
  assert_verdict (&second, AHOY_TRUST_CHANGED, AHOY_DOWNGRADE_NONE, HALL, CAFE);

  /* One that is known is gone on with, wherever it stands in the row. */
  meet (places, SHIP_AT, SHIP, SILENT);
  third = ahoy_server_trust_judge_places (f->trust, server, places, FALSE, FALSE);
  assert_verdict (&third, AHOY_TRUST_STRAYED, AHOY_DOWNGRADE_NONE, HALL, SHIP);
  assert_string_equal (third.met_host, SHIP_AT);
}

/* Two servers in the place of one another lead nobody in circles for ever. */
static void
straying_ends (void **state)
{
  Fixture               *f = *state;
  g_autoptr (GPtrArray)  places = g_ptr_array_new_with_free_func (place_free);
  g_autoptr (AhoyServer) server = server_at (HALL_AT, HALL, TRUE);

  meet (places, HALL_AT, SHIP, SILENT);
  for (guint i = 0; i < 8; i++)
    {
      g_auto (AhoyTrustVerdict) verdict = ahoy_server_trust_judge_places (f->trust, server, places, TRUE, FALSE);

      assert_int_equal (verdict.outcome, i % 4 == 3 ? AHOY_TRUST_NOBODY : AHOY_TRUST_STRAYED);
    }
}

static void
who_was_missed (void **state)
{
  Fixture               *f = *state;
  g_autoptr (GPtrArray)  places = g_ptr_array_new_with_free_func (place_free);
  g_autoptr (AhoyServer) hall = server_at (HALL_AT, HALL, TRUE);
  g_autoptr (AhoyServer) ship = server_at (HALL_AT, SHIP, TRUE);
  g_autoptr (AhoyServer) nobody = server_at (NEW_AT, CAFE, TRUE);

  meet (places, HALL_AT, SHIP, SILENT);
  for (guint i = 0; i < 2; i++)
    { /* what anybody may have claimed is not missed */
      g_auto (AhoyTrustVerdict) verdict = ahoy_server_trust_judge_places (f->trust, i == 0 ? nobody : hall, places, FALSE, FALSE);

      assert_int_equal (verdict.outcome, AHOY_TRUST_STRAYED);
      assert_true (g_strcmp0 (ahoy_server_trust_get_missed (f->trust), i == 0 ? NULL : HALL) == 0);
    }
  ahoy_server_trust_learn (f->trust, ship, TRUE);
  assert_string_equal (ahoy_server_trust_get_missed (f->trust), HALL);
  ahoy_server_trust_learn (f->trust, hall, TRUE);
  assert_null (ahoy_server_trust_get_missed (f->trust));
}

/* ---- After ---- */

static void
who_is_learned_is_the_same (void **state)
{
  Fixture                  *f = *state;
  g_autoptr (AhoyServer)    server = server_at (NEW_AT, CAFE, TRUE);
  g_auto (AhoyTrustVerdict) same = { 0 };
  g_auto (AhoyTrustVerdict) other = { 0 };

  ahoy_server_trust_learn (f->trust, server, TRUE);
  same = ahoy_server_trust_judge_proof (f->trust, server, NEW_AT, PORT, CAFE);
  assert_verdict (&same, AHOY_TRUST_SAME, AHOY_DOWNGRADE_NONE, NULL, NULL);
  other = ahoy_server_trust_judge_proof (f->trust, server, NEW_AT, PORT, "eeeeeeeeeeeeeeeeeeeeeeeeee");
  assert_verdict (&other, AHOY_TRUST_CHANGED, AHOY_DOWNGRADE_NONE, CAFE, "eeeeeeeeeeeeeeeeeeeeeeeeee");
}

static void
who_is_accepted_is_the_same (void **state)
{
  Fixture                  *f = *state;
  g_autoptr (AhoyServer)    server = server_at (HALL_AT, HALL, TRUE);
  g_auto (AhoyTrustVerdict) stop = ahoy_server_trust_judge_proof (f->trust, server, HALL_AT, PORT, CAFE);
  g_auto (AhoyTrustVerdict) verdict = { 0 };
  g_auto (AhoyTrustVerdict) before = { 0 };

  ahoy_server_trust_accept (f->trust, &stop);
  verdict = ahoy_server_trust_judge_proof (f->trust, server, HALL_AT, PORT, CAFE);
  assert_verdict (&verdict, AHOY_TRUST_SAME, AHOY_DOWNGRADE_NONE, NULL, NULL);
  before = ahoy_server_trust_judge_proof (f->trust, server, NEW_AT, PORT, HALL); /* it is known by its id still */
  assert_verdict (&before, AHOY_TRUST_SAME, AHOY_DOWNGRADE_NONE, NULL, NULL);
}

static void
what_stands_for_it (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoyServer) typed = server_at (NEW_AT, NULL, FALSE);
  g_autoptr (AhoyServer) claimed = server_at (NEW_AT, CAFE, TRUE);
  g_autoptr (AhoyServer) same = ahoy_server_trust_identify (f->trust, typed, SHIP_AT, PORT + 1, SHIP);
  g_autoptr (AhoyServer) other = ahoy_server_trust_identify (f->trust, claimed, HALL_AT, PORT, HALL);

  assert_ptr_equal (same, typed);
  assert_string_equal (ahoy_server_get_id (same), SHIP);
  assert_string_equal (ahoy_server_get_host (same), SHIP_AT);
  assert_int_equal (ahoy_server_get_port (same), PORT + 1);
  assert_true (ahoy_server_get_sure (same) && ahoy_server_get_tls (same));

  assert_ptr_not_equal (other, claimed);
  assert_string_equal (ahoy_server_get_id (claimed), CAFE); /* somebody holds it */
  assert_string_equal (ahoy_server_get_host (claimed), NEW_AT);
  assert_string_equal (ahoy_server_get_id (other), HALL);
  assert_string_equal (ahoy_server_get_name (other), "Hall");
  assert_string_equal (ahoy_server_get_host (other), HALL_AT);
}

static void
who_remembers_nobody_trusts_anybody (void **state)
{
  g_autoptr (AhoyServerTrust) trust = ahoy_server_trust_new (NULL, NULL);
  g_autoptr (AhoyServer)      server = server_at (HALL_AT, NULL, FALSE);
  g_auto (AhoyTrustVerdict)   proof = ahoy_server_trust_judge_proof (trust, server, HALL_AT, PORT, CAFE);
  g_auto (AhoyTrustVerdict)   accepted = ahoy_server_trust_judge_accepted (trust, server, FALSE, FALSE);
  g_auto (GStrv)              met = ahoy_server_trust_dup_addresses (trust, server);

  assert_verdict (&proof, AHOY_TRUST_NEW, AHOY_DOWNGRADE_NONE, NULL, NULL);
  assert_verdict (&accepted, AHOY_TRUST_NEW, AHOY_DOWNGRADE_NONE, NULL, NULL);
  assert_int_equal (g_strv_length (met), 0);
  assert_int_equal (ahoy_server_trust_choose_way (trust, server, AHOY_WAY_UNKNOWN), AHOY_WAY_EITHER);
  assert_false (ahoy_server_trust_has_identity (trust));
  ahoy_server_trust_learn (trust, server, TRUE);
}

#define TRUST_TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TRUST_TEST (the_way_to_it),
    TRUST_TEST (who_is_wanted),
    TRUST_TEST (where_it_was_met),
    TRUST_TEST (a_proof),
    TRUST_TEST (a_welcome),
    TRUST_TEST (an_accepted_log_in),
    TRUST_TEST (one_place),
    TRUST_TEST (it_closes_at_our_tls),
    TRUST_TEST (while_reconnecting),
    TRUST_TEST (several_places),
    TRUST_TEST (straying_ends),
    TRUST_TEST (who_was_missed),
    TRUST_TEST (who_is_learned_is_the_same),
    TRUST_TEST (who_is_accepted_is_the_same),
    TRUST_TEST (what_stands_for_it),
    cmocka_unit_test (who_remembers_nobody_trusts_anybody),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
