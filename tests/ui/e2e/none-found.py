#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""No server anywhere: an explanation for each interface, and a way forward."""

import re
import subprocess

from ahoytest.isolation import add_interface
from ahoydriver import WindowTest, main


class NoneFound(WindowTest):
    def test_what_happened_on_each_interface_and_try_again(self):
        add_interface("eth4", "10.77.4.1/29")
        window = self.open_window("alice")
        window.press("Connect")
        window.wait_for("push button", "Try Again", visible=True)
        for name in ("Connect to an Address…", "Host a Chat Here"):
            self.assertTrue(window.find("push button", name, visible=True), name)
        explained = "\n".join(window.texts())
        for words in ("eth4", "10.77.4.1", "eth4 over IPv6 (fe80::", "24690", "Every address of 10.77.4.0/29", "sudo ufw allow 24690"):
            self.assertIn(words, explained)
        self.assertNotIn("Firewall of This Computer", explained)
        self.assertNotRegex(explained, "(?i)failed to|error:|errno")
        window.press("Try Again")
        window.wait_text(re.compile("Looking for a chat server"))
        window.wait_for("push button", "Try Again", visible=True)
        self.assertIn("Ahoy keeps looking by itself", "\n".join(window.texts()))
        server = self.start_server()
        bob = self.log_in(server, "bob")
        window.wait_online()  # nobody presses anything
        bob.expect_frame("2", "alice")

    def test_whose_firewall_it_is(self):
        """It lets the question out, and with it an answer to somebody that was asked alone; an answer to a broadcast it does not let in."""
        add_interface("eth5", "10.77.5.1/29")
        rules = "type filter hook input priority 0; iif lo accept; ct state established,related accept; meta l4proto udp drop"
        subprocess.run(["nft", "-f", "-"], input=f"table ip wall {{ chain one {{ {rules}; }}; }}", text=True, check=True, timeout=20)
        self.addCleanup(subprocess.run, ["nft", "flush", "ruleset"], check=True, timeout=20)
        window = self.open_window("alice")
        window.press("Connect")
        window.wait_for("push button", "Try Again", visible=True)
        explained = "\n".join(window.texts())
        for words in ("its own firewall", "Firewall of This Computer", "sudo ufw allow proto udp from any port 24690", "--add-source-port=24690/udp"):
            self.assertIn(words, explained)
        self.assertNotIn("Firewall of the Server’s Computer", explained)

        rules = "type filter hook output priority 0; udp dport 24690 drop"
        subprocess.run(["nft", "-f", "-"], input=f"flush ruleset\ntable ip wall {{ chain one {{ {rules}; }}; }}", text=True, check=True, timeout=20)
        window.press("Try Again")
        window.wait_text(re.compile("was not allowed to ask"))
        explained = "\n".join(window.texts())
        self.assertIn("sudo ufw allow out 24690", explained)
        self.assertNotIn("firewall-cmd", explained)  # none of its lines lets anything out

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
