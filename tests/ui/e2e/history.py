#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""What was said before: kept over restarts, read back before the network answers, loaded when one scrolls up; and what others do meanwhile."""

import os
import re

from ahoydriver import WindowTest, main


class History(WindowTest):
    def restart(self, window):
        """The same person on the same desktop, not connected yet."""
        self.assertEqual(window.process.stop(), 0)
        return self.open_window(window.me, desktop=window.desktop)

    def test_what_was_said_is_there_after_a_restart(self):
        server = self.start_server()
        bob = self.log_in(server, "bob")
        alice = self.open_window("alice").connect()
        alice.send("kept over night")
        alice.wait_message("alice", "kept over night")
        bob.say("so is this")
        alice.wait_message("bob", "so is this")
        alice = self.restart(alice)
        bob.say("while you were out")
        alice.connect()
        for name, text in (("alice", "kept over night"), ("bob", "so is this"), ("bob", "while you were out")):
            alice.wait_message(name, text)
        self.assertEqual(len([row for row in alice.messages() if "kept over night" in row]), 1)

    def test_older_messages_load_on_scrolling_up(self):
        server = self.start_server()
        bob = self.log_in(server, "bob")
        alice = self.open_window("alice").connect()
        bob.say("the very first")
        alice.wait_message("bob", "the very first")
        for i in range(320):
            bob.say(f"line {i}")
        alice.wait_message("bob", "line 319")
        alice = self.restart(alice)
        alice.connect()
        alice.wait_message("bob", "line 319")
        self.assertFalse(alice.has_message("the very first"))
        alice.click(("list", "log"), "Messages")

        def goes_up():
            alice.screen.key("Home")
            return alice.has_message("the very first")

        alice.until(goes_up, "the first message", seconds=90)
        alice.until(alice.wait_message("bob", "the very first").on_screen, "the first message on the screen")

    def test_a_damaged_file_is_told_and_chatting_goes_on(self):
        self.start_server()
        desktop = self.make_desktop()
        profile = os.path.join(desktop.directory, "profile")
        os.makedirs(profile)
        with open(os.path.join(profile, "history.sqlite"), "wb") as file:
            file.write(b"no database at all " * 1000)
        alice = self.open_window("alice", desktop=desktop, profile=profile).connect()
        alice.wait_text(re.compile("history is damaged.*history.sqlite"))
        alice.send("still here")
        alice.wait_message("alice", "still here")
        alice.press("Close")
        alice.wait_text_gone(re.compile("history is damaged"))

    def test_receipts_typing_and_away(self):
        self.start_server()
        alice, bob = self.online("alice", "bob")
        alice.talk_to("bob")
        bob.talk_to("Everyone")
        alice.enter_text("Message", "psst")
        alice.press("Send")
        alice.until(lambda: set(alice.wait_message("alice", "psst", private_to="bob").labels()) & {"Delivered", "Seen"}, "delivered")
        bob.focus()
        bob.talk_to("alice")
        alice.until(lambda: "Seen" in alice.wait_message("alice", "psst", private_to="bob").labels(), "seen")
        bob.enter_text("Message", "I am thi")
        alice.wait_text(re.compile("bob is writing…"))
        bob.menu("Main Menu", "Away…")
        bob.enter_text("Status", "lunch")
        bob.press("Set Away")
        bob.wait_text(re.compile("You are away: lunch"))
        alice.wait_people("Everyone", "bob, away: lunch")
        bob.press("I Am Back")
        alice.wait_people("Everyone", "bob, online")
        bob.wait_text_gone(re.compile("You are away"))


if __name__ == "__main__":
    main()
