#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Real windows on a virtual LAN whose addresses change, or come late."""

import re
import signal

from ahoytest.lan import Host, Switch
from ahoydriver import WindowTest, main

RECONNECTING = re.compile("Reconnecting")


class Moved(WindowTest):
    def setUp(self):
        super().setUp()
        self.lan = Switch("lan")
        self.addCleanup(self.lan.close)

    def host(self, name, address=None):
        host = Host(name).plug(self.lan, address)
        self.addCleanup(host.close)
        return host

    @staticmethod
    def set_address(host, address):
        host.ip("addr", "flush", "dev", "eth0", "scope", "global")
        host.ip("addr", "add", address, "brd", "+", "dev", "eth0")

    def test_the_server_has_another_address(self):
        box = self.host("box", "10.77.1.1/24")
        with box:
            server = self.start_server()
        with self.host("desk", "10.77.1.2/24"):
            alice = self.open_window("alice").connect()
        alice.send("before")
        alice.wait_message("alice", "before")
        self.kill(server)
        alice.wait_text(RECONNECTING)
        waiting = ("first", "second", "third")
        for text in waiting:
            alice.send(text)
            alice.wait_message("alice", text)
        self.set_address(box, "10.77.1.111/24")
        alice.process.signal(signal.SIGSTOP)  # or she might be back before the listener is there
        with box:
            server = self.start_again(server)
            listener = self.log_in(server, "listener")
        alice.process.signal(signal.SIGCONT)
        frames = []
        while frames[-1:] != [(b"4", b"alice: third")]:
            frames.append(listener.read_frame())
        said = [body.decode() for kind, body in frames if kind == b"4"]
        self.assertEqual(said, ["alice: first", "alice: second", "alice: third"])
        alice.wait_text_gone(RECONNECTING)
        for text in waiting:
            alice.until(lambda: "Waiting" not in alice.wait_message("alice", text).labels(), f"{text!r} sent")

    def test_started_before_the_network_is_up(self):
        box = self.host("box", "10.77.1.1/24")
        with box:
            self.start_server()
        desk = self.host("desk")
        with desk:
            alice = self.open_window("alice", "--connect")
        alice.wait_for("push button", "Try Again", visible=True)
        self.set_address(desk, "10.77.1.2/24")
        alice.wait_online()


if __name__ == "__main__":
    main()
