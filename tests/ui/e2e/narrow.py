#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A narrow window folds into one column; both halves stay within reach."""

from ahoydriver import WindowTest, main


class Narrow(WindowTest):
    def test_one_column(self):
        server = self.start_server()
        bob = self.log_in(server, "bob")
        alice = self.open_window("alice").connect()
        bob.expect_frame("2", "alice")
        alice.screen.resize(alice.wait_for("frame"), 360, 600)
        alice.until(lambda: alice.wait_for("frame").extents()[2] <= 400, "narrow window")
        alice.until(
            lambda: bool(alice.find_all(("list", "list box"), "People", visible=True))
            != bool(alice.find_all("text", "Message", visible=True)),
            "one of the two columns",
        )
        if not alice.find_all(("list", "list box"), "People", visible=True):
            alice.press("Back to People")
        alice.talk_to("bob")
        alice.wait_for("text", "Message", visible=True)
        alice.send("from my phone")
        bob.expect_chat("[whisper] alice to bob: from my phone")
        alice.wait_message("alice", "from my phone", private_to="bob")
        alice.press("Back to People")
        alice.wait_for(("list", "list box"), "People", visible=True)
        alice.screen.resize(alice.wait_for("frame"), 1000, 700)
        alice.until(
            lambda: alice.find_all(("list", "list box"), "People", visible=True) and alice.find_all("text", "Message", visible=True),
            "both columns",
        )


if __name__ == "__main__":
    main()
