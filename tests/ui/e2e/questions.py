#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""What you would rather be asked about before it is sent."""

from ahoydriver import WindowTest, main


class Questions(WindowTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.bob = self.log_in(self.server, "bob")
        self.carol = self.log_in(self.server, "carol")
        self.bob.expect_frame("2", "carol")
        self.alice = self.open_window("alice").connect()
        for person in (self.bob, self.carol):
            person.expect_frame("2", "alice")
        self.carol.whisper("bob", "what keeps bob in the list")
        self.bob.expect_chat("[whisper] carol to bob: what keeps bob in the list")
        self.bob.whisper("alice", "hi")
        self.alice.talk_to("bob")
        self.alice.enter_text("Message", "are you still there?")

    def leave(self):
        self.bob.close()
        self.alice.row("People", "bob, offline")

    def test_the_person_left_while_you_were_typing(self):
        self.leave()
        self.alice.press("Send")
        dialog = self.alice.wait_for("dialog", "bob Has Left")
        self.alice.press("Cancel")
        self.alice.wait_gone("dialog", dialog.name)
        self.assertEqual(self.alice.composer_text(), "are you still there?")
        self.alice.press("Send")
        self.alice.wait_for("dialog", "bob Has Left")
        self.alice.press("Send", within="dialog")
        self.alice.until(lambda: self.alice.composer_text() == "", "empty composer")
        self.carol.say("nobody heard that whisper")
        while (seen := self.carol.read_frame()) != (b"4", b"carol: nobody heard that whisper"):
            self.assertNotIn(b"are you still there?", seen[1])

    def test_nobody_is_asked_without_a_reason(self):
        self.alice.press("Send")
        self.bob.expect_chat("[whisper] bob to alice: hi")
        self.bob.expect_chat("[whisper] alice to bob: are you still there?")


if __name__ == "__main__":
    main()
