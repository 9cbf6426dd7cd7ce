#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A classic server that is not ours: no echo, no headings, lines in another shape."""

import re

from ahoytest import RawClient
from ahoydriver import ForeignServer, WindowTest, main


class Foreign(WindowTest):
    def setUp(self):
        super().setUp()
        self.foreign = ForeignServer()
        self.bob = RawClient(self.foreign.port)
        self.addCleanup(self.bob.close)
        self.bob.log_in("bob")
        self.alice = self.open_window("alice").connect()
        self.bob.expect_frame("2", "alice")
        self.alice.wait_people("Everyone", "bob, online")

    def tearDown(self):
        super().tearDown()
        self.foreign.beacon.close()

    def test_what_you_say_is_seen_once_and_sent_once(self):
        self.alice.send("hello, is this thing on?")
        self.bob.expect_chat("<alice> hello, is this thing on?")
        self.alice.wait_message("alice", "hello, is this thing on?")
        self.alice.send("again")
        self.bob.expect_chat("<alice> again")
        self.alice.wait_message("alice", "again")
        self.assertEqual(sum("is this thing on?" in row for row in self.alice.messages()), 1)

    def test_lines_in_another_shape_are_shown(self):
        self.bob.say("hi there")
        self.alice.until(lambda: self.alice.has_message("hi there"), "bob's line")
        self.foreign.tell_everyone("!!! the server goes down at noon !!!")
        self.alice.until(lambda: self.alice.has_message("!!! the server goes down at noon !!!"), "the server's line")
        self.bob.expect_chat("!!! the server goes down at noon !!!")

    def test_whisper(self):
        self.alice.talk_to("bob")
        self.alice.send("psst, bob")
        self.foreign.wait_heard("alice", "2", "bob,psst, bob")
        self.bob.expect_chat("<alice whispers> psst, bob")
        self.alice.wait_message("alice", "psst, bob", private_to="bob")

    def test_a_taken_name(self):
        other = self.open_window("bob")
        other.press("Connect")
        self.foreign.wait_heard(None, "1", "bob")
        other.wait_text(re.compile(r"already here|in use|not allowed", re.IGNORECASE))  # what is typed before would be replaced
        other.wait_for("text", "Your name", visible=True)
        other.enter_text("Your name", "carol")
        other.press("Connect")
        other.wait_online()
        self.bob.expect_frame("2", "carol")

    def test_people_come_and_go(self):
        carol = RawClient(self.foreign.port)
        carol.log_in("carol")
        self.alice.wait_people("Everyone", "bob, online", "carol, online")
        carol.close()
        self.alice.wait_people("Everyone", "bob, online")


if __name__ == "__main__":
    main()
