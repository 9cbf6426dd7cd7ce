#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A real window that is carried between two networks where it knows the server, and one that is lied to about where its server is."""

import contextlib
import re
import signal
import socket
import threading

from ahoydriver import WindowTest, main
from ahoytest.lan import Host, Switch

PORT = 24690
ADDRESS = "10.77.1.1"
IP_TRANSPARENT = 19
STOP = re.compile("^(Not the Chat You Know|Less Safe Than Before)$")
HERE = re.compile("^You are in ")


class Forger:
    """Answers every search on its network before @honest can, which is held until then, or until it was asked @late times. @lies: (source address, fields
    of the reply)."""

    def __init__(self, honest, lies, late=1):
        self.honest, self.lies, self.late, self.told, self.nonces = honest, lies, late, 0, set()
        self.ears = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ears.bind(("", PORT))
        self.mouths = {source: self._speak_as(source) for source, _ in lies}
        honest.signal(signal.SIGSTOP)
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    @staticmethod
    def _speak_as(source):
        mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        mouth.setsockopt(socket.SOL_IP, IP_TRANSPARENT, 1)
        mouth.bind((source, 0))
        return mouth

    def _work(self):
        while True:
            request, asker = self.ears.recvfrom(512)
            if request == b"enough":
                return
            nonce = re.search(b"\x1fnonce=([0-9a-f]{16})", request)
            if not nonce:
                continue
            for source, fields in self.lies:
                reply = b"%d\x1fv=2\x1fnonce=%s\x1f%s" % (PORT, nonce[1], "\x1f".join(fields).encode())
                self.mouths[source].sendto(reply, asker)
            self.told += 1
            self.nonces.add(nonce[1])
            if len(self.nonces) >= self.late:
                self.honest.signal(signal.SIGCONT)

    def close(self):
        self.ears.sendto(b"enough", self.ears.getsockname())
        self.thread.join()
        self.honest.signal(signal.SIGCONT)
        for end in (self.ears, *self.mouths.values()):
            end.close()


class Places(WindowTest):
    def switch(self, name):
        switch = Switch(name)
        self.addCleanup(switch.close)
        return switch

    def host(self, name, switch=None, address=None):
        host = Host(name)
        self.addCleanup(host.close)
        return host.plug(switch, address) if switch else host

    def serve(self, name, switch):
        """A server at the one address that there is on every such network, and somebody who is there."""
        with self.host(name.lower(), switch, ADDRESS + "/24") as self.box:
            server = self.start_server("--name", name, port=PORT)
            return server, self.log_in(server, "bob")

    @staticmethod
    def leave(laptop, nic):
        laptop.unplug(nic)
        laptop.ip("addr", "flush", "dev", nic, "scope", "global")

    def what_is_heard(self, bob, last):
        """What alice said, until she says @last."""
        heard = []
        while heard[-1:] != ["alice: " + last]:
            kind, body = bob.read_frame()
            if kind == b"4":
                heard.append(body.decode())
        return heard

    def test_between_two_places(self):
        hall, workshop = self.switch("lan-a"), self.switch("lan-b")
        _, in_hall = self.serve("Hall", hall)
        _, in_workshop = self.serve("Workshop", workshop)
        laptop = self.host("laptop", hall, "10.77.1.2/24")
        with laptop:
            alice = self.open_window("alice").connect()
        alice.disconnect()

        # The first time it is a stranger in the place of somebody known.
        self.leave(laptop, "eth0")
        laptop.plug(workshop, "10.77.1.2/24", "eth1")
        alice.press("Connect")
        alice.wait_text(STOP)
        alice.press("Connect Anyway…")
        alice.press("Connect Anyway")
        alice.wait_online()
        self.assertIsNone(alice.find_text(HERE))

        # From then on each is known, whichever is there.
        self.leave(laptop, "eth1")
        alice.send("for the workshop only")
        alice.wait_message("alice", "for the workshop only")
        alice.enter_text("Message", "all of y")
        laptop.replug("eth0", "10.77.1.2/24")
        alice.wait_text(re.compile("^You are in “Hall” now. .* What you wrote for “Workshop” waits until you are there again.$"))
        self.assertEqual(alice.composer_text(), "")
        alice.send("hello hall")
        self.assertEqual(self.what_is_heard(in_hall, "hello hall"), ["alice: hello hall"])

        self.leave(laptop, "eth0")
        laptop.replug("eth1", "10.77.1.2/24")
        self.assertEqual(self.what_is_heard(in_workshop, "for the workshop only"), ["alice: for the workshop only"])
        alice.wait_text(re.compile("^You are in “Workshop” now. This is another chat that you know.$"))
        self.assertEqual(alice.composer_text(), "all of y")

    def test_lies_about_a_known_server(self):
        lan = self.switch("lan")
        honest, bob = self.serve("Hall", lan)
        with self.host("desk", lan, "10.77.1.2/24") as desk:
            alice = self.open_window("alice").connect()
        bob.expect_frame("2", "alice")
        with self.host("forger", lan, "10.77.1.66/24") as forger:
            false = self.start_server("--name", "Hall", "--no-discovery", port=PORT)
        for tls in ("tls=1", "tls=0"):
            with self.subTest(tls):
                self.assertEqual(alice.process.stop(), 0)
                bob.expect_frame("3", "alice")
                with forger:
                    liar = Forger(honest, [(ADDRESS, ("id=" + false.id, tls)), ("10.77.1.66", ("id=" + honest.id, tls))])
                with contextlib.closing(liar):
                    with desk:
                        alice = self.open_window("alice", "--connect", desktop=alice.desktop)
                    alice.wait_online()
                    bob.expect_frame("2", "alice")
                    self.assertGreater(liar.told, 0)

        # It has moved while she was away, and is heard only after the lie was found out.
        self.assertEqual(alice.process.stop(), 0)
        bob.expect_frame("3", "alice")
        self.leave(self.box, "eth0")
        self.box.replug("eth0", "10.77.1.111/24")
        with forger:
            liar = Forger(honest, [("10.77.1.66", ("id=" + honest.id, "tls=1"))], late=3)
        with contextlib.closing(liar):
            with desk:
                alice = self.open_window("alice", "--connect", desktop=alice.desktop)
            alice.wait_online()
            bob.expect_frame("2", "alice")


if __name__ == "__main__":
    main()
