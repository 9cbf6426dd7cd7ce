#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Bytes without sense, and peers without manners: the server lives, and two people talk on as if nothing were. PROTOCOL.md, "Frames"."""

import os
import random
import socket
import time

from ahoytest import ETX, NO_LIMITS, PATIENCE, RawClient, SOH, STX, SystemTest, US, frame, main
from ahoytest.bystanders import Talk
from ahoytest.discovery import CLASSIC_REQUEST

SEED = 20240229


class Hostile(SystemTest):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.server = self.start_server(*NO_LIMITS)
        self.talk = Talk(*self.gather(self.server, "alice", "bob"))
        self.talk.start()
        self.addCleanup(self.end_talk)

    def end_talk(self):
        self.talk.finish(self)

    def throw(self, data, keep=None):
        """Sends to a connection of its own what it will take, reads a little or nothing, and ends it in some way."""
        client = RawClient(self.server.tcp)
        try:
            client.socket.settimeout(5)
            client.send(data)
            if self.random.random() < 0.3:
                client.socket.settimeout(0.01)
                client.socket.recv(4096)
        except OSError:
            pass  # turned out while sending: that is an answer
        if keep is not None:
            keep.append(client)
        elif self.random.random() < 0.5:
            client.reset()
        else:
            client.close()

    def random_frames(self):
        """Nearly a conversation: pieces of frames in any order, some broken."""
        pieces = [
            SOH,
            STX,
            ETX,
            US,
            b"\0",
            b"\r\n",
            b"1",
            b"2",
            b"3",
            b"mallory",
            b"alice",
            b",",
            b"v=1",
            b"x=",
            b"\xe4\xbd\xa0",
            b"\xff",
            b"\x80",
            frame("1", f"m{self.random.randrange(1000)}"),
            frame("3", "noise"),
            frame("2", "alice,psst"),
            frame("2", "nobody,psst"),
            frame("1", "alice"),
            frame("3", "x" * 5000),
            frame("9", "?", heading="a=b"),
            self.random.randbytes(8),
        ]
        return b"".join(self.random.choice(pieces) for _ in range(self.random.randrange(1, 60)))

    def test_random_bytes(self):
        for _ in range(150):
            self.throw(self.random.randbytes(self.random.randrange(1, 20000)))

    def test_random_frames(self):
        for _ in range(300):
            self.throw(self.random_frames())

    def test_frames_with_a_wrong_byte(self):
        good = frame("1", "mallory") + frame("3", "hello") + frame("2", "alice,hi") + frame("3", "你好", heading="cid=0123456789abcdef")
        for _ in range(200):
            data = bytearray(good)
            for _ in range(self.random.randrange(1, 4)):
                data[self.random.randrange(len(data))] = self.random.randrange(256)
            self.throw(bytes(data))

    def test_extended_and_tls_greetings(self):
        for data in (
            frame("1", "eve", heading="v=2\x1fagent=x/1"),
            frame("1", "eve", heading="v=999999999999999999999"),
            frame("1", "eve", heading="v="),
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + self.random.randbytes(500),
            b"\x16",
            b"\x16\x03\x01\xff\xff" + b"\0" * 70000,
        ):
            self.throw(data)

    def test_connections_that_only_take_up_room(self):
        kept = []
        for data in [b"", STX, SOH + b"x=1", STX + b"1half", b"\0" * 1000] * 20:
            self.throw(data, keep=kept)
        for client in kept:
            client.close()

    def test_refused_again_and_again(self):
        client = self.connect(self.server)
        for _ in range(300):
            client.expect_refusal("alice")

    def test_talking_without_ever_reading(self):
        client = self.connect(self.server, receive_buffer=4096)
        client.socket.settimeout(0.2)
        try:
            for _ in range(3000):
                client.socket.sendall(frame("2", "nobody," + "x" * 4000))  # each is answered with a notice nobody takes
        except OSError:
            pass
        client.reset()

    def test_datagrams(self):
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(sender.close)
        for i in range(2000):
            data = bytearray(CLASSIC_REQUEST + US + b"v=2" + US + b"nonce=0123456789abcdef")
            if i % 2:
                data = bytearray(self.random.randbytes(self.random.randrange(0, 1500)))
            else:
                data[self.random.randrange(len(data))] = self.random.randrange(256)
            sender.sendto(bytes(data), ("127.0.0.1", self.server.udp))
        neighbour = self.asker(source="127.0.0.3")
        answer = None
        for _ in range(20):  # what came while the kernel's buffer was full is lost, as datagrams are
            neighbour.send(CLASSIC_REQUEST, self.server.udp)
            answer = neighbour.receive(1)
            if answer:
                break
        self.assertEqual(answer, (str(self.server.tcp).encode(), ("127.0.0.1", self.server.udp)))


class ManyAtOnce(SystemTest):
    def test_descriptors_are_given_back(self):
        server = self.start_server(*NO_LIMITS)
        alice = self.log_in(server, "alice")
        before = self.open_descriptors(server)
        for _ in range(10):
            clients = [self.connect(server) for _ in range(50)]
            for client in clients:
                client.send(STX + b"x")
            for client in clients:
                client.reset()
        alice.say("done")
        alice.expect_chat("alice: done")
        self.log_in(server, "last").close()
        alice.expect(frame("2", "last") + frame("3", "last"))
        deadline = time.monotonic() + 30 * PATIENCE
        while (left := self.open_descriptors(server)) > before + 2 and time.monotonic() < deadline:
            time.sleep(0.05)  # the server may not have heard of every end yet
        self.assertLessEqual(left, before + 2)

    @staticmethod
    def open_descriptors(server):
        return len(os.listdir(f"/proc/{server.pid}/fd"))


if __name__ == "__main__":
    main()
