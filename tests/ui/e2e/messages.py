#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Messages as things: choose and copy them, search them, stay where you read while new ones come."""

import re

from ahoydriver import WindowTest, main, said


class Messages(WindowTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.bob = self.log_in(self.server, "bob")
        self.alice = self.open_window("alice").connect()
        self.bob.expect_frame("2", "alice")

    def say_lines(self, first, count):
        for i in range(first, first + count):
            self.bob.say(f"line {i:03}")

    def test_copy_chosen_messages(self):
        self.say_lines(0, 5)
        self.alice.wait_message("bob", "line 004")
        self.alice.click_row("Messages", said("bob", "line 001"))
        self.alice.screen.run("xdotool", "keydown", "shift")
        self.alice.click_row("Messages", said("bob", "line 003"))
        self.alice.screen.run("xdotool", "keyup", "shift")
        self.alice.screen.key("ctrl+c")
        self.alice.until(lambda: "line 003" in self.alice.screen.read_clipboard(), "the copied messages")
        copied = self.alice.screen.read_clipboard()
        self.assertEqual(re.findall(r"line \d+", copied), ["line 001", "line 002", "line 003"])

    def test_stay_where_you_read(self):
        self.say_lines(0, 150)
        self.alice.until(lambda: self.in_view("line 149"), "the end")
        self.alice.screen.scroll(self.alice.wait_for("list", "Messages"), -30)
        self.alice.until(lambda: not self.in_view("line 149"), "older messages")
        reading = self.alice.rows("Messages", visible=True)
        self.say_lines(150, 3)
        newest = self.alice.wait_for("push button", re.compile("Newest Messages|new"), visible=True)
        self.assertTrue(set(reading) & set(self.alice.rows("Messages", visible=True)), "what was read is still there")
        self.assertFalse(self.in_view("line 152"))
        newest.act()
        self.alice.until(lambda: self.in_view("line 152"), "the newest message")

    def in_view(self, text):
        return any(text in row for row in self.alice.rows("Messages", visible=True))

    def test_search(self):
        self.say_lines(0, 30)
        self.bob.say("the needle 针 is here")
        self.say_lines(30, 60)
        self.alice.wait_message("bob", "line 089")
        self.alice.focus()
        self.alice.screen.key("ctrl+f")
        self.alice.wait_for("entry", "Search Messages", visible=True)
        self.alice.enter_text("Search Messages", "针")
        self.alice.until(lambda: self.in_view("the needle 针 is here"), "the message that was searched for")
        self.alice.focus_on("Search Messages")
        self.alice.screen.key("Escape")
        self.alice.wait_gone("entry", "Search Messages", visible=True)

    def test_find_people(self):
        for name in ("berta", "dora"):
            self.log_in(self.server, name)
        self.alice.wait_people("Everyone", "berta, online", "bob, online", "dora, online")
        self.alice.focus()
        self.alice.screen.key("ctrl+k")
        self.alice.screen.keys_text("dor")
        self.alice.until(lambda: [row for row in self.alice.people() if row != "Everyone"] == ["dora, online"], "only dora")
        self.alice.screen.key("Return")
        self.alice.wait_for("list item", "dora, online", states=("selected",))


if __name__ == "__main__":
    main()
