#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Typing and away: told to those who are here, never kept. PROTOCOL.md, "Typing and away"."""

import os
import time

from ahoytest import Clock, SystemTest, main


# No more often than this is it passed on.
RELAY_SECONDS = 0.5


class TypingAndAway(SystemTest):
    def setUp(self):
        super().setUp()
        self.clock = Clock(os.path.join(self.directory, "clock"))
        self.server = self.start_server(clock=self.clock)
        self.alice, self.bob, self.carol = self.gather_extended(self.server, "alice", "bob", "carol")
        self.id = self.alice.arrival.welcome["id"]

    def assert_nothing_more(self):
        cid = self.alice.say("next")
        self.alice.expect_echo("next", cid)
        for person in (self.bob, self.carol):
            person.expect_chat("alice", "next")

    def test_typing_to_everyone(self):
        self.alice.send_packet("T")
        for person in (self.bob, self.carol):
            person.expect_packet("T", without=("to",), from_="alice")
        self.assert_nothing_more()

    def test_typing_to_one(self):
        self.alice.send_packet("T", to="BOB")
        self.bob.expect_packet("T", from_="alice", to="bob")
        self.assert_nothing_more()

    def test_typing_to_nobody(self):
        for to in ("nobody", "", "*", ","):
            self.alice.send_packet("T", to=to)
        self.assertEqual(self.alice.barrier(), [])
        self.assert_nothing_more()

    def test_a_keyboard_is_not_a_machine_gun(self):
        begin = time.monotonic()
        for _ in range(200):
            self.alice.send_packet("T")
        self.alice.barrier()
        seconds = time.monotonic() - begin
        self.alice.say("next")
        came = 0
        while (got := self.bob.read()).kind == "T":
            came += 1
        self.assertEqual((got.kind, got.body), ("4", "next"))
        self.assertTrue(1 <= came <= seconds // RELAY_SECONDS + 1, (came, seconds))

    def test_once_a_second_is_heard(self):
        for _ in range(2):
            self.alice.send_packet("T")
            self.bob.expect_packet("T", from_="alice")
            self.clock.pass_time(1, asleep=False)

    def test_away_and_back(self):
        self.alice.send_packet("A", "at lunch, 好")
        for person in (self.bob, self.carol):
            person.expect_packet("A", "at lunch, 好", from_="alice")
        dave = self.enter(self.server, "dave")
        self.assertEqual({person.body: person.get("away") for person in dave.arrival.roster[:-1]}, {"alice": "at lunch, 好", "bob": None, "carol": None})
        self.alice.wait_for("2", "dave")
        self.alice.send_packet("A")
        dave.expect_packet("A", "", from_="alice")
        erin = self.enter(self.server, "erin")
        self.assertFalse([person for person in erin.arrival.roster if "away" in person])

    def test_away_ends_with_the_session(self):
        self.alice.send_packet("A", "gone")
        self.bob.expect_packet("A", "gone", from_="alice")
        self.alice.close()
        self.bob.expect_packet("3", "alice")
        self.alice = self.enter(self.server, "alice")
        self.bob.expect_packet("2", "alice", without=("away",))

    def test_neither_is_kept(self):
        self.alice.send_packet("T")
        self.alice.send_packet("A", "gone")
        self.alice.barrier()
        dave = self.enter(self.server, "dave", since=0, since_server=self.id)
        self.assertEqual(dave.arrival.replay, [])
        self.assertEqual(dave.arrival.welcome["last"], "0")
        self.assertEqual(dave.history(limit=50), ([], False))

    def test_the_longest_status(self):
        status = "s" * 100
        self.alice.send_packet("A", status)
        self.bob.expect_packet("A", status, from_="alice")

    def test_a_status_too_long(self):
        """Refused, not cut: nobody is shown half a sentence."""
        self.alice.send_packet("A", "s" * 4000)
        self.alice.expect_error("too-long")
        self.assert_nothing_more()


if __name__ == "__main__":
    main()
