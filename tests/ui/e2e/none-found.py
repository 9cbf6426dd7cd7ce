#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""No server anywhere: an explanation for each interface, and a way forward."""

import re

from ahoytest.isolation import add_interface
from ahoydriver import WindowTest, main


class NoneFound(WindowTest):
    def test_what_happened_on_each_interface_and_try_again(self):
        add_interface("eth4", "10.77.4.1/24")
        window = self.open_window("alice")
        window.press("Connect")
        window.wait_for("push button", "Try Again", visible=True)
        for name in ("Connect to an Address…", "Host a Chat Here"):
            self.assertTrue(window.find("push button", name, visible=True), name)
        explained = "\n".join(window.texts())
        for words in ("eth4", "10.77.4.1", "eth4 over IPv6 (fe80::", "24690"):
            self.assertIn(words, explained)
        self.assertNotRegex(explained, "(?i)failed to|error:|errno")
        window.press("Try Again")
        window.wait_text(re.compile("Looking for a chat server"))
        window.wait_for("push button", "Try Again", visible=True)
        self.assertIn("Ahoy keeps looking by itself", "\n".join(window.texts()))
        server = self.start_server()
        bob = self.log_in(server, "bob")
        window.wait_online()  # nobody presses anything
        bob.expect_frame("2", "alice")

    def test_host_here_instead(self):
        window = self.open_window("alice")
        window.press("Connect")
        window.wait_for("push button", "Try Again", visible=True)
        window.press("Host a Chat Here")
        window.wait_online()
        window.send("alone at home")
        window.wait_message("alice", "alone at home")


if __name__ == "__main__":
    main()
