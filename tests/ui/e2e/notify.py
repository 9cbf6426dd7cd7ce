#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Notifications: a whisper, or your name, while the window is not focused; a click opens the conversation."""

import time

from ahoydriver import WindowTest, main


class Notify(WindowTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.bob = self.log_in(self.server, "bob")
        self.alice = self.open_window("alice").connect()
        self.bob.expect_frame("2", "alice")
        self.notifications = self.alice.desktop.notifications

    def wait_notification(self, text):
        return self.alice.until(
            lambda: next((each for each in self.notifications.shown if text in each["summary"] + each["body"]), None),
            f"notification with {text!r}",
        )

    def test_a_whisper_and_a_click_on_it(self):
        self.alice.unfocus()
        self.bob.whisper("alice", "are you there?")
        shown = self.wait_notification("are you there?")
        self.assertIn("bob", shown["summary"] + shown["body"])
        self.assertIn("default", shown["actions"])
        self.notifications.click(shown["id"])
        self.alice.wait_for("list item", "bob, online", states=("selected",))
        self.alice.wait_message("bob", "are you there?", private_to="alice")

    def test_your_name_said_to_everyone(self):
        self.alice.unfocus()
        self.bob.say("nothing about her")
        self.bob.say("Alice, lunch?")
        self.wait_notification("lunch?")
        self.assertFalse([each for each in self.notifications.shown if "nothing about her" in each["body"]])

    def test_none_while_you_look(self):
        self.alice.focus()
        self.alice.talk_to("bob")
        self.bob.whisper("alice", "you see this")
        self.alice.wait_message("bob", "you see this", private_to="alice")
        self.alice.unfocus()
        self.bob.whisper("alice", "and this not")
        self.wait_notification("and this not")
        self.assertFalse([each for each in self.notifications.shown if "you see this" in each["body"]])

    def test_a_flood_is_not_a_flood_of_notifications(self):
        self.alice.unfocus()
        for i in range(50):
            self.bob.whisper("alice", f"ping {i}")
        for i in range(50):
            self.bob.expect_chat(f"[whisper] bob to alice: ping {i}")
        self.alice.row("People", "bob, online, 50 unread")
        self.wait_notification("ping")
        time.sleep(0.3)  # what was already sent to the notification service arrives
        self.assertLess(len(self.notifications.shown), 15)
        self.assertEqual(len({each["id"] for each in self.notifications.shown}), 1, "they replace each other")


if __name__ == "__main__":
    main()
