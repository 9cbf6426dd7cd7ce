#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The same key logging in again takes its ghost's place, and nobody else notices. PROTOCOL.md, "Ghosts"."""

from ahoytest import NO_LIMITS, SystemTest, client_context, main, new_cid


class Ghosts(SystemTest):
    """bob (extended) and carol (classic) look on."""

    def setUp(self):
        super().setUp()
        self.server = self.start_server(*NO_LIMITS)
        self.ours = self.make_identity("ours")
        self.bob = self.enter(self.server, "bob")
        self.carol = self.log_in(self.server, "carol")
        self.bob.expect_packet("2", "carol")
        self.id = self.bob.arrival.welcome["id"]

    def come(self, name="alice", **options):
        return self.enter(self.server, name, tls=self.ours, **options)

    def seen_coming(self, client):
        self.bob.expect_packet("2", client.name, key=self.ours.fingerprint)
        self.carol.expect_frame("2", client.name)
        return client

    def assert_nothing_was_noticed(self):
        self.assertEqual(self.bob.barrier(), [])
        cid = self.bob.say("quiet here")
        self.bob.expect_echo("quiet here", cid)
        self.carol.expect_chat("bob: quiet here")

    def test_extended(self):
        ghost = self.seen_coming(self.come("Alice"))
        since = ghost.arrival.roster[-1]["since"]
        alice = self.come("alice")
        ghost.expect_turned_out("replaced")
        # One and the same person: as she was called, since she came.
        self.assertEqual(alice.arrival.welcome["self"], "Alice")
        self.assertEqual(alice.arrival.names(), ["bob", "carol"])
        self.assertEqual(alice.arrival.roster[-1]["since"], since)
        self.assert_nothing_was_noticed()
        alice.expect_chat("bob", "quiet here")
        cid = alice.say("here I am")
        alice.expect_echo("here I am", cid)
        self.bob.expect_chat("Alice", "here I am")
        self.carol.expect_chat("Alice: here I am")
        alice.close()
        self.bob.expect_packet("3", "Alice", key=self.ours.fingerprint)
        self.carol.expect_frame("3", "Alice")

    def test_classic_programs_over_tls(self):
        ghost = self.seen_coming(self.log_in(self.server, "alice", tls=client_context(self.ours, "1.2")))
        alice = self.log_in(self.server, "alice", tls=self.ours)
        ghost.expect_turned_out()
        self.assert_nothing_was_noticed()
        alice.expect_chat("bob: quiet here")
        # And from one dialect into the other, both ways.
        extended = self.come()
        alice.expect_turned_out()
        classic = self.log_in(self.server, "alice", tls=self.ours)
        extended.expect_turned_out("replaced")
        classic.say("back again")
        classic.expect_chat("alice: back again")
        self.bob.expect_chat("alice", "back again")
        self.carol.expect_chat("alice: back again")

    def test_a_log_in_that_was_long_on_its_way(self):
        """It was given up, and whoever sent it has come back on another connection before it arrived."""
        late = self.connect_extended(self.server, tls=self.ours)
        late_classic = self.connect(self.server, tls=self.ours)
        alice = self.seen_coming(self.come("alice"))
        late.send_log_in("alice", since=0, since_server=self.id)
        late.expect_turned_out("replaced")
        late_classic.send_frame("1", "alice")
        late_classic.expect_turned_out()
        self.assert_nothing_was_noticed()
        alice.expect_chat("bob", "quiet here")
        self.come("alice")
        alice.expect_turned_out("replaced")

    def test_one_that_does_not_listen_any_more(self):
        """As when the cable was pulled: nothing is answered, nothing is closed."""
        ghost = self.seen_coming(self.come(answer_pings=False, receive_buffer=4096))
        for number in range(40):
            cid = self.bob.say(f"{number}" + "x" * 15000)
            self.bob.wait_for("4", cid=cid)
        last = ghost.arrival.caught_up["last"]
        alice = self.come(since=last, since_server=self.id)
        self.assertEqual([message.body.rstrip("x") for message in alice.arrival.replay], [f"{number}" for number in range(40)])
        self.assertEqual(self.bob.barrier(), [])

    def test_one_that_is_far_behind(self):
        """Replaced in the middle of what it had missed; the next one misses nothing."""
        self.carol.close()
        texts = [f"{number} " + "x" * 2000 for number in range(3000)]
        for first in range(0, len(texts), 100):  # who sends without reading is cut off
            batch = texts[first : first + 100]
            for text in batch:
                self.bob.say(text, "")
            self.bob.wait_for("4", batch[-1])
        ghost = self.connect_extended(self.server, tls=self.ours, receive_buffer=4096)
        ghost.send_log_in("alice", since=0, since_server=self.id)
        ghost.read_roster()
        alice = self.come(since=0, since_server=self.id)
        self.assertEqual(alice.arrival.texts(), texts)

    def test_one_that_waits_for_answers(self):
        """To everything that takes its time, when there is nobody left to be answered."""
        said = []
        for number in range(50):
            said += self.bob.barrier()
            ghost = self.come(since=0, since_server=self.id)
            for _ in range(3):
                ghost.send_packet("H", limit=200)
                ghost.say(f"last words {number}")
                ghost.whisper("alice", f"to myself {number}")
                ghost.receipt(number, "seen")
        alice = self.come()
        alice.barrier()
        said += self.bob.barrier()
        self.assertEqual([got for got in said if got.kind == "4" and not got.body.startswith("last words")], [])

    def test_only_with_the_same_key(self):
        self.seen_coming(self.come())
        for options in ({"tls": self.make_identity("theirs")}, {"tls": True}, {}):
            self.connect_extended(self.server, **options).expect_refusal("alice", "owned")
        self.assert_nothing_was_noticed()

    def test_two_people_without_a_key_are_two(self):
        self.connect_extended(self.server).expect_refusal("bob", "in-use")
        self.connect(self.server).expect_refusal("carol")

    def test_the_ghost_says_no_more(self):
        ghost = self.seen_coming(self.come())
        alice = self.come()
        try:
            ghost.say("am I?")
            ghost.whisper("bob", "am I?")
        except OSError:
            pass
        self.assert_nothing_was_noticed()
        alice.expect_chat("bob", "quiet here")

    def test_away(self):
        """Who comes back so is back; a client that knows better says so again."""
        ghost = self.seen_coming(self.come())
        ghost.send_packet("A", "at lunch")
        self.bob.expect_packet("A", "at lunch", from_="alice")
        alice = self.come()
        self.bob.expect_packet("A", "", from_="alice")
        self.assertNotIn("away", alice.arrival.roster[-1])
        alice.send_packet("A", "at lunch")
        self.bob.expect_packet("A", "at lunch", from_="alice")
        alice.expect_packet("A", "at lunch", from_="alice")
        dave = self.enter(self.server, "dave")
        self.assertEqual([person.get("away") for person in dave.arrival.roster if person.body == "alice"], ["at lunch"])

    def test_typing(self):
        self.seen_coming(self.come())
        alice = self.come()
        alice.send_packet("T", to="bob")
        self.bob.expect_packet("T", from_="alice", to="bob")
        self.bob.send_packet("T", to="alice")
        alice.expect_packet("T", from_="bob", to="alice")

    def test_whispers_and_receipts(self):
        ghost = self.seen_coming(self.come())
        self.bob.whisper("alice", "one")
        one = self.bob.wait_for("4", "one")
        ghost.expect_chat("bob", "one")
        ghost.receipt(one.id, "delivered")
        self.bob.expect_packet("R", id=one.id, what="delivered", by="alice")
        # What the ghost did not say it has is handed over again.
        self.bob.whisper("alice", "two")
        two = self.bob.wait_for("4", "two")
        alice = self.come()
        self.assertEqual(alice.arrival.texts(), ["two"])
        alice.receipt(two.id, "seen")
        self.bob.expect_packet("R", id=two.id, what="seen", by="alice")
        cid = alice.whisper("bob", "three")
        three = alice.wait_for("4", "three", cid=cid)
        self.bob.expect_chat("alice", "three", to="bob")
        self.bob.receipt(three.id, "seen")
        alice.expect_packet("R", id=three.id, what="seen", by="bob")
        again = self.come()
        self.assertIn(("bob", "seen", three.id), again.arrival.receipts())

    def test_to_and_fro(self):
        """Two machines that both insist: the last one has it, each of the others was told."""
        clients = [self.seen_coming(self.come())]
        for _ in range(100):
            clients.append(self.come())
            clients[-2].expect_turned_out("replaced")
            self.assertEqual(self.bob.barrier(), [])
        self.assert_nothing_was_noticed()
        clients[-1].expect_chat("bob", "quiet here")

    def assert_the_newest_stays(self, clients):
        """In whatever order their log-ins were heard."""
        for client in clients[:-1]:
            client.wait_for("E", code="replaced")
            client.expect_end()
        clients[-1].read_roster()
        clients[-1].barrier()

    def test_many_at_once(self):
        self.seen_coming(self.come())
        for step in (1, -1):
            clients = [self.connect_extended(self.server, tls=self.ours) for _ in range(10)]
            for client in clients[::step]:
                client.send_log_in("alice")
            self.assert_the_newest_stays(clients)
        self.assert_nothing_was_noticed()

    def test_many_new_names_at_once(self):
        """The claim itself is raced for by connections of one key."""
        for number in range(10):
            clients = [self.connect_extended(self.server, tls=self.ours) for _ in range(4)]
            for client in clients[:: (1, -1)[number % 2]]:
                client.send_log_in(f"alice {number}")
            self.assert_the_newest_stays(clients)
            self.assertEqual([got.kind for got in self.bob.barrier()], ["2"])


class NoPlaceLeft(SystemTest):
    """Also when it is the ghost that has the last place."""

    def setUp(self):
        super().setUp()
        self.server = self.start_server("--max-clients", "2", *NO_LIMITS)
        self.ours = self.make_identity("ours")
        self.bob = self.enter(self.server, "bob")
        self.ghost = self.enter(self.server, "alice", tls=self.ours, answer_pings=False)
        self.bob.expect_packet("2", "alice", key=self.ours.fingerprint)

    def assert_full(self, name, **options):
        client = self.connect_extended(self.server, **options)
        client.expect_refusal(name, "full")
        client.expect_end()

    def test_taken_over(self):
        for version in ("1.2", "1.3"):
            alice = self.enter(self.server, "alice", tls=client_context(self.ours, version))
            self.assertEqual(alice.arrival.names(), ["bob"])
            self.ghost.expect_turned_out("replaced")
            self.ghost = alice
        classic = self.log_in(self.server, "alice", tls=self.ours)
        self.ghost.expect_turned_out("replaced")
        self.assertEqual(self.bob.barrier(), [])
        classic.say("here I am")
        classic.expect_chat("alice: here I am")
        self.bob.expect_chat("alice", "here I am")

    def test_by_nobody_else(self):
        self.assert_full("alice", tls=self.make_identity("theirs"))
        self.assert_full("carol", tls=self.ours)
        self.assert_full("alice", tls=True)
        self.assert_full("alice")
        for options in ({"tls": self.ours}, {"tls": True}, {}):
            client = self.connect(self.server, **options)
            client.send_frame("1", "carol")
            client.expect_turned_out()
        self.assertEqual(self.bob.barrier(), [])
        self.assertEqual(self.ghost.barrier(), [])

    def test_many_at_once(self):
        clients = [self.connect_extended(self.server, tls=self.ours) for _ in range(10)]
        for client in clients[::-1]:
            client.send_log_in("alice")
        for client in clients[:-1]:
            client.wait_for("E", code="replaced")
            client.expect_end()
        clients[-1].read_roster()
        clients[-1].barrier()
        self.assertEqual(self.bob.barrier(), [])
        self.assert_full("carol")
        # What there was too much of for a moment is gone.
        clients[-1].close()
        self.bob.expect_packet("3", "alice")
        self.enter(self.server, "carol")


class NothingLostNothingTwice(SystemTest):
    """alice moves from machine to machine in the middle of things; each time all that she holds and owes goes with her."""

    ROUNDS = 30
    AT_ONCE = 20

    def setUp(self):
        super().setUp()
        self.server = self.start_server(*NO_LIMITS)
        self.ours = self.make_identity("ours")
        self.bob = self.enter(self.server, "bob")
        self.id = self.bob.arrival.welcome["id"]
        self.owed, self.said = {}, {}
        self.seen = {}
        self.position = 0

    def hear(self, client, frame_):
        """A `4`: in order, unless it answers a repeat."""
        if frame_.id > self.position:
            self.seen[frame_.id] = frame_.said()
            self.position = frame_.id
        else:
            self.assertIsNotNone(frame_.get("cid"), f"{client}: again, after {self.position}: {frame_}")
            self.assertEqual(self.seen.get(frame_.id), frame_.said())
        self.owed.pop(frame_.get("cid"), None)

    def read_some(self, client, enough):
        """Until @enough messages have come, or all is there that can be."""
        caught_up, number = False, 0
        while number < enough and (self.owed or not caught_up):
            got = client.read()
            caught_up |= got.kind == "C"
            if got.kind == "4":
                self.hear(client, got)
                number += 1
            elif got.kind not in "CTA23R":
                self.fail(f"{client}: {got}")

    def test_it(self):
        for number in range(self.ROUNDS):
            client = self.connect_extended(self.server, tls=self.ours)
            client.send_log_in("alice", since=self.position, since_server=self.id)
            client.read_roster()
            for cid, text in self.owed.items():
                client.say(text, cid)
            for i in range(self.AT_ONCE):
                cid, text = new_cid(), f"alice {number}.{i}"
                self.owed[cid] = self.said[cid] = text
                client.say(text, cid)
                if i % 5 == 0:
                    self.bob.say(f"bob {number}.{i}")
            self.read_some(client, number * 7 % 23)
        self.read_some(client, 1 << 30)
        client.barrier()
        # bob was there all the time. His last word is in the log after all the others; a pong would not wait for what is on its way there.
        self.bob.say("that was all")
        everything = []
        while (got := self.bob.read()).body != "that was all":
            everything += [got] if got.kind == "4" else []
        ids = [got.id for got in everything]
        self.assertEqual(ids, sorted(set(ids)))
        mine = [got.body for got in everything if got["from"] == "alice"]
        self.assertEqual(sorted(mine), sorted(self.said.values()))
        self.assertEqual({got.id: got.said() for got in everything if got.id <= self.position},
                         {id_: said for id_, said in self.seen.items()})
        self.assertEqual(len([got for got in everything if got["from"] == "bob"]), self.ROUNDS * 4)


if __name__ == "__main__":
    main()
