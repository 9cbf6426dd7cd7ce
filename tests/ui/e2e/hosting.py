#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Whoever hosts a chat is somebody: on a LAN, as the host sees it and as the guests do."""

import os
import re
import signal

from ahoydriver import WindowTest, main
from ahoytest import ExtendedClient, RawClient
from ahoytest.lan import Host, Switch

HOST = "10.77.1.1"
PORT = 24690


class Hosting(WindowTest):
    def setUp(self):
        super().setUp()
        self.switch = Switch("sw")
        self.addCleanup(self.switch.close)
        self.here, self.there = self.plug("here", HOST + "/24"), self.plug("there", "10.77.1.2/24")

    def plug(self, name, address):
        host = Host(name)
        self.addCleanup(host.close)
        return host.plug(self.switch, address)

    def open_on(self, host, me):
        desktop = self.make_desktop()  # in the one network that all displays share, or there would be two of one number
        with host:
            return self.open_window(me, desktop=desktop)

    def host_a_chat(self):
        alice = self.open_on(self.here, "alice")
        alice.press("Host a Chat Here")
        alice.wait_online()
        return alice

    def come_in(self):
        return self.open_on(self.there, "bob").connect()

    def server_folder(self, window):
        for folder, _, files in os.walk(window.desktop.directory):
            if "server.pem" in files:
                return folder
        raise AssertionError("no server was hosted")

    @staticmethod
    def kill_server(window):
        """As if it had crashed."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                name, _, rest = file.read().partition("(")[2].rpartition(")")
            if name == "ahoyd" and int(rest.split()[1]) == window.process.pid:
                os.kill(int(pid), signal.SIGKILL)
                return
        raise AssertionError("no server is hosted")

    def assert_name_is_kept(self):
        """Nobody else gets it, on whichever way."""
        with self.there:
            client = RawClient(PORT, host=HOST)
            client.expect_refusal("alice")
            client.close()
            client = ExtendedClient(PORT, host=HOST, tls=self.make_identity("stranger"))
            client.expect_refusal("alice", "owned")
            client.close()

    def test_the_host_is_somebody(self):
        alice = self.host_a_chat()
        self.assert_name_is_kept()
        bob = self.come_in()
        self.assert_encrypted_with_words(alice, bob)
        self.assert_hosting_keeps_the_name(alice, bob)

    def assert_encrypted_with_words(self, alice, bob):
        self.assertEqual(alice.open_about_chat(), "About this chat: Chat of alice, encrypted")
        alice.wait_text(re.compile("^Encrypted$"))
        alice.wait_text(re.compile(f"^{re.escape(HOST)}:{PORT}$"))
        self.assertIsNone(alice.find_text(re.compile("127\\.0\\.0\\.1")))
        words = alice.wait_words()
        alice.press("Copy Address and Words")
        alice.wait_for("push button", "Copied", visible=True)
        copied = f"Chat of alice: an Ahoy chat at {HOST}:{PORT}. Its four words: {words[0]}"
        alice.until(lambda: alice.screen.read_clipboard() == copied, f"on the clipboard: {copied}")

        # A cable is put in and taken out while she looks.
        self.here.plug(self.switch, "10.88.3.4/24", interface="eth1")
        alice.wait_text(re.compile(f"^{re.escape(HOST)}:{PORT}\n10\\.88\\.3\\.4:{PORT}$"))
        self.here.unplug("eth1")
        alice.wait_text(re.compile(f"^{re.escape(HOST)}:{PORT}$"))
        alice.close_popover()

        self.assertEqual(bob.open_about_chat(), "About this chat: Chat of alice, encrypted")
        self.assertEqual(bob.wait_words(), words)
        bob.wait_text(re.compile(f"^{re.escape(HOST)}:{PORT}$"))
        self.assertIsNone(bob.find("push button", "Copy Address and Words", visible=True))
        bob.close_popover()
        bob.open_about("alice")
        bob.wait_text(re.compile("^Known since"))
        self.assertNotEqual(bob.wait_words(), words)
        bob.close_popover()

    def assert_hosting_keeps_the_name(self, alice, bob):
        bob.talk_to("alice")
        bob.send("psst")
        alice.wait_people("Everyone", "bob, online, 1 unread")
        alice.menu("Main Menu", "Disconnect")
        alice.press("Keep Hosting")
        alice.wait_for("push button", "Connect", visible=True)
        self.assert_name_is_kept()
        bob.wait_people("Everyone", "alice, offline")
        bob.send("for her alone")
        bob.wait_message("bob", "for her alone", private_to="alice")
        alice.connect()
        alice.open_about_chat()
        alice.wait_text(re.compile(f"^{re.escape(HOST)}:{PORT}$"))
        alice.close_popover()
        alice.talk_to("bob")
        alice.wait_message("bob", "for her alone", private_to="alice")

        # Her window is the chat: it is not closed unasked, also when she does not see who is in it.
        alice.menu("Main Menu", "Disconnect")
        alice.press("Keep Hosting")
        alice.wait_for("push button", "Connect", visible=True)
        alice.focus()
        alice.screen.key("ctrl+q")
        alice.wait_text(re.compile("everybody who is in it is disconnected"))
        alice.press("Cancel")
        bob.talk_to("Everyone")
        bob.send("still here")
        bob.wait_message("bob", "still here")

        # She has come back to her chat as others come to it. When it breaks down, nobody but her can start it again.
        alice.connect()
        self.kill_server(alice)
        alice.wait_text(re.compile("^Hosting Did Not Work$"))
        alice.press("Try Again")
        alice.wait_online()

    def test_a_damaged_log_is_set_aside(self):
        alice = self.host_a_chat()
        alice.send("before")
        alice.wait_message("alice", "before")
        alice.disconnect()
        folder = self.server_folder(alice)
        log = os.path.join(folder, "log.sqlite")
        alice.until(lambda: not os.path.exists(log + "-wal"), "the server has ended")
        with open(log, "r+b") as file:
            file.write(b"nonsense" * 64)
        alice.press("Host a Chat Here")
        alice.wait_text(re.compile("^Hosting Did Not Work$"))
        alice.wait_text(re.compile("Nothing is deleted"))
        alice.press("Set Aside and Host")
        alice.wait_online()
        alice.send("after")
        alice.wait_message("alice", "after")
        [aside] = [name for name in os.listdir(folder) if name.startswith("log.sqlite.old-")]
        with open(os.path.join(folder, aside), "rb") as file:
            self.assertEqual(file.read(8), b"nonsense")
        self.assert_name_is_kept()


if __name__ == "__main__":
    main()
