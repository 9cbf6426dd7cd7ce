#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Saying the same thing (by its cid) again is not saying it twice. PROTOCOL.md, "Nothing lost, nothing twice"."""

from ahoytest import SystemTest, build, main, new_cid


class Repeat(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.alice, self.bob = self.gather_extended(self.server, "alice", "bob")

    def assert_next(self, *people):
        """Nothing more came to them than what is said now."""
        cid = self.alice.say("next")
        self.alice.expect_echo("next", cid)
        for person in people:
            person.expect_chat("alice", "next")

    def test_live(self):
        cid = self.alice.say("once")
        first = self.alice.expect_echo("once", cid)
        self.bob.expect_chat("alice", "once")
        for _ in range(3):
            self.alice.say("once", cid)
            self.assertEqual(self.alice.read(), first)
        self.alice.say("what it says does not matter", cid)
        self.assertEqual(self.alice.read(), first)
        self.alice.whisper("bob", "nor for whom it is", cid)
        self.assertEqual(self.alice.read(), first)
        self.assert_next(self.bob)

    def test_a_whisper(self):
        cid = self.alice.whisper("bob", "once")
        first = self.alice.expect_echo("once", cid, to="bob")
        self.bob.expect_chat("alice", "once", to="bob")
        self.alice.whisper("bob", "once", cid)
        self.assertEqual(self.alice.read(), first)
        self.assert_next(self.bob)

    def test_a_reply(self):
        cid = self.alice.say("first")
        first = self.alice.expect_echo("first", cid)
        self.alice.say("again", re=first.id, cid="0123456789abcdef")
        reply = self.alice.expect_echo("again", "0123456789abcdef", re=first.id)
        self.alice.say("again", re=first.id, cid="0123456789abcdef")
        self.assertEqual(self.alice.read(), reply)

    def test_before_the_first_is_answered(self):
        cid = new_cid()
        self.alice.send(build("3", "once", cid=cid) * 50 + build("3", "end", cid=new_cid()))
        answers = [self.alice.expect_packet("4", "once", cid=cid) for _ in range(50)]
        self.assertEqual(len({answer.said() for answer in answers}), 1)
        self.alice.expect_packet("4", "end")
        self.bob.expect_chat("alice", "once")
        self.bob.expect_chat("alice", "end")

    def test_somebody_elses_cid_is_another(self):
        cid = self.alice.say("mine")
        first = self.alice.expect_echo("mine", cid)
        self.bob.expect_chat("alice", "mine")
        self.bob.say("mine too", cid)
        self.assertGreater(self.bob.expect_echo("mine too", cid).id, first.id)
        self.alice.expect_chat("bob", "mine too")

    def test_without_a_cid_it_is_said_again(self):
        for _ in range(2):
            self.alice.say("twice", "")
            self.alice.expect_packet("4", "twice", without=("cid",))
            self.bob.expect_chat("alice", "twice")

    def test_after_a_reconnect(self):
        cid = self.alice.say("once")
        first = self.alice.expect_echo("once", cid)
        self.bob.expect_chat("alice", "once")
        self.alice.reset()
        self.bob.expect_packet("3", "alice")
        self.alice = self.enter(self.server, "Alice")  # the same person, by skeleton
        self.bob.expect_packet("2", "Alice")
        self.alice.say("once", cid)
        self.alice.expect_packet("4", "once", ("replay",), cid=cid, id=first.id, time=first["time"])
        cid = self.alice.say("next")
        self.alice.expect_echo("next", cid)
        self.bob.expect_chat("Alice", "next")

    def test_after_the_server_was_killed(self):
        cid = self.alice.say("once")
        first = self.alice.expect_echo("once", cid)
        self.kill(self.server)
        server = self.start_again(self.server)
        alice = self.enter(server, "alice", since=0, since_server=self.alice.arrival.welcome["id"])
        self.assertEqual(alice.arrival.texts(), ["once"])
        self.assertEqual(alice.arrival.replay[0]["cid"], cid)
        alice.say("once", cid)
        self.assertEqual(alice.read(), first)

    def test_killed_in_the_middle_of_many(self):
        """The outbox's whole life: what was answered stays, what was not is said again, and each is in the log once."""
        server = self.server
        owed = {new_cid(): f"{i}" for i in range(300)}
        seen = {}
        alice = self.alice
        for stop_after in (1, 40, 100, None):
            alice.send(b"".join(build("3", text, cid=cid) for cid, text in owed.items()))
            while owed and (stop_after is None or stop_after > 0):
                got = alice.wait_for("4")
                if "cid" in got:
                    self.assertEqual(seen.setdefault(got["cid"], got.said()), got.said())
                    owed.pop(got["cid"], None)
                    stop_after = None if stop_after is None else stop_after - 1
            if owed:
                self.kill(server)
                server = self.start_again(server)
                alice = self.enter(server, "alice")
        everything = self.enter(server, "carol", since=0, since_server=alice.arrival.welcome["id"]).arrival
        self.assertEqual(everything.texts(), [f"{i}" for i in range(300)])
        self.assertEqual([message.said() for message in everything.replay], sorted(seen.values()))


if __name__ == "__main__":
    main()
