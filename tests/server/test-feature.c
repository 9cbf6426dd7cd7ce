/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A capability that the server does not have, added without touching a file of it: how much has everybody said?
 *
 *   client to server  Z  name     how much has that one said?
 *   server to client  Z  name     `n`: so much
 *   server to client  Y  name     `n`: they have come back, and had said so much
 *
 * CONTRIBUTING.md, "Adding a capability", walks through it. */

#include "features/ahoyd-feature.h"
#include "server/cmocka-all.h"
#include "server/server-fixture.h"
#include "wire/ahoy-name.h"

#define ASK 'Z'
#define CAME_BACK 'Y'

/* The kind of its facts: skeleton -> how many. */
#define COUNT "toy-count"

typedef struct {
  /* Borrowed */
  AhoydHub   *hub;
  AhoydStore *store;
} Tally;

/* A person's slot, while there is something to tell of them: how much they had said when they came. */
static GQuark tally_quark (void);
G_DEFINE_QUARK (test_feature_tally, tally)

static void
tell (Tally       *self,
      AhoydPerson *to,
      char         type,
      const char  *name,
      guint64      n)
{
  g_autoptr (GString) heading = g_string_new (NULL);
  g_autofree char    *number = g_strdup_printf ("%" G_GUINT64_FORMAT, n);
  AhoyPacket          packet = { .kind = AHOY_PACKET_UNKNOWN, .type = type, .text = name };

  ahoy_heading_append (heading, "n", number);
  packet.heading = heading->str;
  if (to != NULL)
    ahoyd_hub_tell (self->hub, to, &packet);
  else
    ahoyd_hub_relay (self->hub, AHOY_ROOM_EVERYONE, NULL, &packet);
}

static void
on_ask (AhoydSession     *session,
        const AhoyPacket *packet,
        gpointer          data)
{
  Tally           *self = data;
  g_autofree char *name = ahoy_name_normalize (packet->text, NULL);
  g_autofree char *skeleton = NULL;

  if (name == NULL)
    {
      ahoyd_session_error (session, "unknown-name", NULL, "Nobody has such a name.");
      return;
    }
  skeleton = ahoy_name_skeleton (name);
  tell (self, ahoyd_session_get_person (session), ASK, name, ahoyd_store_get_number (self->store, COUNT, skeleton));
}

/* How much they said before is told to everybody, but only when they know what they missed. */
static void
online (AhoydSession *session,
        gpointer      data)
{
  Tally       *self = data;
  AhoydPerson *person = ahoyd_session_get_person (session);
  guint64     *n = g_new (guint64, 1);

  *n = ahoyd_store_get_number (self->store, COUNT, ahoyd_person_get_skeleton (person));
  ahoyd_person_set_slot (person, tally_quark (), n, g_free);
}

static void
caught_up (AhoydSession *session,
           gpointer      data)
{
  AhoydPerson   *person = ahoyd_session_get_person (session);
  const guint64 *n = ahoyd_person_get_slot (person, tally_quark ());

  if (*n > 0)
    tell (data, NULL, CAME_BACK, ahoyd_person_get_name (person), *n);
  ahoyd_person_set_slot (person, tally_quark (), NULL, NULL);
}

static void
committed (const AhoydEvent *event,
           gpointer          data)
{
  Tally *self = data;

  ahoyd_store_raise_number (self->store, COUNT, event->from_skeleton, ahoyd_store_get_number (self->store, COUNT, event->from_skeleton) + 1);
}

static void
forgotten (const char *skeleton,
           gpointer    data)
{
  Tally *self = data;

  ahoyd_store_set_fact (self->store, COUNT, skeleton, NULL);
}

static gpointer
start (const AhoydServerContext *server_context)
{
  Tally *self = g_new0 (Tally, 1);

  self->hub = server_context->hub;
  self->store = server_context->store;
  return self;
}

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_UNKNOWN, AHOYD_STATE_ONLINE, AHOYD_COST_ONE, 1, on_ask, .type = ASK },
};

static const AhoydFeature tally = {
  .name = "tally",
  .verbs = verbs,
  .n_verbs = G_N_ELEMENTS (verbs),
  .start = start,
  .stop = g_free,
  .online = online,
  .caught_up = caught_up,
  .committed = committed,
  .forgotten = forgotten,
};

/* --- Tests --- */

#define WITH_SECRET(name) "\x01v=2\x1fsecret=0123456789abcdef0123456789abcdef<1" name ">"

static int
setup (void **state)
{
  server_fixture_setup (state);
  server_fixture_add_feature (*state, &tally);
  server_fixture_serve (*state);
  return 0;
}

static void
say (TestPeer   *peer,
     const char *frame,
     const char *heard)
{
  test_peer_send (peer, frame);
  g_free (test_peer_read_until (peer, heard));
}

static void
test_it_answers (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");
  TestPeer *bob = server_fixture_enter (*state, "bob");

  test_peer_send (alice, "<Zalice>");
  test_peer_expect (alice, "\x01n=0<Zalice>");
  say (alice, "<3one>", "<4one>");
  say (alice, "<2bob,two>", "<4two>");
  g_free (test_peer_read_until (bob, "<4two>"));
  test_peer_send (bob, "<ZALICE><Zbob>");
  test_peer_expect (bob, "\x01n=2<ZALICE>\x01n=0<Zbob>");
  test_peer_send (bob, "<Z*>");
  g_free (test_peer_read_until (bob, "<ENobody has such a name.>"));
  test_peer_expect_nothing (alice);
}

/* What is of no kind and of no feature is ignored as ever; in the classic dialect there is no word for it. */
static void
test_who_does_not_know_it (void **state)
{
  TestPeer        *alice = server_fixture_log_in (*state, "alice", NULL);
  TestPeer        *bob = server_fixture_enter (*state, "bob");
  TestPeer        *early = server_fixture_connect (*state);
  g_autofree char *notice = NULL;

  test_peer_send (alice, "<Zalice>");
  test_peer_send (bob, "<Yalice><zalice>");
  test_peer_expect_nothing (alice);
  test_peer_expect_nothing (bob);
  test_peer_send (early, "<Zalice>");
  notice = test_peer_expect_notice (early);
}

/* The count outlives the sessions, and the server. */
static void
test_who_comes_back (void **state)
{
  ServerFixture *fixture = *state;
  TestPeer      *alice = server_fixture_connect (fixture);
  TestPeer      *bob;
  TestPeer      *again;

  say (alice, WITH_SECRET ("alice"), "<C>");
  say (alice, "<3one><3two>", "<4two>");
  test_peer_send (alice, "<Q>");
  test_peer_expect_end (alice);
  server_fixture_stop (fixture);

  server_fixture_serve (fixture);
  bob = server_fixture_enter (fixture, "bob");
  again = server_fixture_connect (fixture);
  say (again, WITH_SECRET ("alice"), "\x01n=2<Yalice>");
  g_free (test_peer_read_until (again, "<C>"));
  g_free (test_peer_read_until (bob, "\x01n=2<Yalice>"));
}

/* Another one who comes by that name begins anew. */
static void
test_who_is_forgotten (void **state)
{
  TestPeer *bob = server_fixture_enter (*state, "bob");
  TestPeer *alice = server_fixture_enter (*state, "alice");

  say (alice, "<3one>", "<4one>");
  g_free (test_peer_read_until (bob, "<4one>"));
  test_peer_send (alice, "<Q>");
  test_peer_expect (bob, "<3alice>");
  test_peer_send (bob, "<Zalice>");
  test_peer_expect (bob, "\x01n=0<Zalice>");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_it_answers, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_who_does_not_know_it, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_who_comes_back, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_who_is_forgotten, setup, server_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
