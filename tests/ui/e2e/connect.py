#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Click Connect, find the server, be online; and the ways out."""

import re

from ahoytest.isolation import add_interface, ip
from ahoytest.lan import Host, Switch
from ahoydriver import WindowTest, main


class Connect(WindowTest):
    def test_click_connect_and_be_online(self):
        server = self.start_server()
        bob = self.log_in(server, "bob")
        alice = self.open_window("alice")
        self.assertEqual(alice.read("Your name"), "alice")
        alice.press("Connect")
        alice.wait_online()
        alice.wait_people("Everyone", "bob, online")
        alice.wait_text(re.compile(r"\b2\b.*online"))
        bob.expect_frame("2", "alice")
        bob.close()
        alice.wait_people("Everyone")
        alice.wait_text(re.compile(r"\b1\b.*online"))

    def test_a_network_without_ipv4(self):
        lan = Switch("lan")
        self.addCleanup(lan.close)
        ip("addr", "add", "fe80::a/64", "dev", "lan", "nodad")
        box = Host("box", ipv6=True)
        self.addCleanup(box.close)
        box.plug(lan, "fe80::b/64")
        with box:
            self.start_server()
        window = self.open_window("alice")
        window.connect()
        window.send("no IPv4 here")
        window.wait_message("alice", "no IPv4 here")

    def test_typed_name(self):
        server = self.start_server()
        bob = self.log_in(server, "bob")
        window = self.open_window("alice")
        window.enter_text("Your name", "  Älice 你好 ")
        window.connect()
        bob.expect_frame("2", "Älice 你好")

    def test_enter_in_the_name_connects(self):
        server = self.start_server()
        bob = self.log_in(server, "bob")
        window = self.open_window("alice")
        window.focus_on("Your name")
        window.screen.key("Return")
        window.wait_online()
        bob.expect_frame("2", "alice")

    def test_connect_at_once(self):
        server = self.start_server()
        bob = self.log_in(server, "bob")
        self.open_window("alice", "--connect").wait_online()
        bob.expect_frame("2", "alice")

    def test_disconnect_and_connect_again(self):
        server = self.start_server()
        bob = self.log_in(server, "bob")
        alice = self.open_window("alice").connect()
        bob.expect_frame("2", "alice")
        alice.disconnect()
        bob.expect_frame("3", "alice")
        alice.connect()
        bob.expect_frame("2", "alice")
        bob.say("welcome back")
        alice.wait_message("bob", "welcome back")

    def test_cancel_while_looking(self):
        for name, address in (("eth4", "10.77.4.1/24"), ("eth5", "10.77.5.1/24")):
            add_interface(name, address)  # it takes its time to ask everybody there
            self.addCleanup(ip, "link", "del", name)
        alice = self.open_window("alice")  # there is no server
        alice.press("Connect")
        alice.wait_text(re.compile("Looking for a chat server"))
        alice.press("Cancel")
        alice.wait_for("push button", "Connect", visible=True)
        server = self.start_server()
        bob = self.log_in(server, "bob")
        alice.connect()
        bob.expect_frame("2", "alice")

    def test_closing_the_window_says_goodbye(self):
        server = self.start_server()
        bob = self.log_in(server, "bob")
        alice = self.open_window("alice").connect()
        bob.expect_frame("2", "alice")
        alice.focus()
        alice.screen.key("ctrl+q")
        bob.expect_frame("3", "alice")
        self.assertEqual(alice.process.wait(30), 0)


if __name__ == "__main__":
    main()
