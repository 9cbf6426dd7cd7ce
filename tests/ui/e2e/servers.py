#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Which server: several of them, one at a typed address, one hosted here."""

import re

from ahoydriver import WindowTest, main


class Servers(WindowTest):
    def test_several_servers_are_a_list(self):
        one, two = self.start_server("--name", "Workshop"), self.start_server("--name", "Kitchen")
        people = self.log_in(one, "carol"), self.log_in(two, "bob")
        window = self.open_window("alice")
        window.press("Connect")
        window.wait_for(("list", "list box"), "Servers", visible=True)
        window.row("Servers", re.compile("Workshop"))
        window.click_row("Servers", re.compile("Kitchen"))
        if not window.find("text", "Message", visible=True):
            connect = window.find("push button", "Connect", visible=True)
            if connect:
                connect.act()
        window.wait_online()
        window.wait_people("Everyone", "bob, online")
        people[1].expect_frame("2", "alice")

    def test_an_address(self):
        server = self.start_server("--no-discovery")
        bob = self.log_in(server, "bob")
        window = self.open_window("alice")
        window.press("Connect to an Address…")
        window.enter_text("Server address", f" 127.0.0.1:{server.tcp} ")
        window.press("Connect")
        window.wait_online()
        bob.expect_frame("2", "alice")

    def test_an_address_that_is_none(self):
        window = self.open_window("alice")
        window.press("Connect to an Address…")
        for address in ("no:such:address:99999", "host:0", "host:x", "two words"):
            with self.subTest(address=address):
                window.enter_text("Server address", address)
                window.wait_text(re.compile("That is no address"))
                self.assertNotIn("sensitive", window.find("push button", "Connect").states)
        window.enter_text("Server address", "127.0.0.1:1234")
        window.wait_text_gone(re.compile("That is no address"))
        window.wait_for("push button", "Connect", visible=True, states=("sensitive",))

    def test_an_address_where_nobody_is(self):
        window = self.open_window("alice")
        window.press("Connect to an Address…")
        window.enter_text("Server address", "127.0.0.1:9")
        window.press("Connect")
        window.press("Try Again")
        window.wait_for("push button", "Try Again", visible=True)

    def test_the_command_line_names_a_server(self):
        server = self.start_server("--no-discovery")
        bob = self.log_in(server, "bob")
        desktop = None
        for option in (f"127.0.0.1:{server.tcp}", f"[::1]:{server.tcp}", f"localhost:{server.tcp}"):
            with self.subTest(option=option):
                window = self.open_window("alice", "--server", option, "--connect", desktop=desktop)
                desktop = window.desktop  # whose profile has the key that owns the name from now on
                window.wait_online()
                bob.expect_frame("2", "alice")
                window.process.stop()
                bob.expect_frame("3", "alice")

    def test_the_command_line_names_a_discovery_port(self):
        server = self.start_server("--discovery-port", "31999")
        bob = self.log_in(server, "bob")
        self.open_window("alice", "--discovery-port", "31999").connect()
        bob.expect_frame("2", "alice")

    def test_host_a_chat_here(self):
        alice = self.open_window("alice")
        alice.press("Host a Chat Here")
        alice.wait_online()
        alice.wait_people("Everyone")
        bob = self.open_window("bob").connect()
        alice.wait_people("Everyone", "bob, online")
        bob.send("nice place")
        alice.wait_message("bob", "nice place")
        hosted = self.servers_of(alice)
        self.assertEqual(len(hosted), 1)
        alice.process.kill()  # however the window ends, its server ends too
        alice.process.stop = lambda: 0
        bob.wait_text(re.compile("Reconnecting"))
        bob.until(lambda: not self.alive(hosted[0]), "end of the hosted server")

    @staticmethod
    def servers_of(window):
        """Process ids of the children that are servers."""
        with open(f"/proc/{window.process.pid}/task/{window.process.pid}/children", encoding="ascii") as file:
            children = [int(pid) for pid in file.read().split()]
        return [pid for pid in children if "ahoyd" in Servers.name_of(pid)]

    @staticmethod
    def name_of(pid):
        with open(f"/proc/{pid}/comm", encoding="ascii") as file:
            return file.read()

    @staticmethod
    def alive(pid):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                return file.read().rsplit(")", 1)[1].split()[0] != "Z"
        except FileNotFoundError:
            return False


if __name__ == "__main__":
    main()
