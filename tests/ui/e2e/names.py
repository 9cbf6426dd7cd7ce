#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A name that is refused: back at the name with the reason beside it, and another try."""

import re

from ahoydriver import WindowTest, main


class Names(WindowTest):
    def test_a_taken_name(self):
        server = self.start_server()
        bob = self.log_in(server, "bob")
        window = self.open_window("bob")
        window.press("Connect")
        window.wait_text(re.compile(r"already here|in use|not allowed", re.IGNORECASE))
        entry = window.wait_for("text", "Your name", visible=True)
        window.focus()
        window.until(lambda: "focused" in entry.current_states(), "the cursor in the name")
        self.assertEqual(window.read("Your name"), "bob")
        window.enter_text("Your name", "robert")
        window.press("Connect")
        window.wait_online()
        window.wait_people("Everyone", "bob, online")
        bob.expect_frame("2", "robert")

    def test_a_name_no_server_would_take(self):
        server = self.start_server()
        witness = self.log_in(server, "witness")
        window = self.open_window("alice")
        for name, reason in (
            ("a,b", "comma"),
            ("*", "cannot begin"),
            ("[x", "cannot begin"),
            ("x" * 33, "32|long"),
            ("  ", "Type the name"),
        ):
            with self.subTest(name=name):
                window.enter_text("Your name", name)
                window.until(lambda: "sensitive" not in window.wait_for("push button", "Connect").states, "a Connect that does nothing")
                window.wait_text(re.compile(reason))
        window.enter_text("Your name", "alice")
        window.connect()
        witness.expect_frame("2", "alice")

    def test_leaving_instead_of_another_name(self):
        server = self.start_server()
        self.log_in(server, "bob")
        window = self.open_window("bob")
        window.press("Connect")
        window.wait_text(re.compile(r"already here|in use|not allowed", re.IGNORECASE))
        window.process.stop()  # cleanup looks at how it ended


if __name__ == "__main__":
    main()
